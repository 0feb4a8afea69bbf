//! What is known of installed packages: models, mixins, managers, and what is no field.

mod django;
mod entry;
mod lists;
mod tools;
mod wagtail;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use arrears_core::source::Roles;
use rustc_hash::FxHashMap;

use super::class::Declared;
use super::field::{Declaration, kind_of_name};
use super::lineage::Base;
use super::meta::Meta;
use super::target::Target;
use super::{FieldKind, Manager};
use crate::project::ProjectModel;
use entry::{Entry, Package};
use lists::{ALIASES, PLAIN, QUIET_MANAGERS, QUIET_QUERYSETS};

/// All models that are known.
const PACKAGES: &[&[Package]] = &[django::DJANGO, django::ACCOUNTS, tools::TREES, tools::TOOLS, wagtail::WAGTAIL];

/// The class that every model descends from.
const ROOT: &str = "django.db.models.Model";

static BY_PATH: LazyLock<FxHashMap<&'static str, &'static Package>> =
    LazyLock::new(|| PACKAGES.iter().copied().flatten().map(|package| (package.path, package)).collect());

/// Returns the name that the table has for a dotted name.
pub(super) fn canonical(dotted: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == dotted).map_or(dotted, |(_, path)| *path)
}

/// Returns whether a class from outside is the one that every model descends from.
pub(super) fn is_root(dotted: &str) -> bool {
    canonical(dotted) == ROOT
}

/// Returns whether a class from outside is a model.
pub(super) fn is_model(dotted: &str) -> bool {
    is_root(dotted) || BY_PATH.contains_key(canonical(dotted))
}

/// Returns whether a base from outside is no model and adds no field.
pub(super) fn is_plain(dotted: &str) -> bool {
    let head = dotted.split('.').next().unwrap_or(dotted);
    matches!(head, "object" | "abc" | "typing" | "typing_extensions" | "collections" | "enum" | "Generic" | "Protocol")
        || matches!(dotted, "dict" | "str" | "int" | "list" | "tuple" | "Exception" | "ValueError")
        || dotted.starts_with("django.utils.")
        || dotted.starts_with("django.core.")
        || PLAIN.contains(&dotted)
}

/// Returns whether a decorator or metaclass from outside adds no field.
pub(super) fn leaves_class(dotted: &str) -> bool {
    is_plain(dotted)
        || dotted.starts_with("functools.")
        || dotted.starts_with("dataclasses.")
        || dotted.starts_with("django.db.models.")
        || matches!(
            dotted,
            "auditlog.registry.auditlog.register"
                | "reversion.register"
                | "strawberry.type"
                | "wagtail.snippets.models.register_snippet"
                | "wagtail.contrib.settings.models.register_setting"
                | "wagtail.contrib.settings.registry.register_setting"
                | "wagtail.models.PageBase"
                | "wagtail.core.models.PageBase"
                | "mptt.models.MPTTModelBase"
                | "polymorphic.base.PolymorphicModelBase"
                | "six.python_2_unicode_compatible"
        )
}

/// Returns whether a manager from outside loads nothing beyond the rows.
pub(super) fn is_quiet_manager(dotted: &str) -> bool {
    is_listed(QUIET_MANAGERS, dotted)
}

/// Returns whether a queryset from outside loads nothing beyond the rows.
pub(super) fn is_quiet_queryset(dotted: &str) -> bool {
    is_listed(QUIET_QUERYSETS, dotted)
}

/// The lists hold the package and the class: the modules between them move.
fn is_listed(list: &[(&str, &str)], dotted: &str) -> bool {
    let (head, last) = (dotted.split('.').next(), dotted.rsplit('.').next());
    list.iter().any(|(package, class)| head == Some(*package) && last == Some(*class))
}

/// Returns whether a dotted name is no model's field although it ends like one.
pub(super) fn is_no_field(dotted: &str) -> bool {
    let first_two: Vec<&str> = dotted.splitn(3, '.').take(2).collect();
    matches!(
        first_two.first().copied().unwrap_or_default(),
        "rest_framework"
            | "django_filters"
            | "graphene"
            | "graphene_django"
            | "wtforms"
            | "marshmallow"
            | "pydantic"
            | "dataclasses"
            | "factory"
            | "strawberry"
            | "attr"
            | "import_export"
            | "haystack"
            | "django_elasticsearch_dsl"
            | "elasticsearch_dsl"
    ) || matches!(first_two.as_slice(), ["django", "forms"] | ["wagtail", "blocks"] | ["wagtail", "search"])
        || dotted.contains(".forms.")
        || dotted.starts_with("wagtail.core.blocks.")
}

