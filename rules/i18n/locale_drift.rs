//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::i18n::drift::{Drift, Gap, drift};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds languages that lack keys of the language they fall back to, and texts that leave other names open than
    /// the text they translate.
    ///
    /// Readers of that language see a mixture of two. A name that only the translation has is never filled in: people
    /// read `{{nme}}`, or the library throws; one that it lacks takes a number or a name out of the sentence.
    ///
    /// ```json bad path=web/locales/en.json
    /// { "save": "Save", "cancel": "Cancel", "hello": "Hello {{name}}" }
    /// ```
    /// ```json bad path=web/locales/np.json
    /// { "save": "सुरक्षित गर्नुहोस्", "hello": "नमस्ते {{nme}}" }
    /// ```
    /// ```json good path=web/locales/en.json
    /// { "save": "Save", "cancel": "Cancel", "hello": "Hello {{name}}" }
    /// ```
    /// ```json good path=web/locales/np.json
    /// { "save": "सुरक्षित गर्नुहोस्", "cancel": "रद्द गर्नुहोस्", "hello": "नमस्ते {{name}}" }
    /// ```
    ///
    /// One finding for a language, one for a text. The forms of a plural count as one key, and a translation may leave
    /// out `count`. Not flagged: a variant beside its language (`pt-BR` beside `pt`, `en-GB`), keys of languages that a
    /// platform for translators fills (`crowdin.yml`), files that are too large to be read. One of many languages that
    /// is less than half done is shown by `preset = "all"`. i18next-parser and i18n-ally compare keys, not the names in
    /// the texts.
    pub(crate) const RULE = {
        code: "i18n/locale-drift",
        summary: "language that lacks keys or open names of another",
        check: Check::Project { run: check },
        precision: Precision::High,
        scope: Scope::Project,
    }
}

/// How many of the other languages are shown.
const SHOWN: usize = 5;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let (drifts, gaps) = drift(model);
    // Languages that lack the same keys were left behind by one change: that is one finding.
    let mut alike: BTreeMap<(&str, &[String], bool), Vec<&Drift<'_>>> = BTreeMap::new();
    for drift in &drifts {
        alike.entry((&drift.default, &drift.keys, drift.is_begun)).or_default().push(drift);
    }
    for group in alike.into_values() {
        report(&group, ctx);
    }
    for gap in gaps {
        let (message, help) = told(&gap);
        let (path, range) = gap.original;
        let finding = ctx.report(gap.path, gap.range, message);
        finding.help(help).label_in(path, range, format!("the text of `{}`", gap.default));
        // A sentence may do without a name; one that nobody fills in is seen as it is.
        if gap.adds.is_empty() {
            finding.severity(Severity::Info);
        }
    }
}

fn report(group: &[&Drift<'_>], ctx: &mut ProjectContext<'_>) {
    let Some((drift, others)) = group.split_first() else { return };
    let (locale, default, count) = (&drift.locale, &drift.default, drift.keys.len());
    let examples: Vec<String> = drift.keys.iter().take(3).map(|key| format!("`{key}`")).collect();
    let examples = examples.join(", ");
    let (who, lack) = match others.len() {
        0 => (format!("`{locale}`"), "lacks"),
        1 => (format!("`{locale}` and one other language"), "lack"),
        more => (format!("`{locale}` and {more} other languages"), "lack"),
    };
    let message = match count {
        1 => format!("{who} {lack} {examples} of `{default}`"),
        2 | 3 => format!("{who} {lack} {count} keys of `{default}`: {examples}"),
        _ => format!("{who} {lack} {count} of the {} keys of `{default}`, such as {examples}", drift.total),
    };
    let finding = ctx.report(drift.path, drift.range, message);
    finding.help("translate them, or take the language out of the choice");
    for other in others.iter().take(SHOWN) {
        finding.label_in(other.path, other.range, format!("`{}` lacks them too", other.locale));
    }
    if drift.is_begun {
        finding.preset(Preset::All);
    }
}

fn told(gap: &Gap<'_>) -> (String, String) {
    let list = |names: &[String]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let Gap { key, locale, default, lacks, adds, .. } = gap;
    match (lacks.as_slice(), adds.as_slice()) {
        ([lacked], [added]) => (
            format!("`{key}` of `{locale}` says `{added}` where `{default}` says `{lacked}`: it is never filled in"),
            format!("write `{lacked}`: names in braces are not translated"),
        ),
        (lacks, []) => (
            format!("`{key}` of `{locale}` leaves out {} of `{default}`", list(lacks)),
            format!("say where {} stands in the sentence", list(lacks)),
        ),
        (_, adds) => (
            format!("`{key}` of `{locale}` has {}, which `{default}` has not", list(adds)),
            "use the names of the text it translates, or add them to that".to_owned(),
        ),
    }
}
