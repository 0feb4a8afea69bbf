//! Outputs, through the binary, on one small workspace; and SARIF against what GitHub asks for.

use std::path::Path;
use std::process::Output;

use arrears_tests::binary;
use arrears_tests::run::Project;
use serde_json::{Value, json};
use tempfile::TempDir;

const PRICES: &str = "\
def total(price, count):
    try:
        return price * count
    except:
        return 0


def größe(preise):
    try:
        label = \"😀\"; return max(preise)
    except BaseException:
        return None
";

const ORDERS: &str = "\
def place(order):
    send(order
";

const PRINT_RULE: &str = "\
code = 'shop/no-print'
summary = 'print in the shop'
language = 'python'
message = 'this is printed'
query = '(call function: (identifier) @name (#eq? @name \"print\")) @match'
";

const SCHEMA: &str = include_str!("data/sarif-schema-2.1.0.json");

#[test]
fn pretty_shows_what_where_and_what_to_do() {
    insta::assert_snapshot!(shown(&["--output-format", "pretty"], &[("COLUMNS", "100")]));
}

#[test]
fn pretty_fits_a_narrow_terminal() {
    insta::assert_snapshot!(shown(&["--output-format", "pretty"], &[("COLUMNS", "60")]));
}

#[test]
fn concise_is_one_line_for_each_finding() {
    insta::assert_snapshot!(shown(&["--output-format", "concise"], &[]));
}

#[test]
fn json_is_one_document() {
    let output = check(workspace().path(), &["--output-format", "json"], &[]);
    insta::assert_snapshot!(indented(&parsed(&output)));
}

#[test]
fn github_gets_workflow_commands() {
    insta::assert_snapshot!(shown(&["--output-format", "github"], &[]));
}

#[test]
fn sarif_has_all_that_code_scanning_reads() {
    let mut log = sarif(workspace().path(), &[]);
    log["runs"][0]["tool"]["driver"]["notifications"] = json!("[elided]");
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().expect("rules are a list") {
        for part in ["fullDescription", "help"] {
            rule[part] = json!("[elided]");
        }
    }
    insta::assert_snapshot!(indented(&log).replace(env!("CARGO_PKG_VERSION"), "[version]"));
}

#[test]
fn no_colour_means_no_escape() {
    let output = check(workspace().path(), &["--color", "never"], &[]);
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn colour_comes_with_links_to_the_rules() {
    let output = check(workspace().path(), &["--color", "always"], &[]);
    let link = "\u{1b}]8;;https://github.com/arrears/arrears/blob/main/rules/errors/bare_except.rs\u{1b}\\";
    assert!(String::from_utf8_lossy(&output.stdout).contains(link));
}

#[test]
fn escapes_in_the_source_are_not_obeyed() {
    let folder = workspace();
    write(
        folder.path(),
        "shop/logo.py",
        "def draw():\n    try:\n        x = '\u{1b}[31m'\n    except:\n        return 0\n",
    );
    let output = check(folder.path(), &["--color", "never"], &[]);
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn a_long_line_is_cut_around_the_finding() {
    let folder = workspace();
    let long =
        format!("def load():\n    try: x = [{}]\n    except: y = [{}]\n", "1, ".repeat(50_000), "2, ".repeat(50_000));
    write(folder.path(), "shop/data.py", &long);
    let output = check(folder.path(), &["shop/data.py"], &[("COLUMNS", "80")]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(text.contains("except: y = [2, 2") && widest <= Some(80), "{text}");
}

#[test]
fn many_findings_are_summed_up() {
    let folder = workspace();
    let many = "def load(value):\n    try:\n        return int(value)\n    except:\n        return 0\n\n\n".repeat(230);
    write(folder.path(), "shop/many.py", &many);
    let output = check(folder.path(), &["--output-format", "pretty"], &[]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let end: Vec<&str> = text.lines().rev().skip_while(|line| !line.contains("232")).take(3).collect();
    assert!(text.contains("\n... and 180 more `errors/bare-except` in this file\n"), "{text}");
    assert_eq!(text.matches("error[errors/bare-except]").count(), 52);
    assert!(end.iter().any(|line| line.trim() == "232  error    errors/bare-except"), "{end:?}");
}

#[test]
fn a_run_that_finds_nothing_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "shop/models.py", "NAME = 'shop'\n");
    for format in ["pretty", "concise"] {
        let output = check(folder.path(), &["--output-format", format], &[]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.starts_with("1 file, ") && text.contains(": nothing in arrears"), "{text}");
    }
}

#[test]
fn github_commands_stop_at_ten_of_a_level() {
    let folder = workspace();
    let many = "def load(value):\n    try:\n        return int(value)\n    except:\n        return 0\n\n\n".repeat(30);
    write(folder.path(), "shop/many.py", &many);
    let output = check(folder.path(), &["--output-format", "github"], &[]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(text.matches("::error ").count(), 10);
    assert_eq!(
        text.lines().last().map(|line| line.starts_with("::notice title=arrears::23 more findings")),
        Some(true)
    );
}

#[test]
fn the_summary_of_a_job_gets_a_table() {
    let folder = workspace();
    let summary = folder.path().join("summary.md");
    std::fs::write(&summary, "before\n").expect("the summary can be written");
    let path = summary.to_str().expect("a UTF-8 path");
    check(folder.path(), &["--output-format", "github"], &[("GITHUB_STEP_SUMMARY", path)]);
    let text = std::fs::read_to_string(&summary).expect("the summary can be read");
    let row = "| [`errors/bare-except`](https://github.com/arrears/arrears/blob/main/rules/errors/bare_except.rs) | error | 2 |";
    assert!(text.starts_with("before\n### arrears\n") && text.contains(row), "{text}");
}

#[test]
fn sarif_is_valid() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let log = sarif(workspace().path(), &[]);
    let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn sarif_of_a_clean_run_has_an_empty_list_and_all_rules() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "shop/models.py", "NAME = 'shop'\n");
    let log = sarif(folder.path(), &[]);
    assert_eq!(log["runs"][0]["results"], json!([]));
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(2));
}

/// What neither the schema nor the validator of the format's owners asks for, but GitHub does.
#[test]
fn sarif_keeps_what_validators_do_not_check() {
    let log = sarif(workspace().path(), &["--preset", "all"]);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["automationDetails"]["id"], "arrears/");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run["originalUriBaseIds"]["%SRCROOT%"].get("uri"), None);
    for result in list(&run["results"]) {
        for name in ["primaryLocationLineHash", "arrears/v1"] {
            assert!(result["partialFingerprints"][name].as_str().is_some_and(|it| !it.is_empty()), "{result}");
        }
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap_or("/");
        assert!(!uri.starts_with(['/', '.']) && !uri.contains(['\\', ' ', ':']), "{uri}");
        assert!(result.get("suppressions").is_none());
    }
    for rule in list(&run["tool"]["driver"]["rules"]) {
        let properties = &rule["properties"];
        assert!(list(&properties["tags"]).len() <= 10, "{rule}");
        assert!(properties.get("security-severity").is_none_or(Value::is_string), "{rule}");
        for part in ["shortDescription", "fullDescription"] {
            let length = rule[part]["text"].as_str().map_or(0, |text| text.chars().count());
            assert!((1..=1024).contains(&length), "{rule}");
        }
        assert!(rule["help"]["text"].as_str().is_some_and(|it| !it.is_empty()), "{rule}");
    }
}

