//! The modules that nobody has to import: those that conventions, pages, manifests and bundlers name.

use std::collections::BTreeMap;

use arrears_core::source::{Language, RelPath, Roles};
use arrears_core::text::TextRange;
use rustc_hash::FxHashMap;

use super::alias;
use super::entry::{EntryKind, Tools, is_config_name, manifest_paths, may_start};
use super::files::stem;
use super::graph::Gap;
use super::mention::{Names, written};
use super::paths::{fits, is_below, join};
use super::{Frontend, Target, is_script};
use crate::project::ProjectFile;

/// The configurations that name where applications start, by what they are called.
const BUNDLERS: [&str; 15] = [
    "webpack", "rollup", "rolldown", "vite", "rspack", "rsbuild", "tsup", "tsdown", "esbuild", "build", "craco",
    "metro", "next", "electron", "unbuild",
];

/// Finds the modules that nobody has to import.
pub(crate) fn entries<'p>(frontend: &Frontend<'p>, names: &Names<'p>) -> BTreeMap<&'p RelPath, EntryKind> {
    let mut entries: BTreeMap<&RelPath, EntryKind> = BTreeMap::new();
    let mut add = |path: &'p RelPath, kind: EntryKind| {
        let known = entries.entry(path).or_insert(kind);
        *known = kind.min(*known);
    };
    let mut tools: FxHashMap<&str, Tools> = FxHashMap::default();
    for file in frontend.files.all() {
        let path = &file.source.path;
        if file.source.language == Language::Text {
            if may_start(path) {
                let kind = if path.extension() == "html" { EntryKind::App } else { EntryKind::Tool };
                let written = written(&file.source.text);
                names.each(written, path.folder(), &frontend.files, &frontend.packages, &mut |found| add(found, kind));
            }
            continue;
        }
        let Some(package) = frontend.packages.around(path.folder()) else { continue };
        let tools = *tools.entry(package.folder).or_insert_with(|| Tools::of(package, &frontend.files));
        let place = path.as_str().get(package.folder.len()..).unwrap_or("").trim_start_matches('/');
        if let Some(kind) = tools.kind(place, *file) {
            add(path, kind);
        }
        if is_config_name(path.file_name()) {
            literals(frontend, *file, &mut add);
        }
        if ["createRoot", "hydrateRoot", "registerRootComponent", "AppRegistry"]
            .iter()
            .any(|it| file.facts.words.may_contain(it))
        {
            let is_mount = super::mount::is_mount(*file);
            if is_mount && !file.source.roles.intersects(Roles::TEST | Roles::STORY) {
                add(path, EntryKind::Tool);
            }
        }
    }
    for package in frontend.packages.all() {
        for path in manifest_paths(package) {
            if path.contains('*') {
                let full = join(package.folder, &path).unwrap_or_default();
                let full = full.replacen("/dist/", "/src/", 1);
                let matching = frontend.files.all().iter().filter(|it| is_script(**it)).map(|it| &it.source.path);
                let full = stem(&full);
                matching.filter(|it| fits(full, stem(it.as_str()))).for_each(|it| add(it, EntryKind::Library));
            } else if let Some(Target::File(file)) = frontend.source_of(package, &path) {
                add(file, EntryKind::Library);
            }
        }
        // A package of the workspace that says nothing about its files is known by its index.
        if package.name.is_some() && manifest_paths(package).iter().any(|it| it.contains("dist")) {
            let index = join(package.folder, "src/index").unwrap_or_default();
            frontend.files.of_stem(&index).iter().for_each(|it| add(it, EntryKind::Library));
        }
    }
    entries
}

/// The modules that a configuration names: its `entry`, its `input`, its setup files. What it computes is a pattern.
fn literals<'p>(frontend: &Frontend<'p>, config: ProjectFile<'p>, add: &mut impl FnMut(&'p RelPath, EntryKind)) {
    let path = &config.source.path;
    let name = path.file_name();
    let is_of = |tools: &[&str]| tools.iter().any(|it| name.starts_with(it));
    let kind = if is_of(&["jest", "vitest", "playwright", "cypress", "karma"]) {
        EntryKind::Test
    } else if is_of(&BUNDLERS) {
        EntryKind::App
    } else {
        EntryKind::Tool
    };
    let modules = || frontend.files.all().iter().filter(|it| is_script(**it)).map(|it| &it.source.path);
    for literal in alias::texts(&config.source.text).into_iter().filter(|it| it.len() < 200 && !it.starts_with("..")) {
        let around = [path.folder(), frontend.packages.around(path.folder()).map_or("", |it| it.folder)];
        let full = around.iter().filter_map(|base| join(base, literal.trim_start_matches('/')));
        if literal.contains("${") {
            let is_pattern = literal.contains('/') && !literal.starts_with("${");
            for full in full.filter(|_| is_pattern && kind == EntryKind::App) {
                let full = with_stars(&full);
                modules().filter(|it| fits(&full, it.as_str())).for_each(|it| add(it, kind));
            }
        } else if !literal.contains('*') {
            for full in full {
                let found = frontend.files.get(&full).filter(|it| is_script(*it)).map(|it| &it.source.path);
                let found =
                    found.or_else(|| frontend.files.of_stem(&full).first().copied().filter(|_| literal.contains('/')));
                found.into_iter().for_each(|it| add(it, kind));
            }
        }
    }
    for glob in
        alias::entry_texts(&config.source.text).into_iter().filter(|it| it.contains('*') && !it.starts_with('!'))
    {
        let Some(full) = join(path.folder(), glob) else { continue };
        modules().filter(|it| super::paths::matches_glob(&full, it.as_str())).for_each(|it| add(it, kind));
    }
}

/// Replaces what a template computes by `*`.
fn with_stars(template: &str) -> String {
    let mut parts = template.split("${");
    let mut found = parts.next().unwrap_or("").to_owned();
    for part in parts {
        found.push('*');
        found.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    found
}

/// Returns where a bundler is given its entries in a way that is not read.
pub(crate) fn computed_entries<'p>(
    frontend: &Frontend<'p>,
    entries: &BTreeMap<&'p RelPath, EntryKind>,
) -> Vec<Gap<'p>> {
    let mut gaps = Vec::new();
    for file in frontend.files.all().iter().filter(|it| is_script(**it)) {
        let path = &file.source.path;
        let is_bundler = is_config_name(path.file_name())
            && ["webpack", "rollup", "rspack"].iter().any(|it| path.file_name().starts_with(it));
        let Some(package) = frontend.packages.around(path.folder()).filter(|_| is_bundler) else { continue };
        let has_entry =
            |(it, kind): (&&RelPath, &EntryKind)| *kind == EntryKind::App && is_below(it.as_str(), package.folder);
        if !entries.iter().any(has_entry) {
            gaps.push(Gap::below(package.folder, path, TextRange::empty(0), "its entries are computed".to_owned()));
        }
    }
    gaps
}
