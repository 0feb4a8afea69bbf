//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, Scope};
use arrears_core::source::{Family, Language};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::extract::is_template;
use arrears_model::project::ProjectModel;
use arrears_model::script::guard::is_showcase;
use arrears_syntax::markup::{Link, attribute, links};

rule! {
    /// Finds links that lead nowhere: `href="#"`, `href=""`, `href="javascript:void(0)"`.
    ///
    /// The page jumps to its top and the address gains a `#`. Nobody arrives where the text says.
    ///
    /// ```tsx bad
    /// export function Footer() {
    ///   return <a href="#">Terms of service</a>;
    /// }
    /// ```
    /// ```tsx good
    /// export function Footer() {
    ///   return <a href="/terms/">Terms of service</a>;
    /// }
    /// ```
    ///
    /// Looked at: JSX and templates. Not flagged: links with a handler, a role, an `id`, a `data-` or `aria-` attribute,
    /// an attribute of HTMX, Alpine or Vue, or a class by which a script finds them; links back to the top. A template's
    /// link may have its script elsewhere, so the rule is a note. eslint-plugin-jsx-a11y's anchor-is-valid knows JSX.
    pub(crate) const RULE = {
        code: "stubs/dead-link",
        summary: "link leads nowhere",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::Medium,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for file in model.files() {
        let source = file.source;
        let is_markup = source.language.family() == Some(Family::Script) && source.language != Language::TypeScript
            || source.language == Language::Text && is_template(source);
        if !is_markup || !source.text.contains("href") || is_showcase(&source.path) {
            continue;
        }
        for link in links(&source.text).into_iter().filter(is_dead) {
            let shown = label(link.text);
            let message = if shown.is_empty() {
                "this link leads nowhere".to_owned()
            } else {
                format!("the link \"{shown}\" leads nowhere")
            };
            ctx.report(&source.path, link.range, message)
                .help("name where it leads; use a `<button>` for what acts here");
        }
    }
}

fn is_dead(link: &Link<'_>) -> bool {
    const HANDLED: [&str; 22] = [
        "onclick",
        "onpress",
        "onmouse",
        "onkey",
        "onselect",
        "data-",
        "role=",
        "aria-haspopup",
        "aria-expanded",
        "aria-controls",
        "@click",
        "v-on:",
        "x-on:",
        "hx-",
        "ng-click",
        "id=",
        "{...",
        "js-",
        "toggle",
        "disabled",
        "hidden",
        "{%",
    ];
    let Some(target) = attribute(link.attributes, "href") else { return false };
    let target = target.trim();
    let is_nowhere = matches!(
        target,
        "" | "#" | "#!" | "javascript:" | "javascript:;" | "javascript:void(0)" | "javascript:void(0);"
    );
    let lower = link.attributes.to_ascii_lowercase();
    let to_top = link.text.to_ascii_lowercase().split(|it: char| !it.is_alphanumeric()).any(|word| word == "top");
    is_nowhere && !to_top && !HANDLED.iter().any(|mark| lower.contains(mark))
}

/// Returns what people read on the link, without its markup.
fn label(text: &str) -> String {
    let mut shown = String::new();
    let mut depth = 0_u32;
    for letter in text.chars() {
        match letter {
            '<' | '{' => depth += 1,
            '>' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => shown.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = shown.split_whitespace().take(8).collect();
    words.join(" ").chars().take(60).collect()
}
