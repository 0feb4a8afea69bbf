//! The words by which people admit that something is not built yet, or say why it is empty on purpose.

/// Returns the admission in a text: `TODO`, "not implemented", "placeholder", "for now" …
///
/// The words are matched as words: `todos` and `TodoList` admit nothing.
pub fn admission(text: &str) -> Option<&str> {
    const WORDS: [&str; 17] = [
        "todo",
        "fixme",
        "xxx",
        "placeholder",
        "not implemented",
        "not yet implemented",
        "unimplemented",
        "to be implemented",
        "implement this",
        "implement me",
        "implementation here",
        "implement later",
        "stub",
        "for now",
        "in a real",
        "in production, ",
        "would be implemented",
    ];
    let lower = text.to_ascii_lowercase();
    let found = WORDS.iter().filter_map(|word| find_word(&lower, word).map(|at| (at, word.len())));
    let (at, length) = found.min()?;
    text.get(at..at + length)
}

/// Returns the line by which the words around a body that does nothing say that its work is still to be written.
///
/// Knows more than [`admission`]: "this would load the rules", "implement the export", "implementation depends on …"
/// announce work only where no work is done.
pub fn announcement(text: &str) -> Option<&str> {
    // Most texts hold none of the words; they are told in one look.
    const STEMS: [&str; 17] = [
        "would",
        "implement",
        "go here",
        "goes here",
        "logic here",
        "code here",
        "future work",
        "tbd",
        "coming soon",
        "dummy ",
        "todo",
        "fixme",
        "xxx",
        "placeholder",
        "stub",
        "for now",
        "in a real",
    ];
    let lower = text.to_ascii_lowercase();
    if !STEMS.iter().any(|stem| lower.contains(stem)) && !lower.contains("in production, ") {
        return None;
    }
    text.lines().map(plain).find(|line| announces(line))
}

/// Returns whether words beside a body that does nothing admit or announce that its work is missing.
fn announces(line: &str) -> bool {
    const ANYWHERE: [&str; 17] = [
        "this would",
        "you would",
        "we would",
        "here would",
        "would be",
        "would go",
        "implementation would",
        "implementation will",
        "implementation depends",
        "will be implemented",
        "should be implemented",
        "needs to be implemented",
        "goes here",
        "go here",
        "logic here",
        "code here",
        "future work",
    ];
    const AT_START: [&str; 5] = ["implement ", "would ", "tbd", "coming soon", "dummy "];
    let lower = line.to_ascii_lowercase();
    if puts_off_tidying(&lower) {
        return false;
    }
    AT_START.iter().any(|words| lower.starts_with(words))
        || ANYWHERE.iter().any(|words| find_word(&lower, words).is_some())
        || admission(line).is_some()
}

/// "TODO: refactor", "TODO: remove in 2.0": the work is done, only not as its author likes it.
fn puts_off_tidying(lower: &str) -> bool {
    const VERBS: [&str; 9] =
        ["refactor", "remove", "drop", "delete", "deprecate", "rename", "move", "clean up", "simplify"];
    let Some(at) = find_word(lower, "todo").or_else(|| find_word(lower, "fixme")) else { return false };
    let rest = lower[at..].trim_start_matches(|it: char| it.is_ascii_alphanumeric());
    let rest = rest.trim_start_matches([':', ' ', '-', '(', ')']);
    VERBS.iter().any(|verb| rest.starts_with(verb))
}

/// Returns whether a message to the caller or the log says that the work is missing.
pub fn confesses(line: &str) -> bool {
    const WORDS: [&str; 6] =
        ["not implemented", "not yet implemented", "unimplemented", "placeholder", "coming soon", "todo"];
    let lower = line.to_ascii_lowercase();
    line.contains(['"', '\'']) && WORDS.iter().any(|word| find_word(&lower, word).is_some())
}

/// Returns a line without the marks of a comment, docstring or string around it.
pub fn plain(line: &str) -> &str {
    line.trim()
        .trim_start_matches(['#', '/', '*', '"', '\'', '!', '{', ' '])
        .trim_end_matches(['"', '\'', '*', '/', '}', ' '])
        .trim()
}

/// Returns whether a text says that others are to fill an empty body, or that it is there for their sake.
pub fn is_left_to_others(text: &str) -> bool {
    const WORDS: [&str; 19] = [
        "override",
        "overrides",
        "overridden",
        "overriden",
        "overwrite",
        "overwritten",
        "overriding",
        "subclass",
        "subclasses",
        "subclassed",
        "hook",
        "interface",
        "extension point",
        "default implementation",
        "base implementation",
        "abstract",
        "compatibility",
        "hinting",
        "type checker",
    ];
    let lower = text.to_ascii_lowercase();
    WORDS.iter().any(|word| find_word(&lower, word).is_some())
}

/// Returns whether a text says why a body is empty: `no-op`, "kept for", "deprecated", "intentionally" …
pub fn explains_emptiness(text: &str) -> bool {
    const WORDS: [&str; 26] = [
        "no-op",
        "noop",
        "no op",
        "does nothing",
        "do nothing",
        "nothing to do",
        "kept for",
        "keep for",
        "deprecated",
        "intentionally",
        "deliberately",
        "on purpose",
        "called in a migration",
        "backward",
        "backwards",
        "legacy",
        "not needed",
        "not supported",
        "not required",
        "no need",
        "not necessary",
        "already",
        "don't do anything",
        "doesn't do anything",
        "can be added",
        "no action",
    ];
    let lower = text.to_ascii_lowercase();
    WORDS.iter().any(|word| find_word(&lower, word).is_some())
}

/// Returns whether a function's name promises work to be done.
pub fn promises_work(name: &str) -> bool {
    const VERBS: [&str; 18] = [
        "send",
        "sync",
        "generate",
        "process",
        "clean",
        "cleanup",
        "notify",
        "export",
        "import",
        "upload",
        "publish",
        "archive",
        "refresh",
        "calculate",
        "compute",
        "dispatch",
        "deliver",
        "charge",
    ];
    let first = name.trim_start_matches('_').split('_').next().unwrap_or("");
    VERBS.contains(&first)
}

/// Returns where a word stands on its own in a text.
pub fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let bytes = text.as_bytes();
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !is_part(before) && !is_part(bytes.get(at + word.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::{admission, announcement, explains_emptiness};

    #[test]
    fn an_admission_is_a_whole_word() {
        assert_eq!(
            (admission("# TODO: send"), admission("lists todos"), admission("Not implemented.")),
            (Some("TODO"), None, Some("Not implemented"))
        );
    }

    #[test]
    fn a_reason_for_being_empty_is_known_by_its_words() {
        assert!(explains_emptiness("Kept for old migrations.") && !explains_emptiness("Send the weekly summary."));
    }

    #[test]
    fn work_is_announced_beside_an_empty_body() {
        assert_eq!(announcement("# Rules.\n# This would load them"), Some("This would load them"));
        assert_eq!(announcement("# TODO: refactor the cache tags"), None);
    }
}
