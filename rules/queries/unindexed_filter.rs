//! See [`RULE`].

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::django::chain::{Chain, chains};
use arrears_model::django::{Field, FieldKind, Model, ModelId, Models};
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds fields without an index by which rows are looked up in three places or more.
    ///
    /// The database reads the whole table for each such query. A thousand rows hide it; a million take a second each.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Customer(models.Model):
    ///     name = models.CharField(max_length=80)
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    ///     number = models.CharField(max_length=20)
    ///
    /// def find(number):
    ///     return Order.objects.get(number=number)
    ///
    /// def exists(number):
    ///     return Order.objects.filter(number=number).exists()
    ///
    /// def remove(number):
    ///     Order.objects.filter(number=number).delete()
    /// ```
    /// ```python good
    /// from django.db import models
    ///
    /// class Customer(models.Model):
    ///     name = models.CharField(max_length=80)
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    ///     number = models.CharField(max_length=20, db_index=True)
    ///
    /// def find(number):
    ///     return Order.objects.get(number=number)
    ///
    /// def exists(number):
    ///     return Order.objects.filter(number=number).exists()
    ///
    /// def remove(number):
    ///     Order.objects.filter(number=number).delete()
    /// ```
    ///
    /// A place counts where the field decides alone: not beside an indexed field or a foreign key, which leave few rows;
    /// not `icontains` and the like, for which an index of this kind is no help; not in tests, migrations, commands.
    /// `Meta.ordering` counts once.
    ///
    /// Not flagged: fields in any index or constraint of the model; booleans; fields with less than five choices;
    /// models without relations and times, which are small lists as a rule. How many rows a table has is not in the
    /// code: a table that stays small needs no index.
    pub(crate) const RULE = {
        code: "queries/unindexed-filter",
        summary: "field without an index is looked up in many places",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Project,
        fix: Applicability::Unsafe,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        follows_values: true,
    }
}

/// In how many places a field is looked up before it is said.
const PLACES: usize = 3;

/// Look-ups that an index of the common kind serves.
const SERVED: [&str; 9] = ["exact", "in", "gt", "gte", "lt", "lte", "range", "startswith", "year"];

/// Field classes whose values are many and short.
const COLUMNS: [&str; 11] = [
    "CharField",
    "EmailField",
    "DateField",
    "DateTimeField",
    "IntegerField",
    "BigIntegerField",
    "PositiveIntegerField",
    "PositiveBigIntegerField",
    "UUIDField",
    "URLField",
    "GenericIPAddressField",
];

/// The places of a field's look-ups, for each model that has it.
type Uses<'p> = BTreeMap<ModelId, BTreeSet<Place<'p>>>;

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let models = model.models();
    let mut chains_of = BTreeMap::new();
    let mut uses: BTreeMap<(&RelPath, TextRange), (&Field<'_>, Uses<'_>)> = BTreeMap::new();
    for ((id, name), places) in &model.flow().lookups {
        let Some(field) = models.field(*id, name).filter(|field| wants_index(field)) else { continue };
        let Some(at) = field.place.filter(|(path, _)| is_production(model, path)) else { continue };
        if is_indexed(models.get(*id), name) || models.is_list_of_names(*id) {
            continue;
        }
        let counted = places.iter().filter(|place| {
            let chains = chains_of.entry(place.path).or_insert_with(|| chains_in(model, place.path));
            is_production(model, place.path) && decides(models, *id, chains, place.range)
        });
        let counted: BTreeSet<Place<'_>> = counted.copied().collect();
        uses.entry(at).or_insert_with(|| (field, Uses::new())).1.insert(*id, counted);
    }
    for (at, (field, uses)) in uses {
        let most = uses.iter().max_by_key(|(id, places)| (places.len(), std::cmp::Reverse(**id)));
        let Some((id, places)) = most else { continue };
        let is_sorted = models.get(*id).ordering.first().is_some_and(|it| it.trim_start_matches('-') == field.name);
        if places.len() + usize::from(is_sorted) >= PLACES {
            report(model, ctx, at, &models.get(*id).name, field, places, is_sorted);
        }
    }
}

fn is_production(model: &ProjectModel<'_>, path: &RelPath) -> bool {
    const OTHER: Roles = RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION).union(Roles::COMMAND);
    model.file(path).is_some_and(|file| !file.source.roles.intersects(OTHER))
}

fn wants_index(field: &Field<'_>) -> bool {
    field.kind == FieldKind::Column
        && !field.db_index
        && !field.unique
        && COLUMNS.contains(&field.column.as_str())
        && field.choices.is_none_or(|count| count >= 5)
}

fn is_indexed(model: &Model<'_>, name: &str) -> bool {
    model.indexes.iter().flatten().any(|column| column == name)
}

