//! Code that only developers meet: behind a flag, on a page for trying things out.

use arrears_core::source::RelPath;
use arrears_syntax::node::{ancestors, field, range, text};
use tree_sitter::Node;

/// How far up is looked.
const MAX_STEPS: usize = 40;

/// Returns whether a node is reached only under a flag of development or demonstration.
pub fn is_behind_flag(node: Node<'_>, source: &str) -> bool {
    let place = range(node);
    ancestors(node).take(MAX_STEPS).any(|outer| {
        let condition = match outer.kind() {
            "if_statement" | "ternary_expression" => field(outer, "condition"),
            "binary_expression" if field(outer, "operator").is_some_and(|it| it.kind() == "&&") => field(outer, "left"),
            _ => None,
        };
        condition.is_some_and(|it| !range(it).contains(place) && is_flag(text(it, source)))
    })
}

/// Returns whether a condition asks for development, a demonstration or a test.
pub fn is_flag(condition: &str) -> bool {
    const WORDS: [&str; 12] = [
        "__dev__",
        "node_env",
        "env.dev",
        "env.mode",
        "mock",
        "demo",
        "isdev",
        "development",
        "debug",
        "storybook",
        "sandbox",
        "bypass",
    ];
    let lower = condition.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Returns whether a file is a page for trying things out, an example for readers, or made of mocks.
pub fn is_showcase(path: &RelPath) -> bool {
    const WORDS: [&str; 8] =
        ["example", "showcase", "playground", "demo", "sandbox", "storybook", "styleguide", "kitchen"];
    let lower = path.as_str().to_ascii_lowercase();
    lower
        .split(['/', '.', '-', '_'])
        .any(|part| WORDS.iter().any(|word| part.starts_with(word) || part.ends_with(word)))
        || lower.rsplit('/').next().is_some_and(|name| name.contains("mock"))
        || lower.contains("showcase")
        || lower.contains("playground")
}