#[test]
fn sarif_columns_count_characters() {
    let folder = workspace();
    write(folder.path(), ".arrears/rules/print.toml", PRINT_RULE);
    write(folder.path(), "shop/signs.py", "z = \"é😀\"; print(z)\n");
    let log = sarif(folder.path(), &["--select", "shop"]);
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&json!(11), &json!(19)));
}

#[test]
fn findings_of_one_rule_on_one_line_are_one_result() {
    let folder = workspace();
    write(folder.path(), ".arrears/rules/print.toml", PRINT_RULE);
    write(folder.path(), "shop/signs.py", "print(1); print(2); print(3)\nprint(4)\n");
    let log = sarif(folder.path(), &["--select", "shop"]);
    let results = list(&log["runs"][0]["results"]);
    assert_eq!(
        results[0]["message"]["text"],
        "this is printed, and 2 more findings on this line. See [column 11](1), [column 21](2)."
    );
    assert_eq!((results.len(), list(&results[0]["relatedLocations"]).len()), (2, 2));
}

#[test]
fn the_cap_keeps_the_most_severe_and_says_what_it_dropped() {
    let folder = workspace();
    let rule = "code = \"a/def\"\nsummary = \"def\"\nseverity = \"info\"\nlanguage = \"python\"\nmessage = \"a function\"\n\
                query = '(function_definition name: (identifier) @match)'\n";
    write(folder.path(), ".arrears/rules/def.toml", rule);
    let log = sarif(folder.path(), &["--select", "a,errors", "--sarif-max-results", "2"]);
    let run = &log["runs"][0];
    let codes: Vec<&Value> = list(&run["results"]).iter().map(|it| &it["ruleId"]).collect();
    assert_eq!(codes, ["errors/bare-except", "errors/bare-except"]);
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["message"]["text"], "3 of 5 results were left out.");
}

