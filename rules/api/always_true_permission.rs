//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::Class;
use arrears_model::python::function::{Function, Traits};
use arrears_model::python::names::Names;
use arrears_syntax::node::{field, parts, text};
use arrears_syntax::python::body_statements;
use tree_sitter::Node;

rule! {
    /// Finds permission classes that let everybody through.
    ///
    /// The view says `permission_classes = [IsModerator]`, and everybody believes it. The class answers `True`
    /// whoever asks: the check was planned, or switched off for a moment.
    ///
    /// ```python bad
    /// from rest_framework import permissions
    ///
    /// class IsModerator(permissions.BasePermission):
    ///     def has_permission(self, request, view):
    ///         return True
    /// ```
    /// ```python good
    /// from rest_framework import permissions
    ///
    /// class IsModerator(permissions.BasePermission):
    ///     def has_permission(self, request, view):
    ///         return request.user.groups.filter(name="moderators").exists()
    /// ```
    ///
    /// Logging before the `return True` changes nothing. Not flagged: classes that say so in their name (`AllowAny…`,
    /// `Public…`, `Anonymous…`), classes that decide by object (`has_object_permission`), bases whose subclasses write the
    /// method.
    pub(crate) const RULE = {
        code: "api/always-true-permission",
        summary: "permission class lets everybody through",
        check: Check::File { language: Family::Python, kinds: &[], run: check },
        severity: Severity::Error,
        mentions: &["has_permission"],
        security_severity: "7.5",
        tags: &["security"],
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let facts = ctx.python();
    for function in facts.functions.iter().filter(|it| it.name == "has_permission") {
        let Some(class) = function.class.and_then(|id| facts.class(id)) else { continue };
        let decides_by_object = facts.functions.iter().any(|it| {
            it.class == function.class && matches!(it.name.as_str(), "has_object_permission" | "get_object_permission")
        });
        if decides_by_object || !is_permission(class, &facts.names) || !is_always_true(ctx, function) {
            continue;
        }
        ctx.report(function.name_range, format!("`{}` lets everybody through", class.name))
            .help("check who asks, or use `AllowAny` where everybody may")
            .only_if(Condition::IsFinal(function.name_range));
    }
}

fn is_permission(class: &Class, names: &Names) -> bool {
    let says_so = [
        "AllowAny",
        "AllowAll",
        "Public",
        "Anonymous",
        "Everyone",
        "Anyone",
        "NoPermission",
        "Noop",
        "Open",
        "AlwaysAllow",
        "Base",
    ];
    let is_plain = |base: &String| {
        let name = names.canonical(base, class.range.start());
        name.starts_with("rest_framework.permissions.") && !name.contains("Object")
    };
    !class.bases.is_empty()
        && class.bases.iter().all(is_plain)
        && !class.has_dynamic_bases
        && !says_so.iter().any(|word| class.name.contains(word))
}

fn is_always_true(ctx: &FileContext<'_, '_>, function: &Function) -> bool {
    if function.traits.intersects(Traits::ABSTRACT | Traits::FALLBACK) {
        return false;
    }
    let name = function.name_range.to_usize();
    let definition = ctx.root().descendant_for_byte_range(name.start, name.end).and_then(|it| it.parent());
    let Some(definition) = definition else { return false };
    let statements: Vec<Node<'_>> = body_statements(definition);
    let Some((last, before)) = statements.split_last() else { return false };
    let returns_true = last.kind() == "return_statement" && parts(*last).next().is_some_and(|it| it.kind() == "true");
    returns_true && before.iter().all(|it| is_idle(*it, ctx.text()))
}

/// Returns whether a statement only logs or prints.
fn is_idle(statement: Node<'_>, source: &str) -> bool {
    let call = parts(statement).next().filter(|it| it.kind() == "call");
    let Some(callee) = call.and_then(|call| field(call, "function")) else { return statement.kind() == "comment" };
    let callee = text(callee, source);
    callee == "print" || callee.starts_with("log")
}
