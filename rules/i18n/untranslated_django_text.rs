//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, RuleMeta, Scope};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::i18n::choice::text_of;
use arrears_model::i18n::prose::shown;
use arrears_model::project::condition::Condition;
use arrears_syntax::node::{ancestors, descendants, field, parts, range};
use tree_sitter::Node;

rule! {
    /// Finds texts of Django that people read and `gettext` does not see, where the project translates others.
    ///
    /// `makemessages` collects marked texts only. The others stay as they are between translated ones, in forms, in
    /// messages and in the admin.
    ///
    /// ```python bad
    /// LOCALE_PATHS = ["locale"]
    ///
    /// def save(request):
    ///     messages.success(request, "The order was saved.")
    /// ```
    /// ```python good
    /// LOCALE_PATHS = ["locale"]
    ///
    /// def save(request):
    ///     messages.success(request, _("The order was saved."))
    /// ```
    ///
    /// `verbose_name`, `help_text` and labels of fields, `messages`, `ValidationError`, with a literal. Not flagged:
    /// projects without `LOCALE_PATHS` in which fewer than three modules import `gettext`; migrations, tests, texts
    /// for logs. No other linter looks at Django's texts.
    pub(crate) const RULE = {
        code: "i18n/untranslated-django-text",
        summary: "text of Django is not marked for translation",
        check: Check::Node { language: Family::Python, kinds: &["call", "assignment"], run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
        scope: Scope::Project,
        exempt: RuleMeta::RUN_ONCE,
        mentions: &["verbose_name", "verbose_name_plural", "help_text", "label", "ValidationError", "messages"],
    }
}

const KEYWORDS: &[&str] = &["verbose_name", "verbose_name_plural", "help_text", "label", "empty_label"];

fn check(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    if node.kind() == "assignment" {
        let is_name = |it: &Node<'_>| matches!(ctx.slice(*it), "verbose_name" | "verbose_name_plural");
        if field(node, "left").filter(is_name).is_some() && is_in_class(node) {
            report(field(node, "right"), ctx);
        }
        return;
    }
    let Some(function) = field(node, "function").map(|it| ctx.slice(it)) else { return };
    let Some(arguments) = field(node, "arguments") else { return };
    let (object, last) = function.rsplit_once('.').unwrap_or(("", function));
    let is_message = object == "messages" || object.ends_with(".messages");
    if is_message && matches!(last, "success" | "error" | "warning" | "info") {
        report(parts(arguments).nth(1), ctx);
    } else if last == "ValidationError" {
        report(parts(arguments).next(), ctx);
    } else if last.ends_with("Field") || last == "ForeignKey" {
        for argument in parts(arguments).filter(|it| it.kind() == "keyword_argument") {
            if field(argument, "name").is_some_and(|it| KEYWORDS.contains(&ctx.slice(it))) {
                report(field(argument, "value"), ctx);
            }
        }
    }
}

fn is_in_class(node: Node<'_>) -> bool {
    ancestors(node)
        .find(|it| matches!(it.kind(), "class_definition" | "function_definition"))
        .is_some_and(|it| it.kind() == "class_definition")
}

fn report(value: Option<Node<'_>>, ctx: &mut FileContext<'_, '_>) {
    let Some(value) = value.filter(|it| matches!(it.kind(), "string" | "concatenated_string")) else { return };
    let Some(words) = text_of(value, ctx.text()) else { return };
    let is_text = words.chars().filter(|it| it.is_alphabetic()).count() >= 2 && words.chars().any(char::is_lowercase);
    if !is_text {
        return;
    }
    let has_holes = descendants(value).any(|it| it.kind() == "interpolation");
    let help = if has_holes {
        "mark it with `gettext` and fill the names in after it: `_(\"… %(name)s\") % {…}`"
    } else {
        "mark it with `gettext`, or `gettext_lazy` where it is read at import"
    };
    ctx.report(range(value), format!("\"{}\" is not marked for translation", shown(&words)))
        .help(help)
        .only_if(Condition::MarksTexts);
}
