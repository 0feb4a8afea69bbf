//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, Scope};
use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::i18n::prose::{foreign_letters, is_prose, shown};
use arrears_model::project::condition::Condition;
use arrears_syntax::node::{ancestors, children, range};
use arrears_syntax::script::{arguments, call_path, element_name, string_value};
use tree_sitter::Node;

rule! {
    /// Finds texts that an application with translations shows in one language only.
    ///
    /// Readers of every other language meet them between translated ones, and no catalogue can change them.
    ///
    /// ```tsx bad
    /// import { useTranslation } from "react-i18next";
    /// export function Profile() {
    ///   const { t } = useTranslation();
    ///   return <h1 title={t("profile.title")}>Your profile</h1>;
    /// }
    /// ```
    /// ```tsx good
    /// import { useTranslation } from "react-i18next";
    /// export function Profile() {
    ///   const { t } = useTranslation();
    ///   return <h1>{t("profile.title")}</h1>;
    /// }
    /// ```
    ///
    /// The text of elements, of attributes such as `placeholder`, `title` and `aria-label`, of `Alert.alert` and of
    /// toasts. Not flagged: packages that ask no catalogue, `<code>` and the like, `translate="no"`, the defaults of
    /// `<Trans>`, texts in capitals, which are units and codes. eslint-plugin-i18next flags every literal.
    pub(crate) const RULE = {
        code: "i18n/untranslated-text",
        summary: "text beside translated ones is not translated",
        check: Check::Node {
            language: Family::Script,
            kinds: &["jsx_text", "jsx_attribute", "call_expression"],
            run: check,
        },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::Medium,
        scope: Scope::Project,
    }
}

fn check(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let found = match node.kind() {
        "jsx_text" => element_text(node, ctx),
        "jsx_attribute" => attribute_text(node, ctx),
        _ => said(node, ctx),
    };
    // Texts in other letters are `i18n/bilingual-literal`'s.
    let Some((range, words)) = found.filter(|(_, words)| foreign_letters(words) < 2) else { return };
    ctx.report(range, format!("\"{}\" is shown untranslated", shown(&words)))
        .help("give it a key in the catalogues, and show `t(key)`")
        .only_if(Condition::AsksForTexts);
}

fn element_text(node: Node<'_>, ctx: &FileContext<'_, '_>) -> Option<(TextRange, String)> {
    // What follows `&apos;` is the rest of a text.
    if node.prev_sibling().is_some_and(|it| {
        it.kind() == "html_character_reference" && it.prev_sibling().is_some_and(|it| it.kind() == "jsx_text")
    }) {
        return None;
    }
    let whole = ctx.slice(node);
    let words = whole.trim();
    let letters = words.chars().filter(|it| it.is_alphabetic()).count();
    let is_text = letters >= 2 && words.chars().any(char::is_lowercase) && !words.starts_with(['&', '@', '/']);
    if !is_text || !words.contains(char::is_whitespace) && !is_word(words) || is_exempt(node, ctx) {
        return None;
    }
    let start = node.start_byte() + (whole.len() - whole.trim_start().len());
    let line = words.lines().next().unwrap_or("").trim_end().len();
    Some((TextRange::of(start..start + line), words.to_owned()))
}

/// A word as people write it, with a mark behind it or not.
fn is_word(text: &str) -> bool {
    let text = text.trim_end_matches(|it: char| it.is_ascii_punctuation());
    text.chars().all(|it| it.is_alphabetic() || matches!(it, '-' | '\''))
}

fn attribute_text(attribute: Node<'_>, ctx: &FileContext<'_, '_>) -> Option<(TextRange, String)> {
    const NAMES: &[&str] = &[
        "title",
        "placeholder",
        "label",
        "alt",
        "aria-label",
        "helperText",
        "tooltip",
        "description",
        "accessibilityLabel",
        "subtitle",
        "heading",
    ];
    let name = children(attribute).next().map(|it| ctx.slice(it))?;
    let value = children(attribute).nth(1).filter(|_| NAMES.contains(&name))?;
    let words = string_value(value, ctx.text())?;
    (is_prose(&words) && !is_exempt(attribute, ctx)).then(|| (range(value), words.into_owned()))
}

/// `Alert.alert("…")`, `toast.error("…")`.
fn said(call: Node<'_>, ctx: &FileContext<'_, '_>) -> Option<(TextRange, String)> {
    let path = call_path(call, ctx.text());
    let kinds = ["error", "success", "info", "warning", "warn", "message"];
    let is_shown =
        matches!(path.as_str(), "alert" | "window.alert" | "Alert.alert" | "confirm" | "window.confirm" | "toast")
            || path.strip_prefix("toast.").is_some_and(|kind| kinds.contains(&kind));
    let argument = arguments(call).next().filter(|_| is_shown)?;
    let words = string_value(argument, ctx.text()).filter(|it| is_prose(it))?;
    Some((range(argument), words.into_owned()))
}

/// Code, styles, and what says that it is not to be translated.
fn is_exempt(node: Node<'_>, ctx: &FileContext<'_, '_>) -> bool {
    const NAMES: &[&str] =
        &["code", "pre", "kbd", "samp", "script", "style", "Trans", "FormattedMessage", "Code", "CodeBlock"];
    ancestors(node).take(6).any(|it| {
        let tag = if it.kind() == "jsx_element" { children(it).next() } else { None };
        let is_marked = tag.is_some_and(|tag| children(tag).any(|it| ctx.slice(it) == "translate=\"no\""));
        is_marked || NAMES.contains(&element_name(it, ctx.text()).unwrap_or(""))
    })
}
