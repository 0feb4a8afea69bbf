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

/// Returns whether a text says why a body is empty: `no-op`, "kept for", "deprecated", "intentionally" …
pub fn explains_emptiness(text: &str) -> bool {
    const WORDS: [&str; 19] = [
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
    use super::{admission, explains_emptiness};

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
}
