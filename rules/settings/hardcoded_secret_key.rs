//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::settings::outcome::Outcome;
use arrears_model::settings::{Environment, SettingsModule};

rule! {
    /// Finds a `SECRET_KEY` that is committed.
    ///
    /// Sessions, password resets and signed cookies are signed with it. Whoever reads the repository, a fork or an old backup
    /// of it signs in as anybody. To take the key out of the code is half of the work: the one that was there is known, and a
    /// new one is needed.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// SECRET_KEY = "w8@k2(!d0v^3z1p5&u7x9r4t6y_c+bq$"
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
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// ```
    ///
    /// What counts is the key of the settings that serve; the message says how long the literal is, never what it is. In settings
    /// for development a key that looks generated is a warning: it tends to be the one that production started with. Not flagged:
    /// settings of tests and builds, placeholders of templates, keys that Django marked `django-insecure-` in a module for
    /// development. A literal beside a variable is `settings/insecure-secret-fallback`.
    pub(crate) const RULE = {
        code: "settings/hardcoded-secret-key",
        summary: "`SECRET_KEY` is committed",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
        follows_values: true,
        security_severity: "8.1",
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    let served = model.settings().served(model);
    for module in &served {
        let Some((found, length)) = literal(module, 16) else { continue };
        if !seen.insert(found.place) {
            continue;
        }
        ctx.report(
            found.place.path,
            found.place.range,
            format!("`SECRET_KEY` of production is committed: {length} letters"),
        )
        .label_origin(module, found.place)
        .help("read it from the environment without a default, and make a new one: this one is known");
    }
    for module in model.settings().modules() {
        let is_served = served.iter().any(|it| it.path == module.path);
        if is_served || module.environment != Environment::Development || is_build(module.path.file_name()) {
            continue;
        }
        let Some((found, length)) = literal(module, 32) else { continue };
        let is_own = found.place.path == module.path && found.text().is_some_and(is_generated);
        if is_own && seen.insert(found.place) {
            let message = format!("`SECRET_KEY` is committed for development: {length} letters that look generated");
            ctx.report(found.place.path, found.place.range, message).severity(Severity::Warning).help(
                "write one that nobody takes for a key, such as `development-only`, and never use this one elsewhere",
            );
        }
    }
}

/// Returns the literal that the key certainly is, and how long it is.
fn literal<'a, 'p>(module: &'a SettingsModule<'p>, least: usize) -> Option<(Outcome<'a, 'p>, usize)> {
    let is_key = |it: &Outcome<'_, '_>| {
        !it.is_fallback() && it.text().is_some_and(|text| text.chars().count() >= least && !is_placeholder(text))
    };
    let found = module.certain("SECRET_KEY", is_key).filter(|_| !module.refused.contains("SECRET_KEY"))?;
    let length = found.text()?.chars().count();
    Some((found, length))
}

fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 9] =
        ["placeholder", "dummy", "build", "collectstatic", "unused", "not-used", "not_used", "fake", "for-test"];
    let lower = text.to_ascii_lowercase();
    text.contains("{{") || text.starts_with(['<', '$']) || WORDS.iter().any(|word| lower.contains(word))
}

/// Returns whether a text looks drawn by lot: several kinds of letters, and no word about what it is for.
fn is_generated(text: &str) -> bool {
    const WORDS: [&str; 7] = ["insecure", "secret", "develop", "local", "change", "test", "example"];
    let lower = text.to_ascii_lowercase();
    let has = |is: fn(&char) -> bool| usize::from(text.chars().any(|it| is(&it)));
    let kinds = has(char::is_ascii_lowercase)
        + has(char::is_ascii_uppercase)
        + has(char::is_ascii_digit)
        + has(char::is_ascii_punctuation);
    let different: BTreeSet<char> = text.chars().collect();
    kinds >= 2
        && text.contains(|it: char| it.is_ascii_digit())
        && different.len() > 11
        && WORDS.iter().all(|word| !lower.contains(word))
}

fn is_build(name: &str) -> bool {
    ["build", "docker", "compose", "ci", "example", "test"]
        .iter()
        .any(|word| name.split(['.', '_', '-']).any(|it| it == *word))
}