/// Returns whether calling a class from outside in a class body adds no field to the model.
pub(super) fn adds_nothing(dotted: &str) -> bool {
    let head = dotted.split('.').next().unwrap_or(dotted);
    // A builtin, the standard library, Django beside its models.
    !dotted.contains('.')
        || matches!(
            head,
            "re" | "datetime"
                | "decimal"
                | "collections"
                | "logging"
                | "uuid"
                | "functools"
                | "enum"
                | "threading"
                | "itertools"
                | "operator"
                | "pathlib"
                | "typing"
                | "dataclasses"
                | "string"
                | "os"
                | "django"
                | "redis"
                | "prometheus_client"
                | "blinker"
                | "cachetools"
                | "structlog"
                | "pytz"
                | "zoneinfo"
        )
        || matches!(
            dotted,
            "model_utils.FieldTracker"
                | "model_utils.Choices"
                | "model_utils.tracker.FieldTracker"
                | "simple_history.models.HistoricalRecords"
                | "auditlog.models.AuditlogHistoryField"
                | "phonenumbers.PhoneNumber"
                | "djmoney.money.Money"
                | "moneyed.Money"
                | "django_fsm.RETURN_VALUE"
        )
        || dotted.starts_with("wagtail.admin.")
        || dotted.starts_with("wagtail.snippets.")
        || dotted.starts_with("wagtail.search.")
        || dotted.starts_with("wagtail.images.edit_handlers.")
}

/// Adds the models of the packages that the project uses, unless the project itself defines them.
pub(super) fn declare<'p>(project: &ProjectModel<'p>, declared: &mut Vec<Declared<'p>>) {
    let own: BTreeSet<String> = declared
        .iter()
        .filter(|it| !it.meta.is_abstract)
        .map(|it| format!("{}.{}", it.app, it.name).to_lowercase())
        .collect();
    let used = used(project);
    for package in PACKAGES.iter().copied().flatten() {
        let name = package.path.rsplit('.').next().unwrap_or(package.path);
        let is_used = || package.path.split('.').next().is_some_and(|head| used.contains(head));
        let is_own = || own.contains(&format!("{}.{name}", package.app).to_lowercase());
        // Abstract ones add nothing to others, and bases of bases are imported nowhere.
        if package.is_abstract || is_used() && !is_own() {
            declared.push(read(package, name));
        }
    }
}

/// The packages that the project imports or installs.
fn used(project: &ProjectModel<'_>) -> BTreeSet<&'static str> {
    let mut heads: BTreeSet<&str> =
        PACKAGES.iter().copied().flatten().filter_map(|package| package.path.split('.').next()).collect();
    let mut used = BTreeSet::from(["django"]);
    for (file, facts) in project.python_files() {
        let imported: Vec<&str> = facts.names.imports().iter().filter_map(|it| it.target.split('.').next()).collect();
        let is_settings = file.source.roles.contains(Roles::SETTINGS);
        let text = &file.source.text;
        heads.retain(|head| {
            let is_installed =
                || is_settings && [format!("\"{head}"), format!("'{head}")].iter().any(|quoted| text.contains(quoted));
            let is_used = imported.contains(head) || is_installed();
            if is_used {
                used.insert(*head);
            }
            !is_used
        });
    }
    if used.contains("wagtail") {
        used.insert("taggit");
    }
    used
}

fn read<'p>(package: &'static Package, name: &str) -> Declared<'p> {
    let quiet = Manager { class: None, queryset: None, is_known: true };
    Declared {
        name: name.to_owned(),
        app: package.app.to_owned(),
        folder: package.app.to_owned(),
        class: None,
        external: Some(package.path),
        has_unknown_base: false,
        bases: package.bases.iter().map(|base| Base::External((*base).to_owned())).collect(),
        fields: package.fields.iter().map(field).collect(),
        bound: BTreeSet::new(),
        managers: package.managers.iter().map(|name| ((*name).to_owned(), quiet)).collect(),
        meta: Meta { is_abstract: package.is_abstract, ..Meta::default() },
        gaps: if package.is_open { vec![format!("{} is not known whole", package.path)] } else { Vec::new() },
        place: None,
    }
}

fn field<'p>(entry: &Entry) -> Declaration<'p> {
    let kind = kind_of_name(entry.column).unwrap_or(FieldKind::Column);
    let target = match entry.target {
        "" => Target::Unknown,
        "self" => Target::Own,
        "user" => Target::User,
        label => Target::Label(label.to_owned(), None),
    };
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let unique = entry.is_unique || entry.is_key || kind == FieldKind::OneToOne;
    Declaration {
        kind,
        target,
        null: entry.is_null,
        unique,
        primary_key: entry.is_key,
        db_index: unique || kind == FieldKind::ForeignKey,
        related_name: text(entry.related),
        related_query_name: text(entry.query),
        ..Declaration::column(entry.name, entry.column)
    }
}

#[cfg(test)]
mod tests {
    use super::{ALIASES, BY_PATH, PACKAGES, is_root, kind_of_name};

    #[test]
    fn bases_and_aliases_of_the_table_are_in_the_table() {
        let bases = PACKAGES.iter().copied().flatten().flat_map(|package| package.bases.iter().copied());
        let missing: Vec<&str> = bases
            .chain(ALIASES.iter().map(|(_, path)| *path))
            .filter(|path| !is_root(path) && !BY_PATH.contains_key(path))
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn field_classes_of_the_table_are_field_classes() {
        let fields = PACKAGES.iter().copied().flatten().flat_map(|package| package.fields);
        let wrong: Vec<&str> = fields.map(|it| it.column).filter(|column| kind_of_name(column).is_none()).collect();
        assert_eq!(wrong, Vec::<&str>::new());
    }
}
