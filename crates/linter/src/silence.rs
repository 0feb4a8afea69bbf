//! The comment that silences a finding: where it has to stand, and how it is written there.

use arrears_core::diagnostic::{Diagnostic, Edit};
use arrears_core::source::{Family, Language, SourceFile};
use arrears_core::text::TextRange;
use arrears_syntax::grammar::Grammar;
use arrears_syntax::node::{children, range};
use arrears_syntax::parse::parse;
use tree_sitter::Node;

use crate::suppression::{self, Suppression};

/// Returns the edit that silences a finding by a comment on a line of its own above it; none where no comment can stand.
///
/// The reason is the word `reason`: whoever makes the edit writes a better one.
pub fn silence(finding: &Diagnostic, source: &SourceFile) -> Option<Edit> {
    let range = finding.primary.range;
    let tree = Grammar::of(source.language).map(|grammar| parse(grammar, &source.text));
    let root = tree.as_ref().map(|tree| tree.root_node());
    let at = line_outside_of_literals(source, root, range.start());
    let line = source.lines.line_range(at);
    let text = line.slice(&source.text);
    if at == 0 && text.starts_with("#!") {
        return None;
    }
    let indent: String = text.chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
    let first = line.start() as usize + indent.len();
    let (open, close) = marks(source, root.is_some_and(|root| is_among_children(root, first)))?;
    let end = if text.ends_with("\r\n") { "\r\n" } else { "\n" };
    let content = format!("{indent}{open}arrears: ignore[{}] -- reason{close}{end}", finding.code);
    let edit = Edit { range: TextRange::empty(line.start()), content };
    silences(&edit, finding, source).then_some(edit)
}

/// Returns the line of a byte, or that of the first line above it that does not begin inside a string or a comment.
fn line_outside_of_literals(source: &SourceFile, root: Option<Node<'_>>, offset: u32) -> u32 {
    let mut line = source.lines.line(offset);
    while line > 0 {
        let start = source.lines.line_range(line).start() as usize;
        let above = source.lines.line_range(line - 1).slice(&source.text).trim_end_matches(['\r', '\n']);
        let before = root.and_then(|root| literal_around(root, start, &source.text));
        line = match before {
            Some(first) => source.lines.line(TextRange::of(first..first).start()),
            None if source.language == Language::Python && above.ends_with('\\') => line - 1,
            None => break,
        };
    }
    line
}

/// Returns where the outermost string, comment or text of a page begins that a byte lies inside of.
fn literal_around(root: Node<'_>, offset: usize, text: &str) -> Option<usize> {
    let mut node = root;
    loop {
        let is_literal = matches!(node.kind(), "string" | "template_string" | "comment" | "regex" | "jsx_text");
        // What an element holds begins with the line feed behind its tag.
        let blank = text[node.byte_range()].bytes().take_while(u8::is_ascii_whitespace).count();
        let first = node.start_byte() + if node.kind() == "jsx_text" { blank } else { 0 };
        if is_literal && first < offset {
            return Some(first);
        }
        node = children(node).find(|child| child.start_byte() <= offset && offset < child.end_byte())?;
    }
}

/// Returns whether a byte lies among the children of an element, where only an expression can hold a comment.
fn is_among_children(root: Node<'_>, offset: usize) -> bool {
    let mut node = root;
    while let Some(child) = children(node).find(|child| child.start_byte() <= offset && offset < child.end_byte()) {
        if child.start_byte() == offset || child.kind() == "jsx_text" {
            let is_element = matches!(node.kind(), "jsx_element" | "jsx_fragment");
            return is_element && child.kind() != "jsx_opening_element";
        }
        node = child;
    }
    false
}

/// Returns what opens and closes a comment.
fn marks(source: &SourceFile, is_among_children: bool) -> Option<(&'static str, &'static str)> {
    Some(match source.language.family() {
        Some(Family::Python) => ("# ", ""),
        Some(Family::Script) if is_among_children => ("{/* ", " */}"),
        Some(Family::Script) => ("// ", ""),
        None => match source.path.extension() {
            "json" => return None,
            "md" | "markdown" | "xml" => ("<!-- ", " -->"),
            "html" | "htm" | "djhtml" if source.text.contains("{%") => ("{# ", " #}"),
            "html" | "htm" | "djhtml" => ("<!-- ", " -->"),
            _ => ("# ", ""),
        },
    })
}

