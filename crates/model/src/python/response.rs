//! Responses that tell of an error: which key they use, and whether their status says so too.

use arrears_core::text::TextRange;
use arrears_syntax::node::{field, parts, range, text};
use arrears_syntax::python::{called_name, keyword, positional, string_value};
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

/// A response whose literal body, or whose status, tells of an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// The name that is called: `Response`, `JsonResponse`.
    pub range: TextRange,
    /// The key under which the error is told: `error`, `detail`, `message` …
    pub key: String,
    /// Whether a status is given.
    pub has_status: bool,
    /// Whether the body itself says that it is an error.
    pub says_error: bool,
}

/// The keys by which a body can tell of an error, the most telling first.
const KEYS: [&str; 9] =
    ["error", "errors", "detail", "message", "msg", "error_message", "non_field_errors", "reason", "err"];

/// Reads a call, if it is such a response.
pub(crate) fn read(call: Node<'_>, source: &str) -> Option<ErrorResponse> {
    let name = called_name(call, source).filter(|name| matches!(*name, "Response" | "JsonResponse"))?;
    let mut arguments = positional(call);
    let body = arguments.next().or_else(|| keyword(call, "data", source))?;
    let status = keyword(call, "status", source).or_else(|| arguments.next().filter(|_| name == "Response"));
    if body.kind() != "dictionary" {
        return None;
    }
    let pairs: Vec<(String, Node<'_>)> = parts(body)
        .filter_map(|pair| Some((string_value(field(pair, "key")?, source)?.into_owned(), field(pair, "value")?)))
        .collect();
    let has_splat = parts(body).any(|part| part.kind() != "pair");
    let says_error = !has_splat && pairs.iter().any(|(key, value)| tells_error(key, *value, source));
    let is_error_status = status.is_some_and(|status| is_error_status(text(status, source)));
    if !says_error && !is_error_status {
        return None;
    }
    let key = KEYS.iter().find(|key| pairs.iter().any(|(found, _)| found == *key))?;
    let function = field(call, "function")?;
    Some(ErrorResponse { range: range(function), key: (*key).to_owned(), has_status: status.is_some(), says_error })
}

fn tells_error(key: &str, value: Node<'_>, source: &str) -> bool {
    match key {
        "error" | "error_message" => {
            !matches!(value.kind(), "none" | "false" | "conditional_expression" | "list" | "dictionary")
                && !matches!(text(value, source), "\"\"" | "''")
        }
        "success" | "ok" => value.kind() == "false",
        "status" => matches!(text(value, source).trim_matches(['"', '\'']), "error" | "failed" | "failure"),
        _ => false,
    }
}

fn is_error_status(status: &str) -> bool {
    let digits: String = status.chars().skip_while(|next| !next.is_ascii_digit()).take(3).collect();
    digits.len() == 3 && digits.starts_with(['4', '5'])
}
