//! No output shows a secret of the project, through the binary.

use arrears_tests::run::{Project, Run};

/// The secrets of the project, each in the middle of what findings show.
const SECRETS: [&str; 8] = [
    "hunter2-settings",
    "hunter2-fallback",
    "hunter2-dsn",
    "hunter2-env",
    "hunter2-compose",
    "hunter2-manifest",
    "aHVudGVyMg",
    "MIIEhunter2",
];

const SETTINGS: &str = "\
import logging
import os
try:
    SECRET_KEY = 'hunter2-settings'; DEBUG = True
except:
    DATABASE = 'postgres://shop:hunter2-dsn@db:5432/shop'
logger = logging.getLogger(__name__)
try:
    API_TOKEN = os.environ.get('API_TOKEN', 'hunter2-fallback')
except ValueError as error:
    logger.error('no settings: %s', error)
    PRIVATE = '''-----BEGIN PRIVATE KEY-----
MIIEhunter2
-----END PRIVATE KEY-----'''
";

const COMPOSE: &str = "\
services:
  db:
    image: postgres
    environment:
      POSTGRES_PASSWORD: hunter2-compose
";

const MANIFEST: &str = "\
apiVersion: v1
kind: Secret
metadata:
  name: shop
data:
  dsn: aHVudGVyMg==
stringData:
  other: hunter2-manifest
";

fn project() -> Project {
    let project = Project::empty();
    project.write("shop/settings.py", SETTINGS);
    project.write(".env", "SECRET_KEY=hunter2-env\nDEBUG=1\n");
    project.write("docker-compose.yml", COMPOSE);
    project.write("k8s/secret.yaml", MANIFEST);
    project.write("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n");
    project.git();
    project.add();
    project
}

fn shows_none(run: Run) -> Run {
    for secret in SECRETS {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "`{secret}` is shown:\n{run}");
    }
    run
}

#[test]
fn no_format_shows_a_secret() {
    let project = project();
    for format in ["pretty", "concise", "json", "sarif", "github"] {
        let run = project.run(&["check", "--preset", "all", "--output-format", format]);
        shows_none(run).exits(1);
    }
}

#[test]
fn frames_show_that_something_is_hidden() {
    let run = project().run(&["check", "--select", "errors/bare-except", "--output-format", "pretty"]);
    shows_none(run).said("SECRET_KEY = '****************'").said("'postgres://shop:***********@db:5432/shop'");
}

#[test]
fn a_diff_leaves_lines_with_secrets_out_and_stays_applicable() {
    let project = project();
    let run = shows_none(project.run(&["check", "--select", "errors/log-without-traceback", "--diff"]));
    run.said("+    logger.exception(");
    project.write("change.diff", &run.stdout);
    project.apply("change.diff");
    assert!(project.read("shop/settings.py").contains("logger.exception("));
}

#[test]
fn a_changed_line_with_a_secret_is_hidden_and_said_to_be() {
    let project = Project::empty();
    let line = "    logger.error('%s', error, extra={'password': 'hunter2-env'})";
    let text = "import logging\nlogger = logging.getLogger(__name__)\ntry:\n    a()\nexcept ValueError as error:\n";
    project.write("shop/views.py", &format!("{text}{line}\n"));
    let run = shows_none(project.run(&["check", "--select", "errors/log-without-traceback", "--diff"]));
    run.complained("2 lines of this diff would show secrets");
}

#[test]
fn findings_in_files_that_are_not_read_are_told_in_every_format() {
    let project = Project::empty();
    project.write("manage.py", "import os\n");
    project.write_bytes("db.sqlite3", b"\0\x01");
    project.git();
    project.add();
    for format in ["pretty", "concise", "json", "sarif", "github"] {
        let select = ["check", "--select", "ops/committed-artifact", "--output-format", format];
        project.run(&select).exits(1).said("db.sqlite3").said("that the program writes");
    }
    project.run(&["check", "--select", "ops/committed-artifact", "--fix"]).exits(1);
    project.run(&["check", "--select", "ops/committed-artifact", "manage.py"]).exits(0);
    project.write("arrears.toml", "[[overrides]]\nfiles = ['*.sqlite3']\nignore = ['ops/committed-artifact']\n");
    project.run(&["check", "--select", "ops/committed-artifact"]).exits(0);
}
