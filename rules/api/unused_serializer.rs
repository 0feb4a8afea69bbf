//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ClassRef, ProjectModel};
use arrears_model::python::ClassId;

rule! {
    /// Finds serializers that nothing uses.
    ///
    /// They look like part of the interface, are kept in step with the models, and answer nobody. Often the view that
    /// used one was never written, or names an older one.
    ///
    /// ```python bad
    /// from rest_framework import serializers
    ///
    /// class RefundSerializer(serializers.Serializer):
    ///     amount = serializers.DecimalField(max_digits=9, decimal_places=2)
    /// ```
    /// ```python good path=shop/serializers.py
    /// from rest_framework import serializers
    ///
    /// class RefundSerializer(serializers.Serializer):
    ///     amount = serializers.DecimalField(max_digits=9, decimal_places=2)
    /// ```
    /// ```python good path=shop/views.py
    /// from shop.serializers import RefundSerializer
    ///
    /// class RefundView(CreateAPIView):
    ///     serializer_class = RefundSerializer
    /// ```
    ///
    /// An import, a re-export, an entry of `__all__` and a test are no use; a schema (`extend_schema`), a subclass and a
    /// string that names it are. Not flagged where a module that may use it does not parse.
    pub(crate) const RULE = {
        code: "api/unused-serializer",
        summary: "serializer that nothing uses",
        check: Check::Project { run: check },
        severity: Severity::Info,
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
            if class.is_nested || !class.name.ends_with("Serializer") || class.name.starts_with("Base") {
                continue;
            }
            if !model.descends_from(class_ref, &|name| name.starts_with("rest_framework.serializers."))
                || model.is_class_used(class_ref)
            {
                continue;
            }
            ctx.report(&file.source.path, class.name_range, format!("serializer `{}` is never used", class.name))
                .help("name it in the view it was written for, or delete it");
        }
    }
}
