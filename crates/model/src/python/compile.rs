//! What the grammar takes and the compiler refuses, as far as a look at a few nodes tells.
//!
//! Only what real files show is looked for; each answer agrees with `compile()` of a current Python.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, parts, range, text};
use tree_sitter::Node;

use crate::facts::Defect;
use crate::outline::{Outline, ScopeId};

/// Returns why the compiler refuses a node.
pub(crate) fn check<'t>(node: Node<'t>, outline: &Outline<'t>, scope: ScopeId, source: &str) -> Option<Defect> {
    match node.kind() {
        "print_statement" => python2(node, "`print` is a function", source),
        "exec_statement" => python2(node, "`exec` is a function", source),
        "raise_statement" => raise(node, source),
        "named_expression" => bare_walrus(node),
        "await" => outside_async(node, "await", outline, scope, source),
        "with_statement" => {
            asynchronous(node, source).and_then(|_| outside_async(node, "async with", outline, scope, source))
        }
        "for_statement" => {
            asynchronous(node, source).and_then(|_| outside_async(node, "async for", outline, scope, source))
        }
        "try_statement" => lone_try(node),
        "decorated_definition" => shifted_definition(node),
        _ => None,
    }
}

/// Python 3 reads `print -1` and `print(x)` as expressions; a name, a number or a string after the word it does not.
fn python2(node: Node<'_>, reason: &str, source: &str) -> Option<Defect> {
    let first = parts(node).next()?;
    let is_certain = matches!(first.kind(), "identifier" | "string" | "integer" | "float" | "attribute" | "call")
        && !text(first, source).starts_with('(');
    let word = text(node, source).split_whitespace().next().unwrap_or("").len();
    let start = range(node).start();
    let keyword = TextRange::new(start, start.saturating_add(TextRange::of(0..word).end()));
    is_certain.then(|| defect(keyword, format!("syntax error: {reason} since Python 3")))
}

fn raise(node: Node<'_>, source: &str) -> Option<Defect> {
    let value = parts(node).next().filter(|value| value.kind() == "expression_list")?;
    let written = text(value, source).lines().next().unwrap_or("");
    let end = range(value).start().saturating_add(TextRange::of(0..written.len()).end());
    let message = "syntax error: `raise` takes one exception since Python 3".to_owned();
    Some(defect(TextRange::new(range(node).start(), end), message))
}

fn bare_walrus(node: Node<'_>) -> Option<Defect> {
    let parent = node.parent().filter(|parent| parent.kind() == "keyword_argument")?;
    let name = field(node, "name").unwrap_or(parent);
    Some(defect(range(name), "syntax error: `:=` needs parentheses as the value of a keyword argument".to_owned()))
}

/// Returns the word `async` that a statement starts with.
fn asynchronous(node: Node<'_>, source: &str) -> Option<TextRange> {
    let start = range(node).start();
    text(node, source).starts_with("async").then(|| TextRange::new(start, start.saturating_add(5)))
}

fn outside_async<'t>(
    node: Node<'t>,
    word: &str,
    outline: &Outline<'t>,
    scope: ScopeId,
    source: &str,
) -> Option<Defect> {
    for around in outline.enclosing(scope) {
        match around.kind() {
            // A generator expression may await, whatever stands around it.
            "generator_expression" | "lambda" => return None,
            "function_definition" => {
                let is_inside = field(around, "body").is_some_and(|body| range(body).contains(range(node)));
                if is_inside {
                    let is_async = text(around, source).starts_with("async");
                    return (!is_async).then(|| outside(node, word, "an asynchronous function"));
                }
            }
            _ => {}
        }
    }
    Some(outside(node, word, "a function"))
}

fn outside(node: Node<'_>, word: &str, place: &str) -> Defect {
    let start = range(node).start();
    let keyword = TextRange::new(start, start.saturating_add(TextRange::of(0..word.len()).end()));
    defect(keyword, format!("syntax error: `{word}` outside {place}"))
}

fn lone_try(node: Node<'_>) -> Option<Defect> {
    let is_handled = children(node)
        .any(|it| matches!(it.kind(), "except_clause" | "except_group_clause" | "finally_clause") || it.is_error());
    let start = range(node).start();
    (!is_handled && !node.has_error()).then(|| {
        defect(
            TextRange::new(start, start.saturating_add(3)),
            "syntax error: `try` without `except` or `finally`".to_owned(),
        )
    })
}

/// A decorator and what it decorates start in one column.
fn shifted_definition(node: Node<'_>) -> Option<Defect> {
    let definition = field(node, "definition")?;
    let start = range(definition).start();
    (definition.start_position().column != node.start_position().column).then(|| {
        let name = field(definition, "name").map_or(TextRange::new(start, start.saturating_add(3)), range);
        defect(name, "syntax error: this definition does not stand below its decorator".to_owned())
    })
}

pub(crate) fn defect(range: TextRange, message: String) -> Defect {
    Defect { range, message }
}
