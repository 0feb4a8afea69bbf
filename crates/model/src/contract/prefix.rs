//! What stands before the paths of a group of calls whose base the code does not tell.

use std::collections::BTreeMap;

use super::fit::{Fit, fit};
use crate::endpoint::Segment;

/// Returns the fixed beginning of the routes under which most of some requested paths are served.
///
/// `paths` are the requests that share one base. The beginning is believed where at least `2` of them and three in five
/// are served below it, and no other beginning serves as many.
pub fn served_below<'r>(paths: &[&[Segment]], routes: &[&'r [Segment]]) -> Option<&'r [Segment]> {
    let mut votes: BTreeMap<&'r [Segment], usize> = BTreeMap::new();
    for path in paths {
        // A path that says next to nothing fits below everything.
        if !path.iter().any(|it| matches!(it, Segment::Text(_))) {
            continue;
        }
        let mut seen: Vec<&'r [Segment]> = Vec::new();
        for route in routes {
            let fixed = route.iter().take_while(|it| matches!(it, Segment::Text(_))).count();
            for length in 0..=fixed.min(route.len().saturating_sub(1)) {
                let (head, tail) = route.split_at(length);
                if !seen.contains(&head) && fit(path, tail) == Fit::Yes {
                    seen.push(head);
                }
            }
        }
        for head in seen {
            *votes.entry(head).or_default() += 1;
        }
    }
    let most = votes.values().copied().max()?;
    let mut best = votes.iter().filter(|(_, count)| **count == most).map(|(head, _)| *head);
    let first = best.next()?;
    let is_believed = most >= 2 && most * 5 >= paths.len() * 3 && best.next().is_none();
    is_believed.then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::UrlPath;

    fn paths(texts: &[&str]) -> Vec<Vec<Segment>> {
        texts.iter().map(|text| UrlPath::of_text(text).segments).collect()
    }

    fn below(calls: &[&str], routes: &[&str]) -> Option<String> {
        let (calls, routes) = (paths(calls), paths(routes));
        let calls: Vec<&[Segment]> = calls.iter().map(Vec::as_slice).collect();
        let routes: Vec<&[Segment]> = routes.iter().map(Vec::as_slice).collect();
        let found = served_below(&calls, &routes)?;
        Some(found.iter().map(|it| format!("/{it}")).collect())
    }

    #[test]
    fn the_beginning_that_serves_most_is_found() {
        let routes = ["api/orders", "api/items", "api/users/me", "health"];
        assert_eq!(below(&["orders", "items", "users/me", "gone"], &routes).as_deref(), Some("/api"));
        assert_eq!(below(&["api/orders", "api/items"], &routes).as_deref(), Some(""));
    }

    #[test]
    fn one_call_proves_no_beginning() {
        assert_eq!(below(&["orders"], &["api/orders"]), None);
        assert_eq!(below(&["orders", "a", "b", "c"], &["api/orders", "api/items"]), None);
    }

    #[test]
    fn two_beginnings_that_serve_as_much_are_none() {
        assert_eq!(below(&["orders", "items"], &["v1/orders", "v1/items", "v2/orders", "v2/items"]), None);
    }
}
