//! How routers of the REST framework are made.

use super::call::Args;
use super::heap::{Parent, Router, RouterId, Value};
use super::interpret::{Frame, Interpreter};
use super::text::Text;
use crate::endpoint::Slash;
use crate::project::{ClassRef, FunctionRef};
use crate::python::body::{Expr, Stmt};

/// Returns what `trailing_slash=…` means.
pub(super) fn slash_of(value: &Value<'_>) -> Slash {
    match value {
        Value::Bool(true) | Value::None => Slash::Yes,
        Value::Bool(false) => Slash::No,
        other => match other.whole() {
            Some("") => Slash::No,
            Some("/") => Slash::Yes,
            _ => Slash::Either,
        },
    }
}

impl<'p> Interpreter<'_, 'p> {
    /// `DefaultRouter(trailing_slash=False)`
    pub(super) fn new_router(&mut self, _frame: &Frame<'p>, class: &str, args: &Args<'p>) -> RouterId {
        let is_nested = class.contains("Nested");
        let slash = args.keyword("trailing_slash").or_else(|| args.positional.first().filter(|_| !is_nested));
        let above = args.get(0, "parent_router").filter(|_| is_nested);
        let parent = match above {
            Some(Value::Router(router)) => Some(Parent {
                router: *router,
                prefix: args.get(1, "parent_prefix").map_or_else(Text::default, |it| it.as_text("parent_prefix")),
                lookup: args.text(2, "lookup").unwrap_or_else(|| "nested".to_owned()),
            }),
            _ => None,
        };
        self.heap.router(Router {
            slash: slash.map_or(Slash::Yes, slash_of),
            has_root: class.contains("Default"),
            is_custom: is_nested && parent.is_none(),
            parent,
            entries: Vec::new(),
            place: args.place,
        })
    }

    /// A router of a class of the project.
    pub(super) fn router_of_class(&mut self, frame: &Frame<'p>, class: ClassRef<'p>, args: &Args<'p>) -> RouterId {
        let ancestry = self.project.ancestry(class);
        let base = ancestry.outside.iter().find(|it| it.ends_with("Router")).cloned().unwrap_or_default();
        let id = self.new_router(frame, base.rsplit('.').next().unwrap_or(""), args);
        let is_custom = ancestry.attribute(self.project, "routes").is_some()
            || ancestry.method(self.project, "get_routes").is_some()
            || !ancestry.is_whole;
        let mut slash = ancestry.attribute(self.project, "trailing_slash").map(|(owner, value)| {
            let value = self.value_in(owner.path, value);
            slash_of(&value)
        });
        let mut changes = false;
        if let Some(made) = ancestry.method(self.project, "__init__") {
            changes = self.changes_routes(made);
            slash = self.slash_in(made).or(slash);
        }
        if let Some(router) = self.heap.routers.get_mut(id.0) {
            router.is_custom |= is_custom || changes;
            if let Some(slash) = slash {
                router.slash = slash;
            }
        }
        id
    }

    fn changes_routes(&self, function: FunctionRef<'p>) -> bool {
        let Some(file) = self.project.file(function.path) else { return false };
        self.project.function(function).is_some_and(|it| it.range.slice(&file.source.text).contains("self.routes"))
    }

    /// `self.trailing_slash = "/?"`, `super().__init__(trailing_slash=False)`
    fn slash_in(&mut self, function: FunctionRef<'p>) -> Option<Slash> {
        let file = self.project.file(function.path)?;
        let bodies = file.facts.python()?.bodies.as_deref()?;
        let text: &str = &file.source.text;
        for stmt in bodies.statements(bodies.function(function.id)?.block) {
            match bodies.stmt(stmt) {
                Stmt::Assign { target, value } => {
                    if let Expr::Attr { name, .. } = bodies.expr(target)
                        && name.slice(text) == "trailing_slash"
                    {
                        return Some(slash_of(&self.value_in(function.path, value)));
                    }
                }
                Stmt::Expr(call) => {
                    if let Expr::Call { args, .. } = bodies.expr(call)
                        && let Some(value) = bodies.keyword(args, "trailing_slash", text)
                    {
                        return Some(slash_of(&self.value_in(function.path, value)));
                    }
                }
                _ => {}
            }
        }
        None
    }
}
