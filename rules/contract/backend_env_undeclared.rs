//! See [`RULE`].

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::RelPath;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::environment::{EnvFile, Environment, Fallback, Read, Reader, Source, is_of_system};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds variables that the server reads and that its `.env.example` does not list.
    ///
    /// Whoever sets the project up copies the example and trusts it. The missing name shows as a crash at the start,
    /// or much later as a feature that does nothing.
    ///
    /// ```python bad path=config/settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// DATABASE_URL = os.environ["DATABASE_URL"]
    /// MAIL_HOST = os.environ["MAIL_HOST"]
    /// MAIL_TOKEN = os.environ["MAIL_TOKEN"]
    /// ```
    /// ```env bad path=.env.example
    /// SECRET_KEY=
    /// DATABASE_URL=
    /// MAIL_HOST=
    /// ```
    /// ```env good path=.env.example
    /// SECRET_KEY=
    /// DATABASE_URL=
    /// MAIL_HOST=
    /// MAIL_TOKEN=
    /// ```
    ///
    /// One finding for each variable, at its first read. A variable that has a default is shown with every preset but
    /// only where the rule is asked for. Not flagged: what another configuration file or a document names, `HOME` and the
    /// like, and anything where no example belongs to the server: then `ops/no-env-example` says so once.
    pub(crate) const RULE = {
        code: "contract/backend-env-undeclared",
        summary: "variable of the server is missing in `.env.example`",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let environment = model.environment();
    let Some(example) = example(environment) else { return };
    for (name, reads) in environment.by_name() {
        let reads: Vec<&Read<'_>> = reads.into_iter().filter(|read| read.reader == Reader::Server).collect();
        let Some(first) = reads.iter().find(|it| it.fallback != Fallback::Default).or_else(|| reads.first()) else {
            continue;
        };
        if is_of_system(name) || environment.is_named(model, name) {
            continue;
        }
        let message = match first.fallback {
            Fallback::Fails => format!("without `{name}` this fails, and `{example}` does not list it"),
            Fallback::Nothing | Fallback::Default => format!("`{name}` is read here, and `{example}` does not list it"),
        };
        let finding = ctx.report(first.place.path, first.place.range, message);
        finding.help(format!("add `{name}=` to `{example}`"));
        if first.fallback == Fallback::Default {
            finding.preset(Preset::All).property("default", "true");
        }
    }
}

/// Returns the example that belongs to the server: the one that lists most of what the server reads, and a quarter at least.
fn example<'p>(environment: &Environment<'p>) -> Option<&'p RelPath> {
    let read: Vec<&str> =
        environment.reads().iter().filter(|it| it.reader == Reader::Server).map(|it| it.name.as_str()).collect();
    let mut counts: BTreeMap<&RelPath, BTreeSet<&str>> = BTreeMap::new();
    for declared in environment.declared().iter().filter(|it| it.source == Source::File(EnvFile::Example)) {
        if read.contains(&declared.name.as_str()) {
            counts.entry(declared.place.path).or_default().insert(&declared.name);
        }
    }
    let all: BTreeSet<&str> = read.iter().copied().filter(|name| !is_of_system(name)).collect();
    let (path, names) = counts.into_iter().max_by_key(|(_, names)| names.len())?;
    (names.len() >= 3 && names.len() * 4 >= all.len()).then_some(path)
}
