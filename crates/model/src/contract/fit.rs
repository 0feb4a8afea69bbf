//! Whether a path that a client requests is one that a route serves.

use crate::endpoint::Segment;

/// How well a requested path fits a route, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The route never serves it.
    No,
    /// The route serves it for some value that the client puts in: `/orders/{what}/` where the route is `/orders/open/`.
    Maybe,
    /// The route serves it: fixed texts are the same, values stand where the route has parameters.
    Yes,
}

/// Paths of more segments than this are not looked at.
const LONGEST: usize = 48;

/// Returns how well a requested path fits a route.
pub fn fit(call: &[Segment], route: &[Segment]) -> Fit {
    if call.len() > LONGEST || route.len() > LONGEST {
        return Fit::No;
    }
    let is_open = |path: &[Segment]| path.iter().any(|it| matches!(it, Segment::Rest(_)));
    if !is_open(call) && !is_open(route) {
        if call.len() != route.len() {
            return Fit::No;
        }
        return call.iter().zip(route).map(|(requested, served)| one(requested, served)).min().unwrap_or(Fit::Yes);
    }
    // `row[at]` is how well what is left of the call fits what is left of the route from `at` on.
    let mut below = vec![Fit::No; route.len() + 1];
    for at in (0..=call.len()).rev() {
        let mut row = vec![Fit::No; route.len() + 1];
        for to in (0..=route.len()).rev() {
            row[to] = match (call.get(at), route.get(to)) {
                (None, None) => Fit::Yes,
                (requested, served) => {
                    let both = match (requested, served) {
                        (Some(requested), Some(served)) => one(requested, served).min(below[to + 1]),
                        _ => Fit::No,
                    };
                    let skipped = match served {
                        Some(Segment::Rest(_)) => row[to + 1].max(below[to]),
                        _ => Fit::No,
                    };
                    let taken = match requested {
                        Some(Segment::Rest(_)) => {
                            below[to].max(row.get(to + 1).copied().unwrap_or(Fit::No)).min(Fit::Maybe)
                        }
                        _ => Fit::No,
                    };
                    both.max(skipped).max(taken)
                }
            };
        }
        below = row;
    }
    below[0]
}

/// Returns how well one segment fits one of a route.
fn one(requested: &Segment, served: &Segment) -> Fit {
    use Segment::{Mixed, Param, Rest, Text};
    match (requested, served) {
        (Text(left), Text(right)) => yes_if(left == right),
        (Text(text), Param { kind, .. }) => yes_if(kind.accepts(text)),
        (Text(text), Mixed { before, after, .. }) => yes_if(is_around(text, before, after)),
        (Param { .. } | Mixed { .. }, Param { .. }) | (_, Rest(_)) => Fit::Yes,
        (Param { name, .. }, Text(_)) if is_identifier(name) => Fit::No,
        (Param { .. }, Text(_) | Mixed { .. }) | (Rest(_), _) => Fit::Maybe,
        (Mixed { before, after, .. }, Text(text)) => maybe_if(is_around(text, before, after)),
        (Mixed { before: left, after: right, .. }, Mixed { before, after, .. }) => {
            if left == before && right == after {
                Fit::Yes
            } else {
                maybe_if(
                    (left.starts_with(before.as_str()) || before.starts_with(left.as_str()))
                        && (right.ends_with(after.as_str()) || after.ends_with(right.as_str())),
                )
            }
        }
    }
}

/// Returns whether a value is called like what tells one row from another: `id`, `orderId`, `order.uuid`. No word of a
/// route is one.
fn is_identifier(name: &str) -> bool {
    let last = name.rsplit(['.', '?', '!', ' ', '(', '[']).next().unwrap_or(name).trim_end_matches([')', ']', '!']);
    let lower = last.to_ascii_lowercase();
    matches!(lower.as_str(), "id" | "pk" | "uuid" | "guid")
        || last.ends_with("Id")
        || last.ends_with("ID")
        || last.ends_with("_id")
        || last.ends_with("Uuid")
        || last.ends_with("Pk")
}

fn is_around(text: &str, before: &str, after: &str) -> bool {
    text.len() > before.len() + after.len() && text.starts_with(before) && text.ends_with(after)
}

fn yes_if(holds: bool) -> Fit {
    if holds { Fit::Yes } else { Fit::No }
}

fn maybe_if(holds: bool) -> Fit {
    if holds { Fit::Maybe } else { Fit::No }
}

