//! See [`RULE`].

use arrears_core::rule::RuleMeta;
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{descendants, field, parts, range, text};
use tree_sitter::Node;

rule! {
    /// Finds settings that are assigned a second time in the same module, without a condition.
    ///
    /// The first value never takes effect. Who finds it, changes it and wonders why nothing happens; most often two
    /// people, or one paste from a tutorial, each added the setting at their own place.
    ///
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["shop"]
    /// CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}
    /// STATIC_URL = "/static/"
    /// CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    /// ```
    /// ```python good path=shop/settings.py
    /// INSTALLED_APPS = ["shop"]
    /// CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}
    /// INSTALLED_APPS = ["channels"] + INSTALLED_APPS
    /// ```
    ///
    /// Not flagged: a value that is read, changed or decided by a condition before it is replaced, and what overrides a
    /// star import.
    pub(crate) const RULE = {
        code: "settings/setting-redefined",
        summary: "setting is assigned again before anything reads it",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["INSTALLED_APPS", "MIDDLEWARE", "DATABASES", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"],
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let is_settings = |path: &arrears_core::source::RelPath| path.file_name().contains("settings");
    let roles = ctx.source().roles;
    if ctx.facts().has_errors || !(roles.contains(Roles::SETTINGS) || is_settings(&ctx.source().path)) {
        return;
    }
    let source = ctx.text();
    // What is assigned and not read yet.
    let mut fresh: Vec<(&str, Node<'_>)> = Vec::new();
    let mut found = Vec::new();
    for statement in parts(ctx.root()) {
        if statement.kind() == "import_from_statement" && text(statement, source).contains('*') {
            fresh.clear();
            continue;
        }
        let target = assigned(statement, source);
        for node in
            descendants(statement).filter(|it| it.kind() == "identifier" && Some(it.id()) != target.map(|it| it.id()))
        {
            let name = text(node, source);
            fresh.retain(|(known, _)| *known != name);
        }
        let Some(target) = target else { continue };
        let name = text(target, source);
        if let Some(at) = fresh.iter().position(|(known, _)| *known == name) {
            found.push((fresh.swap_remove(at).1, target));
        }
        fresh.push((name, target));
    }
    for (first, second) in found {
        let name = text(second, source);
        let message = format!("`{name}` is assigned again: its first value never takes effect");
        ctx.report(range(second), message).help("keep one of the two").label(range(first), "nothing reads this value");
    }
}

/// Returns the name of a plain assignment of a setting.
fn assigned<'t>(statement: Node<'t>, source: &str) -> Option<Node<'t>> {
    let assignment =
        parts(statement).next().filter(|it| statement.kind() == "expression_statement" && it.kind() == "assignment")?;
    let target = field(assignment, "left").filter(|it| it.kind() == "identifier")?;
    field(assignment, "right")?;
    let name = text(target, source);
    let is_setting =
        name.len() > 1 && name.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_');
    (is_setting && !name.starts_with('_')).then_some(target)
}
