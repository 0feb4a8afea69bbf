//! How large a model's table gets, as far as its fields tell.

use super::{Field, FieldKind, ModelId, Models};

/// How lists that an administrator keeps are called.
const LISTS: [&str; 8] = ["Type", "Category", "Config", "Configuration", "Setting", "Settings", "Plan", "Role"];

impl Models<'_> {
    /// Returns whether a model looks like a list of names that an administrator keeps.
    pub fn is_list_of_names(&self, id: ModelId) -> bool {
        LISTS.iter().any(|suffix| self.get(id).name.ends_with(suffix)) || self.is_bare(id)
    }

    /// Returns whether a model has no relation and no time: nothing in it tells of something that happens again and again.
    pub fn is_bare(&self, id: ModelId) -> bool {
        let is_large = |field: &Field<'_>| {
            let is_relation =
                matches!(field.kind, FieldKind::ForeignKey | FieldKind::OneToOne | FieldKind::GenericForeignKey);
            is_relation || field.column == "DateTimeField"
        };
        !self.fields(id).any(is_large)
    }
}
