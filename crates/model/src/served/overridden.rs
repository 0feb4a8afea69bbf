//! Methods of serializers that change what is sent.

use crate::django::module::Module;
use crate::project::{ClassRef, ProjectModel};
use crate::python::body::{Expr, Stmt};
use crate::python::{ClassId, PythonFacts};

/// What the methods of a serializer and its bases change.
#[derive(Debug, Default)]
pub(super) struct Overridden<'p> {
    /// Whether fields may come or go.
    pub(super) is_open: bool,
    /// Whether any field may be changed.
    pub(super) is_dynamic: bool,
    /// The texts of the methods: what they name may be changed.
    texts: Vec<&'p str>,
}

impl<'p> Overridden<'p> {
    pub(super) fn of(project: &ProjectModel<'p>, order: &[ClassRef<'p>]) -> Self {
        let mut found = Self::default();
        for class in order {
            let Some(module) = Module::of(project, class.path) else { continue };
            found.add(module, class.id);
        }
        found
    }

    /// Returns whether a method names a field, in quotes.
    pub(super) fn names(&self, field: &str) -> bool {
        let (single, double) = (format!("'{field}'"), format!("\"{field}\""));
        self.texts.iter().any(|text| text.contains(&single) || text.contains(&double))
    }

    fn add(&mut self, module: Module<'_, 'p>, class: ClassId) {
        if binds(module, class, "serializer_field_mapping") || binds(module, class, "serializer_related_field") {
            self.is_dynamic = true;
        }
        for (id, function) in module.facts.functions_with_ids().filter(|(_, it)| it.class == Some(class)) {
            let text = function.range.slice(module.text);
            match function.name.as_str() {
                "to_representation" => {
                    self.texts.push(text);
                    self.is_open = true;
                    self.is_dynamic |= !text.contains("super(") || changes_any(module, id);
                }
                "get_fields" => {
                    self.texts.push(text);
                    self.is_open = true;
                    self.is_dynamic |= changes_any(module, id);
                }
                "__init__" if text.contains("fields") => {
                    self.texts.push(text);
                    self.is_open = true;
                    self.is_dynamic |= changes_any(module, id);
                }
                "get_field_names" | "get_default_field_names" | "get_extra_kwargs" => self.is_open = true,
                "data"
                | "_readable_fields"
                | "build_field"
                | "build_standard_field"
                | "build_relational_field"
                | "build_property_field"
                | "include_extra_kwargs" => {
                    self.is_open = true;
                    self.is_dynamic = true;
                }
                _ => {}
            }
        }
    }
}

fn binds(module: Module<'_, '_>, class: ClassId, name: &str) -> bool {
    module.bodies.class(class).is_some_and(|body| module.value_in(body.block, name).is_some())
}

/// Returns whether a method puts values under names that it computes, or returns what another function makes.
fn changes_any(module: Module<'_, '_>, id: crate::python::FunctionId) -> bool {
    let Some(body) = module.bodies.function(id) else { return true };
    let is_computed = |target| match module.bodies.expr(target) {
        Expr::Subscript { index, .. } => module.string(index).is_none(),
        _ => false,
    };
    module.bodies.statements(body.block).into_iter().any(|stmt| match module.bodies.stmt(stmt) {
        Stmt::Assign { target, .. } => is_computed(target),
        Stmt::Return(Some(value)) => match module.bodies.expr(value) {
            Expr::Name | Expr::None => false,
            Expr::Call { function, .. } => match module.bodies.expr(function) {
                // `return super().to_representation(…)`
                Expr::Attr { object, .. } => module.bodies.called(object, module.text) != Some("super"),
                _ => true,
            },
            Expr::Attr { .. } => false,
            _ => true,
        },
        _ => false,
    })
}

/// Returns whether a class may be a serializer, by its words.
pub(super) fn is_likely(facts: &PythonFacts, class: ClassId) -> bool {
    facts.class(class).is_some_and(|class| {
        class.name.contains("Serializer") || class.bases.iter().any(|base| base.contains("Serializer"))
    })
}
