//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Language;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::deployment::image::parts;
use arrears_model::deployment::mention::mention;
use arrears_model::deployment::purpose::Purpose;
use arrears_model::deployment::{Kind, Service};
use arrears_model::project::ProjectModel;

rule! {
    /// Finds databases in production that nothing in the repository backs up.
    ///
    /// The volume of a container is one disk on one host. A wrong `migrate`, a full disk or `docker volume prune` takes all
    /// orders there are.
    ///
    /// ```yaml bad path=docker-compose.prod.yml
    /// services:
    ///   db:
    ///     image: postgres:17
    ///     volumes: ["pgdata:/var/lib/postgresql/data"]
    /// ```
    /// ```yaml good path=docker-compose.prod.yml
    /// services:
    ///   db:
    ///     image: postgres:17
    ///     volumes: ["pgdata:/var/lib/postgresql/data"]
    ///   backup:
    ///     image: postgres:17
    ///     command: sh -c "while true; do pg_dump -h db shop | gzip > /backups/shop.sql.gz; sleep 86400; done"
    /// ```
    ///
    /// Judged are databases with a volume in compose files that are named for production, and in Kubernetes. Any mention of a
    /// backup in configuration, scripts or code is enough to be silent.
    pub(crate) const RULE = {
        code: "ops/no-backup",
        summary: "nothing backs the database up",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
    }
}

/// Words of whatever backs up.
const SIGNS: [&str; 20] = [
    "backup",
    "backups",
    "Backup",
    "BACKUP",
    "pg_dump",
    "pg_dumpall",
    "pg_basebackup",
    "mysqldump",
    "mongodump",
    "dbbackup",
    "restic",
    "borg",
    "borgmatic",
    "velero",
    "barman",
    "pgbackrest",
    "walg",
    "databack",
    "dbdump",
    "ScheduledBackup",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let is_in_code = |word: &&str| model.files_with_word(word).any(|file| file.source.language == Language::Python);
    if mention(model, &SIGNS).is_some() || SIGNS.iter().any(is_in_code) {
        return;
    }
    for service in model.deployment().services.iter().filter(|it| it.purpose == Purpose::Production && keeps(it)) {
        let Some(store) = service.image.as_deref().and_then(parts).and_then(|it| it.offers()) else { continue };
        let message =
            format!("`{}` keeps the data of production, and nothing in the repository backs it up", service.name);
        let finding = ctx.report(service.place.path, service.place.range, message);
        finding.help(format!("run a job that dumps {} to another place, and try a restore", store.name()));
    }
}

/// Returns whether a service is a database that keeps its data itself.
fn keeps(service: &Service<'_>) -> bool {
    let is_database =
        service.image.as_deref().and_then(parts).and_then(|it| it.offers()).is_some_and(|it| it.is_database());
    is_database && (service.kind == Kind::Compose && !service.volumes.is_empty() || service.kind == Kind::Kubernetes)
}