/// Makes the edit and looks whether it does what it should.
fn silences(edit: &Edit, finding: &Diagnostic, source: &SourceFile) -> bool {
    let at = edit.range.start() as usize;
    let mut text = source.text.to_string();
    text.insert_str(at, &edit.content);
    let after = SourceFile::new(source.path.clone(), text, source.language, source.roles);
    let moved = finding.primary.range.to_usize();
    let moved = TextRange::of(moved.start + edit.content.len()..moved.end + edit.content.len());
    let read: Vec<Suppression> = match Grammar::of(source.language) {
        None => suppression::read_text(&after),
        Some(grammar) => {
            let tree = parse(grammar, &after.text);
            let word = at + edit.content.find("arrears:").unwrap_or(0);
            let node = tree.root_node().descendant_for_byte_range(word, word + 1);
            let Some(comment) = node.filter(|node| node.kind() == "comment") else { return false };
            suppression::read_all(&[range(comment)], &after, Some(tree.root_node()))
        }
    };
    let stands_for = |it: &&Suppression| it.fault.is_none() && it.names(finding.code.as_str());
    read.iter().filter(stands_for).any(|it| it.covers(moved, &after))
}

#[cfg(test)]
mod tests {
    use arrears_core::diagnostic::Severity;
    use arrears_core::rule::RuleCode;
    use arrears_core::source::{Language, RelPath};
    use arrears_core::text::TextRange;

    use super::silence;
    use crate::analyze::classify;
    use crate::finding::Finding;

    /// Silences a finding at `¤` and returns the text after it; none where there is no way.
    fn silenced(path: &str, marked: &str) -> Option<String> {
        let at = marked.find('¤').expect("the place is marked");
        let path = RelPath::new(path);
        let language = Language::of(&path).expect("the file is read");
        let source = classify(path.clone(), marked.replace('¤', ""), language);
        let code = RuleCode::literal("shop/rule");
        let finding = Finding::new(code, Severity::Warning, path, TextRange::of(at..at + 1), "wrong".to_owned());
        let edit = silence(&finding.diagnostic, &source)?;
        let mut text = source.text.to_string();
        text.insert_str(edit.range.start() as usize, &edit.content);
        Some(text.replace("arrears: ignore[shop/rule] -- reason", "@"))
    }

    #[test]
    fn the_comment_is_written_as_the_place_wants_it() {
        let cases = [
            ("a.py", "def act():\n    ¤go()\n", "def act():\n    # @\n    go()\n"),
            ("a.py", "@task\ndef ¤act():\n    pass\n", "@task\n# @\ndef act():\n    pass\n"),
            ("a.py", "a = 1\r\n¤b = 2\r\n", "a = 1\r\n# @\r\nb = 2\r\n"),
            ("a.py", "x = 1\nrun(\"\"\"\nselect ¤*\n\"\"\")\n", "x = 1\n# @\nrun(\"\"\"\nselect *\n\"\"\")\n"),
            ("a.py", "x = 1\nassert a and \\\n    ¤b\n", "x = 1\n# @\nassert a and \\\n    b\n"),
            ("a.tsx", "f = <a>\n  <b ¤x={1} />\n</a>;\n", "f = <a>\n  {/* @ */}\n  <b x={1} />\n</a>;\n"),
            ("a.tsx", "f = <a>\n  ¤one\n  two\n</a>;\n", "f = <a>\n  {/* @ */}\n  one\n  two\n</a>;\n"),
            ("a.tsx", "f = <a\n  ¤x={1}\n/>;\n", "f = <a\n  // @\n  x={1}\n/>;\n"),
            ("a.tsx", "f = <a>\n  {g(\n    ¤1)}\n</a>;\n", "f = <a>\n  {g(\n    // @\n    1)}\n</a>;\n"),
            ("a.ts", "go();\nf = `\n  ${¤g}\n`;\n", "go();\n// @\nf = `\n  ${g}\n`;\n"),
            ("a.yml", "on:\n  ¤push:\n", "on:\n  # @\n  push:\n"),
            ("a.md", "one\n\n¤two\n", "one\n\n<!-- @ -->\ntwo\n"),
            ("t/a.html", "{% load x %}\n¤<a>\n", "{% load x %}\n{# @ #}\n<a>\n"),
        ];
        for (path, before, after) in cases {
            assert_eq!(silenced(path, before).as_deref(), Some(after), "{path}: {before}");
        }
    }

    #[test]
    fn where_no_comment_can_stand_there_is_none() {
        assert_eq!(silenced("a.tsx", "f = <a>\n  one\n  ¤two\n</a>;\n"), None);
        assert_eq!(silenced("a.json", "{\n¤\"a\": 1}\n"), None);
        assert_eq!(silenced("a.py", "#!¤/usr/bin/python\n"), None);
    }
}
