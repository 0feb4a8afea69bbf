//! Code that only developers meet: behind a flag, on a page for trying things out.

use arrears_core::source::RelPath;
use arrears_syntax::node::{ancestors, field, range, text};
use tree_sitter::Node;

use crate::invention::is_invented_name;
use crate::naming::words;

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
    const PARTS: [&str; 10] = [
        "__dev__",
        "node_env",
        "env.dev",
        "env.mode",
        "isdev",
        "development",
        "debug",
        "storybook",
        "sandbox",
        "bypass",
    ];
    let lower = condition.to_ascii_lowercase();
    PARTS.iter().any(|part| lower.contains(part))
        || is_invented_name(condition)
        || words(condition).iter().any(|word| word == "demo")
}

/// Returns whether a file is a page for trying things out, an example for readers, or made of mocks.
pub fn is_showcase(path: &RelPath) -> bool {
    const PARTS: [&str; 8] =
        ["example", "examples", "demo", "demos", "sandbox", "storybook", "styleguide", "kitchen-sink"];
    let lower = path.as_str().to_ascii_lowercase();
    lower.split(['/', '.', '_']).any(|part| PARTS.contains(&part) || part.ends_with("-demo"))
        || lower.rsplit('/').next().is_some_and(|name| name.contains("mock"))
        || lower.contains("showcase")
        || lower.contains("playground")
}
