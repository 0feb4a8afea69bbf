//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ClassRef, ProjectModel};
use arrears_model::python::ClassId;

rule! {
    /// Finds permission classes that protect nothing.
    ///
    /// Somebody wrote down who may do what, and no view asks. Readers take the class for the protection; the
    /// views go without it.
    ///
    /// ```python bad
    /// from rest_framework.permissions import BasePermission
    ///
    /// class CanRefund(BasePermission):
    ///     def has_permission(self, request, view):
    ///         return request.user.has_perm("shop.refund")
    /// ```
    /// ```python good path=shop/permissions.py
    /// from rest_framework.permissions import BasePermission
    ///
    /// class CanRefund(BasePermission):
    ///     def has_permission(self, request, view):
    ///         return request.user.has_perm("shop.refund")
    /// ```
    /// ```python good path=shop/views.py
    /// from shop.permissions import CanRefund
    ///
    /// class RefundView(APIView):
    ///     permission_classes = [CanRefund]
    /// ```
    ///
    /// An import, a re-export, an entry of `__all__` and a test are no use; a subclass is one, and so is a string in
    /// settings. A class of the same name elsewhere is another class. Not flagged where a module that may use it does
    /// not parse.
    pub(crate) const RULE = {
        code: "api/unused-permission-class",
        summary: "permission class protects nothing",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    if !model.python_is_complete() {
        return;
    }
    for (file, facts) in model.python_files().filter(|(file, _)| !file.source.roles.contains(Roles::TEST)) {
        for (id, class) in (0..).map(ClassId).zip(&facts.classes) {
            let class_ref = ClassRef { path: &file.source.path, id };
            let looks_like = class.bases.iter().any(|base| base.contains("Perm") || base.contains("IsA"));
            if class.is_nested || !looks_like || class.name.starts_with("Base") {
                continue;
            }
            if !model.descends_from(class_ref, &|name| name.starts_with("rest_framework.permissions."))
                || model.is_class_used(class_ref)
            {
                continue;
            }
            ctx.report(
                &file.source.path,
                class.name_range,
                format!("permission `{}` protects nothing: no view names it", class.name),
            )
            .help("add it to the `permission_classes` of the views it was written for, or delete it");
        }
    }
}
