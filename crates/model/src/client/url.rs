//! Strings read as URLs.

use std::rc::Rc;

use arrears_core::text::TextRange;

use super::segment::{
    Part, is_id_name, is_local, is_path_name, is_path_text, is_query_name, is_scheme, next_is_slash, segment,
};
use super::value::{FileId, Param, Piece};
use super::{Base, ClientUrl, Origin};
use crate::endpoint::{Segment, Slash, UrlPath};

/// How many segments a path may have; a longer one is not read.
const SEGMENTS: usize = 60;
/// What a string is as a URL.
#[derive(Debug)]
pub(super) enum Read {
    /// A URL, and where its fixed parts are written.
    Url(ClientUrl, Vec<(FileId, TextRange)>),
    /// A parameter of a function decides what it is; the URL as far as it is known, where it says something.
    Open(Rc<Param>, Option<ClientUrl>),
    /// Nothing that is known.
    Unreadable,
    /// No URL of a server: nothing at all, `data:`, a place in the page.
    Nothing,
}

/// Reads a string as a URL. Parameters for which `is_open` holds may be whole paths.
pub(super) fn read(pieces: &[Piece], is_open: &dyn Fn(&Param) -> bool) -> Read {
    let mut reader = Reader {
        is_open,
        origin: Origin::Unknown,
        base: Base::Unknown,
        stage: Stage::Start,
        authority: Authority::default(),
        segments: Vec::new(),
        segment: Vec::new(),
        after_slash: false,
        query: String::new(),
        more_query: false,
        open: None,
        places: Vec::new(),
        is_nothing: false,
    };
    for (at, piece) in pieces.iter().enumerate() {
        reader.piece(piece, pieces.get(at + 1..).unwrap_or(&[]));
    }
    reader.finish()
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Stage {
    Start,
    Authority,
    Path,
    Query,
    Fragment,
}

/// What stands between `//` and the next slash.
#[derive(Default)]
struct Authority {
    text: String,
    is_own: bool,
    is_unknown: bool,
}

struct Reader<'a> {
    is_open: &'a dyn Fn(&Param) -> bool,
    origin: Origin,
    base: Base,
    stage: Stage,
    authority: Authority,
    segments: Vec<Segment>,
    segment: Vec<Part>,
    after_slash: bool,
    query: String,
    more_query: bool,
    open: Option<Rc<Param>>,
    places: Vec<(FileId, TextRange)>,
    is_nothing: bool,
}

