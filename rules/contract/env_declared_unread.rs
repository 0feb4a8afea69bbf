//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::{Language, RelPath};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::environment::{Declared, EnvFile, Reader, Source, is_of_system};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds variables in `.env` files that nothing reads.
    ///
    /// Somebody asks around for a key, rotates it, keeps it secret, and no line of code has looked at it since the
    /// feature went away. Or the code reads another spelling, and the value has never had an effect.
    ///
    /// ```python bad path=config/settings.py
    /// import os
    ///
    /// MAIL_HOST = os.environ["MAIL_HOST"]
    /// ```
    /// ```env bad path=.env.example
    /// MAIL_HOST=localhost
    /// SMS_GATEWAY=
    /// ```
    /// ```python good path=config/settings.py
    /// import os
    ///
    /// MAIL_HOST = os.environ["MAIL_HOST"]
    /// ```
    /// ```env good path=.env.example
    /// MAIL_HOST=localhost
    /// ```
    ///
    /// A variable counts as read where any code, script, compose file, workflow or template of the repository names it.
    /// Not flagged: lines that are comments, what servers, databases and libraries read by themselves (`POSTGRES_…`,
    /// `AWS_…`, `DJANGO_…`), files for tests. Silent where names are put together (`os.environ[f"{prefix}_KEY"]`), or where the repository
    /// holds code in other languages.
    pub(crate) const RULE = {
        code: "contract/env-declared-unread",
        summary: "variable in a `.env` file is read by nothing",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        follows_values: true,
    }
}

/// Beginnings of what programs and libraries read without being told.
const KNOWN: [&str; 76] = [
    "AWS_",
    "POSTGRES",
    "PG",
    "MYSQL",
    "MARIADB",
    "REDIS",
    "RABBITMQ",
    "MONGO",
    "DATABASE_",
    "DB_",
    "DJANGO",
    "PYTHON",
    "NODE_",
    "NPM_",
    "SENTRY",
    "PORT",
    "HOST",
    "COMPOSE",
    "DOCKER",
    "GUNICORN",
    "WEB_CONCURRENCY",
    "UVICORN",
    "HYPERCORN",
    "DAPHNE",
    "UWSGI",
    "CELERY",
    "C_FORCE",
    "FLOWER",
    "PIP_",
    "POETRY",
    "UV_",
    "NEXT_",
    "GOOGLE",
    "GCP",
    "GCLOUD",
    "FIREBASE",
    "AZURE",
    "OPENAI",
    "ANTHROPIC",
    "GROQ",
    "STRIPE",
    "TWILIO",
    "SENDGRID",
    "LANGCHAIN",
    "LANGSMITH",
    "HF_",
    "HUGGING",
    "OTEL",
    "DD_",
    "NEW_RELIC",
    "CLOUDINARY",
    "MINIO",
    "S3_",
    "ELASTIC",
    "KIBANA",
    "GRAFANA",
    "PROMETHEUS",
    "NGINX",
    "CADDY",
    "TRAEFIK",
    "LETSENCRYPT",
    "VIRTUAL_HOST",
    "SUPABASE",
    "EXPO_",
    "EAS_",
    "REACT_NATIVE",
    "CHOKIDAR",
    "FAST_REFRESH",
    "GENERATE_SOURCEMAP",
    "BROWSER",
    "TURBO",
    "NX_",
    "VERCEL",
    "LOG_LEVEL",
    "TZ",
    "PGADMIN",
];
/// Code that is not read here.
const OTHER_CODE: [&str; 19] = [
    "go", "rb", "java", "kt", "rs", "php", "vue", "svelte", "lua", "cs", "ex", "exs", "swift", "ps1", "fish", "astro",
    "scala", "pl", "j2",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let environment = model.environment();
    let may_read = |path: &RelPath| {
        let is_unread = || model.file(path).is_none();
        OTHER_CODE.contains(&path.extension()) || path.file_name().starts_with("Caddyfile") && is_unread()
    };
    if model.inventory().files().any(may_read) {
        return;
    }
    let is_computed = |reader: Reader| environment.dynamic().iter().any(|it| it.is_composed && it.reader == reader);
    let (server, scripts) = (is_computed(Reader::Server), is_computed(Reader::Node) || is_computed(Reader::Bundle));
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for declared in environment.declared().iter().filter(|it| is_stated(it)) {
        let name = declared.name.as_str();
        let is_public = name.starts_with("VITE_") || name.contains("_PUBLIC_") || name.starts_with("REACT_APP_");
        let is_open = if is_public { scripts } else { server || scripts };
        if is_open || is_of_system(name) || KNOWN.iter().any(|start| name.starts_with(start)) || is_read(model, name) {
            continue;
        }
        if !told.insert(name) {
            continue;
        }
        let finding =
            ctx.report(declared.place.path, declared.place.range, format!("nothing in the repository reads `{name}`"));
        finding.help("take it away, or read it where it was meant to have an effect");
        let same = environment.declared().iter().filter(|it| it.name == name && it.place != declared.place);
        for other in same.take(3) {
            finding.label_in(other.place.path, other.place.range, "declared here too");
        }
    }
}

fn is_stated(declared: &Declared<'_>) -> bool {
    let is_file = matches!(declared.source, Source::File(EnvFile::Example | EnvFile::Development | EnvFile::Real));
    is_file && !declared.is_comment
}

/// Returns whether a file names a variable that is no `.env` file and no document: as it is, in small letters, or without
/// the prefix that settings classes add.
fn is_read(model: &ProjectModel<'_>, name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let without_prefix = name.split_once('_').map(|(_, rest)| rest).filter(|rest| rest.len() > 3);
    let lower_rest = without_prefix.map(str::to_ascii_lowercase);
    let has_prefixes = || {
        model.files_with_word("env_prefix").next().is_some() || model.files_with_word("Configuration").next().is_some()
    };
    let is_in = |word: &str| {
        model.files_with_word(word).any(|file| {
            let is_env = file.facts.document().is_some_and(|it| it.env().is_some());
            !is_env && file.source.language != Language::Markdown
        })
    };
    is_in(name)
        || is_in(&lower)
        || (without_prefix.is_some_and(is_in) || lower_rest.as_deref().is_some_and(is_in)) && has_prefixes()
}
