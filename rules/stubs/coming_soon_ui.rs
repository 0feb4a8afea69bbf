//! See [`RULE`].

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::naming::words;
use arrears_model::script::guard::{is_behind_flag, is_showcase};
use arrears_model::script::wording::{announces_feature, names_announcement};
use arrears_syntax::node::{descendants, field, range, text};
use arrears_syntax::script::{arguments, call_path, is_function};
use tree_sitter::Node;

rule! {
    /// Finds what the interface announces instead of doing it: "coming soon", "not implemented", "lorem ipsum".
    ///
    /// The control invites people to something that is not there. Whoever comes back next month meets it again.
    ///
    /// ```tsx bad
    /// export function ShareButton() {
    ///   return <Button onClick={() => alert("Sharing is coming soon")}>Share</Button>;
    /// }
    /// ```
    /// ```tsx good
    /// export function ShareButton({ order }: { order: Order }) {
    ///   return <Button onClick={() => shareOrder(order)}>Share</Button>;
    /// }
    /// ```
    ///
    /// Looked at: text in JSX, and what alerts, toasts, snackbars and notifications are told. Not flagged: errors that
    /// are thrown, comments, tables of prices and plans, pages for visitors, stories and example pages. No other linter
    /// has this rule.
    pub(crate) const RULE = {
        code: "stubs/coming-soon-ui",
        summary: "feature is announced, not built",
        check: Check::Node {
            language: Family::Script,
            kinds: &["jsx_text", "call_expression"],
            run: check,
        },
        mentions: &[
            "soon",
            "Soon",
            "SOON",
            "coming_soon",
            "comingSoon",
            "implemented",
            "Implemented",
            "notImplemented",
            "not_implemented",
            "available",
            "Available",
            "supported",
            "construction",
            "Construction",
            "development",
            "future",
            "release",
            "version",
            "progress",
            "lorem",
            "Lorem",
            "TBD",
        ],
    }
}

/// How long the callee of a message is at most.
const MAX_CALLEE: usize = 120;

/// How many nodes of a message are looked at.
const MAX_NODES: usize = 200;

fn check(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let said = if node.kind() == "jsx_text" {
        Some(node).filter(|it| announces_feature(text(*it, source)))
    } else {
        message(node, source)
    };
    let Some(said) = said else { return };
    if ctx.script().is_test_code() || is_showcase(&ctx.source().path) || is_offer(ctx.source().path.as_str()) {
        return;
    }
    if is_behind_flag(node, source) {
        return;
    }
    let written = text(said, source);
    let lead = written.len() - written.trim_start().len();
    let start = range(said).start() as usize + lead;
    let line = written.trim().lines().next().unwrap_or("").trim_end();
    let place = arrears_core::text::TextRange::of(start..start + line.len());
    let shown: String = line.trim_matches(['"', '\'', '`']).chars().take(80).collect();
    let place = if node.kind() == "jsx_text" { place } else { callee_range(node).unwrap_or(place) };
    ctx.report(place, format!("the feature is announced, not built: \"{shown}\""))
        .help("build it, or take the control away until then");
}

/// Returns the text of an alert, a toast or the like that announces something.
fn message<'t>(call: Node<'t>, source: &str) -> Option<Node<'t>> {
    const NAMES: [&str; 7] = ["alert", "toast", "toaster", "snackbar", "notification", "notifications", "notify"];
    let function = field(call, "function").filter(|it| matches!(it.kind(), "identifier" | "member_expression"))?;
    let is_spoken = |word: &String| NAMES.contains(&word.as_str());
    // A chain as long as this is no toast.
    if function.byte_range().len() > MAX_CALLEE {
        return None;
    }
    let path = call_path(function, source);
    if matches!(path.as_str(), "t" | "i18n.t" | "i18next.t") {
        return arguments(call).next().filter(|key| names_announcement(text(*key, source)));
    }
    let is_message = words(&path).iter().any(is_spoken) || path.starts_with("message.");
    if !is_message {
        return None;
    }
    arguments(call).filter(|it| !is_function(*it)).find_map(|argument| {
        let mut nodes = descendants(argument).take(MAX_NODES);
        nodes.find(|it| {
            let written = text(*it, source);
            // A message about `${name}` is an answer to whatever is not there.
            matches!(it.kind(), "string" | "template_string")
                && !written.starts_with("`${")
                && (announces_feature(written) || names_announcement(written))
        })
    })
}

fn callee_range(call: Node<'_>) -> Option<arrears_core::text::TextRange> {
    field(call, "function").map(range)
}

/// Pages that offer the product announce what is to come; that is their trade.
fn is_offer(path: &str) -> bool {
    const PARTS: [&str; 8] = ["pricing", "plans", "landing", "marketing", "billing", "roadmap", "changelog", "upgrade"];
    let lower = path.to_ascii_lowercase();
    lower.split(['/', '.', '-', '_']).any(|part| PARTS.contains(&part))
}
