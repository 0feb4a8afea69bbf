//! `arrears contract`: which route is called from where, and what has no other end.

mod lines;
mod markdown;
mod pretty;
mod table;

use std::io::{self, Write};
use std::path::Path;

use arrears_linter::ruleset::RuleSet;
use arrears_linter::settings::{Choice, Settings};
use arrears_linter::workspace::Workspace;

use crate::args::{ContractArgs, TableFormat};
use crate::check::set_threads;
use crate::discover::discover;
use crate::error::Failure;
use crate::load::load;
use crate::project::Project;

/// The rules whose facts the table is made of.
const RULES: [&str; 2] = ["contract/route-never-called", "contract/websocket-never-connected"];

/// Prints the table of routes and callers.
pub(crate) fn run(args: &ContractArgs, width: usize) -> Result<(), Failure> {
    let threads = set_threads(args.threads);
    if !args.path.exists() {
        return Err(Failure::NoSuchPath(args.path.clone()));
    }
    let project = Project::find(std::slice::from_ref(&args.path), &args.project)?;
    let found = discover(&project, threads)?;
    let inventory = found.inventory();
    let (analyses, _) = load(found.files, &rule_set(&project)?, &|| ());
    let workspace = Workspace::new(rule_set(&project)?, analyses, Vec::new()).with_inventory(inventory);
    let model = workspace.model();
    let contract = model.contract();
    let table = table::Table::of(contract, &workspace, args.unmatched);
    let text = match args.output_format {
        TableFormat::Pretty => pretty::text(&table, width),
        TableFormat::Markdown => markdown::text(&table),
        TableFormat::Json => {
            format!("{}\n", serde_json::to_string_pretty(&table).map_err(|error| Failure::Other(error.to_string()))?)
        }
    };
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| Failure::io("write", Path::new("standard output"), error)),
    }
}

fn rule_set(project: &Project) -> Result<RuleSet, Failure> {
    let mut settings = Settings::resolve(&project.config, &project.registry, jiff::Zoned::now().date())
        .map_err(|error| Failure::Other(error.to_string()))?;
    let select = RULES.iter().map(|code| (*code).to_owned()).collect();
    settings.choose(&Choice { preset: None, select, ignore: Vec::new() }, &project.config, &project.registry)?;
    Ok(RuleSet::new(project.registry.clone(), settings))
}
