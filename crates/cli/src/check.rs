//! `arrears check`: find, read, analyse, report.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use arrears_core::source::{Language, RelPath};
use arrears_linter::analyze::classify;
use arrears_linter::config::ConfigError;
use arrears_linter::report::{Report, Skipped};
use arrears_linter::ruleset::RuleSet;
use arrears_linter::settings::{Choice, Settings};
use arrears_linter::workspace::Workspace;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::{CheckArgs, Format};
use crate::discover::{Discovered, Found, discover};
use crate::error::Failure;
use crate::load::{decode, load};
use crate::output::{self, Outcome, Style, summary};
use crate::project::Project;
use crate::staged::Staged;

/// Runs the check; returns whether the findings make it fail.
pub(crate) fn run(args: &CheckArgs, style: Style) -> Result<bool, Failure> {
    let started = Instant::now();
    let threads = set_threads(args.threads);
    let paths = args.stdin_filename.as_ref().map_or_else(
        || args.paths.clone(),
        |path| vec![path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()],
    );
    let project = Project::find(&paths, &args.project)?;
    let rules = rule_set(&project, args)?;
    let discovered = discover(&project, threads)?;
    let wanted = Wanted::new(args, &project)?;
    let staged = if args.staged { Some(Staged::of(&project)?) } else { None };
    let mut workspace = index(args, &project, rules, discovered, &wanted, staged.as_ref());
    if let Some(path) = &args.stdin_filename {
        read_stdin(path, &project, &mut workspace)?;
    }
    workspace.check_config(&project.config).map_err(|error| config_failure(&project, error))?;
    if args.fix || args.unsafe_fixes || args.diff {
        let done = crate::fixes::run(args, &project, &mut workspace, &|path| wanted.covers(path))?;
        if args.diff {
            return Ok(done);
        }
    }
    let is_wanted = |path: &RelPath| wanted.covers(path) && staged.as_ref().is_none_or(|it| it.paths.contains(path));
    let known = staged.as_ref().map(|staged| staged.known(&mut workspace)).unwrap_or_default();
    let mut report = workspace.report(&is_wanted);
    report.diagnostics.retain(|it| !known.contains(&it.fingerprint));
    if report.reported_files == 0 && report.skipped.is_empty() && !args.force_exclude && !args.staged {
        return Err(Failure::NothingToCheck(nothing_to_check(args)));
    }
    let outcome = Outcome {
        report: &report,
        workspace: &workspace,
        project: &project,
        elapsed: started.elapsed(),
        sarif_max_results: args.sarif_max_results,
        exit_code: if report.panics.is_empty() { u8::from(fails(args, &report)) } else { 2 },
        is_partial: wanted.is_partial() || args.staged,
    };
    write_outputs(args, &outcome, style)?;
    if let Some((path, said)) = report.panics.first() {
        return Err(Failure::Other(format!("internal error in `{path}`: {said}; the other files are reported")));
    }
    Ok(fails(args, &report))
}

/// Reads and analyses the project: what lies on the disk, or what git's index has of it.
fn index(
    args: &CheckArgs,
    project: &Project,
    rules: RuleSet,
    discovered: Discovered,
    wanted: &Wanted,
    staged: Option<&Staged>,
) -> Workspace {
    let inventory = discovered.inventory();
    let mut files = discovered.files;
    if let (Some(staged), Some(tracked)) = (staged, inventory.tracked()) {
        staged.retain(&mut files, tracked);
    } else if !args.force_exclude {
        add_named_files(wanted, project, &mut files);
    }
    let progress = progress_bar(files.len());
    let (mut analyses, mut skipped) = load(files, &rules, &|| progress.inc(1));
    progress.finish_and_clear();
    if let Some(staged) = staged {
        let (indexed, unread) = staged.analyze(&rules);
        analyses.extend(indexed);
        skipped.extend(unread);
    }
    skipped.extend(discovered.skipped);
    let is_wanted = |path: RelPath| wanted.covers(&path) && staged.is_none_or(|it| it.paths.contains(&path));
    skipped.retain(|skipped| is_wanted(RelPath::new(&skipped.path)));
    skipped.sort();
    Workspace::new(rules, analyses, skipped).with_inventory(inventory)
}

pub(crate) fn set_threads(threads: usize) -> usize {
    let threads = if threads == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { threads };
    // A pool that exists already, as in tests, keeps its size.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    threads
}

/// Arranges the rules of the run from the configuration and the command line.
pub(crate) fn rule_set(project: &Project, args: &CheckArgs) -> Result<RuleSet, Failure> {
    let today = args.today.unwrap_or_else(|| jiff::Zoned::now().date());
    let mut settings =
        Settings::resolve(&project.config, &project.registry, today).map_err(|error| config_failure(project, error))?;
    let choice =
        Choice { preset: args.preset.map(Into::into), select: args.select.clone(), ignore: args.ignore.clone() };
    settings.choose(&choice, &project.config, &project.registry)?;
    Ok(RuleSet::new(project.registry.clone(), settings))
}

fn config_failure(project: &Project, error: ConfigError) -> Failure {
    match &project.config_file {
        Some((path, text)) => Failure::in_file(path, text, error),
        None => Failure::Other(error.to_string()),
    }
}

