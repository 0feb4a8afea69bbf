//! The command line.

use std::path::PathBuf;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Preset;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

/// Finds overdue technical debt in repositories with a Django backend and a React frontend.
#[derive(Debug, Parser)]
#[command(name = "arrears", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report what is overdue.
    Check(Box<CheckArgs>),
    /// Print the table of the server's routes and the client's calls, and what is unmatched on either side.
    Contract(ContractArgs),
    /// Tell what a rule finds, what it costs and what to do.
    Explain {
        /// The code of a rule: `errors/generic-except`.
        code: String,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// List all rules.
    Rules {
        /// How to print them.
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        output_format: ListFormat,
        #[command(flatten)]
        project: ProjectArgs,
    },
    /// Write a commented configuration to `arrears.toml`.
    Init {
        /// The folder to write it to.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Speak the Language Server Protocol on standard input and output, for editors.
    Server {
        /// What the other end of the line is; the only one is taken without a word.
        #[arg(long)]
        stdio: bool,
    },
    /// Print the JSON Schema of the configuration.
    Schema,
    /// Print a script that completes commands in a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ProjectArgs {
    /// Use this configuration instead of the project's.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration and no rules of the repository.
    #[arg(long, conflicts_with = "config")]
    pub(crate) isolated: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ContractArgs {
    /// The project, or a folder in it.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = TableFormat::Pretty)]
    pub(crate) output_format: TableFormat,
    /// Print only what is unmatched or not decided.
    #[arg(long)]
    pub(crate) unmatched: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
    /// How many threads to use; 0 takes one for each processor.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line are independent of each other")]
pub(crate) struct CheckArgs {
    /// Files and folders to report on. The whole project is read all the same.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub(crate) output_format: Format,
    /// Write another output to a file as well, for example `sarif=arrears.sarif`; may be repeated.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output)]
    pub(crate) output: Vec<(Format, PathBuf)>,
    /// The set of rules to start from.
    #[arg(long, value_enum)]
    pub(crate) preset: Option<PresetArg>,
    /// Run these rules or groups: instead of a preset, or in addition to `--preset`.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leave these rules or groups out.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// The least severity that makes the run fail.
    #[arg(long, value_enum, default_value_t = FailOn::Warning)]
    pub(crate) fail_on: FailOn,
    /// Judge what is staged for the next commit, as git's index has it, and report only what the last commit has not.
    #[arg(long, conflicts_with_all = ["stdin_filename", "fix", "unsafe_fixes", "diff"])]
    pub(crate) staged: bool,
    /// Read the text of this file from standard input, and report on it alone.
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) project: ProjectArgs,
    /// Leave out files that are excluded or ignored even where they are given as PATH; then finding none is no failure.
    #[arg(long)]
    pub(crate) force_exclude: bool,
    /// Print how many findings each rule has instead of the findings.
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Print findings only.
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// How many threads to use; 0 takes one for each processor.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
    /// Apply the fixes that keep what the program does.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Apply the fixes that change what the program does, too.
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Print what the fixes would change, and change nothing.
    #[arg(long)]
    pub(crate) diff: bool,
    /// The day by which suppressions expire; today where it is left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) today: Option<Date>,
    /// Write at most this many results to a SARIF file, the most severe ones first.
    #[arg(long, default_value_t = 5000, value_name = "COUNT")]
    pub(crate) sarif_max_results: usize,
}

fn parse_output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("expected FORMAT=FILE, for example `sarif=arrears.sarif`")?;
    let format = Format::from_str(format, true).map_err(|_| {
        let names: Vec<_> = Format::value_variants()
            .iter()
            .filter_map(|it| it.to_possible_value().map(|value| value.get_name().to_owned()))
            .collect();
        format!("no output format is called `{format}`; there are {}", names.join(", "))
    })?;
    if file.is_empty() {
        Err("the file name is missing after `=`".to_owned())
    } else {
        Ok((format, PathBuf::from(file)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Source frames, for people.
    Pretty,
    /// One line for each finding.
    Concise,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that annotate a pull request.
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Table,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Columns, for people.
    Pretty,
    /// One JSON document.
    Json,
    /// Tables, for a wiki or a pull request.
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PresetArg {
    /// Right nine times in ten.
    Recommended,
    /// Also the habits that a careful team agrees on.
    Strict,
    /// Everything, notes and previews included.
    All,
}

impl From<PresetArg> for Preset {
    fn from(preset: PresetArg) -> Self {
        match preset {
            PresetArg::Recommended => Self::Recommended,
            PresetArg::Strict => Self::Strict,
            PresetArg::All => Self::All,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// Returns the least severity that fails, if any does.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}
