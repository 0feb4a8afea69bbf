//! See [`RULE`].

use std::cell::OnceCell;

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::binding::Bindings;
use arrears_model::script::deed::{Deed, deed, puts_work_off};
use arrears_model::script::event::{Event, Given, property};
use arrears_model::script::guard::is_showcase;
use arrears_syntax::node::{descendants, field, parts, range, text};
use arrears_syntax::script::{arguments, element_name, string_value, unwrapped};
use arrears_syntax::script_jsx::{attribute, attribute_name, attribute_value, has_spread};
use tree_sitter::Node;

rule! {
    /// Finds controls that do nothing when they are clicked or pressed.
    ///
    /// The button is there, it looks alive, and nothing happens. People click again, then write to support.
    ///
    /// ```tsx bad
    /// export function OrderActions({ id }: { id: number }) {
    ///   return <Button onClick={() => {}}>Cancel the order</Button>;
    /// }
    /// ```
    /// ```tsx good
    /// export function OrderActions({ id }: { id: number }) {
    ///   return <Button onClick={() => cancelOrder(id)}>Cancel the order</Button>;
    /// }
    /// ```
    ///
    /// Handlers of clicks, presses and submits count, in elements that are controls and in objects that describe one
    /// (`{ title: "Privacy", onPress: () => {} }`), also where the handler has a name or only a comment that puts the
    /// work off. So does the button of `Alert.alert` that promises a deletion and has no `onPress`.
    ///
    /// Not flagged: controls that are disabled or read-only; switches inside of something clickable; surfaces that
    /// keep a press from what lies below; buttons that dismiss a dialog; handlers whose comment says why they are
    /// empty; stories and example pages. ESLint's no-empty-function flags every empty function.
    pub(crate) const RULE = {
        code: "stubs/noop-handler",
        summary: "control does nothing",
        check: Check::File {
            language: Family::Script,
            kinds: &["jsx_attribute", "pair", "call_expression"],
            run: check,
        },
    }
}

/// How many controls of a file are looked at closely; each costs a search from the root.
const MAX_SUSPECTS: u32 = 500;

fn check(ctx: &mut FileContext<'_, '_>) {
    if ctx.script().is_test_code() || is_showcase(&ctx.source().path) {
        return;
    }
    let (root, source) = (ctx.root(), ctx.text());
    let bindings = OnceCell::new();
    let mut looked_at = 0;
    for note in ctx.noted() {
        if note.node.kind() == "call_expression" {
            check_dialog(note.node, ctx);
            continue;
        }
        let Some(given) = Given::read(note.node, source).filter(Given::is_action) else { continue };
        let value = if given.value.kind() == "identifier" && !is_nothing(given.value, source) {
            let bindings: &Bindings<'_, '_> = bindings.get_or_init(|| Bindings::read(root, source));
            bindings.resolved(given.value, source)
        } else {
            Some(given.value)
        };
        let Some(value) = value else { continue };
        let Deed::Nothing(comment) = deed(value, source) else { continue };
        let is_explained = comment.is_some_and(|comment| !puts_work_off(text(comment, source)));
        looked_at += 1;
        if is_explained || looked_at > MAX_SUSPECTS {
            continue;
        }
        let Some(event) = given.event() else { continue };
        let is_put_off = comment.is_some();
        if !is_dead_control(&event, is_put_off, source) {
            continue;
        }
        let message = match event.label(source) {
            Some(label) => format!("\"{label}\" does nothing: its `{}` is empty", given.name),
            None => format!("this control does nothing: its `{}` is empty", given.name),
        };
        let finding = ctx.report(range(given.node), message);
        finding.help("write the handler, or take the control away until there is one");
        if value.id() != given.value.id() {
            finding.label(range(value), "the handler");
        }
    }
}

fn is_nothing(node: Node<'_>, source: &str) -> bool {
    matches!(deed(node, source), Deed::Nothing(_))
}

/// Returns whether people meet a control that is alive by its looks.
fn is_dead_control(event: &Event<'_, '_>, is_put_off: bool, source: &str) -> bool {
    const ELSEWHERE: [&str; 14] = [
        "disabled",
        "readOnly",
        "isDisabled",
        "aria-disabled",
        "aria-hidden",
        "href",
        "to",
        "type",
        "asChild",
        "onMouseDown",
        "onPressIn",
        "onPointerDown",
        "loading",
        "activeOpacity",
    ];
    if !event.given.is_of_element() {
        return is_described_control(event, source);
    }
    let name = event.element_name(source).unwrap_or("");
    if has_spread(event.owner) || !is_control(name) {
        return false;
    }
    let acts_elsewhere = ELSEWHERE.iter().any(|other| match attribute(event.owner, other, source) {
        // A plain button is one whatever it says of its type.
        Some(found) if *other == "type" => attribute_value(found)
            .is_some_and(|it| matches!(text(it, source).trim_matches(['"', '\'']), "submit" | "reset")),
        Some(found) if *other == "href" => {
            attribute_value(found).is_none_or(|it| !matches!(text(it, source).trim_matches(['"', '\'']), "#" | ""))
        }
        Some(found) if *other == "activeOpacity" => attribute_value(found).is_some_and(|it| text(it, source) == "1"),
        Some(_) => true,
        None => false,
    });
    !acts_elsewhere && (is_put_off || !is_nested(event, source) && !is_surface(event, source))
}

