//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::settings::deployed::Deployment;
use arrears_model::settings::outcome::Outcome;
use arrears_model::settings::value::Value;

rule! {
    /// Finds production settings in which `DEBUG` is true.
    ///
    /// Every error shows the visitor a page with the source, the settings and the values of all local variables. Django also
    /// keeps all queries of a process in memory, and serves no file as it should.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// DEBUG = True
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// import os
    ///
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// ```
    ///
    /// What counts is what the production settings come to, star imports, conditions and the defaults of variables followed; a
    /// module for development may say what it likes. A variable that a Dockerfile, a ConfigMap or a compose file for production
    /// sets is taken as it is set there. Not flagged where a module that is not in the repository may say otherwise.
    pub(crate) const RULE = {
        code: "settings/debug-enabled",
        summary: "`DEBUG` is true in production",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
        follows_values: true,
        security_severity: "7.5",
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    for module in model.settings().served(model) {
        if let Some(found) = module.certain("DEBUG", |it| it.truth() == Some(true))
            && !model.is_deployed(&found)
            && seen.insert(found.place)
        {
            let message = match (found.variables.last(), found.text()) {
                (_, Some(text)) if !text.is_empty() => format!("`DEBUG` is the text `{text}`, and any text is true"),
                (Some(name), _) => format!("`DEBUG` is true in production unless `{name}` says otherwise"),
                (None, _) => "`DEBUG` is true in production".to_owned(),
            };
            ctx.report(found.place.path, found.place.range, message)
                .label_origin(module, found.place)
                .help("read it from the environment, false by default: `DEBUG = os.environ.get(\"DEBUG\") == \"1\"`");
        }
        for name in variables(module.outcomes("DEBUG")) {
            let set = model.deployed(name).into_iter().filter(|it| it.deployment == Deployment::Production);
            for assignment in set.filter(|it| it.value.is_some_and(is_on)) {
                let place = assignment.place;
                if seen.insert(place) {
                    ctx.report(
                        place.path,
                        place.range,
                        format!("the deployment sets `{name}`: `DEBUG` is true in production"),
                    )
                    .help(format!("set `{name}` to `False` here"));
                }
            }
        }
    }
}

/// Returns the variables that turn `DEBUG` on.
fn variables<'a>(outcomes: Vec<Outcome<'a, '_>>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for outcome in outcomes {
        found.extend(outcome.variables);
        if let Value::Env(variable) = &outcome.value.value {
            found.insert(variable.name.as_str());
        }
    }
    // `PRODUCTION` turns it off.
    found.retain(|name| name.contains("DEBUG"));
    found
}

fn is_on(value: &str) -> bool {
    ["true", "1", "yes", "on"].iter().any(|on| value.eq_ignore_ascii_case(on))
}
