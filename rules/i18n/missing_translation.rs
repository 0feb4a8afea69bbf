//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::nearest::nearest;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::i18n::missing::{Known, missing};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds keys that the code asks for and the catalogue of the default language does not have.
    ///
    /// The library shows the key in the place of the text: people read `profile.save` on a button, in every language.
    ///
    /// ```json bad path=web/locales/en.json
    /// { "profile": { "title": "Profile", "save": "Save" } }
    /// ```
    /// ```tsx bad
    /// export function Profile() {
    ///   const { t } = useTranslation();
    ///   return <form aria-label={t("profile.title")}><button>{t("profile.safe")}</button></form>;
    /// }
    /// ```
    /// ```json good path=web/locales/en.json
    /// { "profile": { "title": "Profile", "save": "Save" } }
    /// ```
    /// ```tsx good
    /// export function Profile() {
    ///   const { t } = useTranslation();
    ///   return <form aria-label={t("profile.title")}><button>{t("profile.save")}</button></form>;
    /// }
    /// ```
    ///
    /// A key counts as there with a plural or a context behind it, as a group of keys, and in any namespace. Not
    /// flagged: keys that are put together; a `t` that is not seen to come from a library of translations; catalogues
    /// whose keys are the texts themselves, and any key where a catalogue of the default language is not read whole.
    /// With a text beside the key (`t("key", "Save")`) it is a note, which `preset = "all"` shows. i18next-parser
    /// writes such keys into the catalogues instead.
    pub(crate) const RULE = {
        code: "i18n/missing-translation",
        summary: "key that no catalogue of the default language has",
        check: Check::Project { run: check },
        precision: Precision::High,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let Some(known) = Known::find(model) else { return };
    for it in missing(model, &known) {
        let (key, locale) = (it.key, &known.locale);
        let message = if it.has_default {
            format!("key `{key}` is missing in `{locale}`: only the text in the code is ever shown")
        } else {
            format!("key `{key}` is missing in `{locale}`: people read the key itself")
        };
        let finding = ctx.report(it.path, it.range, message);
        // A key is written wrongly in one part: its last, or what is before it.
        let (before, last) = key.rsplit_once('.').unwrap_or(("", key));
        let alike = known.keys().filter(|it| {
            let (other, end) = it.rsplit_once('.').unwrap_or(("", it));
            other == before || end == last
        });
        match nearest(key, alike) {
            Some(near) => finding.help(format!("the nearest key is `{near}`")),
            None => finding.help(format!("add it to the catalogues, {} first", known.path)),
        };
        if it.has_default {
            finding.severity(Severity::Info).preset(Preset::All);
        }
    }
}
