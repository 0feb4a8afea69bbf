//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::settings::SettingsModule;
use arrears_model::settings::deployed::deployment;
use arrears_model::settings::outcome::Outcome;

rule! {
    /// Finds production settings that keep uploads on the disk of the container.
    ///
    /// The next deployment starts a new container, and what users uploaded is gone; with two containers, every second request
    /// does not find the file.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// MEDIA_ROOT = "media"
    /// ```
    /// ```dockerfile bad path=Dockerfile
    /// FROM python:3.13-slim
    /// ```
    /// ```python bad path=shop/models.py
    /// from django.db import models
    ///
    /// class Product(models.Model):
    ///     photo = models.ImageField()
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// STORAGES = {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}
    /// ```
    /// ```dockerfile good path=Dockerfile
    /// FROM python:3.13-slim
    /// ```
    /// ```python good path=shop/models.py
    /// from django.db import models
    ///
    /// class Product(models.Model):
    ///     photo = models.ImageField()
    /// ```
    ///
    /// Said once for each Django project, at `MEDIA_ROOT`. Not flagged without files in the models, without a container or a
    /// platform that starts one, where a volume for media is mounted, where a variable says where the files go, and where the
    /// fields bring their own storage.
    pub(crate) const RULE = {
        code: "settings/local-media-in-production",
        summary: "uploads go to the container's disk",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    let is_contained = std::cell::OnceCell::new();
    for module in model.settings().served(model) {
        if !stores_locally(module) || is_elsewhere(model, module) || !seen.insert(module.root) {
            continue;
        }
        let Some((owner, field)) = upload(model, module) else { continue };
        if !*is_contained.get_or_init(|| loses_files(model)) {
            continue;
        }
        let root = module.get("MEDIA_ROOT").and_then(|it| it.chain.last().copied());
        let place = root.unwrap_or(field);
        ctx.report(
            place.path,
            place.range,
            format!("uploads such as `{owner}` go to the container's disk, and go with it"),
        )
        .label_origin(module, place)
        .label_once(field, "uploaded here")
        .help("use django-storages with S3 or the like in the production settings, or mount a volume at `MEDIA_ROOT`");
    }
}

/// Returns whether files certainly go to the disk.
fn stores_locally(module: &SettingsModule<'_>) -> bool {
    let is_disk =
        |it: &Outcome<'_, '_>| !it.is_fallback() && it.text().is_some_and(|text| text.ends_with("FileSystemStorage"));
    let old = module.lacks("DEFAULT_FILE_STORAGE") || module.certain("DEFAULT_FILE_STORAGE", is_disk).is_some();
    if module.lacks("STORAGES") {
        return old;
    }
    let storages = module.outcomes("STORAGES");
    let backends: Vec<_> = storages.iter().flat_map(|it| it.get("default")).flat_map(|it| it.get("BACKEND")).collect();
    !backends.is_empty() && backends.len() >= storages.len() && backends.iter().all(is_disk)
}

/// Returns whether files go to a folder outside the program's own, or to one that the environment names.
fn is_elsewhere(model: &ProjectModel<'_>, module: &SettingsModule<'_>) -> bool {
    let Some(root) = module.get("MEDIA_ROOT") else { return false };
    let outcomes = root.outcomes();
    if outcomes.iter().any(|it| it.is_fallback() || it.text().is_some_and(|text| text.starts_with('/'))) {
        return true;
    }
    let said = |place: Place<'_>| model.file(place.path).map_or("", |file| place.range.slice(&file.source.text));
    let reads = |text: &str| text.contains("env") || text.contains("config(");
    outcomes.iter().any(|outcome| {
        let text = said(outcome.value.place);
        let names = text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
        reads(text) || names.filter_map(|name| module.get(name)).any(|it| reads(said(it.place)))
    })
}

/// Returns a field of the project that takes files and brings no storage: its name and where it stands.
fn upload<'p>(model: &ProjectModel<'p>, module: &SettingsModule<'p>) -> Option<(String, Place<'p>)> {
    model.models().all().find_map(|(id, owner)| {
        model.models().fields(id).find_map(|field| {
            let (path, range) = field.place?;
            let file = model.file(path)?;
            let line = file.source.text.get(range.start() as usize..)?;
            let call = line.get(..line.find("\n\n").unwrap_or(line.len()).min(400)).unwrap_or(line);
            let is_file = matches!(field.column.as_str(), "FileField" | "ImageField");
            let is_own = model.settings().root_of(path) == Some(module.root)
                && !file.source.roles.intersects(Roles::TEST | Roles::VENDORED | Roles::MIGRATION);
            (is_file && is_own && !call.contains("storage="))
                .then(|| (format!("{}.{}", owner.name, field.name), Place { path, range }))
        })
    })
}

/// Returns whether a container or a platform serves that keeps no files.
fn loses_files(model: &ProjectModel<'_>) -> bool {
    let described: Vec<_> = model.files().filter(|file| deployment(file.source).is_some()).collect();
    let is_container = |name: &str| {
        let lower = name.to_ascii_lowercase();
        lower.contains("dockerfile") || lower.contains("procfile") || lower.contains("compose")
    };
    let keeps = |text: &str| {
        text.lines().map(str::trim).any(|line| {
            !line.starts_with('#')
                && line.to_ascii_lowercase().contains("media")
                && (line.contains(':') || line.contains("VOLUME"))
        })
    };
    described.iter().any(|file| is_container(file.source.path.file_name()))
        && !described.iter().any(|file| keeps(&file.source.text))
}