fn is_control(name: &str) -> bool {
    const ENDS: [&str; 12] = [
        "Button",
        "Btn",
        "Link",
        "Item",
        "Chip",
        "Fab",
        "FAB",
        "Pressable",
        "Opacity",
        "Highlight",
        "Feedback",
        "Action",
    ];
    matches!(name, "a" | "button" | "form") || ENDS.iter().any(|end| name.ends_with(end))
}

/// What lies in something clickable leaves the click to it, and so does the button that opens a menu.
fn is_nested(event: &Event<'_, '_>, source: &str) -> bool {
    let may_open = event.element_name(source).is_some_and(|name| name.ends_with("Button") || name == "button");
    event.around().take(30).any(|outer| {
        let is_element = matches!(outer.kind(), "jsx_element" | "jsx_self_closing_element");
        let trigger = may_open
            && element_name(outer, source).is_some_and(|name| {
                ["Trigger", "Menu", "Dropdown", "Popover", "Tooltip", "Upload"].iter().any(|it| name.contains(it))
            });
        is_element
            && (trigger || ["onClick", "onPress", "onSelect"].iter().any(|it| attribute(outer, it, source).is_some()))
    })
}

/// A surface holds other controls; its empty handler keeps the press from what lies below.
fn is_surface(event: &Event<'_, '_>, source: &str) -> bool {
    let has_content = event.owner.kind() == "jsx_opening_element";
    let Some(element) = event.owner.parent().filter(|_| has_content) else { return false };
    let own = event.given.node.id();
    descendants(element).take(2_000).any(|node| {
        node.kind() == "jsx_attribute" && node.id() != own && {
            let name = attribute_name(node, source);
            name.starts_with("on") && name.len() > 2
        } || node.kind() == "jsx_expression" && text(node, source) == "{children}"
    })
}

/// An object with a label that people read describes a control; buttons of dialogs are looked at with their dialog.
fn is_described_control(event: &Event<'_, '_>, source: &str) -> bool {
    let has = |name: &str| property(event.owner, name, source).is_some();
    let is_labelled = has("title") || has("label");
    let is_off = has("disabled") || has("isDisabled") || has("hidden") || has("children") || has("style");
    is_labelled && !is_off && parts(event.owner).all(|part| part.kind() != "spread_element")
}

/// `Alert.alert(title, text, [{ text: "Clear", style: "destructive" }])`: the button closes the dialog, no more.
fn check_dialog(call: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let is_dialog = field(call, "function").is_some_and(|it| text(it, source) == "Alert.alert");
    let Some(buttons) = (if is_dialog { arguments(call).nth(2) } else { None }).filter(|it| it.kind() == "array")
    else {
        return;
    };
    for button in parts(buttons).filter(|it| it.kind() == "object") {
        let handler = property(button, "onPress", source).map(unwrapped);
        let is_dead = handler.is_none_or(|it| matches!(deed(it, source), Deed::Nothing(None)));
        let has_more = parts(button).any(|part| part.kind() != "pair");
        let string = |name: &str| property(button, name, source).and_then(|it| string_value(it, source));
        let label = string("text");
        let label = label.as_deref().unwrap_or("");
        let is_promise = string("style").is_some_and(|style| style == "destructive") || promises(label);
        if is_dead && is_promise && !has_more {
            let shown = if label.is_empty() { "this button".to_owned() } else { format!("\"{label}\"") };
            ctx.report(range(button), format!("{shown} of this dialog does nothing: the button has no `onPress`"))
                .help("write the handler, or do not ask");
        }
    }
}

/// Returns whether a label says what is going to be done.
fn promises(label: &str) -> bool {
    const VERBS: [&str; 16] = [
        "delete",
        "remove",
        "clear",
        "reset",
        "save",
        "submit",
        "send",
        "log out",
        "logout",
        "sign out",
        "share",
        "report",
        "archive",
        "block",
        "unsubscribe",
        "upgrade",
    ];
    let lower = label.to_ascii_lowercase();
    VERBS.iter().any(|verb| lower.starts_with(verb))
}
