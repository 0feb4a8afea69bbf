//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::secret::{name, shape};
use arrears_core::source::RelPath;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::environment::EnvFile;
use arrears_model::project::ProjectModel;
use arrears_syntax::document::env::Variable;

rule! {
    /// Finds `.env` files with secrets in them that git tracks.
    ///
    /// Whoever can read the repository, a fork or an old clone has the secret, and taking the file away leaves it in
    /// the history. Only a new secret helps.
    ///
    /// ```env bad path=.env
    /// SECRET_KEY=k3v9-rq27-xp81-zt64
    /// ```
    /// ```env good path=.env.example
    /// SECRET_KEY=change-me
    /// ```
    ///
    /// One finding for each file. Counts: a variable whose name says password, secret, token or key, with a value that
    /// is none of the usual placeholders, and keys of services known by their beginning. A short password of a
    /// development or demonstration setup is a warning. Not flagged: examples and templates, files for tests and CI,
    /// and variables that the frontend publishes anyway (`VITE_…`, `NEXT_PUBLIC_…`, `EXPO_PUBLIC_…`). Asks git. No value is
    /// ever shown.
    pub(crate) const RULE = {
        code: "security/committed-env-file",
        summary: "`.env` file with secrets is tracked by git",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Repository,
        asks_git: true,
        security_severity: "8.0",
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for (file, document) in model.documents() {
        let path = &file.source.path;
        let Some(variables) = document.env() else { continue };
        if model.inventory().is_tracked(path) != Some(true) || is_exhibit(path) {
            continue;
        }
        let is_for_development = match EnvFile::of(path) {
            EnvFile::Example | EnvFile::Test => continue,
            EnvFile::Development => true,
            EnvFile::Real => is_for_developers(variables),
        };
        let is_real = |it: &&Variable| is_secret(it) && !is_said_to_be_none(&file.source.text, it);
        let secrets: Vec<&Variable> = variables.iter().filter(is_real).collect();
        let is_key = |it: &&&Variable| shape::token(&it.value).is_some();
        // What developers share among themselves opens nothing but their own containers.
        let secrets: Vec<&Variable> =
            if is_for_development { secrets.iter().filter(is_key).copied().collect() } else { secrets };
        let Some(first) = secrets.iter().find(|it| is_strong(it)).or_else(|| secrets.first()) else { continue };
        let others = secrets.len() - 1;
        let more = match others {
            0 => String::new(),
            1 => " and 1 more secret".to_owned(),
            _ => format!(" and {others} more secrets"),
        };
        let message = format!("git tracks this file with `{}`{more} in it", first.name);
        let finding = ctx.report(path, first.name_range, message);
        finding.help(
            "take the file out of git, name it in `.gitignore`, and replace the secret: the history keeps the old one",
        );
        if !is_strong(first) {
            finding.severity(Severity::Warning);
        }
        for other in secrets.iter().filter(|it| it.name != first.name).take(5) {
            finding.label(other.name_range, "a secret too");
        }
    }
}

/// Returns whether the values are for a developer's machine: the program runs with `DEBUG`.
fn is_for_developers(variables: &[Variable]) -> bool {
    let is_on = |value: &str| matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes");
    variables.iter().any(|it| !it.is_comment && it.name.ends_with("DEBUG") && is_on(&it.value))
}

/// Returns whether the comment above a variable says that it is no secret.
fn is_said_to_be_none(text: &str, variable: &Variable) -> bool {
    let head = text.get(..variable.name_range.start() as usize).unwrap_or("");
    let line = head.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("").to_ascii_lowercase();
    let says =
        ["not a secret", "not secret", "dev-only", "local use", "development only", "dummy", "placeholder", "change"];
    line.trim_start().starts_with('#') && says.iter().any(|words| line.contains(words))
}

fn is_secret(variable: &Variable) -> bool {
    const PUBLIC: [&str; 7] =
        ["VITE_", "NEXT_PUBLIC_", "EXPO_PUBLIC_", "REACT_APP_", "NUXT_PUBLIC_", "PUBLIC_", "GATSBY_"];
    let is_public = PUBLIC.iter().any(|prefix| variable.name.starts_with(prefix));
    if variable.is_comment || is_public && shape::token(&variable.value).is_none_or(|it| it.contains("Google")) {
        return false;
    }
    let is_named = name::is_secret(&variable.name) && !name::is_placeholder(&variable.value);
    let in_url = || {
        shape::password_in_url(&variable.value)
            .and_then(|range| variable.value.get(range))
            .is_some_and(|password| !name::is_placeholder(password) && !is_local(&variable.value))
    };
    is_named && variable.value.len() >= 3 || shape::token(&variable.value).is_some() || in_url()
}

/// Returns whether a URL leads to the developer's own machine, or to a service of the compose file beside it.
fn is_local(url: &str) -> bool {
    let host = url.rsplit('@').next().unwrap_or("").split([':', '/']).next().unwrap_or("");
    !host.contains('.') || host.starts_with("127.")
}

/// Returns whether a value looks made by a machine.
fn is_strong(variable: &Variable) -> bool {
    let value = &variable.value;
    let kinds = [
        value.contains(|next: char| next.is_ascii_digit()),
        value.contains(|next: char| next.is_ascii_lowercase()),
        value.contains(|next: char| next.is_ascii_uppercase()),
        value.contains(|next: char| next.is_ascii_punctuation()),
    ];
    shape::token(value).is_some() || value.len() >= 16 && kinds.iter().filter(|it| **it).count() >= 2
}

fn is_exhibit(path: &RelPath) -> bool {
    path.folders().any(|folder| {
        matches!(
            folder,
            "test"
                | "tests"
                | "__tests__"
                | "fixtures"
                | "e2e"
                | "examples"
                | "example"
                | "docs"
                | "samples"
                | ".devcontainer"
                | ".github"
        ) || folder.contains("cookiecutter")
            || folder.contains("{{")
    })
}
