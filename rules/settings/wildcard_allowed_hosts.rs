//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::settings::outcome::Outcome;
use arrears_model::settings::value::{Setting, Value};

rule! {
    /// Finds production settings that answer to any host.
    ///
    /// Whoever sends a request chooses its `Host`. Links that are built from it, above all those in mails for a new password,
    /// then lead to the sender's server; caches keep what was made for it.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// ALLOWED_HOSTS = ["*"]
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
    /// ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
    /// ```
    ///
    /// Also where `"*"` is the default of a variable that no deployment of the repository sets. Not flagged in modules for
    /// development, and where a comment beside it says that a proxy checks the host.
    pub(crate) const RULE = {
        code: "settings/wildcard-allowed-hosts",
        summary: "any host is answered",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
        security_severity: "5.3",
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    for module in model.settings().served(model) {
        let Some(found) = module.certain("ALLOWED_HOSTS", |it| star(it).is_some()) else { continue };
        let Some(place) = star(&found) else { continue };
        if model.is_deployed(&found) || is_explained(model, place) || !seen.insert(place) {
            continue;
        }
        let message = match found.variables.last() {
            Some(name) => format!("any host is answered where `{name}` is missing"),
            None => "any host is answered in production".to_owned(),
        };
        ctx.report(place.path, place.range, message)
            .label_origin(module, place)
            .help("list the hosts that serve, from a variable without a default");
    }
}

/// Returns where a list says that any host will do.
fn star<'p>(hosts: &Outcome<'_, 'p>) -> Option<Place<'p>> {
    let Value::List { items, .. } = &hosts.value.value else { return None };
    let is_star = |item: &Setting<'_>| {
        let all = item.outcomes();
        !all.is_empty() && all.iter().all(|it| it.text() == Some("*"))
    };
    items.iter().find(|item| is_star(item)).map(|item| item.place)
}

/// Returns whether a comment beside a place says who checks the host instead.
fn is_explained(model: &ProjectModel<'_>, place: Place<'_>) -> bool {
    const WORDS: [&str; 7] = ["proxy", "nginx", "load balancer", "ingress", "traefik", "gateway", "health check"];
    let Some(file) = model.file(place.path) else { return false };
    let text: &str = &file.source.text;
    let start = place.range.start() as usize;
    let line_end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| start + at);
    let around = text.get(..line_end).unwrap_or("").lines().rev().take(4);
    let comments = around.filter_map(|line| line.split_once('#')).map(|(_, comment)| comment.to_ascii_lowercase());
    comments.into_iter().any(|comment| WORDS.iter().any(|word| comment.contains(word)))
}