/// Returns how far apart two paths are: 4 for each segment that differs, 2 for one that is on one side only, 1 for one that
/// is nearly the same. A value that the client puts in is not the same as a fixed text.
pub fn distance(call: &[Segment], route: &[Segment]) -> usize {
    let (call, route) = (&call[..call.len().min(LONGEST)], &route[..route.len().min(LONGEST)]);
    let mut above: Vec<usize> = (0..=route.len()).map(|at| at * 2).collect();
    for (at, requested) in call.iter().enumerate() {
        let mut row = vec![(at + 1) * 2];
        for (to, served) in route.iter().enumerate() {
            let change = match one(requested, served) {
                // A word is no value: that a parameter takes it does not make the routes alike.
                Fit::Yes if is_word_for_value(requested, served) => 4,
                Fit::Yes => 0,
                Fit::Maybe => 4,
                Fit::No => {
                    if is_alike(requested, served) {
                        1
                    } else {
                        4
                    }
                }
            };
            let best = (above[to] + change).min(above[to + 1] + 2).min(row[to] + 2);
            row.push(best);
        }
        above = row;
    }
    above.last().copied().unwrap_or(0)
}

fn is_word_for_value(requested: &Segment, served: &Segment) -> bool {
    matches!((requested, served), (Segment::Text(text), Segment::Param { .. }) if !text.bytes().any(|it| it.is_ascii_digit()))
}

/// Returns whether two fixed texts are spellings of one word: `order` and `orders`, `by-category` and `by_category`.
fn is_alike(left: &Segment, right: &Segment) -> bool {
    let (Segment::Text(left), Segment::Text(right)) = (left, right) else { return false };
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
    let (left, right) = (plain(left), plain(right));
    let shared = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    let longest = left.len().max(right.len());
    shared >= 3 && (longest - shared) * 3 <= longest
        || left.len() > 3 && right.ends_with(&left)
        || left.len() > 3 && left.ends_with(&right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{ParamKind, UrlPath};

    /// Reads `/orders/{id}/{n:int}/{rest*}`.
    fn path(text: &str) -> Vec<Segment> {
        let read = |segment: Segment| match segment {
            Segment::Text(text) if text.starts_with('{') => {
                let name = text.trim_matches(['{', '}']);
                match name.split_once(':') {
                    Some((name, _)) => Segment::Param { name: name.to_owned(), kind: ParamKind::Int },
                    None if name.ends_with('*') => Segment::Rest(name.to_owned()),
                    None => Segment::Param { name: name.to_owned(), kind: ParamKind::Any },
                }
            }
            other => other,
        };
        UrlPath::of_text(text).segments.into_iter().map(read).collect()
    }

    #[test]
    fn fixed_texts_and_parameters_fit() {
        assert_eq!(fit(&path("orders"), &path("orders")), Fit::Yes);
        assert_eq!(fit(&path("orders/{id}"), &path("orders/{pk:int}")), Fit::Yes);
        assert_eq!(fit(&path("orders/7"), &path("orders/{pk:int}")), Fit::Yes);
        assert_eq!(fit(&path("orders/open"), &path("orders/{pk:int}")), Fit::No);
        assert_eq!(fit(&path("orders/open"), &path("orders/{pk}")), Fit::Yes);
        assert_eq!(fit(&path("orders"), &path("orders/{pk}")), Fit::No);
    }

    #[test]
    fn a_value_may_be_a_fixed_text_of_a_route() {
        assert_eq!(fit(&path("orders/{state}"), &path("orders/open")), Fit::Maybe);
        assert_eq!(fit(&path("orders/{orderId}"), &path("orders/open")), Fit::No);
    }

    #[test]
    fn what_holds_slashes_takes_several_segments() {
        assert_eq!(fit(&path("files/a/b/c"), &path("files/{rest*}")), Fit::Yes);
        assert_eq!(fit(&path("files"), &path("files/{rest*}")), Fit::Yes);
        assert_eq!(fit(&path("{base*}/orders"), &path("api/v1/orders")), Fit::Maybe);
        assert_eq!(fit(&path("{base*}/orders"), &path("api/v1/items")), Fit::No);
        assert_eq!(fit(&path("{base*}"), &path("")), Fit::Maybe);
    }

    #[test]
    fn hostile_paths_end() {
        let many = path(&"{a*}/".repeat(48));
        assert_eq!(fit(&many, &many), Fit::Yes);
        assert_eq!(fit(&path(&"a/".repeat(500)), &many), Fit::No);
    }

    #[test]
    fn near_paths_are_nearer_than_others() {
        let call = path("api/community/stats");
        let near = distance(&call, &path("api/community/stat"));
        let far = distance(&call, &path("api/orders/{id}/items"));
        assert!(near < far, "{near} {far}");
        assert_eq!(distance(&call, &call), 0);
        assert_eq!(distance(&path("orders/7"), &path("orders/{pk}")), 0);
        assert!(distance(&path("top-sellers"), &path("settings/{name}")) > 3);
    }
}
