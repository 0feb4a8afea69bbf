//! Whether text that parses is code: prose parses now and then.

use tree_sitter::Node;

use crate::grammar::Grammar;
use crate::node::{descendants, field, parts, text};

/// Returns whether a tree without errors holds a statement that prose cannot be; `Some(true)` where one line of it is
/// enough proof.
pub(crate) fn weigh(root: Node<'_>, source: &str, lines: usize, before: &str, grammar: Grammar) -> Option<bool> {
    if before.starts_with(['{', '[']) || before == "({\n" {
        return entries(root, source, lines).then_some(false);
    }
    if before.starts_with("class") {
        return descendants(root).any(|it| it.kind() == "method_definition").then_some(false);
    }
    if before.starts_with("(<>") {
        let holds = |kind: fn(&str) -> bool| descendants(root).skip(1).any(|node| kind(node.kind()));
        let is_element = holds(|kind| matches!(kind, "jsx_self_closing_element" | "jsx_opening_element"));
        return is_element.then_some(true);
    }
    let weights: Vec<Weight> = parts(root)
        .map(|statement| if grammar == Grammar::Python { python(statement, source) } else { script(statement, source) })
        .collect();
    let heaviest = weights.iter().max()?;
    let proven = weights.iter().all(|weight| *weight != Weight::Against) && *heaviest >= Weight::Code;
    proven.then_some(*heaviest == Weight::Unmistakable)
}

/// How much a statement speaks for code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Prose that happens to parse.
    Against,
    /// Either.
    None,
    Code,
    Unmistakable,
}

/// Returns whether bracketed lines are entries of a dictionary or list, and not a sentence in quotes.
fn entries(root: Node<'_>, source: &str, lines: usize) -> bool {
    let Some(collection) = descendants(root).find(|it| matches!(it.kind(), "dictionary" | "list" | "object")) else {
        return false;
    };
    let members: Vec<Node<'_>> = parts(collection).collect();
    let is_member = |member: &Node<'_>| match (collection.kind(), member.kind()) {
        ("dictionary" | "object", "pair") => {
            let (key, value) = (field(*member, "key"), field(*member, "value"));
            key.is_some_and(|it| collection.kind() == "object" || it.kind() == "string")
                && value.is_some_and(|it| collection.kind() == "dictionary" || it.kind() != "identifier")
        }
        ("object", "method_definition") => true,
        ("list", "string") => !text(*member, source).contains(". "),
        ("list", "call") => true,
        _ => false,
    };
    lines > 1 && !members.is_empty() && members.iter().all(is_member)
}

fn python(statement: Node<'_>, source: &str) -> Weight {
    match statement.kind() {
        "import_from_statement" | "decorated_definition" => Weight::Unmistakable,
        "import_statement" => Weight::Unmistakable,
        "function_definition"
        | "class_definition"
        | "if_statement"
        | "for_statement"
        | "while_statement"
        | "with_statement"
        | "try_statement" => {
            let has_body = descendants(statement)
                .any(|it| it.kind() == "block" && parts(it).any(|inner| python(inner, source) >= Weight::None));
            if has_body { Weight::Code } else { Weight::None }
        }
        "return_statement" | "raise_statement" | "assert_statement" | "delete_statement" => {
            if parts(statement).next().is_some_and(|it| is_worked(it, source)) { Weight::Code } else { Weight::None }
        }
        "expression_statement" => parts(statement).next().map_or(Weight::None, |it| python_expression(it, source)),
        "pass_statement" | "break_statement" | "continue_statement" => Weight::None,
        _ => Weight::None,
    }
}

