//! What repositories run.

use arrears_core::source::{Language, RelPath, SourceFile};

use super::Deployment;
use super::process::Job;
use crate::extract::document;
use crate::facts::Facts;
use crate::project::{ProjectFile, ProjectModel};
use crate::role::roles;

fn with<T>(files: &[(&str, &str)], ask: impl FnOnce(&Deployment<'_>) -> T) -> T {
    let read = |(path, text): &(&str, &str)| {
        let path = RelPath::new(path);
        let language = Language::of(&path).unwrap_or(Language::Text);
        let roles = roles(&path, text, language);
        let source = SourceFile::new(path, *text, language, roles);
        let facts = document(&source);
        (source, facts)
    };
    let files: Vec<(SourceFile, Facts)> = files.iter().map(read).collect();
    ask(ProjectModel::join(files.iter().map(|(source, facts)| ProjectFile { source, facts })).deployment())
}

/// Returns what is run, a line for each service: its purpose, its name and its programs.
fn shown(files: &[(&str, &str)]) -> Vec<String> {
    with(files, |deployment| {
        let line = |it: &super::Service<'_>| {
            let programs: Vec<String> = it.runs.processes.iter().map(|it| it.words.join(" ")).collect();
            format!("{:?} {}: {}", it.purpose, it.name, programs.join(" & "))
        };
        deployment.services.iter().map(line).collect()
    })
}

#[test]
fn an_entrypoint_is_followed_through_scripts_to_what_it_is_given() {
    let found = shown(&[
        (
            "compose/production/Dockerfile",
            "FROM python:3\nCOPY ./compose/production/entrypoint /entrypoint\nCOPY ./compose/production/start /start\n\
             ENTRYPOINT [\"/entrypoint\"]\nCMD [\"/start\"]\n",
        ),
        ("compose/production/entrypoint", "#!/bin/sh\nset -e\nexec \"$@\"\n"),
        ("compose/production/start", "#!/bin/bash\npython manage.py migrate\nexec uv run gunicorn shop.wsgi\n"),
    ]);
    assert_eq!(found, ["Production compose/production/Dockerfile: manage.py migrate & gunicorn shop.wsgi"]);
}

#[test]
fn scripts_of_packages_are_followed() {
    let found = shown(&[
        ("web/Dockerfile", "FROM node:24\nCMD npm run serve -- --port 80\n"),
        ("web/package.json", "{\"scripts\": {\"serve\": \"cross-env A=1 vite dev\"}}"),
    ]);
    assert_eq!(found, ["Common web/Dockerfile: vite dev --port 80"]);
}

#[test]
fn services_take_what_they_extend_and_what_lies_below_them() {
    let found = shown(&[
        ("docker-compose.yml", "services:\n  web:\n    build: .\n    command: gunicorn shop.wsgi\n"),
        (
            "docker-compose.prod.yml",
            "x-base: &base\n  image: shop:1\nservices:\n  web:\n    restart: always\n  worker:\n    <<: *base\n    \
             command: [celery, -A, shop, worker]\n  beat:\n    extends: worker\n    command: celery -A shop beat\n",
        ),
    ]);
    let expected = [
        "Production web: gunicorn shop.wsgi",
        "Production worker: celery -A shop worker",
        "Production beat: celery -A shop beat",
        "Common web: gunicorn shop.wsgi",
    ];
    assert_eq!(found, expected);
}

#[test]
fn mounted_sources_make_a_file_a_developers() {
    let found = shown(&[
        (
            "docker-compose.yml",
            "services:\n  web:\n    build: .\n    volumes: ['.:/app']\n  db:\n    image: postgres:17\n",
        ),
        ("shop/views.py", ""),
    ]);
    assert!(found.iter().all(|it| it.starts_with("Development")), "{found:?}");
}

#[test]
fn hosts_clusters_and_platforms_run_things_too() {
    let found = shown(&[
        ("Procfile", "web: gunicorn shop.wsgi\n"),
        ("deploy.conf", "[program:worker]\ncommand=/venv/bin/celery -A shop worker\n"),
        ("shop.service", "[Service]\nExecStart=/venv/bin/python -m daphne shop.asgi\n"),
        ("render.yaml", "services:\n  - name: api\n    startCommand: uvicorn shop.asgi\n"),
        (
            "k8s/cron.yaml",
            "apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          \
             containers:\n            - name: clean\n              command: [python, manage.py, clearsessions]\n",
        ),
    ]);
    let expected = [
        "Production clean: manage.py clearsessions",
        "Production worker: /venv/bin/celery -A shop worker",
        "Common web: gunicorn shop.wsgi",
        "Common shop: daphne shop.asgi",
        "Production api: uvicorn shop.asgi",
    ];
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    assert_eq!(sorted(found), sorted(expected.map(str::to_owned).to_vec()));
}

#[test]
fn jobs_are_told_by_program_and_arguments() {
    let job = |command: &str| {
        let line = format!("web: {command}\n");
        with(&[("Procfile", &line)], |it| it.services.first().and_then(|it| it.runs.jobs().last()))
    };
    let wsgi = |target: &str| Some(Job::Wsgi(Some(target.to_owned())));
    assert_eq!(job("exec gunicorn -b 0:80 shop.wsgi:application"), wsgi("shop.wsgi:application"));
    assert_eq!(job("gunicorn shop.asgi -k uvicorn.workers.UvicornWorker"), Some(Job::Asgi));
    assert_eq!(job("newrelic-admin run-program uwsgi --module=shop.wsgi"), wsgi("shop.wsgi"));
    assert_eq!(job("celery -A shop worker -B"), Some(Job::Celery { is_worker: true, is_beat: true }));
    assert_eq!(job("python3 ./manage.py runserver 0:80"), Some(Job::Development("manage.py runserver".to_owned())));
    assert_eq!(job("vite build"), Some(Job::Other));
}

#[test]
fn hostile_descriptions_end() {
    let cycle = "services:\n  a:\n    extends: b\n  b:\n    extends: {file: other.yml, service: c}\n";
    let other = "services:\n  c:\n    extends: {file: docker-compose.yml, service: a}\n    command: sh /a.sh\n";
    let script = "#!/bin/sh\nsh a.sh \"$@\"\nsh a.sh\n./a.sh\nexec \"$@\"\n".repeat(200);
    let stages = "FROM a AS b\nFROM b AS a\n".repeat(2_000);
    let lines = format!("FROM x\nCMD {} [\n", "sh -c '".repeat(20_000));
    let packages = "{\"scripts\": {\"a\": \"npm run b && npm run b\", \"b\": \"npm run a && yarn a\"}}";
    let found = shown(&[
        ("docker-compose.yml", cycle),
        ("other.yml", other),
        ("a.sh", &script),
        ("Dockerfile", &stages),
        ("b.Dockerfile", &lines),
        ("package.json", packages),
        ("Procfile", "web: npm run a\nworker: sh a.sh a.sh a.sh\n"),
    ]);
    assert!(found.len() >= 4);
}
