//! The configuration, through the binary: what it means, and what is said of a wrong one.

use arrears_tests::run::{BROKEN, Project, Run};

/// Another rule than [`BROKEN`]'s.
const VANILLA: &str = "def f():\n    raise Exception('no')\n";

#[test]
fn an_unknown_rule_has_a_nearest_one() {
    let project = Project::with_a_finding();
    for flag in ["--select", "--ignore"] {
        let run = project.check(&[flag, "error/generic-except"]);
        run.exits(2).complained("no rule is called `error/generic-except`");
        run.complained("did you mean `errors/generic-except`?");
    }
}

#[test]
fn a_wrong_configuration_is_one_error_with_its_place() {
    let cases = [
        ("unknown_key", "preset = 'all'\n\n[serverity]\nerrors = 'off'\n"),
        ("unknown_value", "preset = 'recomended'\n"),
        ("unknown_code", "ignore = [\n  'errors/bare-exept',\n]\n"),
        ("unknown_group", "select = ['error']\n"),
        ("unknown_code_of_a_severity", "[severity]\n'errors/bare-excpt' = 'off'\n"),
        ("unknown_severity", "[severity]\nerrors = 'warn'\n"),
        ("unknown_code_of_options", "[rules.'errors/raise-without-cuase']\nignore = []\n"),
        ("options_of_a_rule_without_any", "[rules.'errors/bare-except']\nmin-lines = 3\n"),
        ("broken_glob_of_an_override", "[[overrides]]\nfiles = ['scripts/[']\nignore = ['errors']\n"),
        ("broken_glob_of_exclude", "exclude = ['legacy/', 'shop/{a']\n"),
        ("unknown_settings_module", "production-settings = ['shop.setings']\n"),
        ("override_without_files", "[[overrides]]\nignore = ['errors']\n"),
        ("broken_toml", "preset = \n"),
        ("wrong_type", "ignore = 'errors'\n"),
    ];
    for (name, text) in cases {
        let project = Project::with_a_finding();
        project.write("shop/settings.py", "INSTALLED_APPS = []\n");
        project.write("arrears.toml", text);
        insta::assert_snapshot!(name, complaint(&project.check(&[])));
    }
}

#[test]
fn a_wrong_rule_of_the_repository_is_one_error_with_its_place() {
    let rule = "code = 'shop/no-raw'\nsummary = 'raw SQL'\nlanguage = 'python'\nmessage = 'raw'\nquery = '''\n";
    let cases = [
        ("rule_with_an_unknown_node", format!("{rule}(call (identifer)) @match\n'''\n")),
        ("rule_with_an_unknown_field", format!("{rule}(call functon: (identifier)) @match\n'''\n")),
        ("rule_with_an_unknown_capture", format!("{rule}((call) @match (#eq? @mtach \"x\"))\n'''\n")),
        ("rule_without_a_match", format!("{rule}(call) @call\n'''\n")),
        ("rule_that_does_not_parse", format!("{rule}(call @match\n'''\n")),
        ("rule_that_can_never_match", format!("{rule}(call (module)) @match\n'''\n")),
        ("rule_with_an_unknown_predicate", format!("{rule}((call) @match (#is-new? @match))\n'''\n")),
        ("rule_without_a_code", "summary = 'raw SQL'\n".to_owned()),
        ("rule_with_a_wrong_code", rule.replace("shop/no-raw", "No Raw") + "(call) @match\n'''\n"),
        ("rule_of_an_unknown_language", rule.replace("'python'", "'ruby'") + "(call) @match\n'''\n"),
        ("rule_with_a_code_of_ours", rule.replace("shop/no-raw", "errors/bare-except") + "(call) @match\n'''\n"),
    ];
    for (name, text) in cases {
        let project = Project::with_a_finding();
        project.write(".arrears/rules/no_raw.toml", &text);
        insta::assert_snapshot!(name, complaint(&project.check(&[])));
    }
}

#[test]
fn a_rule_of_the_repository_finds_its_query() {
    let project = Project::empty();
    let rule = "code = 'shop/no-raw'\nsummary = 'raw SQL'\nlanguage = 'python'\nmessage = 'raw SQL'\nquery = '''\n\
                (call function: (attribute attribute: (identifier) @name) (#eq? @name \"raw\")) @match\n'''\n";
    project.write(".arrears/rules/no_raw.toml", rule);
    project.write("shop/views.py", "rows = Order.objects.raw('select 1')\n");
    project.check(&[]).exits(1).found("shop/views.py:1:8 warning shop/no-raw raw SQL");
    project.check(&["--isolated"]).exits(0);
    project.check(&["--ignore", "shop"]).exits(0);
}

#[test]
fn the_configuration_of_the_repository_is_read_from_a_folder_in_it() {
    let project = Project::with_a_finding();
    project.git();
    project.write("arrears.toml", "ignore = ['errors/bare-except']\n");
    let mut command = arrears_tests::binary::command(&project.path("shop"));
    Run::of(command.args(["check"])).exits(0);
}