#[test]
fn a_skipped_file_is_a_notification() {
    let folder = workspace();
    std::fs::write(folder.path().join("shop/old.py"), b"name = '\xff'\n").expect("the file can be written");
    let log = sarif(folder.path(), &[]);
    let notification = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["message"]["text"], "'shop/old.py' was not analysed: not UTF-8.");
}

#[test]
fn sarif_paths_start_at_the_git_root_and_are_encoded() {
    let folder = workspace();
    write(folder.path(), "web app/é/prices.py", PRICES);
    let log = sarif(&folder.path().join("web app"), &[]);
    let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "web%20app/%C3%A9/prices.py");
}

#[test]
fn suppressed_findings_are_not_in_sarif() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = PRICES.replace("except:", "except:  # arrears: ignore[errors/bare-except] -- zero is the fallback");
    write(folder.path(), "shop/prices.py", &text);
    assert_eq!(list(&sarif(folder.path(), &[])["runs"][0]["results"]).len(), 1);
}

/// Returns a repository with two handlers and a file that does not parse.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join(".git")).expect("the folder can be made");
    write(folder.path(), "shop/prices.py", PRICES);
    write(folder.path(), "shop/orders.py", ORDERS);
    folder
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
    std::fs::write(path, text).expect("the file can be written");
}

/// Runs a check; two rules, which the outputs are shown with, where the arguments choose none.
fn check(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = binary::command(folder);
    command.arg("check").args(arguments).envs(environment.iter().copied());
    if !arguments.iter().any(|it| ["--select", "--preset"].contains(it)) {
        command.args(["--select", "errors/bare-except,syntax/error"]);
    }
    command.output().expect("the binary runs")
}

/// Returns what is printed, without the time it took.
#[test]
fn the_help_names_what_the_try_body_raises() {
    let project = Project::empty();
    let body = "try:\n    data = json.loads(str(raw, 'utf-8'))\nexcept Exception:\n    data = json.loads(raw)\n";
    project.write("shop/load.py", &format!("import json\n{body}"));
    project.write("shop/count.py", "try:\n    total = int(str(raw))\nexcept Exception:\n    total = -raw\n");
    let run = project.run(&["check", "--output-format", "json"]);
    run.exits(1).said("catch what the `try` body raises: `ValueError`, `TypeError`");
    run.said("catch what the `try` body raises: `TypeError`, `ValueError`");
}

fn shown(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = check(workspace().path(), arguments, environment);
    let text = String::from_utf8(output.stdout).expect("the output is UTF-8");
    let lines = text.lines().map(|line| match line.rsplit_once(" in ") {
        Some((before, after)) if after.ends_with(" s") => format!("{before} in [time]\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

fn sarif(folder: &Path, arguments: &[&str]) -> Value {
    parsed(&check(folder, &[&["--output-format", "sarif"], arguments].concat(), &[]))
}

fn parsed(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn indented(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON can be written")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
