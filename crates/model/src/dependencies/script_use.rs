//! Which declared packages of Node are used, and which used ones are not declared.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{Language, RelPath, Roles};
use arrears_syntax::document::tree::Item;

use super::corpus::token;
use super::kits::is_kit;
use super::node_tables::{PEERS, is_given, is_style, is_tool};
use super::{Declaration, Dependencies, Ecosystem, Kind, Manifest, Undeclared, Unused, Why, is_within};
use crate::flow::Place;
use crate::frontend::package::split;
use crate::frontend::{Target, is_builtin};
use crate::project::{ProjectFile, ProjectModel};
use crate::script::ImportForm;

/// Files whose code is nobody's, or is packed.
const PACKED: Roles = Roles::VENDORED.union(Roles::MINIFIED).union(Roles::GENERATED);

/// What is asked of the packages of Node.
pub(super) struct ScriptJudge<'a, 'p> {
    model: &'a ProjectModel<'p>,
    dependencies: &'a Dependencies<'p>,
    /// The packages that each module imports.
    imports: BTreeMap<&'p RelPath, BTreeSet<&'p str>>,
}

/// What lies below a manifest.
struct Below<'p> {
    imported: BTreeSet<&'p str>,
    files: Vec<ProjectFile<'p>>,
    commands: String,
    declared: BTreeSet<&'p str>,
    has_code: bool,
    has_styles: bool,
    /// Whether a server or an image takes over all that is installed: `components/node_modules`.
    is_served_whole: bool,
}

impl<'a, 'p> ScriptJudge<'a, 'p> {
    pub(super) fn new(model: &'a ProjectModel<'p>, dependencies: &'a Dependencies<'p>) -> Self {
        let imports = model
            .frontend()
            .scripts()
            .map(|(file, facts)| (&file.source.path, facts.imports.iter().map(|it| split(&it.module).0).collect()));
        Self { model, dependencies, imports: imports.collect() }
    }

