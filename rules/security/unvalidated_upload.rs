//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::endpoint::Methods;
use arrears_model::flow::Place;
use arrears_model::project::resolve::Symbol;
use arrears_model::project::{ClassRef, ProjectFile, ProjectModel};
use arrears_model::python::body::{Bodies, List, Stmt};
use arrears_model::python::{ClassId, PythonFacts};
use arrears_model::rest::Target;

rule! {
    /// Finds uploads that a serializer or a form takes as they come.
    ///
    /// Django limits neither the size nor the kind of a file: a video of 4 GB fills the disk, an `.html` or an `.svg` runs
    /// as a page of your own domain when somebody opens it.
    ///
    /// ```python bad path=shop/models.py
    /// from django.db import models
    ///
    /// class Invoice(models.Model):
    ///     scan = models.FileField(upload_to="scans/")
    /// ```
    /// ```python bad path=shop/serializers.py
    /// from rest_framework import serializers
    /// from shop.models import Invoice
    ///
    /// class InvoiceSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Invoice
    ///         fields = ["id", "scan"]
    /// ```
    /// ```python bad path=shop/views.py
    /// from rest_framework.viewsets import ModelViewSet
    /// from shop.serializers import InvoiceSerializer
    ///
    /// class InvoiceViewSet(ModelViewSet):
    ///     serializer_class = InvoiceSerializer
    /// ```
    /// ```python good path=shop/models.py
    /// from django.core.validators import FileExtensionValidator
    /// from django.db import models
    ///
    /// class Invoice(models.Model):
    ///     scan = models.FileField(upload_to="scans/", validators=[FileExtensionValidator(["pdf"]), at_most_10_mb])
    /// ```
    /// ```python good path=shop/serializers.py
    /// from rest_framework import serializers
    /// from shop.models import Invoice
    ///
    /// class InvoiceSerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Invoice
    ///         fields = ["id", "scan"]
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework.viewsets import ModelViewSet
    /// from shop.serializers import InvoiceSerializer
    ///
    /// class InvoiceViewSet(ModelViewSet):
    ///     serializer_class = InvoiceSerializer
    /// ```
    ///
    /// Not flagged: fields that no serializer or form of the project takes (those of the admin alone), that one declares anew
    /// or only shows, also because no view that writes uses it; fields of whose name some code near a check of size or kind speaks. That an `ImageField` holds an
    /// image is checked by Django; its size is not.
    pub(crate) const RULE = {
        code: "security/unvalidated-upload",
        summary: "uploaded file is taken as it comes",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Project,
        follows_values: true,
        security_severity: "4.3",
    }
}

/// A field of a model that takes files.
struct Upload<'p> {
    name: &'p str,
    place: Place<'p>,
    is_image: bool,
}

/// Words of code that looks at what was uploaded.
const CHECKS: [&str; 10] = [
    ".size",
    "content_type",
    "import magic",
    "filetype",
    "FileExtensionValidator",
    "Image.open",
    "splitext",
    "mimetypes",
    "validate_file",
    "validate_image",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let uploads = uploads(model);
    if uploads.is_empty() {
        return;
    }
    let mut takers = takers(model);
    takers.retain(|it| it.is_form || is_written(model, it));
    for (class, fields) in &uploads {
        let takers = takers.iter().filter(|it| it.model == *class);
        for field in fields {
            let mut takers = takers.clone().filter(|it| takes(it, field.name));
            let Some(taker) = takers.next() else { continue };
            if is_checked(model, field.name) {
                continue;
            }
            let name = field.name;
            let what = if field.is_image { "images of any size" } else { "files of any size and kind" };
            let message = format!("`{name}` takes {what}: nothing validates the upload");
            let finding = ctx.report(field.place.path, field.place.range, message);
            finding.label_in(taker.place.path, taker.place.range, "users upload through this");
            finding.help("give the field `validators` for size and extension");
        }
    }
}

/// Returns the fields of models that take files and have no validators.
fn uploads<'p>(model: &ProjectModel<'p>) -> BTreeMap<ClassRef<'p>, Vec<Upload<'p>>> {
    let mut found: BTreeMap<ClassRef<'p>, Vec<Upload<'p>>> = BTreeMap::new();
    for (file, facts, bodies) in modules(model, &["FileField", "ImageField"]) {
        let (path, text) = (&file.source.path, &*file.source.text);
        for (id, class) in (0..).map(ClassId).zip(&bodies.classes) {
            for (name, target, value) in bodies.assignments(class.block, text) {
                let Some((called, args)) = bodies.call(value, text) else { continue };
                let known = facts.names.canonical(called, bodies.span(value).start());
                let is_field = known.starts_with("django.db.models.")
                    && (known.ends_with(".FileField") || known.ends_with(".ImageField"));
                if is_field && bodies.keyword(args, "validators", text).is_none() {
                    let place = Place { path, range: bodies.span(target) };
                    let upload = Upload { name, place, is_image: known.ends_with("ImageField") };
                    found.entry(ClassRef { path, id }).or_default().push(upload);
                }
            }
        }
    }
    found
}

