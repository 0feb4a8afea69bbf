//! Strings with holes, and paths made of them.

use crate::endpoint::{ParamKind, Segment, Slash, UrlPath};

/// A string of which some parts may not be known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Text(pub(super) Vec<Part>);

/// A part of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Known.
    Known(String),
    /// Not known: what stands there in the code.
    Hole(String),
}

impl Text {
    pub(super) fn known(text: &str) -> Self {
        Self(if text.is_empty() { Vec::new() } else { vec![Part::Known(text.to_owned())] })
    }

    pub(super) fn hole(name: &str) -> Self {
        Self(vec![Part::Hole(name.to_owned())])
    }

    /// Returns the string, where all of it is known.
    pub(super) fn whole(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Known(text)] => Some(text),
            _ => None,
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Part::Known(last)) = self.0.last_mut() {
            last.push_str(text);
        } else {
            self.0.push(Part::Known(text.to_owned()));
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        for part in &other.0 {
            match part {
                Part::Known(text) => self.push(text),
                Part::Hole(_) => self.0.push(part.clone()),
            }
        }
    }

    /// Applies a change to the first known part, if the string starts with it.
    pub(super) fn map_start(mut self, change: impl Fn(&str) -> String) -> Self {
        if let Some(Part::Known(first)) = self.0.first_mut() {
            *first = change(first);
        }
        self
    }

    /// Applies a change to the last known part, if the string ends with it.
    pub(super) fn map_end(mut self, change: impl Fn(&str) -> String) -> Self {
        if let Some(Part::Known(last)) = self.0.last_mut() {
            *last = change(last);
        }
        self
    }
}

/// A piece of a path that is put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Fixed text, slashes too.
    Text(String),
    /// Something without a slash.
    Param(String, ParamKind),
    /// Anything.
    Rest(String),
    /// A value that is not known, and may be empty.
    Hole(String),
    /// A slash that may be left out.
    MaybeSlash,
}

/// Makes a path of its pieces.
pub(super) fn path_of(pieces: &[Piece]) -> UrlPath {
    let mut path = UrlPath { segments: Vec::new(), slash: Slash::No };
    let mut open: Vec<Piece> = Vec::new();
    for piece in pieces {
        path.slash = Slash::No;
        match piece {
            Piece::Text(text) => {
                let mut parts = text.split('/');
                if let Some(first) = parts.next().filter(|it| !it.is_empty()) {
                    open.push(Piece::Text(first.to_owned()));
                }
                for part in parts {
                    close(&mut path, &mut open);
                    if !part.is_empty() {
                        open.push(Piece::Text(part.to_owned()));
                    }
                }
                if text.ends_with('/') {
                    path.slash = Slash::Yes;
                }
            }
            Piece::MaybeSlash => {
                close(&mut path, &mut open);
                path.slash = Slash::Either;
            }
            Piece::Param(..) | Piece::Rest(_) | Piece::Hole(_) => open.push(piece.clone()),
        }
    }
    close(&mut path, &mut open);
    match path.segments.last() {
        None => path.slash = Slash::Yes,
        Some(Segment::Rest(_)) if path.slash == Slash::No => path.slash = Slash::Either,
        Some(_) => {}
    }
    path
}

/// Makes a segment of what stands between two slashes.
fn close(path: &mut UrlPath, open: &mut Vec<Piece>) {
    let mut pieces = std::mem::take(open);
    // A value that is not known, before text: `{base}api/`.
    while pieces.len() > 1
        && let Some(Piece::Hole(name)) = pieces.first()
    {
        path.segments.push(Segment::Rest(name.clone()));
        pieces.remove(0);
    }
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (Some(Piece::Text(last)), Piece::Text(text)) => last.push_str(&text),
            (_, piece) => merged.push(piece),
        }
    }
    let segment = match merged.as_slice() {
        [] => return,
        [Piece::Text(text)] => Segment::Text(text.clone()),
        [Piece::Param(name, kind)] => Segment::Param { name: name.clone(), kind: *kind },
        [Piece::Rest(name) | Piece::Hole(name)] => Segment::Rest(name.clone()),
        several => mixed(several),
    };
    path.segments.push(segment);
}

fn mixed(pieces: &[Piece]) -> Segment {
    let text = |piece: Option<&Piece>| match piece {
        Some(Piece::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let names: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Param(name, _) | Piece::Rest(name) | Piece::Hole(name) => Some(name.as_str()),
            Piece::Text(_) | Piece::MaybeSlash => None,
        })
        .collect();
    if pieces.iter().any(|piece| matches!(piece, Piece::Rest(_))) && text(pieces.first()).is_empty() {
        return Segment::Rest(names.join("-"));
    }
    Segment::Mixed { before: text(pieces.first()), name: names.join("-"), after: text(pieces.last()) }
}

/// Reads a route of `path()`: `orders/<int:pk>/`.
pub(super) fn plain_pieces(text: &Text) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in &text.0 {
        let known = match part {
            Part::Hole(name) => {
                pieces.push(Piece::Hole(name.clone()));
                continue;
            }
            Part::Known(known) => known,
        };
        let mut rest = known.as_str();
        while let Some(start) = rest.find('<') {
            let Some(len) = rest[start..].find('>') else { break };
            if start > 0 {
                pieces.push(Piece::Text(rest[..start].to_owned()));
            }
            pieces.push(converted(&rest[start + 1..start + len]));
            rest = &rest[start + len + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
    }
    pieces
}

fn converted(inside: &str) -> Piece {
    let (converter, name) = inside.split_once(':').unwrap_or(("str", inside));
    let kind = match converter.trim() {
        "path" => return Piece::Rest(name.trim().to_owned()),
        "int" => ParamKind::Int,
        "uuid" => ParamKind::Uuid,
        "slug" => ParamKind::Slug,
        _ => ParamKind::Any,
    };
    Piece::Param(name.trim().to_owned(), kind)
}

/// Reads a route of `FastAPI`: `/orders/{order_id}`.
pub(super) fn braced_pieces(text: &Text) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in &text.0 {
        let known = match part {
            Part::Hole(name) => {
                pieces.push(Piece::Hole(name.clone()));
                continue;
            }
            Part::Known(known) => known,
        };
        let mut rest = known.as_str();
        while let Some(start) = rest.find('{') {
            let Some(len) = rest[start..].find('}') else { break };
            if start > 0 {
                pieces.push(Piece::Text(rest[..start].to_owned()));
            }
            let inside = &rest[start + 1..start + len];
            let (name, converter) = inside.split_once(':').unwrap_or((inside, "str"));
            pieces.push(converted(&format!("{converter}:{name}")));
            rest = &rest[start + len + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
    }
    pieces
}