fn python_expression(expression: Node<'_>, source: &str) -> Weight {
    match expression.kind() {
        "assignment" | "augmented_assignment" => {
            let Some(value) = field(expression, "right") else { return Weight::Against };
            if is_placeholder(expression, source) {
                return Weight::Against;
            }
            match value.kind() {
                "call" | "await" if is_call(value, source) => Weight::Unmistakable,
                "attribute"
                | "subscript"
                | "dictionary"
                | "list"
                | "list_comprehension"
                | "string"
                | "integer"
                | "true"
                | "false"
                | "none"
                | "lambda"
                | "await"
                | "conditional_expression"
                | "float"
                | "tuple" => Weight::Code,
                _ => Weight::None,
            }
        }
        "call" | "await" => {
            let is_method = field(expression, "function").is_some_and(|it| it.kind() == "attribute");
            match (is_call(expression, source) && !is_placeholder(expression, source), is_method) {
                (true, true) => Weight::Unmistakable,
                (true, false) => Weight::Code,
                (false, _) => Weight::Against,
            }
        }
        // A name, a sentence in quotes, a comparison: words.
        _ => Weight::Against,
    }
}

/// `f(x)` is a call, `Task (required)` is a heading.
fn is_call(node: Node<'_>, source: &str) -> bool {
    let call = if node.kind() == "await" { parts(node).next() } else { Some(node) };
    let Some((function, arguments)) = call.and_then(|call| Some((field(call, "function")?, field(call, "arguments")?)))
    else {
        return node.kind() == "await";
    };
    function.end_byte() == arguments.start_byte() && !text(function, source).ends_with(|it: char| it.is_whitespace())
}

/// `foo(...)` and `name = <value>` show a form.
fn is_placeholder(node: Node<'_>, source: &str) -> bool {
    descendants(node).any(|it| it.kind() == "ellipsis") || text(node, source).contains("…")
}

fn is_worked(expression: Node<'_>, source: &str) -> bool {
    match expression.kind() {
        "call" => is_call(expression, source),
        "attribute"
        | "subscript"
        | "dictionary"
        | "list"
        | "comparison_operator"
        | "call_expression"
        | "member_expression"
        | "object"
        | "array"
        | "await_expression"
        | "new_expression"
        | "jsx_element"
        | "await"
        | "parenthesized_expression"
        | "template_string"
        | "jsx_self_closing_element"
        | "true"
        | "false"
        | "list_comprehension" => true,
        _ => false,
    }
}

fn script(statement: Node<'_>, source: &str) -> Weight {
    match statement.kind() {
        "import_statement" => Weight::Unmistakable,
        "export_statement"
        | "function_declaration"
        | "class_declaration"
        | "if_statement"
        | "for_statement"
        | "for_in_statement"
        | "while_statement"
        | "try_statement"
        | "switch_statement"
        | "interface_declaration"
        | "type_alias_declaration"
        | "enum_declaration" => Weight::Code,
        "lexical_declaration" | "variable_declaration" => {
            let has_value = parts(statement).any(|it| field(it, "value").is_some());
            if has_value { Weight::Unmistakable } else { Weight::None }
        }
        "return_statement" | "throw_statement" => {
            if parts(statement).next().is_some_and(|it| is_worked(it, source)) {
                Weight::Code
            } else {
                Weight::None
            }
        }
        "expression_statement" => {
            parts(statement).next().map_or(Weight::None, |it| script_expression(it, statement, source))
        }
        "labeled_statement" => Weight::Against,
        _ => Weight::None,
    }
}

fn script_expression(expression: Node<'_>, statement: Node<'_>, source: &str) -> Weight {
    let ends = text(statement, source).ends_with(';');
    match expression.kind() {
        "call_expression" | "await_expression" => {
            let is_method = field(expression, "function").is_none_or(|it| it.kind() == "member_expression");
            match (is_call(expression, source) || expression.kind() == "await_expression", is_method || ends) {
                (true, true) => Weight::Unmistakable,
                (true, false) => Weight::Code,
                (false, _) => Weight::Against,
            }
        }
        "assignment_expression" | "augmented_assignment_expression" => {
            if ends {
                Weight::Unmistakable
            } else {
                Weight::Code
            }
        }
        "jsx_element" | "jsx_self_closing_element" | "jsx_fragment" => Weight::Unmistakable,
        "ternary_expression" | "arrow_function" | "new_expression" if ends => Weight::Code,
        _ => Weight::Against,
    }
}
