//! The small commands: `explain`, `rules`, `init`, `schema`, `completions`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use arrears_linter::config;
use arrears_linter::registry::Registry;
use arrears_linter::rule::Rule;
use clap::CommandFactory;
use serde::Serialize;

use crate::args::{Cli, ListFormat, ProjectArgs};
use crate::error::Failure;
use crate::project::Project;

/// The configuration that `init` writes.
const TEMPLATE: &str = include_str!("template.toml");

#[derive(Serialize)]
struct Listed<'a> {
    code: &'a str,
    summary: &'a str,
    severity: &'a str,
    preset: arrears_core::rule::Preset,
    stability: arrears_core::rule::Stability,
    scope: arrears_core::rule::Scope,
    fix: Option<arrears_core::diagnostic::Applicability>,
    url: String,
    docs: &'a str,
}

/// Prints the page of a rule.
pub(crate) fn explain(code: &str, args: &ProjectArgs) -> Result<(), Failure> {
    let project = Project::find(&[PathBuf::from(".")], args)?;
    let rule = project.registry.get(code).ok_or_else(|| project.registry.unknown(code))?;
    print(&page(rule))
}

/// Returns the page of a rule, in Markdown.
pub(crate) fn page(rule: &Rule) -> String {
    let meta = &rule.meta;
    let preset =
        serde_json::to_value(meta.preset).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
    let fix = match meta.fix {
        Some(arrears_core::diagnostic::Applicability::Safe) => "safe fix (`--fix`)",
        Some(arrears_core::diagnostic::Applicability::Unsafe) => "unsafe fix (`--unsafe-fixes`)",
        Some(arrears_core::diagnostic::Applicability::DisplayOnly) => "suggests a change",
        None => "no fix",
    };
    let docs = meta.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
    format!(
        "{}: {}\n{}, preset {preset}, {fix}\n\n{}\n\nTo silence one: `# arrears: ignore[{}] -- reason`\n{}\n",
        meta.code,
        meta.summary,
        meta.severity.as_str(),
        docs.trim(),
        meta.code,
        meta.url()
    )
}

/// Prints all rules.
pub(crate) fn rules(format: ListFormat, args: &ProjectArgs) -> Result<(), Failure> {
    let project = Project::find(&[PathBuf::from(".")], args)?;
    let listed: Vec<Listed<'_>> = project
        .registry
        .rules()
        .iter()
        .map(|rule| Listed {
            code: rule.meta.code.as_str(),
            summary: &rule.meta.summary,
            severity: rule.meta.severity.as_str(),
            preset: rule.meta.preset,
            stability: rule.meta.stability,
            scope: rule.meta.scope,
            fix: rule.meta.fix,
            url: rule.meta.url(),
            docs: &rule.meta.docs,
        })
        .collect();
    match format {
        ListFormat::Json => print(&format!(
            "{}\n",
            serde_json::to_string_pretty(&listed).map_err(|error| Failure::Other(error.to_string()))?
        )),
        ListFormat::Table => {
            let width = listed.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
            let row = |rule: &Listed<'_>| {
                let preset = format!("{:?}", rule.preset).to_lowercase();
                format!("{:width$}  {:7}  {preset:11}  {}\n", rule.code, rule.severity, rule.summary)
            };
            print(&listed.iter().map(row).collect::<String>())
        }
    }
}

/// Writes a commented configuration.
pub(crate) fn init(folder: &Path) -> Result<(), Failure> {
    let path = folder.join("arrears.toml");
    if path.exists() {
        return Err(Failure::Other(format!("`{}` exists already", path.display())));
    }
    crate::atomic::write(&path, |file| file.write_all(TEMPLATE.as_bytes()))
        .map_err(|error| Failure::io("write", &path, error))?;
    print(&format!("wrote `{}`\n", path.display()))
}

/// Prints the JSON Schema of the configuration.
pub(crate) fn schema() -> Result<(), Failure> {
    let schema = config::schema(&Registry::new(arrears_rules::all())?);
    print(&format!("{}\n", serde_json::to_string_pretty(&schema).map_err(|error| Failure::Other(error.to_string()))?))
}

/// Prints a script that completes commands.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "arrears", &mut script);
    print(&String::from_utf8_lossy(&script))
}

fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| Failure::io("write", Path::new("standard output"), error)),
    }
}
