//! The command line, through the binary: what it reports, what it changes, how it ends.

use arrears_tests::run::{BROKEN, Project, Run};

/// Two findings with an unsafe fix, one with a safe one.
const FIXABLE: &str = "\
import logging

logger = logging.getLogger(__name__)

try:
    send()
except:
    total = 0

try:
    send()
except ValueError as error:
    logger.error(\"not sent: %s\", error)
";

#[test]
fn a_clean_run_exits_with_0_and_says_what_it_looked_at() {
    let project = Project::empty();
    project.write("shop/prices.py", "total = 1\n");
    project.check(&[]).exits(0).said("1 file, ").said(": nothing in arrears");
}

#[test]
fn findings_exit_with_1() {
    Project::with_a_finding().check(&[]).exits(1);
}

#[test]
fn fail_on_sets_the_least_severity_that_fails() {
    let project = Project::empty();
    project.write("shop/views.py", "def f():\n    raise Exception('no')\n");
    let select = ["--select", "errors/raise-vanilla-exception", "--fail-on"];
    for (level, code) in [("error", 0), ("warning", 0), ("info", 1), ("never", 0)] {
        project.check(&[&select[..], &[level]].concat()).exits(code).found("shop/views.py:2:");
    }
}

#[test]
fn nothing_to_check_exits_with_2() {
    let project = Project::empty();
    project.write("docs/README.md", "# Shop\n");
    project.write("shop/views.py", "total = 1\n");
    project.check(&["docs"]).exits(2).complained("nothing to check: no Python, TypeScript or JavaScript");
}

#[test]
fn nothing_to_check_is_no_failure_for_a_hook() {
    let project = Project::with_a_finding();
    project.write("arrears.toml", "exclude = ['shop/']\n");
    project.write("web/App.tsx", "export default 1;\n");
    project.check(&["--force-exclude", "shop/views.py"]).exits(0);
}

#[test]
fn paths_select_what_is_reported_and_the_index_covers_the_project() {
    let project = Project::empty();
    project.write("manage.py", "import os\n");
    project.write("shop/log.py", "def record(error):\n    raise RuntimeError from error\n");
    let handler = "from shop.log import record\n\ntry:\n    send()\nexcept Exception as error:\n    record(error)\n";
    project.write("shop/views.py", handler);
    project.write("shop/other.py", BROKEN);
    // `record` is read although only `views.py` is named, so that the handler counts as handled.
    project.check(&["shop/views.py"]).exits(0).said("1 file reported, 4 indexed");
    project.check(&["shop/other.py"]).exits(1).found("shop/other.py:3:1").said("1 file reported, 4 indexed");
}

#[test]
fn paths_are_shown_as_they_are_seen_from_the_current_folder() {
    let project = Project::with_a_finding();
    project.git();
    let mut command = arrears_tests::binary::command(&project.path("shop"));
    Run::of(command.args(["check", "--output-format", "concise"])).exits(1).found("views.py:3:1");
}

#[test]
fn a_file_on_standard_input_is_reported_alone() {
    let project = Project::with_a_finding();
    project.write("shop/other.py", BROKEN);
    let arguments = ["check", "--output-format", "concise", "--stdin-filename", "shop/views.py"];
    project.run_with_input(&arguments, "total = 1\n").exits(0).said("nothing in arrears");
    let run = project.run_with_input(&arguments, &format!("\n{BROKEN}"));
    run.exits(1).found("shop/views.py:4:1").found_nothing_in("other");
}

#[test]
fn a_file_on_standard_input_need_not_exist() {
    let project = Project::with_a_finding();
    let arguments = ["check", "--output-format", "concise", "--stdin-filename", "shop/new.py"];
    project.run_with_input(&arguments, BROKEN).exits(1).found("shop/new.py:3:1");
}

#[test]
fn fix_applies_safe_fixes_only() {
    let project = Project::empty();
    project.write("shop/views.py", FIXABLE);
    project.check(&["--preset", "all", "--fix"]).exits(1).complained("1 fix changed 1 file");
    assert_eq!(project.read("shop/views.py"), FIXABLE.replace("logger.error", "logger.exception"));
}

#[test]
fn unsafe_fixes_are_applied_when_asked_for() {
    let project = Project::empty();
    project.write("shop/views.py", FIXABLE);
    project.check(&["--select", "errors/bare-except", "--unsafe-fixes"]).exits(0);
    assert_eq!(project.read("shop/views.py"), FIXABLE.replace("except:", "except Exception:"));
}

#[test]
fn a_fix_keeps_carriage_returns_and_the_byte_order_mark() {
    let project = Project::empty();
    let text = format!("\u{feff}{}", BROKEN.replace('\n', "\r\n"));
    project.write("shop/views.py", &text);
    project.check(&["--select", "errors/bare-except", "--unsafe-fixes"]).exits(0);
    assert_eq!(project.read("shop/views.py"), text.replace("except:", "except Exception:"));
}

#[cfg(unix)]
#[test]
fn a_fix_keeps_the_permissions_and_leaves_no_file_behind() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with_a_finding();
    let path = project.path("shop/views.py");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    project.check(&["--select", "errors/bare-except", "--unsafe-fixes"]).exits(0);
    let mode = std::fs::metadata(&path).expect("it is there").permissions().mode() & 0o777;
    let entries = std::fs::read_dir(project.path("shop")).expect("it can be read").count();
    assert_eq!((mode, entries), (0o755, 1));
}

