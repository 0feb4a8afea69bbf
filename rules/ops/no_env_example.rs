//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::environment::{EnvFile, Fallback, Read, is_of_system};
use arrears_model::project::ProjectModel;
use arrears_syntax::document;

rule! {
    /// Finds repositories whose code reads variables of the environment that no `.env.example` lists.
    ///
    /// A new colleague, and whoever deploys, learns the names one crash at a time, or by asking for somebody's `.env` in
    /// the chat.
    ///
    /// ```python bad path=config/settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// DATABASE_URL = os.environ["DATABASE_URL"]
    /// MAIL_HOST = os.environ["MAIL_HOST"]
    /// ```
    /// ```python good path=config/settings.py
    /// SECRET_KEY = open("/run/secrets/key").read()
    /// ```
    ///
    /// Shown once, at the first read of a settings module. Counts three or more variables that production code reads;
    /// `HOME`, `CI` and the like are none. Silent where a `.env` file for examples or development is in the repository,
    /// or where documents and configuration name four in five of the variables.
    pub(crate) const RULE = {
        code: "ops/no-env-example",
        summary: "no `.env.example` lists the variables that the code reads",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        follows_values: true,
    }
}

/// How many variables have to be read.
const LEAST: usize = 3;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let environment = model.environment();
    let names: BTreeSet<&str> =
        environment.reads().iter().map(|read| read.name.as_str()).filter(|name| !is_of_system(name)).collect();
    if names.len() < LEAST || has_example(model) {
        return;
    }
    let documented = names.iter().filter(|name| environment.is_named(model, name)).count();
    if documented * 5 >= names.len() * 4 {
        return;
    }
    let all = || environment.reads().iter().filter(|read| names.contains(read.name.as_str()));
    let Some(first) = all().min_by_key(|read| (!is_settings(read), read.place.path, read.place.range)) else { return };
    let count = names.len();
    let message = format!("the code reads {count} variables of the environment, and no `.env.example` lists them");
    let finding = ctx.report(first.place.path, first.place.range, message);
    let needed: Vec<String> = names
        .iter()
        .filter(|name| all().any(|read| read.name == **name && read.fallback == Fallback::Fails))
        .take(6)
        .map(|name| format!("`{name}`"))
        .collect();
    let needed =
        if needed.is_empty() { String::new() } else { format!("; without {} nothing starts", needed.join(", ")) };
    finding.help(format!("commit a `.env.example` with the names and harmless values{needed}"));
    finding.property("variables", count.to_string());
}

fn is_settings(read: &Read<'_>) -> bool {
    read.place.path.as_str().contains("settings") || read.place.path.as_str().contains("config")
}

/// Returns whether a file shows the variables: an example, what developers run with, or a document that is not read.
fn has_example(model: &ProjectModel<'_>) -> bool {
    model.inventory().files().any(|path| {
        let name = path.file_name();
        let is_env = document::is_env(name) || path.folders().any(|folder| folder == ".envs");
        let is_script =
            name.contains("env") && matches!(path.extension(), "example" | "sample" | "template" | "dist" | "sh");
        let is_shown = is_env && EnvFile::of(path) != EnvFile::Test;
        let is_unread = matches!(path.extension(), "rst" | "adoc" | "txt")
            && ["config", "environment", "install", "settings", "deploy", "setup"]
                .iter()
                .any(|word| path.as_str().contains(word))
            && !name.contains("requirements");
        is_shown || is_script || is_unread
    })
}