#[test]
fn pyproject_is_read_where_it_has_a_table() {
    let project = Project::with_a_finding();
    project.write("pyproject.toml", "[project]\nname = 'shop'\n\n[tool.arrears]\nignore = ['errors/bare-except']\n");
    project.check(&[]).exits(0);
    project.write("pyproject.toml", "[project]\nname = 'shop'\n");
    project.check(&[]).exits(1);
}

#[test]
fn a_wrong_table_of_pyproject_is_an_error_with_its_place() {
    let project = Project::with_a_finding();
    project.write("pyproject.toml", "[project]\nname = 'shop'\n\n[tool.arrears]\nignroe = ['errors']\n");
    insta::assert_snapshot!("unknown_key_in_pyproject", complaint(&project.check(&[])));
}

#[test]
fn config_names_another_file_and_isolated_none() {
    let project = Project::with_a_finding();
    project.write("arrears.toml", "ignore = ['errors']\n");
    project.write("ci/strict.toml", "preset = 'strict'\n");
    project.check(&[]).exits(0);
    project.check(&["--config", "ci/strict.toml"]).exits(1);
    project.check(&["--isolated"]).exits(1);
    project.check(&["--config", "ci/no.toml"]).exits(2).complained("cannot read `ci/no.toml`");
}

#[test]
fn select_and_ignore_take_codes_and_groups() {
    let project = Project::with_a_finding();
    project.write("shop/other.py", VANILLA);
    project.check(&["--select", "errors/raise-vanilla-exception"]).exits(0).found("shop/other.py:2:");
    project.check(&["--select", "errors"]).exits(1).found("shop/views.py:3:").found("shop/other.py:2:");
    project.check(&["--select", "errors", "--ignore", "errors/bare-except"]).exits(0).found_nothing_in("views");
    project.check(&["--preset", "recommended", "--select", "errors/raise-vanilla-exception"]).exits(1).said("note");
}

#[test]
fn severities_are_configured_by_code_and_group() {
    let project = Project::with_a_finding();
    project.write("arrears.toml", "[severity]\nerrors = 'info'\n");
    project.check(&[]).exits(0).found("shop/views.py:3:1 info errors/bare-except");
    project.write("arrears.toml", "[severity]\nerrors = 'off'\n'errors/bare-except' = 'warning'\n");
    project.check(&[]).exits(1).found("shop/views.py:3:1 warning errors/bare-except");
}

#[test]
fn overrides_hold_for_their_files_only() {
    let project = Project::with_a_finding();
    project.write("scripts/load.py", BROKEN);
    project.write("arrears.toml", "[[overrides]]\nfiles = ['scripts']\nignore = ['errors']\n");
    project.check(&[]).exits(1).found("shop/views.py:3:1").found_nothing_in("scripts");
    project.write("arrears.toml", "[[overrides]]\nfiles = ['**/*.py']\nseverity = { errors = 'info' }\n");
    project.check(&[]).exits(0).found("shop/views.py:3:1 info").found("scripts/load.py:3:1 info");
}

#[test]
fn exclude_leaves_files_out_and_takes_them_back() {
    let project = Project::with_a_finding();
    project.write("legacy/views.py", BROKEN);
    project.write("legacy/kept/views.py", BROKEN);
    project.write("arrears.toml", "exclude = ['legacy/*', '!legacy/kept']\n");
    let run = project.check(&[]);
    run.exits(1).found("shop/views.py:3:1").found("legacy/kept/views.py:3:1").found_nothing_in("legacy/views");
}

#[test]
fn ignore_files_leave_files_out() {
    let project = Project::with_a_finding();
    for folder in ["ignored", "hidden/deep", "node_modules/x"] {
        project.write(&format!("{folder}/views.py"), BROKEN);
    }
    project.write(".gitignore", "ignored/\n");
    project.write(".arrearsignore", "hidden\n");
    project.check(&[]).exits(1).said("1 file,");
}

#[test]
fn the_configuration_names_the_settings_that_serve() {
    let project = Project::empty();
    project.write("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n");
    project.write("shop/__init__.py", "");
    let apps = "INSTALLED_APPS = []\nROOT_URLCONF = 'shop.urls'\n";
    project.write("shop/settings.py", &format!("{apps}DEBUG = False\n"));
    project.write("shop/seaside.py", &format!("{apps}DEBUG = True\n"));
    project.check(&["--select", "settings/debug-enabled"]).exits(0);
    project.write("arrears.toml", "production-settings = ['shop.seaside']\n");
    project.check(&["--select", "settings/debug-enabled"]).exits(1).found("shop/seaside.py:3:1 error");
}

#[test]
fn suppressions_expire_on_the_day_after_their_last() {
    let project = Project::empty();
    let comment = "# arrears: ignore[errors/bare-except] until=2027-01-31 -- reason\nexcept:";
    project.write("shop/views.py", &BROKEN.replace("except:", comment));
    project.check(&["--today", "2027-01-31"]).exits(0).said("(1 suppressed)");
    let run = project.check(&["--today", "2027-02-01"]);
    run.exits(1).found("shop/views.py:4:1 error errors/bare-except").said("suppression/expired");
}

/// Returns what a run that could not start complained of.
fn complaint(run: &Run) -> String {
    run.exits(2);
    assert_eq!(run.stdout, "", "{run}");
    run.stderr.clone()
}
