//! Here-documents inside `RUN` instructions: `RUN cat > /app/start.sh <<'EOF'`.

use std::borrow::Cow;

/// Returns the text of a Dockerfile with the bodies of here-documents as comments of the same length, so that all places
/// stay. Where the instruction begins with one, its body is what is run, and stays.
pub(super) fn without_bodies(text: &str) -> Cow<'_, str> {
    if !text.contains("<<") {
        return Cow::Borrowed(text);
    }
    let mut found = String::with_capacity(text.len());
    let (mut instruction, mut ends): (String, Vec<Body>) = (String::new(), Vec::new());
    let ended = ends_of(text);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if let Some(body) = ends.first() {
            let is_end = line.trim() == body.end;
            if body.stays {
                found.push_str(line)
            } else {
                blank(line, &mut found)
            }
            if is_end {
                ends.remove(0);
            }
            continue;
        }
        found.push_str(line);
        let plain = line.trim_end();
        let is_joined = plain.ends_with('\\') || !instruction.is_empty() && plain.trim_start().starts_with('#');
        instruction.push_str(plain.trim_end_matches('\\'));
        instruction.push(' ');
        if !is_joined {
            ends = bodies(&instruction);
            // What never ends is no here-document.
            ends.retain(|body| ended.get(body.end.as_str()).is_some_and(|last| *last > at));
            instruction.clear();
        }
    }
    Cow::Owned(found)
}

/// A body that follows an instruction.
struct Body {
    end: String,
    stays: bool,
}

/// Returns the last line that consists of each word.
fn ends_of(text: &str) -> std::collections::BTreeMap<&str, usize> {
    let is_word =
        |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    text.lines().map(str::trim).enumerate().filter(|(_, line)| is_word(line)).map(|(at, line)| (line, at)).collect()
}

/// Returns the here-documents that an instruction announces.
fn bodies(instruction: &str) -> Vec<Body> {
    let instruction = instruction.trim_start();
    let (name, rest) = instruction.split_once(' ').unwrap_or((instruction, ""));
    let keyword = ["RUN", "COPY", "ADD"].into_iter().find(|it| name.eq_ignore_ascii_case(it));
    let Some(keyword) = keyword else { return Vec::new() };
    let first = rest.split_whitespace().find(|word| !word.starts_with("--")).unwrap_or("");
    let stays = keyword != "RUN" || first.starts_with("<<");
    let mut found = Vec::new();
    for (at, _) in rest.match_indices("<<") {
        let before = rest.get(..at).unwrap_or("").chars().next_back();
        let after = rest.get(at + 2..).unwrap_or("");
        if before.is_some_and(|it| !it.is_whitespace() && !it.is_ascii_digit()) || after.starts_with('<') {
            continue;
        }
        let after = after.strip_prefix('-').unwrap_or(after).trim_start_matches([' ', '\t', '"', '\'']);
        let end: String = after.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
        if end.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') && found.len() < 16 {
            found.push(Body { end, stays });
        }
    }
    found
}

fn blank(line: &str, found: &mut String) {
    let plain = line.trim_end_matches(['\n', '\r']);
    if !plain.is_empty() {
        found.push('#');
        found.extend(std::iter::repeat_n(' ', plain.len() - 1));
    }
    found.push_str(line.get(plain.len()..).unwrap_or(""));
}

#[cfg(test)]
mod tests {
    use super::without_bodies;

    #[test]
    fn bodies_become_comments_of_the_same_length() {
        let text = "RUN cat > a.py << 'EOF'\nimport é\n\nEOF\nRUN <<END\nls\nEND\nRUN x <<A && \\\n y\nz\nA\nCMD x\n";
        let found = without_bodies(text);
        assert_eq!(found.len(), text.len());
        let expected =
            "RUN cat > a.py << 'EOF'\n#        \n\n#  \nRUN <<END\nls\nEND\nRUN x <<A && \\\n y\n#\n#\nCMD x\n";
        assert_eq!(found, expected);
    }

    #[test]
    fn shifts_strings_and_what_never_ends_are_none() {
        let text = "RUN cat <<< EOF && echo $((1<<2)) <<MISSING\nCMD x\nEOF\n";
        assert_eq!(without_bodies(text), text);
    }
}