fn chains_in<'p>(model: &ProjectModel<'p>, path: &RelPath) -> Vec<Chain<'p>> {
    let Some(file) = model.file(path) else { return Vec::new() };
    let bodies = file.facts.python().and_then(|facts| facts.bodies.as_deref());
    bodies.map(|bodies| chains(bodies, &file.source.text)).unwrap_or_default()
}

/// Returns whether the database has only this look-up to find the rows by.
fn decides(models: &Models<'_>, id: ModelId, chains: &[Chain<'_>], place: TextRange) -> bool {
    let Some(chain) = chains.iter().find(|chain| chain.lookups.iter().any(|it| it.value == place)) else {
        return false;
    };
    let is_manager = chain.root.split('.').any(|part| part == "objects" || models.get(id).managers.contains_key(part));
    let is_served = chain.lookups.iter().filter(|it| it.value == place).all(|it| {
        let mut parts = it.name.split("__").skip(1);
        it.method != "exclude" && parts.all(|part| SERVED.contains(&part))
    });
    let narrows = |name: &str| {
        let first = name.split("__").next().unwrap_or(name);
        let field = models.lookup(id, first);
        name.contains("search")
            || field.is_none_or(|it| it.db_index || it.unique || it.kind.is_relation())
            || first == "pk"
            || is_indexed(models.get(id), first)
    };
    let others = chain.lookups.iter().filter(|it| it.value != place && matches!(it.method, "filter" | "get" | "aget"));
    is_manager && is_served && !others.into_iter().any(|it| narrows(it.name))
}

fn report(
    model: &ProjectModel<'_>,
    ctx: &mut ProjectContext<'_>,
    (path, range): (&RelPath, TextRange),
    owner: &str,
    field: &Field<'_>,
    places: &BTreeSet<Place<'_>>,
    is_sorted: bool,
) {
    let name = &field.name;
    let sorted = if is_sorted { " and in `Meta.ordering`" } else { "" };
    let message = format!("`{owner}.{name}` has no index, but is looked up in {} places{sorted}", places.len());
    let finding = ctx.report(path, range, message);
    finding.help("add `db_index=True`, or an index that begins with it in `Meta.indexes`; then `makemigrations`");
    for place in places.iter().take(3) {
        finding.label_in(place.path, place.range, "looked up here");
    }
    if let Some(range) = ordering(model, path, range).filter(|_| is_sorted) {
        finding.label(range, "sorted by it here");
    }
    finding.property("model", owner);
    finding.property("field", name.clone());
    finding.property("places", places.len().to_string());
    if let Some(edit) = index(model, path, range) {
        finding.fix(Fix::unsafe_edit("add `db_index=True` (makes a migration necessary)", edit));
    }
}

/// Returns where `Meta.ordering` of the class around a place stands.
fn ordering(model: &ProjectModel<'_>, path: &RelPath, at: TextRange) -> Option<TextRange> {
    let file = model.file(path)?;
    let facts = file.facts.python()?;
    let bodies = facts.bodies.as_deref()?;
    let around = facts.classes.iter().rfind(|class| class.range.contains(at))?;
    let inner = facts.classes.iter().zip(&bodies.classes).filter(|(class, _)| around.range.contains(class.range));
    let mut found = inner.filter(|(class, _)| class.name == "Meta").flat_map(|(_, body)| {
        bodies.assignments(body.block, &file.source.text).filter(|(name, ..)| *name == "ordering")
    });
    found.next().map(|(_, target, _)| bodies.span(target))
}

/// Returns the edit that gives the field at a place an index.
fn index(model: &ProjectModel<'_>, path: &RelPath, name: TextRange) -> Option<Edit> {
    use arrears_model::python::body::{Expr, Stmt};
    let file = model.file(path)?;
    let bodies = file.facts.python()?.bodies.as_deref()?;
    let mut statements = bodies.classes.iter().flat_map(|class| bodies.statements(class.block));
    let value = statements.find_map(|id| match bodies.stmt(id) {
        Stmt::Assign { target, value } | Stmt::Annotated { target, value: Some(value), .. } => {
            (bodies.span(target) == name).then_some(value)
        }
        _ => None,
    })?;
    let Expr::Call { args, .. } = bodies.expr(value) else { return None };
    let args = bodies.args(args);
    let text = &file.source.text;
    let named = |it: &arrears_model::python::body::Arg| it.name.is_some_and(|name| name.slice(text) == "db_index");
    if args.iter().any(|arg| arg.stars > 0 || named(arg)) {
        return None;
    }
    match args.last() {
        Some(last) => Some(Edit::insert(bodies.span(last.value).end(), ", db_index=True")),
        None => Some(Edit::insert(bodies.span(value).end().checked_sub(1)?, "db_index=True")),
    }
}
