//! Workspaces made of folders and of texts, without the command line.

use std::path::Path;

use arrears_core::rule::Preset;
use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_linter::analyze::classify;
use arrears_linter::config::Config;
use arrears_linter::registry::Registry;
use arrears_linter::ruleset::RuleSet;
use arrears_linter::settings::{Choice, Settings};
use arrears_linter::workspace::Workspace;

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
    collect(root, root, &mut found);
    found.sort_by(|left: &SourceFile, right: &SourceFile| left.path.cmp(&right.path));
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<SourceFile>) {
    for entry in std::fs::read_dir(folder).expect("a fixture's folder can be read") {
        let path = entry.expect("a fixture's entry can be read").path();
        if path.is_dir() {
            collect(root, &path, found);
            continue;
        }
        let relative = path.strip_prefix(root).ok().and_then(Path::to_str).expect("fixtures have UTF-8 names");
        let relative = RelPath::new(relative);
        if let Some(language) = Language::of(&relative) {
            let text = std::fs::read_to_string(&path).expect("a fixture is UTF-8");
            found.push(classify(relative, text, language));
        }
    }
}

/// Analyses texts with every rule.
pub fn workspace_of(sources: Vec<SourceFile>) -> Workspace {
    Workspace::of_sources(rules(&every_rule()), sources)
}
