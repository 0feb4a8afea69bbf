//! Chains of queryset methods: `Order.objects.filter(…).order_by(…)`, and what they narrow their rows by.

use arrears_core::text::TextRange;
use rustc_hash::FxHashSet;

use crate::python::body::{Bodies, Expr, ExprId};

/// One chain of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain<'s> {
    /// What the first method is called on: `Order.objects`.
    pub root: &'s str,
    /// The look-ups, in order.
    pub lookups: Vec<Lookup<'s>>,
}

/// A name by which rows are looked up or sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookup<'s> {
    /// The method.
    pub method: &'s str,
    /// The name as it is written, a `-` left out: `created__gte`.
    pub name: &'s str,
    /// The value, or the string that holds the name.
    pub value: TextRange,
}

/// Returns the chains of a module that look rows up.
pub fn chains<'s>(bodies: &Bodies, text: &'s str) -> Vec<Chain<'s>> {
    let calls: Vec<ExprId> = bodies.ids().filter(|id| matches!(bodies.expr(*id), Expr::Call { .. })).collect();
    let inner: FxHashSet<ExprId> = calls.iter().filter_map(|id| called_on(bodies, *id)).collect();
    let outermost = calls.into_iter().filter(|id| !inner.contains(id));
    outermost.map(|id| chain(bodies, text, id)).filter(|chain| !chain.lookups.is_empty()).collect()
}

fn called_on(bodies: &Bodies, id: ExprId) -> Option<ExprId> {
    let Expr::Call { function, .. } = bodies.expr(id) else { return None };
    let Expr::Attr { object, .. } = bodies.expr(function) else { return None };
    Some(object)
}

/// Returns the chain that an expression is.
pub fn chain<'s>(bodies: &Bodies, text: &'s str, id: ExprId) -> Chain<'s> {
    let mut lookups = Vec::new();
    let mut at = id;
    while let Expr::Call { function, args } = bodies.expr(at) {
        let Expr::Attr { object, name } = bodies.expr(function) else { break };
        let method = name.slice(text);
        let mut found = Vec::new();
        if matches!(method, "filter" | "exclude" | "get" | "order_by" | "get_or_create" | "aget") {
            for id in bodies.args(args).iter().map(|arg| arg.value) {
                found.extend(positional(bodies, text, method, id));
            }
            found.extend(keywords(bodies, text, method, bodies.args(args)));
        }
        found.append(&mut lookups);
        lookups = found;
        at = object;
    }
    Chain { root: bodies.span(at).slice(text), lookups }
}

fn keywords<'s>(bodies: &Bodies, text: &'s str, method: &'s str, args: &[crate::python::body::Arg]) -> Vec<Lookup<'s>> {
    let named = args.iter().filter_map(|arg| Some((arg.name?, arg.value)));
    named.map(|(name, value)| Lookup { method, name: name.slice(text), value: bodies.span(value) }).collect()
}

/// The names in `order_by("-created")` and those in `filter(Q(open=True) & Q(…))`.
fn positional<'s>(bodies: &Bodies, text: &'s str, method: &'s str, id: ExprId) -> Vec<Lookup<'s>> {
    if let Expr::Str(content) = bodies.expr(id) {
        let name = content.slice(text).trim_start_matches(['-', '+']);
        return vec![Lookup { method, name, value: bodies.span(id) }];
    }
    let inside = bodies.within(id).into_iter().filter_map(|id| match bodies.call(id, text) {
        Some(("Q" | "models.Q", args)) => Some(args),
        _ => None,
    });
    inside.flat_map(|args| keywords(bodies, text, method, bodies.args(args))).collect()
}