impl Reader<'_> {
    fn piece(&mut self, piece: &Piece, rest: &[Piece]) {
        match piece {
            Piece::Fixed(text, place) => {
                let is_path =
                    matches!(self.stage, Stage::Start | Stage::Path) && text.bytes().any(|it| it.is_ascii_alphabetic());
                if let (true, Some(place)) = (is_path, place) {
                    self.places.push(*place);
                }
                self.fixed(text, rest);
            }
            Piece::Hole(name) => self.hole(name, rest),
            Piece::Open(param) => self.param(param, rest),
            Piece::Env(name, default) => self.env(name, default.as_deref()),
            Piece::Origin => {
                if self.stage == Stage::Start {
                    self.own();
                } else {
                    self.hole("origin", rest);
                }
            }
            Piece::Host => match self.stage {
                Stage::Start => self.own(),
                Stage::Authority => self.authority.is_own = true,
                _ => self.hole("host", rest),
            },
            Piece::Query => match self.stage {
                Stage::Start => self.is_nothing = true,
                _ => self.enter_query(),
            },
        }
    }

    fn own(&mut self) {
        self.origin = Origin::Own;
        self.base = Base::Root;
        self.stage = Stage::Path;
    }

    fn enter_query(&mut self) {
        self.more_query = true;
        if self.stage != Stage::Fragment {
            self.stage = Stage::Query;
        }
    }

    fn fixed(&mut self, text: &str, rest: &[Piece]) {
        if text.is_empty() {
            return;
        }
        let mut text = text;
        if self.stage == Stage::Start {
            let Some(left) = self.start(text, rest) else { return };
            text = left;
        }
        if self.stage == Stage::Authority {
            let end = text.find(['/', '?', '#']).unwrap_or(text.len());
            self.authority.text.push_str(text.get(..end).unwrap_or(""));
            text = text.get(end..).unwrap_or("");
            if text.is_empty() {
                return;
            }
            self.settle();
        }
        for character in text.chars() {
            match (self.stage, character) {
                (Stage::Path, '/') => self.flush(),
                (Stage::Path, '?') => self.stage = Stage::Query,
                (Stage::Path | Stage::Query, '#') => self.stage = Stage::Fragment,
                (Stage::Path, other) => {
                    self.after_slash = false;
                    match self.segment.last_mut() {
                        Some(Part::Text(text)) => text.push(other),
                        _ => self.segment.push(Part::Text(other.to_string())),
                    }
                }
                (Stage::Query, other) => self.query.push(other),
                _ => {}
            }
        }
    }

    /// Reads how a URL begins; returns what is left to read.
    fn start<'t>(&mut self, text: &'t str, rest: &[Piece]) -> Option<&'t str> {
        let text = text.trim_start();
        let continues =
            matches!(rest.first(), Some(Piece::Fixed(next, _)) if next.starts_with("//") || next.starts_with("://"));
        if continues && is_scheme(text.trim_end_matches(':')) {
            return None;
        }
        if let Some(rest) = text.strip_prefix("://") {
            self.stage = Stage::Authority;
            return Some(rest);
        }
        if let Some(at) = text.find("://").filter(|at| text.get(..*at).is_some_and(is_scheme)) {
            self.stage = Stage::Authority;
            return text.get(at + 3..);
        }
        if let Some(rest) = text.strip_prefix("//") {
            self.stage = Stage::Authority;
            return Some(rest);
        }
        if text.starts_with('/') {
            self.own();
            return Some(text);
        }
        let is_other = text.starts_with(['#', '?', '.']) && !text.starts_with("./") && !text.starts_with("../")
            || ["data:", "blob:", "mailto:", "file:", "javascript:", "tel:", "about:", "asset"]
                .iter()
                .any(|it| text.starts_with(it));
        if is_other || text.contains(char::is_whitespace) {
            self.is_nothing = true;
            self.stage = Stage::Fragment;
            return None;
        }
        // A file that lies beside the page is asked for in the same way.
        self.origin = Origin::Own;
        self.base = Base::Unknown;
        self.stage = Stage::Path;
        Some(text.trim_start_matches("../").trim_start_matches("./"))
    }

    fn settle(&mut self) {
        self.stage = Stage::Path;
        let Authority { text, is_own, is_unknown } = &self.authority;
        self.base = Base::Root;
        self.origin = if *is_own {
            Origin::Own
        } else if *is_unknown {
            Origin::Unknown
        } else if is_local(text) {
            Origin::Own
        } else {
            Origin::Other(text.clone())
        };
    }

    fn hole(&mut self, name: &str, rest: &[Piece]) {
        match self.stage {
            Stage::Start => {
                let is_scheme = matches!(rest.first(), Some(Piece::Fixed(next, _)) if next.starts_with("//") || next.starts_with("://"));
                if is_scheme {
                    // What follows begins with the slashes.
                    self.stage = Stage::Start;
                    return;
                }
                self.stage = Stage::Path;
            }
            Stage::Authority if self.ends_host(rest) => {
                self.settle();
                self.variable(name, rest);
            }
            Stage::Authority => self.authority.is_unknown = true,
            Stage::Path => self.variable(name, rest),
            Stage::Query => self.in_query(),
            Stage::Fragment => {}
        }
    }

    fn in_query(&mut self) {
        if self.query.is_empty() || self.query.ends_with('&') {
            self.more_query = true;
        } else if self.query.ends_with('=') {
            self.query.push('x');
        } else if !self.query.rsplit('&').next().unwrap_or("").contains('=') {
            // `?${a}`, `?a${b}`
            self.more_query = true;
            self.query.push('\0');
        }
    }

    /// Returns whether a value right behind the host is a path.
    fn ends_host(&self, rest: &[Piece]) -> bool {
        let Authority { text, is_own, .. } = &self.authority;
        let is_whole = *is_own || !text.is_empty() && !text.ends_with([':', '.', '@', '-']);
        is_whole && (rest.is_empty() || next_is_slash(rest))
    }

    /// A value in the path.
    fn variable(&mut self, name: &str, rest: &[Piece]) {
        let is_last = rest.iter().all(|it| matches!(it, Piece::Fixed(text, _) if text.is_empty()));
        let is_query = is_last && is_query_name(name, self.segment.is_empty());
        let glued = match self.segment.last() {
            Some(Part::Text(text)) => text.ends_with(|last: char| last.is_alphanumeric()),
            _ => false,
        };
        let is_first = self.segments.is_empty() && self.segment.is_empty() && !self.after_slash;
        if is_query && (self.segment.is_empty() || glued || is_last) {
            self.enter_query();
        } else if is_first {
            // What follows a host brings its slashes along.
            self.segments.push(Segment::Rest(name.to_owned()));
        } else if glued && (is_last || next_is_slash(rest)) && !is_id_name(name) {
            let slash = self.after_slash;
            self.flush();
            self.after_slash = slash;
            self.segments.push(Segment::Rest(name.to_owned()));
        } else {
            self.after_slash = false;
            self.segment.push(Part::Var(Rc::from(name)));
        }
    }

    fn param(&mut self, param: &Rc<Param>, rest: &[Piece]) {
        if !(self.is_open)(param) {
            return self.hole(&param.name, rest);
        }
        if self.stage == Stage::Authority && self.ends_host(rest) {
            self.settle();
        }
        let is_whole = match self.stage {
            Stage::Start => !rest.iter().any(|it| matches!(it, Piece::Fixed(text, _) if is_path_text(text))),
            Stage::Path => {
                let nothing_yet = self.segments.is_empty() && self.segment.is_empty();
                let glued = match self.segment.last() {
                    Some(Part::Text(text)) => text.ends_with(|last: char| last.is_alphanumeric()),
                    _ => false,
                };
                let is_query = is_query_name(&param.name, false);
                nothing_yet && !self.after_slash
                    || glued && !is_query && !is_id_name(&param.name)
                    || is_path_name(&param.name)
            }
            _ => false,
        };
        if is_whole && self.open.is_none() {
            self.open = Some(param.clone());
        }
        self.hole(&param.name, rest);
    }

    fn env(&mut self, name: &str, default: Option<&[Piece]>) {
        match self.stage {
            Stage::Start => {
                let (mut path, mut host) = (None, None);
                if let Some(Read::Url(url, _)) = default.map(|it| read(it, &|_| false)) {
                    host = match &url.origin {
                        Origin::Other(host) => Some(host.clone()),
                        Origin::Own | Origin::Unknown => default.and_then(host_of),
                    };
                    path = url.full();
                } else if default
                    .is_some_and(|it| it.iter().all(|it| matches!(it, Piece::Fixed(text, _) if text.is_empty())))
                {
                    // Where nothing is set, the host of the page is asked.
                    path = Some(UrlPath::of_text("/"));
                }
                self.origin = Origin::Unknown;
                self.base = Base::Env { name: name.to_owned(), default: path, host };
                self.stage = Stage::Path;
            }
            Stage::Authority => self.authority.is_unknown = true,
            _ => match default {
                Some(default) => default.iter().for_each(|it| self.piece(it, &[])),
                None => self.hole(name, &[]),
            },
        }
    }

    /// Ends a segment at a slash.
    fn flush(&mut self) {
        let parts = std::mem::take(&mut self.segment);
        self.after_slash = true;
        if self.segments.len() >= SEGMENTS {
            return;
        }
        self.segments.extend(segment(parts));
    }

    fn finish(mut self) -> Read {
        if self.stage == Stage::Authority {
            self.settle();
        }
        if self.stage == Stage::Start || self.is_nothing {
            return Read::Nothing;
        }
        let ends_open = matches!(self.segments.last(), Some(Segment::Rest(_))) && self.segment.is_empty();
        let ends_with_slash = self.after_slash && self.segment.is_empty();
        let parts = std::mem::take(&mut self.segment);
        self.segments.extend(segment(parts));
        let slash = if ends_open || self.segments.is_empty() && self.base != Base::Root {
            Slash::Either
        } else if ends_with_slash || self.segments.is_empty() {
            Slash::Yes
        } else {
            Slash::No
        };
        let mut query: Vec<String> = Vec::new();
        for part in self.query.split('&').filter(|it| !it.is_empty() && !it.contains('\0')) {
            let name = part.split('=').next().unwrap_or(part);
            if !query.iter().any(|it| it == name) {
                query.push(name.to_owned());
            }
        }
        let is_known = !self.segments.is_empty() || self.base != Base::Unknown;
        let path = is_known.then_some(UrlPath { segments: self.segments, slash });
        let url = ClientUrl { origin: self.origin, base: self.base, path, query, has_more_query: self.more_query };
        match self.open {
            Some(param) => {
                let says = url.says_something();
                Read::Open(param, says.then_some(url))
            }
            None if url.path.is_none() => Read::Unreadable,
            None if !url.says_something() && !url.is_root() => Read::Unreadable,
            None => Read::Url(url, self.places),
        }
    }
}

/// Returns the host that a string begins with.
fn host_of(text: &[Piece]) -> Option<String> {
    let Some(Piece::Fixed(start, _)) = text.first() else { return None };
    let rest = start.split_once("//")?.1;
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    (!host.is_empty()).then(|| host.to_owned())
}
