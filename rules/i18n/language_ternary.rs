//! See [`RULE`].

use arrears_core::rule::Precision;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::i18n::choice::choices;
use arrears_model::i18n::literal::is_data;

rule! {
    /// Finds texts between which the code chooses by language.
    ///
    /// Every text is written twice at every place that shows it, and a third language means that each of these places
    /// is edited. Translators cannot work on it, and nobody can tell which texts have no translation yet.
    ///
    /// ```tsx bad
    /// export function SaveButton({ language }: Props) {
    ///   return <button>{language === "EN" ? "Save changes" : "परिवर्तन सुरक्षित गर्नुहोस्"}</button>;
    /// }
    /// ```
    /// ```tsx good
    /// export function SaveButton() {
    ///   const { t } = useTranslation();
    ///   return <button>{t("profile.save")}</button>;
    /// }
    /// ```
    ///
    /// `lang == "np"`, `isNepali`, `{ en: "…", np: "…" }[lang]` and an `if` with two texts count, in Python too. Not
    /// flagged: a choice between codes, locales, formats, classes or addresses, between fields of the data
    /// (`item.name_en`), between the names of the languages themselves. No other linter looks.
    pub(crate) const RULE = {
        code: "i18n/language-ternary",
        summary: "text chosen by language in the code",
        check: Check::AnyFile { kinds: &[], run: check },
        precision: Precision::High,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let Some(grammar) = ctx.grammar() else { return };
    if is_data(ctx.source()) {
        return;
    }
    let is_python = grammar.family() == arrears_core::source::Family::Python;
    for choice in choices(ctx.root(), ctx.text(), grammar.family()) {
        let [first, second] = &choice.texts;
        let message = if second.is_empty() {
            format!("\"{first}\" is shown in one language by a condition in the code")
        } else {
            format!("\"{first}\" and \"{second}\" are chosen by language in the code")
        };
        let help = if is_python {
            "write one text, marked with `gettext`, and the others into the catalogues of their languages"
        } else {
            "give the text a key, write each language into its catalogue, and show `t(key)`"
        };
        ctx.report(choice.range, message).help(help);
    }
}
