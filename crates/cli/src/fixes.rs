//! `--fix`, `--unsafe-fixes` and `--diff`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrears_core::diagnostic::Applicability;
use arrears_core::source::RelPath;
use arrears_linter::workspace::Workspace;
use similar::TextDiff;

use crate::args::CheckArgs;
use crate::error::Failure;
use crate::output::summary::count;
use crate::project::Project;

/// Applies fixes to the wanted files, or prints what they would change; returns whether there was something to fix.
pub(crate) fn run(
    args: &CheckArgs,
    project: &Project,
    workspace: &mut Workspace,
    is_wanted: &(dyn Fn(&RelPath) -> bool + Sync),
) -> Result<bool, Failure> {
    let before: BTreeMap<RelPath, Arc<str>> =
        workspace.files().map(|file| (file.source.path.clone(), file.source.text.clone())).collect();
    let level = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let fixed = workspace.fix(level, is_wanted);
    let mut out = io::stdout().lock();
    for (path, text) in &fixed.texts {
        let old = before.get(path).map_or("", |text| &**text);
        let done = if args.diff {
            let names = (format!("a/{path}"), format!("b/{path}"));
            write!(out, "{}", TextDiff::from_lines(old, text.as_str()).unified_diff().header(&names.0, &names.1))
        } else if args.stdin_filename.is_some() {
            out.write_all(text.as_bytes())
        } else {
            let full = project.root.join(path.as_str());
            crate::atomic::write(&full, |file| file.write_all(text.as_bytes()))
        };
        done.map_err(|error| Failure::io("write", Path::new(path.as_str()), error))?;
    }
    if !args.quiet {
        let verb = if args.diff { "would change" } else { "changed" };
        let _ = writeln!(
            io::stderr(),
            "{} {verb} {}",
            count(fixed.count, "fix").replace("fixs", "fixes"),
            count(fixed.texts.len(), "file")
        );
    }
    Ok(!fixed.texts.is_empty())
}
