//! Segments of paths, and what names and texts tell of them.

use std::rc::Rc;

use super::value::Piece;
use crate::endpoint::{ParamKind, Segment};

/// Names of parameters that hold a path rather than a part of one.
const PATHS: [&str; 9] = ["path", "url", "uri", "endpoint", "route", "resource", "action", "suffix", "href"];

/// A part of a segment.
pub(super) enum Part {
    Text(String),
    Var(Rc<str>),
}

/// Returns the segment that some parts make.
pub(super) fn segment(parts: Vec<Part>) -> Option<Segment> {
    let param = |name: &str| Segment::Param { name: name.to_owned(), kind: ParamKind::Any };
    let mut parts = parts.into_iter();
    Some(match (parts.next()?, parts.next(), parts.next(), parts.next()) {
        (Part::Text(text), None, ..) => Segment::Text(text),
        (Part::Var(name), None, ..) => param(&name),
        (Part::Text(before), Some(Part::Var(name)), None, _) => {
            Segment::Mixed { before, name: name.to_string(), after: String::new() }
        }
        (Part::Var(name), Some(Part::Text(after)), None, _) => {
            Segment::Mixed { before: String::new(), name: name.to_string(), after }
        }
        (Part::Text(before), Some(Part::Var(name)), Some(Part::Text(after)), None) => {
            Segment::Mixed { before, name: name.to_string(), after }
        }
        (first, second, third, fourth) => {
            let all = [Some(first), second, third, fourth].into_iter().flatten().chain(parts);
            let names = all.filter_map(|part| if let Part::Var(name) = part { Some(name) } else { None });
            param(&names.take(4).map(|it| it.to_string()).collect::<Vec<_>>().join("-"))
        }
    })
}

pub(super) fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'+')
}

/// Returns whether a host is this machine, or an emulator's name for it.
pub(super) fn is_local(host: &str) -> bool {
    let name = host.rsplit('@').next().unwrap_or(host);
    let name = name.split(':').next().unwrap_or(name);
    matches!(name, "localhost" | "127.0.0.1" | "0.0.0.0" | "10.0.2.2" | "" | "host.docker.internal" | "[")
        || name.ends_with(".localhost")
}

pub(super) fn is_path_text(text: &str) -> bool {
    text.starts_with('/') && text.bytes().any(|it| it.is_ascii_alphanumeric())
}

pub(super) fn next_is_slash(rest: &[Piece]) -> bool {
    matches!(rest.first(), Some(Piece::Fixed(text, _)) if text.starts_with(['/', '?']))
}

pub(super) fn is_id_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower == "id" || lower == "pk" || name.ends_with("Id") || name.ends_with("_id") || lower.contains("uuid")
}

pub(super) fn is_path_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    PATHS.iter().any(|it| lower.ends_with(it))
}

/// Returns whether a name is that of the part of a URL behind `?`, with the mark.
pub(super) fn is_query_name(name: &str, after_slash: bool) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_sure = lower == "qs"
        || [
            "querystring",
            "query_string",
            "queryparams",
            "searchparams",
            "urlparams",
            "search_params",
            "query_params",
            "buildquery",
            "params",
            "paramstring",
        ]
        .iter()
        .any(|it| lower.ends_with(it))
        || lower.starts_with("buildquery")
        || lower.starts_with("toquery");
    is_sure
        || !after_slash
            && ["query", "search", "filter", "filters", "suffix", "args"].iter().any(|it| lower.ends_with(it))
}
