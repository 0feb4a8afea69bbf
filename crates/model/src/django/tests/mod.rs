//! What the models of small projects are.

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use super::{FieldKind, ModelId, Models};
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

/// Shows a relation as `kind target`.
fn show(models: &Models<'_>, label: &str, name: &str) -> String {
    let Some(model) = models.of_label(label) else { return format!("no model {label}") };
    let Some(field) = models.field(model, name) else { return "no field".to_owned() };
    let target = field.target.map_or("?".to_owned(), |id| label_of(models, id));
    if field.kind == FieldKind::Column { field.column.clone() } else { format!("{:?} {target}", field.kind) }
}

fn label_of(models: &Models<'_>, id: ModelId) -> String {
    format!("{}.{}", models.get(id).app, models.get(id).name)
}

const SHOP: &str = "
from django.db import models

class Customer(models.Model):
    name = models.CharField(max_length=9)

class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    tags = models.ManyToManyField('Tag', related_name='orders')

class Tag(models.Model):
    pass

class Invoice(models.Model):
    order = models.OneToOneField('shop.Order', on_delete=models.CASCADE)
";

#[test]
fn relations_and_their_reverse_names_are_found() {
    let project = Project::new(&[("shop/models.py", SHOP)]);
    let model = project.model();
    let models = model.models();
    let found = [
        show(models, "shop.order", "customer"),
        show(models, "shop.Order", "customer_id"),
        show(models, "shop.Customer", "order_set"),
        show(models, "shop.Order", "tags"),
        show(models, "shop.Tag", "orders"),
        show(models, "shop.Order", "invoice"),
    ];
    assert_eq!(
        found,
        [
            "ForeignKey shop.Customer",
            "ForeignKey",
            "ReverseForeignKey shop.Order",
            "ManyToMany shop.Tag",
            "ReverseManyToMany shop.Order",
            "ReverseOneToOne shop.Invoice"
        ]
    );
}