/// A serializer or a form that is made of a model.
struct Taker<'p> {
    name: &'p str,
    model: ClassRef<'p>,
    place: Place<'p>,
    text: &'p str,
    declared: Vec<&'p str>,
    is_form: bool,
    is_whole: bool,
    /// Whether its name says that it only shows rows.
    only_shows: bool,
}

/// Returns whether a view that answers writing methods names a serializer.
fn is_written(model: &ProjectModel<'_>, taker: &Taker<'_>) -> bool {
    model.rest().views.iter().any(|view| {
        let Some(file) = model.file(view.place.path).filter(|_| view.methods.intersects(Methods::UNSAFE)) else {
            return false;
        };
        let facts = file.facts.python();
        let range = match view.target {
            Target::Class(class) => facts.and_then(|it| it.class(class.id)).map(|it| it.range),
            Target::Function(function) => facts.and_then(|it| it.function(function.id)).map(|it| it.range),
        };
        range.is_some_and(|range| range.slice(&file.source.text).contains(taker.name))
    })
}

fn takers<'p>(model: &ProjectModel<'p>) -> Vec<Taker<'p>> {
    let mut found = Vec::new();
    for (file, facts, bodies) in modules(model, &["Meta"]) {
        let (path, text) = (&file.source.path, &*file.source.text);
        for (class, body) in facts.classes.iter().zip(&bodies.classes) {
            let is_taker = |base: &String| ["Serializer", "Form"].iter().any(|end| base.ends_with(end));
            let Some(meta) = meta(facts, bodies, body.block).filter(|_| class.bases.iter().any(is_taker)) else {
                continue;
            };
            let mut entries = bodies.assignments(meta, text);
            let Some((.., value)) = entries.find(|(name, ..)| *name == "model") else { continue };
            let Some(dotted) = bodies.dotted(value, text) else { continue };
            let Some(Symbol::Class(target)) = model.resolve(path, dotted, bodies.span(value).start()) else { continue };
            let own = class.range.slice(text);
            let shows = ["List", "Read", "Detail", "Public", "Summary", "Export"];
            found.push(Taker {
                name: &class.name,
                model: target,
                place: Place { path, range: class.name_range },
                text: own,
                declared: bodies.assignments(body.block, text).map(|(name, ..)| name).collect(),
                is_form: class.name.ends_with("Form"),
                is_whole: own.contains("__all__") || own.contains("exclude"),
                only_shows: shows.iter().any(|word| class.name.contains(word)),
            });
        }
    }
    found
}

/// Returns the block of the class `Meta` in the body of a class.
fn meta(facts: &PythonFacts, bodies: &Bodies, block: List) -> Option<List> {
    bodies.block(block).iter().find_map(|id| match bodies.stmt(*id) {
        Stmt::Class(inner) if facts.class(inner)?.name == "Meta" => Some(bodies.class(inner)?.block),
        _ => None,
    })
}

fn takes(taker: &Taker<'_>, field: &str) -> bool {
    let quoted = [format!("\"{field}\""), format!("'{field}'")];
    let mentions = |text: &str| quoted.iter().any(|it| text.contains(it));
    let is_shown = taker.text.find("read_only_fields").is_some_and(|at| {
        let rest = taker.text.get(at..).unwrap_or("");
        let list = rest.split_once([']', ')']).map_or(rest, |(list, _)| list);
        mentions(list) || list.contains("fields = fields") || list.trim_end().ends_with("fields")
    });
    let is_excluded = taker.is_whole && !taker.text.contains("__all__") && mentions(taker.text);
    // A list that holds the names by another name is not read.
    let checks = ["def validate(", "def clean(", "def to_internal_value("];
    !taker.only_shows
        && !is_shown
        && !is_excluded
        && !taker.declared.contains(&field)
        && (taker.is_whole || mentions(taker.text))
        && !checks.iter().any(|it| taker.text.contains(it))
}

/// Returns whether some code speaks of the field and looks at what is uploaded.
fn is_checked(model: &ProjectModel<'_>, field: &str) -> bool {
    let hooks = [format!("validate_{field}"), format!("clean_{field}")];
    let has_hook = hooks.iter().any(|it| model.files_with_word(it).next().is_some());
    let looks = |file: ProjectFile<'_>| {
        file.facts.python().is_some()
            && !file.source.roles.intersects(Roles::TEST | Roles::MIGRATION)
            && CHECKS.iter().any(|mark| file.source.text.contains(mark))
    };
    has_hook || model.files_with_word(field).any(looks)
}

/// Returns the modules of the product that hold one of some words, with their statements.
fn modules<'a, 'p: 'a>(
    model: &'a ProjectModel<'p>,
    words: &'a [&'a str],
) -> impl Iterator<Item = (ProjectFile<'p>, &'p PythonFacts, &'p Bodies)> + 'a {
    let skipped = Roles::TEST | Roles::MIGRATION | Roles::VENDORED | Roles::SEEDER;
    let all = model.python_files().filter(move |(file, _)| {
        !file.source.roles.intersects(skipped) && words.iter().any(|word| file.facts.words.may_contain(word))
    });
    all.filter_map(|(file, facts)| Some((file, facts, facts.bodies.as_deref()?)))
}
