//! `package.json` as a manifest.

use arrears_syntax::document::tree::Item;

use super::{Declaration, Ecosystem, Kind, Manifest};
use crate::project::ProjectFile;

/// The fields that declare packages.
const FIELDS: [(&str, Kind); 4] = [
    ("dependencies", Kind::Runtime),
    ("devDependencies", Kind::Dev),
    ("optionalDependencies", Kind::Optional),
    ("peerDependencies", Kind::Peer),
];

/// Reads a `package.json`.
pub(super) fn read(file: ProjectFile<'_>) -> Option<Manifest<'_>> {
    let path = &file.source.path;
    let root = file.facts.document()?.tree()?.root()?;
    let mut declarations = Vec::new();
    for (field, kind) in FIELDS {
        for entry in root.get(field).into_iter().flat_map(Item::entries) {
            let versions = entry.value.text().unwrap_or("");
            let is_addressed = ["workspace:", "file:", "link:", "git", "http", "portal:", "catalog:"]
                .iter()
                .any(|it| versions.starts_with(it) && *it != "catalog:");
            declarations.push(Declaration {
                name: entry.key.to_owned(),
                key: entry.key.to_owned(),
                range: entry.key_range,
                kind,
                extras: Vec::new(),
                versions: versions.to_owned(),
                is_conditional: false,
                is_addressed,
                comment: String::new(),
            });
        }
    }
    let is_private = root.get("private").and_then(Item::bool) == Some(true);
    let is_library = !is_private && ["exports", "main", "module", "files"].iter().any(|it| root.get(it).is_some());
    Some(Manifest {
        path,
        ecosystem: Ecosystem::Node,
        kind: Kind::Runtime,
        covers: path.folder(),
        declarations,
        includes: Vec::new(),
        is_complete: true,
        is_lock: false,
        is_library,
    })
}
