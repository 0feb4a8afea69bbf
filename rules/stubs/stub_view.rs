//! See [`RULE`].

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::entry::{Entry, entry};
use arrears_model::python::function::{Function, StubKind, Traits};
use arrears_model::python::placeholder::plain;
use arrears_syntax::node::text;
use arrears_syntax::python::docstring;

rule! {
    /// Finds views, API actions and endpoints that answer without doing anything.
    ///
    /// The route exists, the client gets an answer, and nothing has happened: the worst kind of unfinished work,
    /// because it looks finished from both sides.
    ///
    /// ```python bad
    /// @router.post("/orders/{order_id}/refund")
    /// async def refund(order_id: int):
    ///     # TODO: call the payment provider
    ///     return {"status": "refunded"}
    /// ```
    /// ```python good
    /// @router.post("/orders/{order_id}/refund")
    /// async def refund(order_id: int):
    ///     return await payments.refund(order_id)
    /// ```
    ///
    /// Views of Django and REST framework count where a URL pattern or a router names them, those of FastAPI, Ninja and
    /// Flask by their decorator. A constant answer counts only where comment, docstring or message admits that the work
    /// is missing; so does a view whose docstring begins with "Placeholder". Not flagged: constant answers without such
    /// words (health checks, CSRF cookies, report sinks), base classes whose subclasses write the method, bodies that
    /// say why they are empty. No other linter knows what is routed.
    pub(crate) const RULE = {
        code: "stubs/stub-view",
        summary: "view answers without doing anything",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        scope: arrears_core::rule::Scope::Project,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let facts = ctx.python();
    for function in &facts.functions {
        let kind = entry(facts, function, ctx.text());
        if !matches!(kind, Some(Entry::View | Entry::Endpoint))
            || function.traits.intersects(Traits::ABSTRACT | Traits::FALLBACK | Traits::EXPLAINED)
        {
            continue;
        }
        let Some(reason) = reason(ctx, function) else { continue };
        let class = function.class.and_then(|id| facts.class(id));
        let routed = class.map_or(&function.name, |class| &class.name);
        let name = class.map_or_else(|| function.name.clone(), |class| format!("{}.{}", class.name, function.name));
        let finding = ctx.report(function.name_range, format!("`{name}` answers without doing anything: {reason}"));
        finding
            .help("write it, or answer 501 until then so that clients know")
            .only_if(Condition::IsFinal(function.name_range));
        if kind == Some(Entry::View) {
            finding.only_if(Condition::IsRouted(routed.clone()));
        }
    }
}

fn reason(ctx: &FileContext<'_, '_>, function: &Function) -> Option<String> {
    let Some(stub) = &function.stub else { return avowed(ctx, function) };
    if stub.is_for_others {
        return None;
    }
    match (&stub.evidence, stub.kind) {
        (Some(evidence), _) => Some(format!("\"{evidence}\"")),
        (None, kind) if kind.is_empty() => Some(format!("its body is {}", kind.describe())),
        (None, StubKind::LogOnly | StubKind::ReturnConstant | StubKind::ConstantResponse) => None,
        (None, _) => None,
    }
}

/// Returns the docstring of a view that calls itself a placeholder, whatever it does.
fn avowed(ctx: &FileContext<'_, '_>, function: &Function) -> Option<String> {
    const WORDS: [&str; 5] = ["placeholder", "stub", "todo", "not implemented", "dummy"];
    let name = function.name_range.to_usize();
    let name = ctx.root().descendant_for_byte_range(name.start, name.end)?;
    let doc = docstring(name.parent()?)?;
    let line = text(doc, ctx.text()).lines().map(plain).find(|line| !line.is_empty())?;
    let lower = line.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.starts_with(word)).then(|| format!("\"{line}\""))
}
