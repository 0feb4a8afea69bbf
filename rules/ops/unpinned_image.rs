//! See [`RULE`].

use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::deployment::image::{ImageName, ImageUse, Namer, parts};
use arrears_model::deployment::mention::is_own;
use arrears_model::deployment::purpose::Purpose;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds images of others without a fixed version: `latest`, or no tag at all.
    ///
    /// The build that worked on Friday gets another image on Monday, without a commit that says so. Two hosts run two
    /// versions under one name, and there is nothing to go back to.
    ///
    /// ```dockerfile bad path=Dockerfile
    /// FROM python:3.13-slim
    /// COPY --from=ghcr.io/astral-sh/uv:latest /uv /usr/local/bin/uv
    /// RUN uv sync --frozen
    /// USER app
    /// CMD ["gunicorn", "shop.asgi"]
    /// ```
    /// ```dockerfile good path=Dockerfile
    /// FROM python:3.13-slim
    /// COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/uv
    /// RUN uv sync --frozen
    /// USER app
    /// CMD ["gunicorn", "shop.asgi"]
    /// ```
    ///
    /// Looked at are `FROM`, `COPY --from`, services of compose files, containers of Kubernetes and values of charts. Not
    /// flagged: stages of the same file, digests, names that a variable decides, what the repository builds itself, tags
    /// that a kustomization sets. In files for development it is a note; tests, examples and documents are passed over.
    /// hadolint (DL3006, DL3007) says the same of `FROM`, not of `COPY --from`.
    pub(crate) const RULE = {
        code: "ops/unpinned-image",
        summary: "image without a fixed version",
        check: Check::Project { run: check },
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let images = &model.deployment().images;
    let floating = images.iter().filter(|it| {
        parts(&it.name).is_some_and(ImageName::floats) && !matches!(it.purpose, Purpose::Example | Purpose::Test)
    });
    let mut by_file: BTreeMap<(&str, &str), Vec<&ImageUse<'_>>> = BTreeMap::new();
    for image in floating.filter(|it| !is_built_here(model, it)) {
        by_file.entry((image.place.path.as_str(), image.name.as_str())).or_default().push(image);
    }
    for uses in by_file.values() {
        let [first, others @ ..] = uses.as_slice() else { continue };
        let Some(name) = parts(&first.name) else { continue };
        let message = match name.tag {
            Some(_) => format!("`{}` is another image with every release", first.name),
            None => format!("`{}` has no tag: it is another image with every release", first.name),
        };
        let finding = ctx.report(first.place.path, first.place.range, message);
        finding.help(format!("name the version that was tested: `{}:<version>`", name.repository));
        if !uses.iter().any(|it| it.purpose.may_be_production()) {
            finding.severity(Severity::Info);
        }
        for other in others.iter().take(4) {
            finding.label_once(other.place, "here too");
        }
    }
}

/// What a cluster runs of one's own is as hard to go back to as what others build; compose files build it.
fn is_built_here(model: &ProjectModel<'_>, image: &ImageUse<'_>) -> bool {
    match image.by {
        Namer::Dockerfile => is_own(model, &image.name),
        Namer::Compose { is_built } => is_built || is_own(model, &image.name),
        Namer::Kubernetes | Namer::Values | Namer::Platform => {
            let is_set = |word: &str| {
                model
                    .files()
                    .any(|file| file.source.text.contains(word) && file.source.path.as_str().starts_with(".git"))
            };
            is_own(model, &image.name)
                && (is_set("set image") || is_set("newTag") || is_set("--set") || is_set("sed -i"))
        }
    }
}
