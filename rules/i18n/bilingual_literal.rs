//! See [`RULE`].

use arrears_core::rule::{Precision, Scope};
use arrears_core::source::{Family, Roles};
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::i18n::literal::{is_data, is_filler, literals, twins};
use arrears_model::i18n::prose::{script_of, shown};
use arrears_model::project::condition::Condition;
use arrears_syntax::node::{descendants, field};

rule! {
    /// Finds texts in a second language that are written into the code.
    ///
    /// An interface that shows two languages at once shows each reader one that is not theirs, and a catalogue cannot
    /// change it: to add a language or to correct a word is to edit every component.
    ///
    /// ```tsx bad
    /// export function Header() {
    ///   return (
    ///     <header>
    ///       <h1>Mock tests</h1>
    ///       <p>परीक्षा अभ्यास</p>
    ///     </header>
    ///   );
    /// }
    /// ```
    /// ```tsx good
    /// export function Header() {
    ///   const { t } = useTranslation();
    ///   return <header><h1>{t("tests.title")}</h1></header>;
    /// }
    /// ```
    ///
    /// In scripts, a text in other letters than Latin counts where most of the interface is written in Latin ones. In
    /// Python, a call that is given a text in two languages (`title_en="…", title_np="…"`). Not flagged: the names of
    /// languages, which a picker shows in their own letters; catalogues, seed data and tables; texts that are
    /// compared or logged; an element that says its `lang`; an application whose one language is not written in
    /// Latin letters. No other linter looks.
    pub(crate) const RULE = {
        code: "i18n/bilingual-literal",
        summary: "text in a second language in the code",
        check: Check::AnyFile { kinds: &[], run: check },
        precision: Precision::High,
        scope: Scope::Project,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let Some(grammar) = ctx.grammar() else { return };
    if ctx.text().is_ascii() || is_data(ctx.source()) {
        return;
    }
    match grammar.family() {
        Family::Script => check_script(ctx),
        Family::Python => check_python(ctx),
    }
}

fn check_script(ctx: &mut FileContext<'_, '_>) {
    let has_elements = ctx.script().functions.iter().any(|it| it.is_component);
    let found = literals(ctx.root(), ctx.text(), has_elements);
    for literal in found {
        let script = script_of(&literal.text).map_or_else(String::new, |it| format!(" ({it})"));
        let text = shown(&literal.text);
        let message = format!("\"{text}\"{script} is hard-coded: everybody sees it, whatever language they chose");
        ctx.report(literal.range, message)
            .help(
                "write it into the catalogue of its language, under one key with the text beside it, and show `t(key)`",
            )
            .only_if(Condition::InterfaceIsLatin);
    }
}

fn check_python(ctx: &mut FileContext<'_, '_>) {
    let roles = Roles::COMMAND.union(Roles::MIGRATION);
    if ctx.source().roles.intersects(roles) || is_filler(&ctx.source().path) {
        return;
    }
    let calls = descendants(ctx.root()).filter(|node| node.kind() == "call" && field(*node, "arguments").is_some());
    let found: Vec<_> = calls.filter(|call| !call.has_error()).filter_map(|call| twins(call, ctx.text())).collect();
    for twins in found {
        let [first, second] = &twins.names;
        ctx.report(twins.range, format!("a text is hard-coded in two languages: `{first}` and `{second}`"))
            .help("write one text, marked with `gettext`, and fill each field under `translation.override(language)`");
    }
}
