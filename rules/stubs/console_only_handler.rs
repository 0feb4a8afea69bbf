//! See [`RULE`].

use std::cell::OnceCell;

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::binding::Bindings;
use arrears_model::script::deed::{Deed, deed};
use arrears_model::script::event::Given;
use arrears_model::script::guard::{is_behind_flag, is_showcase};
use arrears_syntax::node::range;

rule! {
    /// Finds controls whose handler only writes to the console.
    ///
    /// It was written to see the click arrive, and the work never followed. The person who clicks sees nothing.
    ///
    /// ```tsx bad
    /// export function OrderActions({ id }: { id: number }) {
    ///   return <Button onClick={() => console.log("refund", id)}>Refund</Button>;
    /// }
    /// ```
    /// ```tsx good
    /// export function OrderActions({ id }: { id: number }) {
    ///   return <Button onClick={() => refund(id)}>Refund</Button>;
    /// }
    /// ```
    ///
    /// A handler is looked at where it stands or by its name, in elements and in objects that describe controls. Not
    /// flagged: what tells developers something, such as `onError`, `onLoad`, `onRender` and `onReady`; what stands
    /// under a flag of development; stories and example pages. No other linter has this rule: `no-console` flags the
    /// console everywhere.
    pub(crate) const RULE = {
        code: "stubs/console-only-handler",
        summary: "control only writes to the console",
        check: Check::File { language: Family::Script, kinds: &["jsx_attribute", "pair"], run: check },
        mentions: &["console"],
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
        let Some(given) = Given::read(note.node, source).filter(answers_a_person) else { continue };
        let value = if given.value.kind() == "identifier" {
            let bindings: &Bindings<'_, '_> = bindings.get_or_init(|| Bindings::read(root, source));
            bindings.resolved(given.value, source)
        } else {
            Some(given.value)
        };
        let Some(value) = value else { continue };
        let Deed::Console(call) = deed(value, source) else { continue };
        looked_at += 1;
        if looked_at > MAX_SUSPECTS || is_behind_flag(given.node, source) {
            continue;
        }
        let Some(event) = given.event() else { continue };
        let message = match (event.label(source), event.element_name(source)) {
            (Some(label), _) if given.is_action() => {
                format!("\"{label}\" only writes to the console: nothing else follows `{}`", given.name)
            }
            (_, Some(name)) => format!("`{}` of this `{name}` only writes to the console", given.name),
            _ => format!("this control only writes to the console: nothing else follows `{}`", given.name),
        };
        let finding = ctx.report(range(given.node), message);
        finding.help("write the handler, or take the control away until there is one");
        if value.id() != given.value.id() {
            finding.label(range(call), "all that the handler does");
        }
    }
}

/// Returns whether a person causes the event. What a library reports is written to the console for good reason.
fn answers_a_person(given: &Given<'_, '_>) -> bool {
    const ENDS: [&str; 16] = [
        "Click", "Press", "Submit", "Select", "Change", "Tap", "Toggle", "Edit", "Delete", "Save", "Share", "View",
        "Add", "Remove", "Create", "Send",
    ];
    if given.is_of_element() {
        ENDS.iter().any(|end| given.name.ends_with(end))
    } else {
        matches!(given.name, "onClick" | "onPress" | "onSelect")
    }
}
