//! What is generated and committed is current. `UPDATE=1 cargo test` writes it again.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use arrears_core::diagnostic::Applicability;
use arrears_core::rule::Preset;
use arrears_tests::binary;
use arrears_tests::workspace::registry;

#[test]
fn the_index_of_the_rules_is_current() {
    assert_current("rules/README.md", &index());
}

#[test]
fn the_schema_of_the_configuration_is_current() {
    let output = binary::command(Path::new(env!("CARGO_MANIFEST_DIR"))).arg("schema").output().expect("arrears runs");
    assert!(output.status.success());
    assert_current("crates/cli/arrears.schema.json", &String::from_utf8(output.stdout).expect("a schema is UTF-8"));
}

fn assert_current(path: &str, text: &str) {
    let full: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&full, text).expect("the repository can be written to");
    }
    let committed = std::fs::read_to_string(&full).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == text, "`{path}` is stale; `UPDATE=1 cargo test` writes it again");
}

fn index() -> String {
    let mut text = String::from(INTRODUCTION);
    let registry = registry();
    let mut group = "";
    for rule in registry.rules() {
        let meta = &rule.meta;
        if meta.code.group() != group {
            group = meta.code.group();
            let _ = write!(
                text,
                "\n## {group}\n\n| code | what is wrong | severity | preset | fix |\n|---|---|---|---|---|\n"
            );
        }
        let file = format!("{}.rs", meta.code.as_str().replace('-', "_"));
        let (code, severity) = (&meta.code, meta.severity.as_str());
        let (preset, fix) = (preset(meta.preset), fix(meta.fix));
        let summary = meta.summary.replace('|', "\\|");
        let _ = writeln!(text, "| [`{code}`]({file}) | {summary} | {severity} | {preset} | {fix} |");
    }
    text
}

const INTRODUCTION: &str = "\
# Rules

Generated from the rules themselves: `UPDATE=1 cargo test` writes this page again. `arrears explain CODE` shows a rule's
own page: what it finds, what it costs, an example that is wrong and one that is right, and what it leaves alone.
`recommended` runs unless told otherwise; `strict` adds the habits that a careful team agrees on; `all` is everything. A
safe fix is applied by `--fix`, an unsafe one by `--unsafe-fixes`, a suggestion is only shown.
";

fn preset(preset: Preset) -> &'static str {
    match preset {
        Preset::Recommended => "recommended",
        Preset::Strict => "strict",
        Preset::All => "all",
    }
}

fn fix(fix: Option<Applicability>) -> &'static str {
    match fix {
        None => "",
        Some(Applicability::Safe) => "safe",
        Some(Applicability::Unsafe) => "unsafe",
        Some(Applicability::DisplayOnly) => "suggestion",
    }
}
