//! See [`RULE`].

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::entry::{Entry, entry};
use arrears_model::python::function::{Function, Traits};
use arrears_model::python::placeholder::{announcement, find_word, plain};
use arrears_syntax::node::{descendants, field, text};
use arrears_syntax::python::{called_name, docstring};
use tree_sitter::Node;

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
    /// is missing ("TODO: implement", "this would query …") and nothing in the body can be that work; so does a view
    /// whose docstring begins with "Placeholder". Not flagged: constant answers without such words (health checks, CSRF
    /// cookies, report sinks), views that answer 501, base classes whose subclasses write the method, bodies that say
    /// why they are empty. No other linter knows what is routed.
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
        let finding = ctx.report(function.name_range, format!("`{name}` {reason}"));
        finding
            .help("write it, or answer 501 until then so that clients know")
            .only_if(Condition::IsFinal(function.name_range));
        if kind == Some(Entry::View) {
            finding.only_if(Condition::IsRouted(routed.clone()));
        }
    }
}

fn reason(ctx: &FileContext<'_, '_>, function: &Function) -> Option<String> {
    // Who answers 501 says so to the client.
    let body = function.range.slice(ctx.text());
    if find_word(body, "501").is_some() || body.contains("501_NOT_IMPLEMENTED") {
        return None;
    }
    let Some(stub) = &function.stub else { return avowed(ctx, function) };
    match &stub.evidence {
        _ if stub.is_for_others => None,
        Some(evidence) => Some(format!("answers without doing anything: \"{evidence}\"")),
        None if stub.kind.is_empty() => {
            Some(format!("answers without doing anything: its body is {}", stub.kind.describe()))
        }
        None => None,
    }
}

/// Returns why a view with statements is none: its docstring calls it a placeholder, or a comment says that the work
/// is missing and nothing in the body could be that work.
fn avowed(ctx: &FileContext<'_, '_>, function: &Function) -> Option<String> {
    const WORDS: [&str; 5] = ["placeholder", "stub", "todo", "not implemented", "dummy"];
    let body = function.range.slice(ctx.text());
    announcement(body)?;
    let name = function.name_range.to_usize();
    let definition = ctx.root().descendant_for_byte_range(name.start, name.end)?.parent()?;
    let doc = docstring(definition).map_or("", |doc| text(doc, ctx.text()));
    let title = doc.lines().map(plain).find(|line| !line.is_empty()).unwrap_or("");
    let lower = title.to_ascii_lowercase();
    if WORDS.iter().any(|word| lower.starts_with(word)) {
        return Some(format!("calls itself a placeholder: \"{title}\""));
    }
    let mut nodes = descendants(field(definition, "body")?);
    let evidence =
        nodes.find_map(|it| if it.kind() == "comment" { announcement(text(it, ctx.text())) } else { None })?;
    let does_nothing = descendants(field(definition, "body")?).all(|node| !is_work(node, ctx.text()));
    does_nothing.then(|| format!("answers without doing its work: \"{evidence}\""))
}

/// Returns whether a node could be the work of a view. Building an answer, reading the clock, logging are none.
fn is_work(node: Node<'_>, source: &str) -> bool {
    const IDLE: [&str; 22] = [
        "now",
        "utcnow",
        "today",
        "isoformat",
        "timedelta",
        "uuid4",
        "time",
        "str",
        "int",
        "float",
        "len",
        "dict",
        "list",
        "set",
        "print",
        "info",
        "debug",
        "warning",
        "error",
        "exception",
        "round",
        "strftime",
    ];
    match node.kind() {
        "await" | "yield" | "with_statement" | "delete_statement" => true,
        "call" => {
            let name = called_name(node, source).unwrap_or("");
            !IDLE.contains(&name) && !name.starts_with(|first: char| first.is_ascii_uppercase())
        }
        _ => false,
    }
}
