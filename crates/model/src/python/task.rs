//! Bodies of Celery tasks: what they admit to leave out, and whether they do anything at all.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, descendants, field, range, text};
use arrears_syntax::python::{body_statements, called_name, receiver};
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

use crate::python::function::{Admission, Decorator};
use crate::python::handling::{is_log_method, is_logger};
use crate::python::placeholder::find_word;

/// Calls that change nothing outside a function.
const HARMLESS: &str = "print sleep utcnow now today time timestamp isoformat strftime timedelta str int float \
    bool len range list dict set tuple sum min max round abs sorted enumerate zip join \
    format append extend keys values items split lower upper title strip startswith endswith \
    uuid4 random randint uniform choice retry update_state isinstance getLogger hexdigest \
    encode Exception";

/// The body of a function that may be a task.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskBody {
    /// Comments that admit invented data or missing work, in source order.
    pub admissions: Vec<Admission>,
    /// Whether all it does is to make up values, to log and to sleep.
    pub is_inert: bool,
    /// The commented-out code that it ends with.
    pub commented_tail: Option<TextRange>,
}

/// Returns whether the decorators are those of a task, by the look of them.
pub(crate) fn looks_like_task(decorators: &[Decorator]) -> bool {
    decorators.iter().any(|it| it.path.rsplit('.').next().is_some_and(|name| name.ends_with("task")))
}

/// Reads the body of a task.
pub(crate) fn read_body(definition: Node<'_>, source: &str) -> TaskBody {
    let mut body = TaskBody { is_inert: true, ..TaskBody::default() };
    for node in field(definition, "body").into_iter().flat_map(descendants) {
        match node.kind() {
            "comment" => {
                if let Some(words) = missing_work(text(node, source)) {
                    body.admissions.push(Admission { range: range(node), words });
                }
            }
            "call" if body.is_inert => body.is_inert = is_harmless(node, source),
            "delete_statement" | "yield" => body.is_inert = false,
            _ => {}
        }
    }
    body.commented_tail = commented_tail(definition, source);
    body
}

/// Returns the sentence by which a comment admits that what follows is invented or missing.
///
/// Stricter than [`crate::python::placeholder::admission`], because the code around it works: `TODO: retry` is a wish,
/// `TODO: implement the report` is a hole.
fn missing_work(comment: &str) -> Option<String> {
    const STARTS: [&str; 8] = [
        "mock ",
        "placeholder",
        "simulate ",
        "stub",
        "dummy data",
        "fake data",
        "not implemented",
        "for now, just log",
    ];
    const PARTS: [&str; 14] = [
        "(mock)",
        "(mock data",
        "(placeholder",
        "(stub",
        "in production, this would",
        "would go here",
        "goes here",
        "this would typically",
        "return placeholder",
        "placeholder implementation",
        "for now, return",
        "for now, use placeholder",
        "implement actual",
        "to be implemented",
    ];
    const TODO_VERBS: [&str; 4] = ["implement", "actually", "actual", "query"];
    let said = comment.trim_start_matches(['#', ' ', '-', '=']).trim();
    let lower = said.to_ascii_lowercase();
    let is_todo = ["todo", "fixme"].iter().any(|mark| lower.starts_with(mark));
    let admits = STARTS.iter().any(|start| lower.starts_with(start))
        || PARTS.iter().any(|part| lower.contains(part))
        || is_todo && TODO_VERBS.iter().any(|verb| find_word(&lower, verb).is_some());
    admits.then(|| said.to_owned())
}

/// Returns whether a call changes nothing outside the function.
fn is_harmless(call: Node<'_>, source: &str) -> bool {
    // Harmless on a plain value only: `data.get("x")`, not `requests.get(url)`.
    const ON_VALUES: [&str; 6] = ["get", "update", "add", "copy", "pop", "replace"];
    let Some(name) = called_name(call, source) else { return false };
    let object = receiver(call);
    if is_log_method(name) && object.is_some_and(|object| is_logger(object, source)) {
        return true;
    }
    let is_value = object.is_some_and(|object| {
        let object = text(object, source);
        let is_name = object.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let outside = ["requests", "httpx", "client", "session", "cache", "redis", "db", "http"];
        is_name && !outside.iter().any(|word| object.contains(word))
    });
    HARMLESS.split(' ').any(|harmless| harmless == name)
        || name.ends_with("Error")
        || ON_VALUES.contains(&name) && is_value
}

/// Returns the comment of code after the last statement of a body.
fn commented_tail(definition: Node<'_>, source: &str) -> Option<TextRange> {
    let last = body_statements(definition).last().copied()?;
    let tail: Vec<Node<'_>> = field(definition, "body")
        .into_iter()
        .flat_map(children)
        .filter(|node| node.kind() == "comment" && node.start_position().row > last.end_position().row)
        .collect();
    tail.iter().find(|comment| is_code(text(**comment, source))).map(|comment| range(*comment))
}

/// Returns whether a comment holds a call or an assignment rather than a sentence.
fn is_code(comment: &str) -> bool {
    let said = comment.trim_start_matches('#').trim();
    let target = said.split(['=', '(']).next().unwrap_or("").trim();
    let is_name = !target.is_empty()
        && target.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
        && !target.ends_with('.');
    let is_assignment = said.contains(" = ");
    is_name && (is_assignment || said.contains('(') && said.ends_with(')') && !said.contains(". "))
}

#[cfg(test)]
mod tests {
    use super::{is_code, missing_work};

    #[test]
    fn a_wish_is_no_hole() {
        let admits = |comment: &str| missing_work(comment).is_some();
        assert!(
            admits("# TODO: implement the report") && admits("# Mock billing data") && admits("# Email (placeholder)")
        );
        assert!(!admits("# TODO: save the mentions too") && !admits("# fill the placeholder of the template"));
    }

    #[test]
    fn code_is_told_from_prose() {
        assert!(is_code("# rows = Order.objects.all()") && is_code("# send_mail(subject, body)"));
        assert!(!is_code("# nothing is left to do (see above)") && !is_code("# note: a = b is not checked"));
    }
}
