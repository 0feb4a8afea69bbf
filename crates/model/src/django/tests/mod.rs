//! What the models of small projects are.

mod columns;
mod inheritance;
mod managers;
mod relations;

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use super::{Field, FieldKind, ModelId, Models};
use crate::extract::extract;
use crate::facts::Facts;
use crate::outline::Interest;
use crate::project::{ProjectFile, ProjectModel};
use crate::role::roles;

/// A project of some files.
struct Project(Vec<(SourceFile, Facts)>);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let interest = Interest { bodies: true, ..Interest::none(Grammar::Python) };
        let read = |(path, text): &(&str, &str)| {
            let path = RelPath::new(path);
            let roles = roles(&path, text, Language::Python);
            let source = SourceFile::new(path, *text, Language::Python, roles);
            let tree = parse::parse(Grammar::Python, text);
            let facts = extract(&source, &tree, &interest).0;
            (source, facts)
        };
        Self(files.iter().map(read).collect())
    }

    fn model(&self) -> ProjectModel<'_> {
        ProjectModel::join(self.0.iter().map(|(source, facts)| ProjectFile { source, facts }))
    }
}

/// Shows what names of models are: `shop.Order.customer` as an attribute, `shop.Order?customer` as a look-up.
fn names(files: &[(&str, &str)], asked: &[&str]) -> Vec<String> {
    let project = Project::new(files);
    let model = project.model();
    let models = model.models();
    asked.iter().map(|asked| show(models, asked)).collect()
}

fn show(models: &Models<'_>, asked: &str) -> String {
    let cut = asked.rfind(['.', '?']).unwrap_or(0);
    let Some(model) = models.of_label(&asked[..cut]) else { return "no model".to_owned() };
    let name = &asked[cut + 1..];
    let field = if asked[cut..].starts_with('?') { models.lookup(model, name) } else { models.field(model, name) };
    field.map_or_else(|| "nothing".to_owned(), |field| describe(models, field))
}

fn describe(models: &Models<'_>, field: &Field<'_>) -> String {
    let target = field.target.map_or("?".to_owned(), |id| label(models, id));
    if field.kind == FieldKind::Column { field.column.clone() } else { format!("{:?} {target}", field.kind) }
}

fn label(models: &Models<'_>, id: ModelId) -> String {
    format!("{}.{}", models.get(id).app, models.get(id).name)
}
