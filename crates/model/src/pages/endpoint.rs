//! Routes beside the pages that describe the API.

use std::collections::BTreeSet;

use arrears_core::source::{Language, RelPath};

use super::{Page, PageKind};
use crate::contract::RouteRow;
use crate::project::ProjectModel;

/// With fewer known routes, a page is no guide to the API.
const FEW: usize = 5;

/// How many paths are read of one file.
const MANY: usize = 20_000;

/// The routes that no guide to the API names, and the guide that names most.
pub struct Undocumented<'m, 'p> {
    /// The guide.
    pub guide: &'p RelPath,
    /// The routes.
    pub routes: Vec<&'m RouteRow<'p>>,
}

/// Returns the routes that guides to the API leave out; none, where there is no guide.
pub fn undocumented<'m, 'p>(model: &'m ProjectModel<'p>) -> Option<Undocumented<'m, 'p>> {
    // What answers for a package is described by the package.
    let is_own = |route: &&RouteRow<'p>| route.is_api && route.view_place.is_some() && !route.is_for_others();
    let api = model.contract().routes.iter().filter(is_own);
    let routes: Vec<(&RouteRow<'p>, String)> = api.map(|route| (route, shape(&route.path))).collect();
    let known: BTreeSet<&str> = routes.iter().flat_map(|(_, shape)| ends(shape).chain([shape.as_str()])).collect();
    let (mut named, mut guided) = (BTreeSet::new(), BTreeSet::new());
    let mut guides: Vec<(usize, &'p RelPath)> = Vec::new();
    for page in model.pages().all.iter().filter(|page| page.kind != PageKind::Archive) {
        let shapes = paths(&page.source.text);
        let count = shapes.iter().filter(|it| known.contains(it.as_str())).count();
        // Every page may describe a route; where to describe one is for a page about today to say.
        if count >= FEW && is_about_now(page) {
            guides.push((count, &page.source.path));
            guided.extend(shapes.iter().cloned());
        }
        named.extend(shapes);
    }
    for file in model.files().filter(|file| is_schema(&file.source.path) && file.source.language == Language::Text) {
        named.extend(paths(&file.source.text));
    }
    // A schema that is too large to be read may describe every route.
    let is_unread = |path: &RelPath| {
        is_schema(path) && matches!(path.extension(), "json" | "yaml" | "yml") && model.file(path).is_none()
    };
    if model.inventory().files().any(is_unread) {
        return None;
    }
    let (_, guide) = guides.into_iter().max()?;
    let (named, guided) = (Named::of(&named), Named::of(&guided));
    // A page that names a few of many routes is about something else.
    let count = routes.iter().filter(|(_, shape)| guided.holds(shape)).count();
    if count * 2 < routes.len() {
        return None;
    }
    let routes = routes.iter().filter(|(_, shape)| !named.holds(shape)).map(|(route, _)| *route).collect();
    Some(Undocumented { guide, routes })
}

/// The paths that pages name, and their ends.
struct Named<'n> {
    shapes: &'n BTreeSet<String>,
    ends: BTreeSet<&'n str>,
}

impl<'n> Named<'n> {
    fn of(shapes: &'n BTreeSet<String>) -> Self {
        Self { shapes, ends: shapes.iter().flat_map(|it| ends(it)).collect() }
    }

    /// Returns whether a route is described. Where the list is, one of its rows is.
    fn holds(&self, shape: &str) -> bool {
        let is_named = |shape: &str| {
            self.shapes.contains(shape) || self.ends.contains(shape) || ends(shape).any(|end| self.shapes.contains(end))
        };
        is_named(shape) || shape.strip_suffix("/{}").is_some_and(is_named)
    }
}

fn is_about_now(page: &Page<'_>) -> bool {
    matches!(page.kind, PageKind::Guide | PageKind::Record | PageKind::Plan)
}

/// Returns whether a file is a kept schema of the API.
fn is_schema(path: &RelPath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    ["openapi", "swagger", "postman", "api-spec", "api_spec"].iter().any(|word| name.contains(word))
}

/// Returns the shapes of the paths that a text names: in prose, in tables, in commands, in code.
fn paths(text: &str) -> BTreeSet<String> {
    let is_part = |it: char| {
        it.is_alphanumeric() || matches!(it, '/' | '-' | '_' | '{' | '}' | '<' | '>' | ':' | '.' | '$' | '[' | ']')
    };
    let words = text.split(|it: char| !is_part(it)).filter(|word| word.contains('/') && word.len() < 200);
    let plain = words.map(|word| match word.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => word,
    });
    plain.map(shape).filter(|it| it.len() > 1).take(MANY).collect()
}

/// Returns a path with `{}` for what varies: `/api/orders/{}` of `api/orders/<int:pk>/`.
fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    for part in path.split('/').filter(|it| !it.is_empty()) {
        let part = part.trim_end_matches(['.', ':', '>']);
        let varies = part.starts_with(['{', '<', ':', '$', '['])
            || part.contains('{')
            || !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        shape.push('/');
        shape.push_str(if varies { "{}" } else { part });
    }
    shape
}

/// Returns the ends of a path of at least two parts that begin with a name: a guide leaves out where the API is mounted.
fn ends(shape: &str) -> impl Iterator<Item = &str> {
    let starts = shape.match_indices('/').map(|(at, _)| at).skip(1);
    let parts = shape.matches('/').count();
    starts.enumerate().filter(move |(skipped, _)| parts > skipped + 2).filter_map(|(_, at)| shape.get(at..))
}

#[cfg(test)]
mod tests {
    use super::{ends, paths, shape};

    #[test]
    fn paths_are_compared_by_what_is_fixed() {
        assert_eq!(shape("api/orders/<int:pk>/"), "/api/orders/{}");
        assert_eq!(shape("/api/orders/{order_id}/items/:item"), "/api/orders/{}/items/{}");
        assert_eq!(ends("/api/v1/orders/{}").collect::<Vec<_>>(), ["/v1/orders/{}", "/orders/{}"]);
        let text = "`GET /api/orders/12/`, see https://shop.org/api/carts and\n| POST | /api/pay |";
        assert_eq!(paths(text).into_iter().collect::<Vec<_>>(), ["/api/carts", "/api/orders/{}", "/api/pay"]);
    }
}
