//! The command line of `arrears`: arguments in, reports and an exit code out.
//!
//! The package at the root of the repository is the binary, so that it can be installed from there.

mod args;
mod atomic;
mod check;
mod commands;
mod contract;
mod diff;
mod discover;
mod error;
mod fixes;
mod load;
mod output;
mod page;
mod project;
mod server;
mod staged;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, ColorChoice, Command};
use error::Failure;
use output::Style;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the program. Exit codes: 0 clean, 1 findings, 2 could not run.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let color = |is_terminal: bool| match cli.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            is_terminal
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    };
    // A rule that panics is reported as a finding about us; the default message would only be noise between others.
    std::panic::set_hook(Box::new(|_| {}));
    match run(cli.command, color(io::stdout().is_terminal())) {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(1),
        Err(failure) => {
            show(failure, color(io::stderr().is_terminal()));
            ExitCode::from(2)
        }
    }
}

fn run(command: Command, color: bool) -> Result<bool, Failure> {
    match command {
        Command::Check(args) => {
            let style = Style { color, links: color, width: output::terminal_width() };
            return check::run(&args, style);
        }
        Command::Contract(args) => contract::run(&args, output::terminal_width())?,
        Command::Explain { code, project } => commands::explain(&code, &project)?,
        Command::Rules { output_format, project } => commands::rules(output_format, &project)?,
        Command::Init { folder } => commands::init(&folder)?,
        Command::Server { stdio: _ } => return server::run(),
        Command::Schema => commands::schema()?,
        Command::Completions { shell } => commands::completions(shell)?,
    }
    Ok(false)
}

fn show(failure: Failure, color: bool) {
    let theme = if color { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(output::terminal_width());
    let mut text = String::new();
    if handler.render_report(&mut text, &failure).is_ok() {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
