//! Which routes a path may mean.

use super::{Route, Routes};
use crate::endpoint::{Segment, Slash, UrlPath};

/// How exactly a route fits a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Only if a value of the path happens to be a fixed text of the route.
    Maybe,
    /// It does.
    Yes,
}

impl<'p> Routes<'p> {
    /// Sorts the routes by the texts they begin with.
    pub(super) fn build_index(&mut self) {
        for (at, route) in self.routes.iter().enumerate() {
            match route.path.segments.first() {
                Some(Segment::Text(first)) => self.index.entry(first.clone()).or_default().push(at),
                None => self.index.entry(String::new()).or_default().push(at),
                Some(_) => self.open.push(at),
            }
        }
    }

    /// Returns the routes that a path may mean, in the order in which the server tries them; the slash at the end does
    /// not matter.
    ///
    /// A value of the path stands for a parameter; it is held against the fixed texts of routes only where no other
    /// route fits.
    pub fn find(&self, path: &UrlPath) -> Vec<&Route<'p>> {
        let key = match path.segments.first() {
            Some(Segment::Text(first)) => Some(first.as_str()),
            None => Some(""),
            Some(_) => None,
        };
        let mut places: Vec<usize> = match key {
            Some(key) => self.index.get(key).into_iter().flatten().chain(&self.open).copied().collect(),
            None => (0..self.routes.len()).collect(),
        };
        places.sort_unstable();
        let fitting: Vec<(Fit, &Route<'p>)> = places
            .into_iter()
            .filter_map(|at| self.routes.get(at))
            .filter_map(|route| Some((fit(&route.path.segments, &path.segments, 0)?, route)))
            .collect();
        let best = fitting.iter().map(|(fit, _)| *fit).max();
        fitting.into_iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, route)| route).collect()
    }

    /// Returns whether nothing can be claimed about a path, for what lies below its start could not be read.
    pub fn is_undecided(&self, path: &UrlPath) -> bool {
        self.gaps.iter().any(|gap| {
            let len = gap.prefix.segments.len();
            let is_open =
                gap.prefix.is_open() || path.segments.iter().take(len).any(|it| matches!(it, Segment::Rest(_)));
            let start: Vec<Segment> = path.segments.iter().take(len).cloned().collect();
            is_open && fit_start(&gap.prefix.segments, &path.segments)
                || start.len() == len && fit(&gap.prefix.segments, &start, 0).is_some()
        })
    }

    /// Returns the route by its full name.
    pub fn named(&self, name: &str) -> Option<&Route<'p>> {
        self.routes.iter().find(|route| route.name.as_deref() == Some(name))
    }
}

/// Returns whether a path may begin as a prefix with open parts does.
fn fit_start(prefix: &[Segment], path: &[Segment]) -> bool {
    (0..=path.len()).any(|end| fit(prefix, &path[..end], 0).is_some())
}

fn fit(route: &[Segment], path: &[Segment], depth: u32) -> Option<Fit> {
    if depth > 40 {
        return None;
    }
    match (route.split_first(), path.split_first()) {
        (None, None) => Some(Fit::Yes),
        (Some((Segment::Rest(_), rest)), _) => {
            (0..=path.len()).filter_map(|from| fit(rest, &path[from..], depth + 1)).max()
        }
        (_, Some((Segment::Rest(_), rest))) => {
            (0..=route.len()).filter_map(|from| fit(&route[from..], rest, depth + 1)).max().map(|_| Fit::Maybe)
        }
        (Some((one, route)), Some((other, path))) => {
            let here = segment(one, other)?;
            fit(route, path, depth + 1).map(|rest| rest.min(here))
        }
        (None, Some(_)) | (Some(_), None) => None,
    }
}

fn segment(route: &Segment, path: &Segment) -> Option<Fit> {
    use Segment::{Mixed, Param, Rest, Text};
    let is_fitting = match (route, path) {
        (Text(one), Text(other)) => one == other,
        (Param { kind, .. }, Text(text)) => kind.accepts(text),
        (Param { .. }, Param { .. } | Mixed { .. }) => true,
        (Text(text), Param { kind, .. }) => return kind.accepts(text).then_some(Fit::Maybe),
        (Mixed { before, after, .. }, Text(text)) => surrounds(before, after, text),
        (Text(text), Mixed { before, after, .. }) => {
            return surrounds(before, after, text).then_some(Fit::Maybe);
        }
        (Mixed { .. }, Param { .. }) => return Some(Fit::Maybe),
        (Mixed { before: a, after: b, .. }, Mixed { before: c, after: d, .. }) => {
            (a.starts_with(c) || c.starts_with(a)) && (b.ends_with(d) || d.ends_with(b))
        }
        (Rest(_), _) | (_, Rest(_)) => true,
    };
    is_fitting.then_some(Fit::Yes)
}

fn surrounds(before: &str, after: &str, text: &str) -> bool {
    text.len() > before.len() + after.len() && text.starts_with(before) && text.ends_with(after)
}

impl Route<'_> {
    /// Returns whether a path with this end reaches the route without a redirect.
    pub fn takes_slash(&self, slash: Slash) -> bool {
        self.path.slash.agrees_with(slash)
    }
}
