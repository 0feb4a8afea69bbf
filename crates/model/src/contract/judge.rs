//! What a server answers to one request, decided from its routes.

use super::fit::{Fit, distance, fit};
use crate::endpoint::{Methods, ParamKind, Segment, Slash, UrlPath};

/// A route, as far as matching goes. The order is the server's.
#[derive(Debug, Clone)]
pub struct Served<'r> {
    /// The path.
    pub path: &'r UrlPath,
    /// The methods; `None` where they are not known, which is any.
    pub methods: Option<Methods>,
    /// Whether the server takes the first route whose path fits, as Django does, or goes on for one with the method.
    pub is_first_wins: bool,
    /// Whether the server answers with and without a slash at the end alike.
    pub is_slash_lenient: bool,
}

/// What the server answers. Routes are named by their place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// These routes may answer it, the first one most likely.
    Served(Vec<usize>),
    /// The path is one of this route, which has other methods: 405.
    WrongMethod {
        /// The route.
        route: usize,
        /// What may be asked of the path.
        allowed: Methods,
    },
    /// Only the slash at the end is another than this route's.
    WrongSlash(usize),
    /// No route has the path: 404. The nearest one, where there is a near one.
    NoRoute(Option<usize>),
}

/// Decides what the server answers to a request.
pub fn judge(call: &UrlPath, method: Option<Methods>, routes: &[Served<'_>]) -> Verdict {
    let fits: Vec<(usize, Fit)> = routes
        .iter()
        .enumerate()
        .map(|(at, route)| (at, fit(&call.segments, &route.path.segments)))
        .filter(|(_, fit)| *fit != Fit::No)
        .collect();
    if fits.is_empty() {
        return Verdict::NoRoute(nearest(call, method, routes));
    }
    let agrees = |route: &Served<'_>| route.is_slash_lenient || call.slash.agrees_with(route.path.slash);
    let agreeing: Vec<(usize, Fit)> = fits.iter().copied().filter(|(at, _)| agrees(&routes[*at])).collect();
    if agreeing.is_empty() {
        let shares_text = |at: usize| {
            let shared = call.segments.iter().filter(|it| matches!(it, Segment::Text(_)));
            shared.into_iter().any(|it| routes[at].path.segments.contains(it))
        };
        let certain = fits.iter().find(|(at, fit)| *fit == Fit::Yes && shares_text(*at));
        return certain.map_or_else(|| Verdict::Served(places(&fits)), |(at, _)| Verdict::WrongSlash(*at));
    }
    let possible = reachable(call, &agreeing, routes);
    let takes = |at: &usize| match (method, routes[*at].methods) {
        (Some(asked), Some(known)) => accepts(known, asked),
        _ => true,
    };
    if possible.iter().any(takes) {
        let mut taking: Vec<usize> = possible.into_iter().filter(takes).collect();
        // Routes that fit for every value come before those that fit for one.
        taking.sort_by_key(|at| agreeing.iter().find(|(it, _)| it == at).is_none_or(|(_, fit)| *fit != Fit::Yes));
        return Verdict::Served(taking);
    }
    let certain = possible.iter().copied().find(|at| agreeing.contains(&(*at, Fit::Yes)));
    let Some(route) = certain else { return Verdict::Served(possible) };
    let allowed = possible.iter().filter_map(|at| routes[*at].methods).fold(Methods::empty(), Methods::union);
    Verdict::WrongMethod { route, allowed }
}

/// Returns whether a route with some methods takes one of those that may be asked: what answers GET answers HEAD, and
/// OPTIONS is answered for every path.
fn accepts(known: Methods, asked: Methods) -> bool {
    known.intersects(asked)
        || asked.contains(Methods::OPTIONS)
        || asked.contains(Methods::HEAD) && known.contains(Methods::GET)
}

fn places(fits: &[(usize, Fit)]) -> Vec<usize> {
    fits.iter().map(|(at, _)| *at).collect()
}

/// Returns the routes that may get the request: where the first one that fits wins, those up to the first that fits
/// whatever the client puts in.
fn reachable(call: &UrlPath, fits: &[(usize, Fit)], routes: &[Served<'_>]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut is_taken = false;
    for (at, fit) in fits {
        let route = &routes[*at];
        if is_taken && route.is_first_wins {
            continue;
        }
        found.push(*at);
        is_taken |= route.is_first_wins && *fit == Fit::Yes && takes_every_value(call, route.path);
    }
    found
}

/// Returns whether a route serves a path for every value that the client may put in.
fn takes_every_value(call: &UrlPath, route: &UrlPath) -> bool {
    call.segments.len() == route.segments.len()
        && call.segments.iter().zip(&route.segments).all(|(requested, served)| match (requested, served) {
            (Segment::Text(_), _) => true,
            (Segment::Param { .. }, Segment::Param { kind, .. }) => *kind == ParamKind::Any,
            _ => false,
        })
}

/// How far the nearest route may be: one word in another spelling and one segment more or less.
const NEAR: usize = 3;

/// Returns the route whose path is nearest, where one is near.
fn nearest(call: &UrlPath, method: Option<Methods>, routes: &[Served<'_>]) -> Option<usize> {
    let texts = |path: &UrlPath| path.segments.iter().filter(|it| matches!(it, Segment::Text(_))).count();
    let near = routes.iter().enumerate().filter_map(|(at, route)| {
        let apart = distance(&call.segments, &route.path.segments);
        let is_other_method = method.zip(route.methods).is_some_and(|(asked, known)| !accepts(known, asked));
        (apart <= NEAR && texts(route.path) > 0).then_some(((apart, is_other_method, at), at))
    });
    near.min_by_key(|(rank, _)| *rank).map(|(_, at)| at)
}

/// Returns whether a request may be one of those below a prefix.
pub fn is_below(call: &UrlPath, prefix: &UrlPath) -> bool {
    let mut open = prefix.segments.clone();
    open.push(Segment::Rest(String::new()));
    fit(&call.segments, &open) != Fit::No
}

/// Returns a path behind a prefix.
pub fn behind(prefix: &[Segment], path: &UrlPath) -> UrlPath {
    let segments: Vec<Segment> = prefix.iter().chain(&path.segments).cloned().collect();
    let slash = if path.segments.is_empty() { Slash::Either } else { path.slash };
    UrlPath { segments, slash }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> UrlPath {
        let mut path = UrlPath::of_text(text);
        for segment in &mut path.segments {
            let Segment::Text(text) = segment else { continue };
            let Some(name) = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else { continue };
            let (name, kind) = name.split_once(':').map_or((name, ParamKind::Any), |(name, _)| (name, ParamKind::Int));
            *segment = Segment::Param { name: name.to_owned(), kind };
        }
        path
    }

    fn verdict(call: &str, method: Methods, routes: &[(&str, Methods)]) -> Verdict {
        let routes: Vec<(UrlPath, Methods)> = routes.iter().map(|(text, methods)| (path(text), *methods)).collect();
        let served: Vec<Served<'_>> = routes
            .iter()
            .map(|(path, methods)| Served {
                path,
                methods: Some(*methods),
                is_first_wins: true,
                is_slash_lenient: false,
            })
            .collect();
        judge(&path(call), Some(method), &served)
    }

    const READ: Methods = Methods::GET;
    const ALL: Methods = Methods::GET.union(Methods::UNSAFE);

    #[test]
    fn a_fixed_text_before_a_parameter_decides() {
        let routes = [("users/me/", READ), ("users/{id}/", ALL)];
        let expected = Verdict::WrongMethod { route: 0, allowed: READ };
        assert_eq!(verdict("users/me/", Methods::DELETE, &routes), expected);
        assert_eq!(verdict("users/{id}/", Methods::DELETE, &routes), Verdict::Served(vec![1]));
    }

    #[test]
    fn a_value_may_go_to_either_of_two_kinds_of_parameter() {
        let routes = [("orders/{id:int}/", READ), ("orders/{slug}/", ALL)];
        assert_eq!(verdict("orders/{order}/", Methods::DELETE, &routes), Verdict::Served(vec![1]));
    }

    #[test]
    fn only_the_slash_is_wrong() {
        assert_eq!(verdict("orders", Methods::POST, &[("orders/", ALL)]), Verdict::WrongSlash(0));
    }

    #[test]
    fn the_nearest_route_is_named() {
        let routes = [("api/orders/", ALL), ("api/orders/{id}/", ALL), ("health/", READ)];
        assert_eq!(verdict("api/order/", Methods::GET, &routes), Verdict::NoRoute(Some(0)));
        assert_eq!(verdict("elsewhere/", Methods::GET, &routes), Verdict::NoRoute(None));
    }

    #[test]
    fn what_lies_below_a_prefix_is_not_decided() {
        assert!(is_below(&path("accounts/login/"), &path("accounts/")));
        assert!(!is_below(&path("orders/"), &path("accounts/")));
    }
}
