//! The page of a rule, for readers of Markdown.

use crate::output::text::capitalised;

/// Returns the page of a rule with its examples headed, for readers that know no other code blocks than Markdown's.
pub(crate) fn markdown(docs: &str) -> String {
    let mut lines = Vec::new();
    for line in docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()) {
        let example = line.strip_prefix("```").and_then(|info| info.split_once(' '));
        let Some((language, kind)) = example else {
            lines.push(line.to_owned());
            continue;
        };
        if lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(String::new());
        }
        lines.extend([format!("{}:", capitalised(kind.trim())), String::new(), format!("```{language}")]);
    }
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn examples_are_headed() {
        let docs = " Finds it.\n\n ```python bad\n x\n ```\n ```python good\n y\n ```\n";
        let expected = "Finds it.\n\nBad:\n\n```python\nx\n```\n\nGood:\n\n```python\ny\n```";
        assert_eq!(markdown(docs), expected);
    }
}
