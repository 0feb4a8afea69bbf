//! Links of a page to files of its repository that are not there.

use arrears_syntax::document::markdown::SpanKind;
use rustc_hash::FxHashSet;

use super::place::{Places, Standing};
use super::site::{Generator, Sites};
use super::{MANY, Missing, Page, PageKind};
use crate::frontend::paths::join;

/// Pages of a hosting service that links reach by leaving the files of the repository: `../../issues`.
const HOSTED: &[&str] = &[
    "actions",
    "blob",
    "compare",
    "discussions",
    "graphs",
    "issues",
    "milestones",
    "projects",
    "pull",
    "pulls",
    "releases",
    "security",
    "tree",
    "wiki",
];

/// Returns the links of a page that lead nowhere.
pub(super) fn broken(page: &Page<'_>, places: &Places<'_>, sites: &Sites) -> Vec<Missing> {
    let mut found: Vec<Missing> = Vec::new();
    let mut seen = FxHashSet::default();
    if page.kind == PageKind::Archive {
        return found;
    }
    for span in page.markdown.spans().iter().take(MANY) {
        let (SpanKind::Link(destination) | SpanKind::Image(destination)) = &span.kind else { continue };
        let Some(target) = target(page, destination, sites).filter(|target| seen.insert(target.clone())) else {
            continue;
        };
        // `{.external}` behind a link tells the generator what to do with it.
        let behind = page.source.text.get(span.range.to_usize().end..).unwrap_or("");
        if is_page_of(places, &target) || behind.trim_start_matches(')').starts_with("{.") {
            continue;
        }
        // A generator of sites may write whole folders of pages.
        let folder = target.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_written = sites.has_written_pages(&page.source.path) && !places.has_folder(folder);
        if let (Standing::Missing(moved), false) = (places.target(&target), is_written) {
            let path = destination.split(['#', '?']).next().unwrap_or(destination).to_owned();
            found.push(Missing { path, range: span.range, moved, is_claimed: true });
        }
    }
    found
}

/// Returns whether a target without an extension is the name of a page, as sites and wikis write it.
fn is_page_of(places: &Places<'_>, target: &str) -> bool {
    let target = target.trim_end_matches('/');
    let name = target.rsplit('/').next().unwrap_or(target);
    let plain = target.strip_suffix(".html").unwrap_or(target);
    (!name.contains('.') || plain.len() < target.len())
        && [".md", ".mdx", ".rst", "/index.md", "/README.md", "/_index.md", "/index.rst"]
            .iter()
            .any(|end| places.is_there(&format!("{plain}{end}")))
}

/// Returns the path from the root of the repository to which a link leads, if it leads to a file of the repository.
fn target(page: &Page<'_>, destination: &str, sites: &Sites) -> Option<String> {
    let plain = destination.split(['#', '?']).next().unwrap_or("");
    let plain = decoded(plain);
    let is_path = !plain.is_empty()
        && plain.len() < 300
        && !has_scheme(&plain)
        && !plain.starts_with("//")
        && !plain.starts_with('~')
        && !plain.contains(['{', '}', '<', '>', '$', '*', '|', '\\', '\n', '"', '@'])
        && !plain.contains("...")
        && !plain.contains("://")
        && plain.contains(['.', '/']);
    if !is_path || is_stand_in(&plain) {
        return None;
    }
    let site = sites.of(&page.source.path);
    let name = plain.rsplit('/').next().unwrap_or("");
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match site {
        Some((_, Generator::Open)) => return None,
        Some((_, Generator::Routes)) if !matches!(extension, "md" | "mdx") => return None,
        _ => {}
    }
    match plain.strip_prefix('/') {
        Some(_) if site.is_some() || extension.is_empty() => None,
        // GitHub takes `/` for the root of the repository.
        Some(rest) => join("", rest),
        None => {
            let is_hosted = plain.starts_with("../") && plain.split('/').any(|part| HOSTED.contains(&part));
            join(page.source.path.folder(), &plain).filter(|_| !is_hosted)
        }
    }
}

fn has_scheme(destination: &str) -> bool {
    destination.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'))
    })
}

/// Returns whether a destination stands for others: `path/to/file.md`, `url`, `link-to-docs`.
fn is_stand_in(destination: &str) -> bool {
    destination.split('/').any(|part| {
        let lower = part.to_ascii_lowercase();
        matches!(lower.as_str(), "path" | "to" | "your" | "link" | "url" | "example" | "placeholder" | "xxx")
            || lower.starts_with("your-")
            || lower.starts_with("link-to")
            || lower.starts_with("www.")
            || lower.starts_with("localhost")
    })
}

/// Decodes `%20` and its like; what is none stays.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        bytes.extend(before.as_bytes());
        match after.get(1..3).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(3..).unwrap_or("");
            }
            None => {
                bytes.push(b'%');
                rest = after.get(1..).unwrap_or("");
            }
        }
    }
    bytes.extend(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{decoded, has_scheme};

    #[test]
    fn destinations_are_read_as_browsers_do() {
        assert_eq!(decoded("a%20b%2Gc%"), "a b%2Gc%");
        assert!(has_scheme("https://a.b") && has_scheme("mailto:a") && !has_scheme("docs/a:b.md"));
    }
}
