//! Calls that share a base, and where the server has what is behind it.

use std::collections::BTreeMap;

use arrears_core::source::RelPath;

use super::fit::{Fit, fit};
use super::judge::{Served, behind};
use super::prefix::served_below;
use crate::client::{Base, Client, ClientUrl, Origin, ProxyKind};
use crate::endpoint::{Segment, Slash, UrlPath};

/// What calls have in common before their path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// The host that the page came from.
    Own,
    /// A prefix of that host which is changed on the way to the server.
    Rewritten(String),
    /// A value of the environment.
    Env(String),
    /// A base of one file that could not be read.
    Unread(String),
}

/// A path and the group that it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) group: Group,
    /// The path behind what the group has in common.
    pub(crate) path: UrlPath,
}

/// What is known of the groups.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// What stands before the paths of a group on the server; nothing where the group asks another server.
    below: BTreeMap<Group, Vec<Segment>>,
}

/// Returns the group of a URL and its path there; nothing where it goes to a host that is written down.
pub(crate) fn asked(from: &RelPath, url: &ClientUrl, client: &Client<'_>) -> Option<Asked> {
    let path = with_open_ends(url.path.clone()?);
    let group = match (&url.origin, &url.base) {
        (Origin::Other(_), Base::Root | Base::Unknown) => return None,
        (_, Base::Env { name, .. }) => Group::Env(name.clone()),
        (Origin::Own, Base::Root) => match rewritten(&path, client) {
            Some((prefix, rest)) => return Some(Asked { group: Group::Rewritten(prefix), path: rest }),
            None => Group::Own,
        },
        (Origin::Unknown, Base::Root) | (_, Base::Unknown) => Group::Unread(from.to_string()),
    };
    Some(Asked { group, path })
}

/// A value that is called a path may hold slashes; so may what was cut out of a text, at the end of a path.
fn with_open_ends(mut path: UrlPath) -> UrlPath {
    let last = path.segments.len().saturating_sub(1);
    for (at, segment) in path.segments.iter_mut().enumerate() {
        let Segment::Param { name, .. } = segment else { continue };
        let lower = name.to_ascii_lowercase();
        let is_path = ["path", "url", "uri", "endpoint", "route", "suffix"].iter().any(|word| lower.ends_with(word));
        if is_path || at == last && matches!(lower.as_str(), "split" | "slice" | "substring" | "replace" | "join") {
            *segment = Segment::Rest(name.clone());
        }
    }
    if matches!(path.segments.last(), Some(Segment::Rest(_))) {
        path.slash = Slash::Either;
    }
    path
}

/// Returns the prefix of a path that a proxy changes, and what follows it.
fn rewritten(path: &UrlPath, client: &Client<'_>) -> Option<(String, UrlPath)> {
    let changing = client.proxies.iter().filter(|it| it.rewrites && it.kind != ProxyKind::NextRoute);
    changing.into_iter().find_map(|proxy| {
        let fixed: Vec<&str> = proxy
            .prefix
            .trim_matches(['/', '^'])
            .split('/')
            .take_while(|it| !it.is_empty() && !it.contains([':', '*', '(']))
            .collect();
        let is_below = !fixed.is_empty()
            && path.segments.len() >= fixed.len()
            && fixed
                .iter()
                .zip(&path.segments)
                .all(|(left, right)| matches!(right, Segment::Text(text) if text == left));
        let rest = UrlPath { segments: path.segments.get(fixed.len()..)?.to_vec(), slash: path.slash };
        is_below.then(|| (fixed.join("/"), rest))
    })
}

impl Groups {
    /// Finds where the server has what each group asks for.
    pub(crate) fn find(requests: &[Asked], defaults: &BTreeMap<Group, Vec<Segment>>, routes: &[Served<'_>]) -> Self {
        let mut by_group: BTreeMap<&Group, Vec<&[Segment]>> = BTreeMap::new();
        for request in requests {
            by_group.entry(&request.group).or_default().push(&request.path.segments);
        }
        let served: Vec<&[Segment]> = routes.iter().map(|it| it.path.segments.as_slice()).collect();
        let mut below = BTreeMap::new();
        for (group, paths) in by_group {
            let stated = match group {
                Group::Own => Some(Vec::new()),
                Group::Rewritten(_) | Group::Unread(_) => None,
                Group::Env(_) => defaults.get(group).cloned(),
            };
            let stated_one = stated.is_some() && paths.len() == 1;
            let mut unique = paths.clone();
            unique.sort_unstable();
            unique.dedup();
            let found = served_below(&unique, &served).map(<[Segment]>::to_vec);
            let best = stated.into_iter().chain(found).map(|head| (fitting(&head, &unique, &served), head));
            // Of two beginnings that serve as much, the one that is written down.
            let best = best.rev_max();
            let is_enough = |count: usize| match group {
                Group::Own => count * 5 >= unique.len() * 2 && count > 0,
                Group::Env(_) | Group::Rewritten(_) | Group::Unread(_) => {
                    count * 5 >= unique.len() * 3 && (count > 1 || stated_one)
                }
            };
            if let Some((count, head)) = best
                && is_enough(count)
            {
                below.insert(group.clone(), head);
            }
        }
        Self { below }
    }

    /// Returns the whole path on the server; nothing where the group asks another server, or it is not known where.
    pub(crate) fn path(&self, asked: &Asked) -> Option<UrlPath> {
        self.below.get(&asked.group).map(|head| behind(head, &asked.path))
    }
}

/// Returns how many paths some route serves behind a beginning.
fn fitting(head: &[Segment], paths: &[&[Segment]], routes: &[&[Segment]]) -> usize {
    let is_served = |path: &&&[Segment]| {
        let whole: Vec<Segment> = head.iter().chain(path.iter()).cloned().collect();
        routes.iter().any(|route| fit(&whole, route) == Fit::Yes)
    };
    paths.iter().filter(is_served).count()
}

/// The first of the greatest, where [`Iterator::max_by_key`] takes the last.
trait FirstGreatest: Iterator {
    fn rev_max(self) -> Option<(usize, Vec<Segment>)>;
}

impl<I: Iterator<Item = (usize, Vec<Segment>)>> FirstGreatest for I {
    fn rev_max(self) -> Option<(usize, Vec<Segment>)> {
        self.fold(None, |best: Option<(usize, Vec<Segment>)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
    }
}
