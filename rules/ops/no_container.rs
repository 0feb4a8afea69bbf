//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::deployment::purpose::of_path;
use arrears_model::project::ProjectModel;
use arrears_model::settings::Environment;

rule! {
    /// Finds Django projects that nothing in the repository says how to run.
    ///
    /// The server is what somebody once installed by hand. A new machine, a new colleague and the day after a failed disk
    /// all begin with finding out again which Python, which packages and which processes there are.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin", "shop"]
    /// ROOT_URLCONF = "shop.urls"
    /// WSGI_APPLICATION = "shop.wsgi.application"
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin", "shop"]
    /// ROOT_URLCONF = "shop.urls"
    /// WSGI_APPLICATION = "shop.wsgi.application"
    /// ```
    /// ```dockerfile good path=Dockerfile
    /// FROM python:3.13-slim
    /// USER shop
    /// CMD ["gunicorn", "shop.wsgi"]
    /// ```
    ///
    /// Looked for are Dockerfiles, compose files, manifests, charts, Procfiles, descriptions for platforms, units of systemd,
    /// Ansible, Terraform and their like, anywhere in the repository: one of them is enough. Not flagged: packages that
    /// others install, projects in folders of tests and examples.
    pub(crate) const RULE = {
        code: "ops/no-container",
        summary: "nothing says how the server is run",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    if !model.deployment().is_empty() || model.inventory().files().any(is_description) || is_package(model) {
        return;
    }
    let settings = model.settings();
    for root in settings.roots() {
        let path = RelPath::new(&if root.is_empty() { "manage.py".to_owned() } else { format!("{root}/manage.py") });
        let serves = settings.production(root).iter().any(|it| {
            it.environment != Environment::Test
                && (it.get("WSGI_APPLICATION").is_some() || it.get("ASGI_APPLICATION").is_some())
        });
        let Some(file) = model.file(&path).filter(|_| serves && of_path(&path).may_be_production()) else { continue };
        let text = &file.source.text;
        let start = text.lines().position(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or(0);
        let range = file.source.lines.line_range(u32::try_from(start).unwrap_or(0));
        let length = u32::try_from(range.slice(text).trim_end().len()).unwrap_or(0);
        let range = TextRange::new(range.start(), range.start() + length);
        let finding = ctx.report(&path, range, "nothing in the repository says how this server is run");
        finding.help(
            "write a Dockerfile (looked for: Dockerfile, compose, Kubernetes, Procfile, descriptions for platforms, systemd, \
             Ansible, Terraform)",
        );
    }
}

/// Returns whether a file says by its name how something is run, also one that is not read.
fn is_description(path: &RelPath) -> bool {
    const NAMES: [&str; 14] = [
        "vagrantfile",
        "procfile",
        "containerfile",
        "heroku.yml",
        "app.yaml",
        "fly.toml",
        "render.yaml",
        "netlify.toml",
        "nixpacks.toml",
        "buildspec.yml",
        "wsgi.ini",
        "uwsgi.ini",
        "zappa_settings.json",
        "runtime.txt",
    ];
    let name = path.file_name().to_ascii_lowercase();
    name.contains("dockerfile")
        || name.contains("compose") && matches!(path.extension(), "yml" | "yaml" | "j2")
        || NAMES.contains(&name.as_str())
        || name.ends_with(".service")
        || name.starts_with("gunicorn") && name.ends_with(".conf")
        || path.folders().any(|folder| matches!(folder, ".devcontainer" | ".platform" | ".elasticbeanstalk" | "deploy"))
}

/// Returns whether the repository is a package that others install.
fn is_package(model: &ProjectModel<'_>) -> bool {
    let has_setup = ["setup.py", "setup.cfg"].iter().any(|name| model.inventory().has_file(name));
    let says_so =
        |file: &str| model.file(&RelPath::new(file)).is_some_and(|it| it.source.text.contains("Framework :: Django"));
    has_setup && (says_so("setup.py") || says_so("setup.cfg")) || says_so("pyproject.toml")
}
