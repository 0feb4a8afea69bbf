//! What the repository says of its deployment: which files describe it, and which variables they set.

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_core::text::TextRange;

use super::condition::{has_word, is_service, is_workshop};
use super::outcome::Outcome;
use crate::flow::Place;
use crate::project::ProjectModel;

/// How many uses of a variable are looked at in one file.
const MOST: usize = 40;

/// What a file says about how the program is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deployment {
    /// It runs, but nobody says where: `docker-compose.yml`, `entrypoint.sh`.
    Anywhere,
    /// It serves its users: `Dockerfile`, `Procfile`, manifests of Kubernetes, `.env.production`.
    Production,
}

/// A variable of the environment that a deployment sets.
#[derive(Debug, Clone)]
pub struct Assignment<'p> {
    /// Where its name stands.
    pub place: Place<'p>,
    /// What it is set to; none where that is put in at run time.
    pub value: Option<&'p str>,
    /// What the file is.
    pub deployment: Deployment,
}

impl<'p> ProjectModel<'p> {
    /// Returns where deployments set a variable of the environment.
    pub fn deployed(&self, name: &str) -> Vec<Assignment<'p>> {
        let mut found = Vec::new();
        for file in self.files_with_word(name) {
            if let Some(deployment) = deployment(file.source) {
                assignments(file.source, name, deployment, &mut found);
            }
        }
        found
    }

    /// Returns whether a deployment of the repository gives one of the variables that a value takes to be missing.
    pub fn is_deployed(&self, outcome: &Outcome<'_, 'p>) -> bool {
        outcome.variables.iter().any(|name| !self.deployed(name).is_empty())
    }
}

/// Returns what a file says about how the program is run; none where it says nothing, or speaks of development.
pub fn deployment(source: &SourceFile) -> Option<Deployment> {
    const NOT: [&str; 12] = [
        "example",
        "examples",
        "sample",
        "template",
        "devcontainer",
        "docs",
        "override",
        "github",
        "circleci",
        "codespaces",
        "minikube",
        "dist",
    ];
    let path = &source.path;
    let name = path.file_name();
    let speaks = |part: &str| is_workshop(part) || has_word(part, &NOT);
    if source.language != Language::Text || path.folders().any(speaks) || speaks(name) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let is_named = ["dockerfile", "containerfile", "procfile"].iter().any(|word| lower.contains(word))
        || matches!(
            lower.as_str(),
            "fly.toml"
                | "render.yaml"
                | "app.json"
                | "app.yaml"
                | "heroku.yml"
                | "railway.json"
                | "railway.toml"
                | "uwsgi.ini"
        )
        || path.extension() == "service"
        || lower.starts_with("supervisor");
    let is_manifest = || {
        matches!(path.extension(), "yml" | "yaml")
            && source.text.contains("apiVersion:")
            && source.text.contains("kind:")
    };
    let is_values = || lower.starts_with("values") && path.extension() == "yaml";
    let is_for_users = || is_service(name) || path.folders().any(is_service);
    let is_environment = || lower.contains(".env") || path.folders().any(|it| it == ".envs");
    let is_compose = || lower.contains("compose") && matches!(path.extension(), "yml" | "yaml");
    let is_script = || matches!(path.extension(), "sh" | "tf") || path.extension().is_empty();
    if is_named || is_manifest() || is_values() || is_for_users() && (is_environment() || is_compose()) {
        return Some(Deployment::Production);
    }
    (is_compose() || is_script() && !is_environment()).then_some(Deployment::Anywhere)
}

/// Reads `NAME=value`, `NAME: value`, `ENV NAME value`, and `- name: NAME` with its `value:` in the next line.
fn assignments<'p>(source: &'p SourceFile, name: &str, deployment: Deployment, found: &mut Vec<Assignment<'p>>) {
    let text: &'p str = &source.text;
    for (at, _) in text.match_indices(name).take(MOST) {
        let end = at + name.len();
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(end..).unwrap_or(""));
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '$' | '{');
        if before.ends_with(is_part) || after.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_') {
            continue;
        }
        let line = before.rsplit('\n').next().unwrap_or("").trim_start();
        if line.starts_with('#') {
            continue;
        }
        let mut rest = after.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']).split('\n');
        let own = rest.next().unwrap_or("");
        let value = if let Some(value) = own.strip_prefix('=').or_else(|| own.strip_prefix(':')) {
            Some(value)
        } else if line.contains("name:") {
            let next = rest.next().unwrap_or("").trim_start();
            Some(next.strip_prefix("value:").unwrap_or("$"))
        } else {
            line.starts_with("ENV ").then_some(own).filter(|it| !it.is_empty())
        };
        if let Some(value) = value {
            let place = Place { path: &source.path, range: TextRange::of(at..end) };
            found.push(Assignment { place, value: literal(value), deployment });
        }
    }
}

/// Returns the value at the beginning of a line; none where it is put in at run time.
fn literal(rest: &str) -> Option<&str> {
    let rest = rest.trim();
    let value = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next().unwrap_or(""),
        _ => rest.split(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '\\')).next().unwrap_or(""),
    };
    let is_open = value.contains('$') || value.contains("{{") || value.is_empty();
    (!is_open).then_some(value)
}

/// Returns whether a folder holds what nobody deploys: examples, sandboxes, templates of projects.
pub(super) fn is_example(path: &RelPath) -> bool {
    const FOLDERS: [&str; 12] = [
        "example",
        "examples",
        "sandbox",
        "demo",
        "demos",
        "docs",
        "doc",
        "sample",
        "samples",
        "tests",
        "test",
        "cookiecutter",
    ];
    path.folders().any(|folder| has_word(folder, &FOLDERS) || folder.contains("{{") || folder.contains("testproject"))
}