fn fails(args: &CheckArgs, report: &Report) -> bool {
    args.fail_on.severity().is_some_and(|least| report.diagnostics.iter().any(|it| it.diagnostic.severity >= least))
}

fn nothing_to_check(args: &CheckArgs) -> String {
    let paths: Vec<String> = args.paths.iter().map(|path| format!("`{}`", path.display())).collect();
    format!("nothing to check: no Python, TypeScript or JavaScript file under {}", paths.join(", "))
}

/// The files that are reported on.
struct Wanted {
    /// Empty where everything is.
    prefixes: BTreeSet<String>,
    named: Vec<PathBuf>,
}

impl Wanted {
    fn new(args: &CheckArgs, project: &Project) -> Result<Self, Failure> {
        let (mut prefixes, mut named) = (BTreeSet::new(), Vec::new());
        let paths = args.stdin_filename.as_ref().map_or(args.paths.as_slice(), std::slice::from_ref);
        for path in paths {
            let joined = project.cwd.join(path);
            // A link names what it points to; the text of a file on standard input needs no file.
            let full = match joined.canonicalize() {
                Ok(full) => full,
                Err(_) if args.stdin_filename.is_some() => joined,
                Err(_) => return Err(Failure::NoSuchPath(path.clone())),
            };
            let relative = full.strip_prefix(&project.root).ok().and_then(Path::to_str);
            let Some(relative) = relative else {
                return Err(Failure::Other(format!(
                    "`{}` lies outside the project at `{}`",
                    path.display(),
                    project.root.display()
                )));
            };
            if full.is_file() {
                named.push(full.clone());
            }
            prefixes.insert(relative.replace('\\', "/"));
        }
        if prefixes.contains("") {
            prefixes.clear();
        }
        Ok(Self { prefixes, named })
    }

    fn covers(&self, path: &RelPath) -> bool {
        self.prefixes.is_empty()
            || self.prefixes.iter().any(|prefix| {
                path.as_str().strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    }

    fn is_partial(&self) -> bool {
        !self.prefixes.is_empty()
    }
}

/// Files that are given by name are read even where the walk passes over them.
fn add_named_files(wanted: &Wanted, project: &Project, files: &mut Vec<Found>) {
    let known: BTreeSet<PathBuf> =
        if wanted.named.is_empty() { BTreeSet::new() } else { files.iter().map(|file| file.full.clone()).collect() };
    for full in wanted.named.iter().filter(|full| !known.contains(*full)) {
        let relative = full.strip_prefix(&project.root).ok().and_then(Path::to_str).map(RelPath::new);
        if let Some((path, language)) = relative.and_then(|path| Some((path.clone(), Language::of(&path)?))) {
            let size = full.metadata().map_or(0, |metadata| metadata.len());
            files.push(Found { path, full: full.clone(), language, size });
        }
    }
}

fn read_stdin(path: &Path, project: &Project, workspace: &mut Workspace) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(|error| Failure::io("read", Path::new("standard input"), error))?;
    let joined = project.cwd.join(path);
    let full = joined.canonicalize().unwrap_or(joined);
    let relative = full.strip_prefix(&project.root).ok().and_then(Path::to_str).map(RelPath::new);
    let Some((path, language)) = relative.and_then(|path| Some((path.clone(), Language::of(&path)?))) else {
        return Err(Failure::Other(format!("`{}` is no Python, TypeScript or JavaScript file", path.display())));
    };
    match decode(bytes) {
        Ok(text) => {
            workspace.update(classify(path, text, language));
        }
        Err(reason) => workspace.skipped.push(Skipped { path: path.to_string(), reason: reason.to_owned() }),
    }
    Ok(())
}

fn progress_bar(files: usize) -> ProgressBar {
    let is_shown = files > 500 && io::stderr().is_terminal();
    let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} files").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(files as u64), target).with_style(style)
}

fn write_outputs(args: &CheckArgs, outcome: &Outcome<'_>, style: Style) -> Result<(), Failure> {
    for (format, path) in &args.output {
        let plain = Style { color: false, links: false, width: 100 };
        let write = |out: &mut dyn Write| output::write(*format, outcome, plain, out);
        crate::atomic::write(path, write).map_err(|error| Failure::io("write", path, error))?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let is_for_people = matches!(args.output_format, Format::Pretty | Format::Concise);
    let written = if args.statistics && is_for_people {
        output::statistics::write(outcome, &mut out)
    } else {
        output::write(args.output_format, outcome, style, &mut out)
    };
    let close = |out: &mut dyn Write| {
        // Frames end with an empty line of their own.
        if args.output_format == Format::Concise && !outcome.report.diagnostics.is_empty() {
            writeln!(out)?;
        }
        summary::write(outcome, out)
    };
    let written = written
        .and_then(|()| if is_for_people && !args.quiet { close(&mut out) } else { Ok(()) })
        .and_then(|()| out.flush());
    match written {
        // Whoever read the output has had enough of it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other.map_err(|error| Failure::io("write", Path::new("standard output"), error))?,
    }
    if !is_for_people && !args.quiet {
        let _ = summary::write(outcome, &mut io::stderr().lock());
    }
    Ok(())
}