    /// Returns the declared packages that nothing uses, in the order of the manifests.
    pub(super) fn unused(&self) -> Vec<Unused<'p>> {
        let mut found = Vec::new();
        for manifest in self.manifests() {
            if self.is_opaque(manifest.covers) {
                continue;
            }
            let below = self.below(manifest);
            for declaration in manifest.declarations.iter().filter(|it| matches!(it.kind, Kind::Runtime | Kind::Dev)) {
                if !is_kit(Ecosystem::Node, &declaration.key) && !self.is_used(declaration, &below) {
                    found.push(Unused {
                        ecosystem: Ecosystem::Node,
                        manifest: manifest.path,
                        declaration: declaration.clone(),
                        is_minor: declaration.kind == Kind::Dev,
                        has_code: below.has_code,
                    });
                }
            }
        }
        found
    }

    fn manifests(&self) -> impl Iterator<Item = &'a Manifest<'p>> + use<'a, 'p> {
        self.dependencies.manifests().iter().filter(|it| it.ecosystem == Ecosystem::Node)
    }

    /// Returns whether a folder holds modules of a kind that is not read.
    fn is_opaque(&self, folder: &str) -> bool {
        const KINDS: [&str; 7] = ["vue", "svelte", "astro", "mdx", "coffee", "marko", "ejs"];
        self.model.inventory().files_below(folder).any(|path| KINDS.contains(&path.extension()))
    }

    fn below(&self, manifest: &Manifest<'p>) -> Below<'p> {
        let is_below = |file: &ProjectFile<'p>| is_within(file.source.path.as_str(), manifest.covers);
        let is_data = |file: &ProjectFile<'p>| {
            let name = file.source.path.file_name();
            name == "package.json" || name.contains("lock") || file.source.language == Language::Markdown
        };
        let files: Vec<ProjectFile<'p>> = self.model.files().filter(|it| is_below(it) && !is_data(it)).collect();
        let is_code = |file: &&ProjectFile<'p>| file.facts.script().is_some() && !file.source.roles.intersects(PACKED);
        let own = |path: &RelPath| self.model.inventory().files_below(manifest.covers).any(|it| it == path);
        let imported = self.imports.iter().filter(|(path, _)| is_within(path.as_str(), manifest.covers));
        let inventory = self.model.inventory();
        let is_sheet = |path: &RelPath| matches!(path.extension(), "css" | "scss" | "sass" | "less" | "pcss" | "styl");
        let relatives = self
            .manifests()
            .filter(|it| is_within(it.path.as_str(), manifest.covers) || is_within(manifest.path.as_str(), it.covers));
        let relatives: Vec<&Manifest<'p>> = relatives.collect();
        let mut commands = String::new();
        for relative in &relatives {
            let Some(root) = self.model.document(relative.path).and_then(|it| it.tree()).and_then(|it| it.root())
            else {
                continue;
            };
            for entry in root.entries().filter(|it| !it.key.ends_with("ependencies")) {
                texts(entry.value, 8, &mut commands);
            }
        }
        Below {
            imported: imported.flat_map(|(_, names)| names.iter().copied()).collect(),
            has_code: files.iter().filter(is_code).any(|it| own(&it.source.path)),
            is_served_whole: self.is_served_whole(),
            has_styles: inventory.files_below(manifest.covers).any(is_sheet),
            declared: relatives
                .iter()
                .filter_map(|it| self.model.document(it.path)?.tree()?.root())
                .flat_map(|root| root.entries().filter(|it| it.key.ends_with("ependencies")).collect::<Vec<_>>())
                .flat_map(|it| it.value.entries().map(|it| it.key).collect::<Vec<_>>())
                .collect(),
            files,
            commands,
        }
    }

    fn is_used(&self, declaration: &Declaration, below: &Below<'p>) -> bool {
        let name = declaration.key.as_str();
        if below.imported.contains(name) || declaration.is_addressed {
            return true;
        }
        if !below.has_code && below.commands.is_empty() {
            return below.is_served_whole || self.is_served(name);
        }
        let short = name.rsplit('/').next().filter(|it| it.contains('-') || it.len() > 6).unwrap_or(name);
        let is_started = || [name, short].iter().any(|word| token(&below.commands, word).is_some());
        is_tool(name)
            || below.is_served_whole && !below.has_code
            || below.has_styles && is_style(name)
            || is_asked_for(name, below)
            || is_started()
            || below.files.iter().any(|file| is_quoted(*file, name))
            || self.is_served(name)
    }

    /// Returns whether a program of Python, an image or a page names the folder of what is installed.
    fn is_served_whole(&self) -> bool {
        self.model.files_with_word("node_modules").any(|file| {
            let source = file.source;
            let name = source.path.file_name().to_ascii_lowercase();
            let is_page = matches!(source.path.extension(), "html" | "conf" | "sh");
            source.language == Language::Python || is_page || name.contains("dockerfile") || name.contains("compose")
        })
    }

    /// Returns whether something takes the package from where it is installed, or configuration names it.
    fn is_served(&self, name: &str) -> bool {
        let path = format!("node_modules/{name}");
        let is_path = self.model.files_with_word("node_modules").any(|file| file.source.text.contains(&path));
        let is_named = |file: ProjectFile<'p>| {
            let source = file.source;
            let is_command = matches!(source.path.extension(), "yml" | "yaml" | "sh" | "toml" | "cfg" | "ini" | "")
                || source.path.file_name().to_ascii_lowercase().contains("dockerfile");
            let is_list = source.path.file_name().contains("lock") || source.path.file_name().starts_with('.');
            let short = name.rsplit('/').next().filter(|it| it.contains('-')).unwrap_or(name);
            let is_there = |word: &str| token(&source.text, word).is_some();
            source.language == Language::Text && is_command && !is_list && (is_there(name) || is_there(short))
        };
        is_path || self.model.files().any(is_named)
    }

    /// Returns the packages that code imports although no manifest declares them.
    pub(super) fn undeclared(&self) -> Vec<Undeclared<'p>> {
        let frontend = self.model.frontend();
        let all: BTreeSet<&str> = self.manifests().flat_map(|it| &it.declarations).map(|it| it.key.as_str()).collect();
        let mut found: BTreeMap<(&'p str, String), Undeclared<'p>> = BTreeMap::new();
        for (file, facts) in frontend.scripts().filter(|(file, _)| is_product(*file)) {
            let path = &file.source.path;
            let Some(package) = frontend.package_of(path) else { continue };
            let manifest = self.dependencies.manifest(package.path).filter(|it| it.declarations.len() > 1);
            let Some(manifest) = manifest.filter(|_| !frontend.is_unused(path)) else { continue };
            for import in facts.imports.iter().filter(|it| it.form != ImportForm::Type && it.form != ImportForm::Url) {
                let Target::External(name) = frontend.resolve(path, &import.module) else { continue };
                let types = format!("@types/{}", name.trim_start_matches('@').replace('/', "__"));
                let is_known = all.contains(name.as_str()) || all.contains(types.as_str());
                if is_known || !is_package(&name) || is_builtin(&name) || is_given(&name) || is_tool(&name) {
                    continue;
                }
                let first = manifest.declarations.first().map(|it| Place { path: manifest.path, range: it.range });
                let entry = found.entry((package.folder, name.clone())).or_insert_with(|| Undeclared {
                    ecosystem: Ecosystem::Node,
                    distribution: name.clone(),
                    name,
                    places: Vec::new(),
                    manifest: first,
                    why: Why::Imported,
                });
                if entry.places.last().is_none_or(|it| it.path != path) {
                    entry.places.push(Place { path, range: import.range });
                }
            }
        }
        found.into_values().collect()
    }
}

