//! Workspaces made of folders and of texts, without the command line.

use std::collections::BTreeSet;
use std::path::Path;

use arrears_core::rule::Preset;
use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_linter::analyze::classify;
use arrears_linter::config::Config;
use arrears_linter::registry::Registry;
use arrears_linter::ruleset::RuleSet;
use arrears_linter::settings::{Choice, Settings};
use arrears_linter::workspace::Workspace;
use arrears_model::project::inventory::Inventory;

/// The day on which all tests run.
pub const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 20);

/// Returns all rules.
pub fn registry() -> Registry {
    Registry::new(arrears_rules::all()).expect("the codes of the rules are unique")
}

/// Returns the rules that `choice` turns on, with no configuration.
pub fn rules(choice: &Choice) -> RuleSet {
    let (registry, config) = (registry(), Config::default());
    let mut settings = Settings::resolve(&config, &registry, TODAY).expect("an empty configuration is valid");
    settings.choose(choice, &config, &registry).expect("the choice names rules");
    RuleSet::new(registry, settings)
}

/// Chooses every rule.
pub fn every_rule() -> Choice {
    Choice { preset: Some(Preset::All), ..Choice::default() }
}

/// Reads all files below a folder that arrears reads, sorted by path.
pub fn read_folder(root: &Path) -> Vec<SourceFile> {
    let mut found = Vec::new();
    each_file(root, &mut |path| {
        let relative = relative(root, path);
        if let Some(language) = Language::of(&relative) {
            let text = std::fs::read_to_string(path).expect("a fixture is UTF-8");
            found.push(classify(relative, text, language));
        }
    });
    found.sort_by(|left: &SourceFile, right: &SourceFile| left.path.cmp(&right.path));
    found
}

fn each_file(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).expect("a fixture's folder can be read") {
        let path = entry.expect("a fixture's entry can be read").path();
        if path.is_dir() { each_file(&path, visit) } else { visit(&path) }
    }
}

fn relative(root: &Path, path: &Path) -> RelPath {
    RelPath::new(path.strip_prefix(root).ok().and_then(Path::to_str).expect("fixtures have UTF-8 names"))
}

/// Analyses texts with every rule.
pub fn workspace_of(sources: Vec<SourceFile>) -> Workspace {
    let inventory = inventory(sources.iter().map(|source| source.path.clone()));
    Workspace::of_sources(rules(&every_rule()), sources).with_inventory(inventory)
}

/// Makes an inventory of files that git tracks.
pub fn inventory(paths: impl IntoIterator<Item = RelPath>) -> Inventory {
    let tracked: BTreeSet<RelPath> = paths.into_iter().collect();
    Inventory::new(tracked.clone(), Some(tracked))
}

/// Returns all files below a folder, read or not.
pub fn paths_below(root: &Path) -> Vec<RelPath> {
    let mut found = Vec::new();
    each_file(root, &mut |path| found.push(relative(root, path)));
    found
}
