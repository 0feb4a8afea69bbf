//! Requirements files as manifests.

use arrears_core::source::RelPath;
use arrears_syntax::document::requirements::Requirement;

use super::names::normalised;
use super::{Declaration, Ecosystem, Kind, Manifest, within};
use crate::frontend::join_paths;
use crate::project::{ProjectFile, ProjectModel};

/// Reads a requirements file; none, where it is no manifest: it only constrains, or is a copy of another.
pub(super) fn read<'p>(model: &ProjectModel<'p>, file: ProjectFile<'p>) -> Option<Manifest<'p>> {
    let path = &file.source.path;
    let found = file.facts.document()?.requirements()?;
    let words = words_of(path);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&["constraints", "constraint", "backup", "bak", "old", "orig", "copy", "override", "overrides", "lock"]) {
        return None;
    }
    let text = &file.source.text;
    let declarations: Vec<Declaration> = found.items.iter().map(|it| declaration(it, text)).collect();
    let mut is_complete = found.unread.is_empty();
    let mut includes = Vec::new();
    for include in found.includes.iter().filter(|it| !it.is_constraint) {
        let target = join_paths(path.folder(), &include.path).map(|it| RelPath::new(&it));
        match target.and_then(|it| model.file(&it)).filter(|it| it.facts.document().is_some()) {
            Some(file) => includes.push(&file.source.path),
            None => is_complete = false,
        }
    }
    Some(Manifest {
        path,
        ecosystem: Ecosystem::Python,
        kind: if has(&DEVELOPMENT) { Kind::Dev } else { Kind::Runtime },
        covers: covered(path),
        is_lock: found.is_compiled || is_frozen(&declarations),
        declarations,
        includes,
        is_complete,
        is_library: false,
    })
}

/// Words in the names of lists that production does not install.
pub(super) const DEVELOPMENT: [&str; 29] = [
    "bench",
    "benchmark",
    "build",
    "ci",
    "debug",
    "dev",
    "devel",
    "develop",
    "development",
    "doc",
    "docker",
    "docs",
    "documentation",
    "e2e",
    "examples",
    "format",
    "lint",
    "linting",
    "load",
    "local",
    "mypy",
    "pip",
    "quality",
    "release",
    "test",
    "testing",
    "tests",
    "tools",
    "typing",
];

/// Marks the lists that are made of others: `prod.txt` of `prod.in`.
pub(super) fn mark_compiled(manifests: &mut [Manifest<'_>]) {
    let sources: Vec<String> = manifests
        .iter()
        .filter_map(|it| it.path.as_str().strip_suffix(".in").map(|stem| format!("{stem}.txt")))
        .collect();
    for manifest in manifests {
        manifest.is_lock |= sources.iter().any(|it| it == manifest.path.as_str());
    }
}

/// Returns a requirement as a declaration.
pub(super) fn declaration(item: &Requirement, text: &str) -> Declaration {
    Declaration {
        name: item.name.clone(),
        key: normalised(&item.name),
        range: item.range,
        kind: Kind::Runtime,
        extras: item.extras.clone(),
        versions: item.versions.clone(),
        is_conditional: !item.marker.is_empty(),
        is_addressed: item.address.is_some(),
        comment: comments_around(text, item.range.to_usize().start),
    }
}

/// Returns the comments behind a place and directly above its line; those of the paragraph, as far as they speak of
/// versions that are fixed for others.
pub(super) fn comments_around(text: &str, at: usize) -> String {
    const OF_PARAGRAPHS: [&str; 6] = ["pin ", "pinned", "transitive", "indirect", "required by", "needed by"];
    let start = text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let line = text.get(start..).and_then(|it| it.lines().next()).unwrap_or("");
    let mut found = line.split_once(" #").map_or("", |(_, comment)| comment.trim()).to_owned();
    let mut is_direct = true;
    for line in text.get(..start).unwrap_or("").lines().rev().take(24) {
        let line = line.trim();
        let Some(comment) = line.strip_prefix('#') else {
            if line.is_empty() {
                break;
            }
            is_direct = false;
            continue;
        };
        let lower = comment.to_ascii_lowercase();
        if is_direct || OF_PARAGRAPHS.iter().any(|it| lower.contains(it)) {
            found.push(' ');
            found.push_str(comment.trim());
        }
    }
    found
}

/// Returns the words of a list's name and of its folder.
fn words_of(path: &RelPath) -> Vec<String> {
    let folder = path.folder().rsplit('/').next().unwrap_or("");
    let name = path.file_name().rsplit_once('.').map_or("", |(stem, _)| stem);
    let split = |text: &str| {
        let parts = text.split(|it: char| !it.is_ascii_alphanumeric());
        parts.filter(|it| !it.is_empty()).map(str::to_ascii_lowercase).collect::<Vec<_>>()
    };
    split(folder).into_iter().chain(split(name)).collect()
}

/// Returns the folder whose code a list is for: that around a folder of lists.
fn covered(path: &RelPath) -> &str {
    let folder = path.folder();
    let (outer, last) = folder.rsplit_once('/').unwrap_or(("", folder));
    if matches!(last, "requirements" | "requirement" | "reqs" | "deps" | "config") { outer } else { folder }
}

/// Returns whether a list was written by `pip freeze`: every version is fixed, and what nobody asks for stands in it.
fn is_frozen(declarations: &[Declaration]) -> bool {
    const SELDOM_ASKED_FOR: [&str; 22] = [
        "amqp",
        "asgiref",
        "billiard",
        "cffi",
        "charset-normalizer",
        "click-didyoumean",
        "click-plugins",
        "click-repl",
        "colorama",
        "et-xmlfile",
        "h11",
        "idna",
        "importlib-metadata",
        "kombu",
        "markupsafe",
        "pycparser",
        "sniffio",
        "sqlparse",
        "vine",
        "wcwidth",
        "zipp",
        "zope-interface",
    ];
    let named = declarations.iter().filter(|it| SELDOM_ASKED_FOR.contains(&it.key.as_str())).count();
    let fixed = declarations.iter().filter(|it| it.versions.starts_with("==")).count();
    declarations.len() >= 8 && named >= 3 && fixed * 10 >= declarations.len() * 9
}

/// Returns whether a list takes its versions from another file.
pub(super) fn is_constrained(model: &ProjectModel<'_>, path: &RelPath) -> bool {
    let list = model.document(path).and_then(|it| it.requirements());
    list.is_some_and(|it| it.includes.iter().any(|include| include.is_constraint))
}

/// Returns the folder and a name of a file in it, joined; for the readers of other manifests.
pub(super) fn included<'p>(model: &ProjectModel<'p>, folder: &str, name: &str) -> Option<&'p RelPath> {
    let path = RelPath::new(&within(folder, name.trim_start_matches("./")));
    model.file(&path).filter(|it| it.facts.document().is_some()).map(|it| &it.source.path)
}
