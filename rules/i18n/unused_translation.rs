//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::i18n::unused::unused;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds keys of the default language that nothing asks for.
    ///
    /// Somebody translates them into every language, and whoever looks for a text finds one that is nowhere shown.
    ///
    /// ```json bad path=web/locales/en.json
    /// { "profile": { "title": "Profile", "rename": "Rename" } }
    /// ```
    /// ```tsx bad
    /// export function Profile() {
    ///   const { t } = useTranslation();
    ///   return <h1>{t("profile.title")}</h1>;
    /// }
    /// ```
    /// ```json good path=web/locales/en.json
    /// { "profile": { "title": "Profile", "rename": "Rename" } }
    /// ```
    /// ```tsx good
    /// export function Profile() {
    ///   const { t } = useTranslation();
    ///   return <h1 title={t("profile.rename")}>{t("profile.title")}</h1>;
    /// }
    /// ```
    ///
    /// Not flagged: a key that stands in quotes anywhere in the repository, on the server too; one that a key which is
    /// put together could mean (`` t(`status.${name}`) ``); the forms of a plural or a context of a used key.
    pub(crate) const RULE = {
        code: "i18n/unused-translation",
        summary: "key that nothing asks for",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::Medium,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for it in unused(model) {
        ctx.report(it.path, it.range, format!("nothing asks for the key `{}`", it.key))
            .help("take it out of all catalogues");
    }
}