#[test]
fn diff_shows_what_fixes_would_change_and_changes_nothing() {
    let project = Project::with_a_finding();
    let run = project.check(&["--select", "errors/bare-except", "--unsafe-fixes", "--diff"]);
    run.exits(1).said("--- a/shop/views.py").said("-except:\n+except Exception:");
    assert_eq!(project.read("shop/views.py"), BROKEN);
    project.check(&["--select", "errors/bare-except", "--diff"]).exits(0);
}

#[test]
fn statistics_count_findings_by_rule() {
    let project = Project::with_a_finding();
    project.write("shop/other.py", &BROKEN.repeat(2));
    let run = project.check(&["--statistics"]);
    run.exits(1).said("3  error").said("errors/bare-except").found_nothing_in("views.py");
}

#[test]
fn quiet_prints_findings_only() {
    let project = Project::with_a_finding();
    let run = project.check(&["--quiet"]);
    assert_eq!((run.stdout.lines().count(), run.stderr.as_str()), (1, ""), "{run}");
}

#[test]
fn any_number_of_threads_prints_the_same_bytes() {
    let project = Project::empty();
    for file in 0..40 {
        project.write(&format!("shop/views{file}.py"), &BROKEN.repeat(file % 5));
    }
    let run = |threads: &str, format: &str| {
        project.run(&["check", "--quiet", "--output-format", format, "--threads", threads]).stdout
    };
    for format in ["pretty", "concise", "json", "sarif", "github"] {
        assert_eq!(run("1", format), run("2", format), "{format}");
        assert_eq!(run("2", format), run("2", format), "{format}");
    }
}

#[test]
fn several_outputs_come_from_one_run() {
    let project = Project::with_a_finding();
    project
        .check(&["--output", "json=out.json", "--output", "sarif=out.sarif", "--output", "json=again.json"])
        .exits(1);
    let read = |name: &str| serde_json::from_str::<serde_json::Value>(&project.read(name)).expect("it is JSON");
    assert_eq!(read("out.json"), read("again.json"));
    assert_eq!(read("out.json")["diagnostics"][0]["code"], "errors/bare-except");
    assert_eq!(read("out.sarif")["version"], "2.1.0");
}

#[test]
fn init_writes_a_configuration_that_check_accepts() {
    let project = Project::with_a_finding();
    project.run(&["init"]).exits(0).said("wrote `./arrears.toml`");
    project.check(&[]).exits(1).found("shop/views.py:3:1");
    project.run(&["init"]).exits(2).complained("exists already");
}

#[test]
fn explain_prints_the_page_of_a_rule() {
    let project = Project::empty();
    let run = project.run(&["explain", "errors/bare-except"]);
    run.exits(0).said("errors/bare-except: ").said("except:").said("To silence one:");
}

#[test]
fn explain_knows_no_rule_that_is_not_there() {
    let run = Project::empty().run(&["explain", "error/bare-except"]);
    run.exits(2).complained("no rule is called `error/bare-except`").complained("did you mean `errors/bare-except`?");
}

#[test]
fn every_rule_can_be_explained() {
    let project = Project::empty();
    for rule in arrears_rules::all() {
        project.run(&["explain", rule.meta.code.as_str()]).exits(0).said("To silence one:");
    }
}

#[test]
fn rules_lists_every_rule() {
    let project = Project::empty();
    let listed: serde_json::Value =
        serde_json::from_str(&project.run(&["rules", "--output-format", "json"]).stdout).expect("it is JSON");
    let count = arrears_rules::all().len();
    assert_eq!(listed.as_array().map(Vec::len), Some(count));
    assert_eq!(project.run(&["rules"]).stdout.lines().count(), count);
}

#[test]
fn completions_are_printed() {
    Project::empty().run(&["completions", "bash"]).exits(0).said("_arrears()");
}

#[test]
fn the_help_is_current() {
    let project = Project::empty();
    insta::assert_snapshot!("help", project.run(&["--help"]).stdout);
    for command in ["check", "explain", "rules", "init", "completions"] {
        insta::assert_snapshot!(format!("help_of_{command}"), project.run(&[command, "--help"]).stdout);
    }
}

#[test]
fn the_demo_has_findings_of_every_family() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = arrears_tests::binary::command(&root);
    let run = Run::of(command.args(["check", "fixtures/demo", "--output-format", "concise"]));
    run.exits(1);
    for group in ["celery", "errors", "react", "stubs"] {
        run.said(&format!(" {group}/"));
    }
}
