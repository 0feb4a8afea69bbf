//! Strings that are only partly known.

use std::rc::Rc;

use super::value::{MOST, Piece, Value};

/// How many pieces a string may have; the rest is left out.
const PIECES: usize = 300;

/// A string that is only partly known.
pub(super) type Text = Rc<[Piece]>;

/// Returns the strings that a value may be when it is put into another.
pub(super) fn texts(value: &Value) -> Vec<Text> {
    let one = |piece: Piece| vec![Rc::from([piece])];
    match value {
        Value::Text(text) => vec![text.clone()],
        Value::Any(values) => {
            let mut all: Vec<Text> = Vec::new();
            for text in values.iter().filter(|it| !matches!(it, Value::Any(_))).flat_map(texts) {
                if !all.contains(&text) && all.len() < MOST {
                    all.push(text);
                }
            }
            all
        }
        Value::Param(param) => one(Piece::Open(param.clone())),
        Value::Env(name) => one(Piece::Env(name.clone(), None)),
        Value::Query => one(Piece::Query),
        Value::Nothing => vec![Rc::from([])],
        Value::Global(path) => match &**path {
            "location.origin" => one(Piece::Origin),
            "location.host" | "location.hostname" => one(Piece::Host),
            _ => one(Piece::Hole(value.hint())),
        },
        Value::Unknown(_)
        | Value::Foreign(..)
        | Value::Written(_)
        | Value::Function(_)
        | Value::Class(..)
        | Value::Instance(_)
        | Value::Http(_)
        | Value::Verb(..)
        | Value::Module(_)
        | Value::Bool(_) => one(Piece::Hole(value.hint())),
    }
}

/// Joins strings.
pub(super) fn joined(parts: impl Iterator<Item = Value>) -> Value {
    let mut all: Vec<Vec<Piece>> = vec![Vec::new()];
    for part in parts {
        if all.first().is_some_and(|it| it.len() > PIECES) {
            break;
        }
        let choices = texts(&part);
        match choices.as_slice() {
            [] => {}
            [only] => all.iter_mut().for_each(|it| it.extend(only.iter().cloned())),
            several if several.len() * all.len() <= MOST => {
                let before = std::mem::take(&mut all);
                for start in &before {
                    all.extend(several.iter().map(|more| start.iter().chain(more.iter()).cloned().collect::<Vec<_>>()));
                }
            }
            _ => all.iter_mut().for_each(|it| it.push(Piece::Hole(part.hint()))),
        }
    }
    Value::any(all.into_iter().map(|pieces| Value::Text(Rc::from(pieces))).collect())
}

/// Returns whether a string names its own host.
fn is_absolute(text: &[Piece]) -> bool {
    match text.first() {
        Some(Piece::Fixed(start, _)) => start.contains("://") || start.starts_with("//"),
        Some(Piece::Origin | Piece::Env(..)) => true,
        Some(Piece::Hole(_)) => {
            matches!(text.get(1), Some(Piece::Fixed(next, _)) if next.starts_with("//") || next.starts_with("://"))
        }
        _ => false,
    }
}

fn is_empty(text: &[Piece]) -> bool {
    text.iter().all(|it| matches!(it, Piece::Fixed(text, _) if text.is_empty()))
}

/// Puts the base of a client before a URL, with one slash between them.
pub(super) fn based(base: &Value, url: &Value) -> Value {
    pairs(base, url, |base, url| {
        // What begins with a value that is not known may have a host of its own.
        if is_empty(base) || is_absolute(url) || matches!(url.first(), Some(Piece::Hole(_))) {
            return url.to_vec();
        }
        let mut pieces: Vec<Piece> = trimmed(base).iter().map(without_place).collect();
        if is_empty(url) {
            return pieces;
        }
        match url.first() {
            Some(Piece::Fixed(start, _)) if start.starts_with('/') => {}
            Some(Piece::Open(_) | Piece::Query) => {}
            Some(Piece::Fixed(start, _)) if start.starts_with('?') => {}
            _ => pieces.push(Piece::Fixed(Rc::from("/"), None)),
        }
        pieces.extend(url.iter().cloned());
        pieces
    })
}

/// `new URL(url, base)`
pub(super) fn resolved(base: &Value, url: &Value) -> Value {
    pairs(base, url, |base, url| {
        if is_empty(base) || is_absolute(url) || matches!(url.first(), Some(Piece::Hole(_))) {
            return url.to_vec();
        }
        let is_rooted = matches!(url.first(), Some(Piece::Fixed(start, _)) if start.starts_with('/'));
        let mut pieces: Vec<Piece> = match base.first() {
            Some(Piece::Fixed(start, _)) if is_rooted && start.contains("://") => {
                let after = start.find("://").map_or(0, |at| at + 3);
                let end = start.get(after..).and_then(|rest| rest.find('/')).map_or(start.len(), |at| after + at);
                let host = Piece::Fixed(Rc::from(start.get(..end).unwrap_or("")), None);
                if end == start.len() && base.len() > 1 { base.iter().map(without_place).collect() } else { vec![host] }
            }
            Some(first @ Piece::Env(..)) if is_rooted => vec![first.clone()],
            _ => trimmed(base).iter().map(without_place).collect(),
        };
        if !is_rooted && matches!(url.first(), Some(Piece::Fixed(..))) {
            pieces.push(Piece::Fixed(Rc::from("/"), None));
        }
        pieces.extend(url.iter().cloned());
        pieces
    })
}

fn pairs(base: &Value, url: &Value, join: impl Fn(&[Piece], &[Piece]) -> Vec<Piece>) -> Value {
    let (bases, urls) = (texts(base), texts(url));
    let all = bases.iter().flat_map(|base| urls.iter().map(|url| join(base, url)));
    Value::any(all.take(MOST).map(|pieces| Value::Text(Rc::from(pieces))).collect())
}

fn without_place(piece: &Piece) -> Piece {
    match piece {
        Piece::Fixed(text, _) => Piece::Fixed(text.clone(), None),
        other => other.clone(),
    }
}

/// Returns a string without the slashes at its end.
pub(super) fn trimmed(text: &[Piece]) -> Vec<Piece> {
    let mut pieces = text.to_vec();
    while let Some(last) = pieces.pop() {
        match last {
            Piece::Fixed(text, at) => {
                let rest = text.trim_end_matches('/');
                if rest.is_empty() && !pieces.is_empty() {
                    continue;
                }
                pieces.push(Piece::Fixed(Rc::from(rest), at));
                break;
            }
            Piece::Env(name, Some(default)) => {
                pieces.push(Piece::Env(name, Some(Rc::from(trimmed(&default)))));
                break;
            }
            other => {
                pieces.push(other);
                break;
            }
        }
    }
    pieces
}