/// Returns whether another declared package asks for this one.
fn is_asked_for(name: &str, below: &Below<'_>) -> bool {
    let at = PEERS.binary_search_by_key(&name, |(peer, _)| peer);
    let askers = at.ok().and_then(|at| PEERS.get(at)).map_or("", |(_, askers)| askers);
    askers.split(' ').any(|it| below.declared.contains(it))
}

/// Returns whether a file names a package in quotes: configuration of Babel, Jest, ESLint, an `app.json`.
fn is_quoted(file: ProjectFile<'_>, name: &str) -> bool {
    let words = name.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).filter(|it| !it.is_empty());
    if !words.into_iter().all(|word| file.facts.words.may_contain(word)) {
        return false;
    }
    let text = &file.source.text;
    text.match_indices(name).take(200).any(|(at, _)| {
        let before = text.get(..at).unwrap_or("");
        let after = text.get(at + name.len()..).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("").trim_start();
        let is_environment = before.ends_with("-environment ");
        if !is_environment && (line.starts_with("//") || line.starts_with("* ")) {
            return false;
        }
        is_environment
            || before.ends_with(['"', '\'', '`', '!', '~']) && after.starts_with(['"', '\'', '`', '/', '!', '?'])
    })
}

/// Collects the texts of a value.
fn texts(item: Item<'_>, depth: u32, out: &mut String) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if let Some(text) = item.text() {
        out.push_str(text);
        out.push('\n');
    }
    for entry in item.entries() {
        out.push_str(entry.key);
        out.push('\n');
        texts(entry.value, depth, out);
    }
    item.items().for_each(|it| texts(it, depth, out));
}

/// Returns whether a module is part of the product.
fn is_product(file: ProjectFile<'_>) -> bool {
    const OTHERS: [&str; 12] = [
        "static",
        "staticfiles",
        "public",
        "assets",
        "vendor",
        "dist",
        "build",
        "docs",
        "examples",
        "scripts",
        "templates",
        "load_testing",
    ];
    let source = file.source;
    let name = source.path.file_name();
    let is_configuration =
        name.contains(".config.") || name.contains("rc.") || name.starts_with('.') || name.ends_with(".d.ts");
    !source.roles.intersects(PACKED | Roles::TEST | Roles::STORY | Roles::FLOW)
        && !file.facts.has_errors
        && !is_configuration
        && !source.path.folders().any(|folder| OTHERS.contains(&folder) || folder.starts_with('.'))
}

/// Returns whether a name can be one of a package.
fn is_package(name: &str) -> bool {
    let (scope, rest) = name.strip_prefix('@').and_then(|it| it.split_once('/')).unwrap_or(("x", name));
    let is_plain = |part: &str| {
        part.starts_with(|it: char| it.is_ascii_lowercase() || it.is_ascii_digit())
            && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, b'-' | b'.' | b'_'))
    };
    is_plain(scope) && is_plain(rest) && (name.contains('/') || !name.starts_with('@'))
}
