//! What client and server both speak of: methods and paths.

use std::fmt;

use serde::{Deserialize, Serialize};

bitflags::bitflags! {
    /// A set of HTTP methods.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct Methods: u8 {
        /// `GET`
        const GET = 1;
        /// `POST`
        const POST = 1 << 1;
        /// `PUT`
        const PUT = 1 << 2;
        /// `PATCH`
        const PATCH = 1 << 3;
        /// `DELETE`
        const DELETE = 1 << 4;
        /// `HEAD`
        const HEAD = 1 << 5;
        /// `OPTIONS`
        const OPTIONS = 1 << 6;
        /// `TRACE`
        const TRACE = 1 << 7;
    }
}

/// The methods and their names, in the order in which they are shown.
const NAMES: [(Methods, &str); 8] = [
    (Methods::GET, "GET"),
    (Methods::POST, "POST"),
    (Methods::PUT, "PUT"),
    (Methods::PATCH, "PATCH"),
    (Methods::DELETE, "DELETE"),
    (Methods::HEAD, "HEAD"),
    (Methods::OPTIONS, "OPTIONS"),
    (Methods::TRACE, "TRACE"),
];

impl Methods {
    /// The methods that change something on the server.
    pub const UNSAFE: Self = Self::POST.union(Self::PUT).union(Self::PATCH).union(Self::DELETE);

    /// Returns the method of a name, in capitals or not: `get`, `DELETE`.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(method, _)| *method)
    }

    /// Returns the names of the methods in a set, `GET` first.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter(move |(method, _)| self.contains(*method)).map(|(_, name)| *name)
    }
}

impl fmt::Display for Methods {
    /// Writes the names, joined by commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.names().enumerate() {
            f.write_str(if at == 0 { "" } else { ", " })?;
            f.write_str(name)?;
        }
        Ok(())
    }
}

/// What stands between two slashes of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Segment {
    /// A fixed text.
    Text(String),
    /// Anything without a slash: a parameter of the route, a value that the client puts in.
    Param {
        /// Its name, or an empty string.
        name: String,
        /// What it may be.
        kind: ParamKind,
    },
    /// Fixed text around something that varies: `{id}.json`, `report-{year}`.
    Mixed {
        /// Before it.
        before: String,
        /// What varies, as the reader would write it: `id`.
        name: String,
        /// After it.
        after: String,
    },
    /// Anything, slashes too: `<path:rest>`, `.*`, a catch-all. On the client's side a value that may hold several segments.
    Rest(String),
}

/// What a parameter of a path may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ParamKind {
    /// Digits.
    Int,
    /// A UUID.
    Uuid,
    /// Letters, digits, `-`, `_`.
    Slug,
    /// Anything without a slash, or not known.
    Any,
}

impl ParamKind {
    /// Returns whether a fixed text may stand for a parameter of this kind.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::Int => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Uuid => text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'),
            Self::Slug => {
                !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            }
            Self::Any => !text.is_empty(),
        }
    }
}

/// Whether a path ends with a slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Slash {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// With or without, or not known.
    Either,
}

impl Slash {
    /// Returns whether one side's path can be the other's.
    pub fn agrees_with(self, other: Self) -> bool {
        self == other || self == Self::Either || other == Self::Either
    }
}

/// A path of a URL: `/api/orders/{id}/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UrlPath {
    /// What stands between the slashes; nothing for the root.
    pub segments: Vec<Segment>,
    /// Whether a slash ends it.
    pub slash: Slash,
}

impl UrlPath {
    /// Reads a path without parameters; the slash at its start does not matter.
    pub fn of_text(path: &str) -> Self {
        let segments = path.split('/').filter(|it| !it.is_empty()).map(|it| Segment::Text(it.to_owned())).collect();
        Self { segments, slash: if path.ends_with('/') { Slash::Yes } else { Slash::No } }
    }

    /// Returns whether the path holds something that may be several segments.
    pub fn is_open(&self) -> bool {
        self.segments.iter().any(|segment| matches!(segment, Segment::Rest(_)))
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |name: &str, other: &str| if name.is_empty() { other.to_owned() } else { name.to_owned() };
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Param { name, .. } => write!(f, "{{{}}}", or(name, "…")),
            Self::Mixed { before, name, after } => write!(f, "{before}{{{}}}{after}", or(name, "…")),
            Self::Rest(name) => write!(f, "{{{}*}}", or(name, "")),
        }
    }
}

impl fmt::Display for UrlPath {
    /// Writes the path as a reader of documentation knows it: `/api/orders/{id}/`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            write!(f, "/{segment}")?;
        }
        if self.slash == Slash::Yes || self.segments.is_empty() { f.write_str("/") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_shown_in_one_order() {
        let methods = Methods::DELETE | Methods::GET;
        assert_eq!(methods.to_string(), "GET, DELETE");
        assert_eq!(Methods::named("patch"), Some(Methods::PATCH));
        assert_eq!(Methods::named("fetch"), None);
    }

    #[test]
    fn a_path_is_written_as_documentation_does() {
        let param = Segment::Param { name: "id".to_owned(), kind: ParamKind::Int };
        let mut path = UrlPath::of_text("api/orders/");
        path.segments.push(param);
        assert_eq!(path.to_string(), "/api/orders/{id}/");
        assert_eq!(UrlPath::of_text("").to_string(), "/");
        assert_eq!(UrlPath::of_text("/health").to_string(), "/health");
    }

    #[test]
    fn a_parameter_takes_what_its_kind_allows() {
        assert!(ParamKind::Int.accepts("12"));
        assert!(!ParamKind::Int.accepts("me"));
        assert!(ParamKind::Slug.accepts("all-items"));
        assert!(!ParamKind::Uuid.accepts("all-items"));
    }
}
