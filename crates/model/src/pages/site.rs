//! Generators of sites: below their folders a link may be a route of the site, not a file.

use arrears_core::source::RelPath;

use crate::frontend::paths::is_below;
use crate::project::ProjectModel;

/// The folders whose pages a generator makes a site of.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    folders: Vec<(String, Generator)>,
    /// Folders of sites some of whose pages are written from code.
    written: Vec<String>,
}

/// The generators that links are told apart for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generator {
    /// Links are paths of files: `MkDocs`, `mdBook`.
    Files,
    /// Links with the extension of a page are paths of files; others are routes or labels.
    Routes,
    /// Every link is a route: Hugo.
    Open,
}

impl Sites {
    pub(crate) fn find(model: &ProjectModel<'_>) -> Self {
        let (mut folders, mut written) = (Vec::new(), Vec::new());
        for path in model.inventory().files() {
            let folder = path.folder();
            let docs = |docs: &str| if folder.is_empty() { docs.to_owned() } else { format!("{folder}/{docs}") };
            let name = path.file_name();
            let stem = name.split('.').next().unwrap_or(name);
            let before = folders.len();
            match (name, stem) {
                ("mkdocs.yml" | "mkdocs.yaml" | "zensical.toml", _) => {
                    // A link may stand where the folder is looked for.
                    let pages = docs(&docs_dir(model, path));
                    let is_there = model.inventory().has_folder(&pages);
                    folders.push((if is_there { pages } else { folder.to_owned() }, Generator::Files));
                }
                ("book.toml", _) => folders.push((docs("src"), Generator::Files)),
                ("antora.yml" | "mint.json" | "docs.json" | "_config.yml" | ".gitbook.yaml" | "_quarto.yml", _)
                | (_, "docusaurus" | "gatsby-config" | "astro" | "rspress") => {
                    folders.push((folder.to_owned(), Generator::Routes));
                }
                ("conf.py", _) if is_sphinx(model, path) => folders.push((folder.to_owned(), Generator::Routes)),
                ("hugo.toml" | "hugo.yaml" | "hugo.yml", _) => {
                    let outer = folder.strip_suffix("config/_default").unwrap_or(folder).trim_end_matches('/');
                    folders.push((outer.to_owned(), Generator::Open));
                }
                ("config.toml" | "config.yaml", _) if model.inventory().has_folder(&docs("content")) => {
                    folders.push((folder.to_owned(), Generator::Open));
                }
                (_, "config") if folder.ends_with(".vitepress") || folder.ends_with(".vuepress") => {
                    let outer = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
                    folders.push((outer.to_owned(), Generator::Routes));
                }
                _ => {}
            }
            if writes_pages(model, path) {
                written.extend(folders.iter().skip(before).map(|(folder, _): &(String, Generator)| folder.clone()));
            }
        }
        Self { folders, written }
    }

    /// Returns whether a page belongs to a site some of whose pages are written from code.
    pub(crate) fn has_written_pages(&self, page: &RelPath) -> bool {
        self.written.iter().any(|folder| is_below(page.as_str(), folder))
    }

    /// Returns the generator that makes a site of a page, with the folder of its pages.
    pub(crate) fn of(&self, page: &RelPath) -> Option<(&str, Generator)> {
        let around = self.folders.iter().filter(|(folder, _)| is_below(page.as_str(), folder));
        around.max_by_key(|(folder, _)| folder.len()).map(|(folder, generator)| (folder.as_str(), *generator))
    }
}

/// Returns whether the configuration of a site names what writes pages from code.
fn writes_pages(model: &ProjectModel<'_>, path: &RelPath) -> bool {
    const WRITERS: [&str; 7] =
        ["gen-files", "gen_files", "mkdocstrings", "autosummary", "autoapi", "apidoc", "typedoc"];
    model.file(path).is_some_and(|file| WRITERS.iter().any(|word| file.source.text.contains(word)))
}

/// Returns the `docs_dir` of a `mkdocs.yml`.
fn docs_dir(model: &ProjectModel<'_>, path: &RelPath) -> String {
    let text = model.file(path).map_or("", |file| &*file.source.text);
    let line = text.lines().find_map(|line| line.strip_prefix("docs_dir:"));
    line.map_or("docs", |it| it.split(" #").next().unwrap_or(it).trim().trim_matches(['"', '\'', '/'])).to_owned()
}

fn is_sphinx(model: &ProjectModel<'_>, path: &RelPath) -> bool {
    model
        .file(path)
        .is_some_and(|file| file.source.text.contains("extensions") || file.source.text.contains("html_theme"))
}
