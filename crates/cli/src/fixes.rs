//! `--fix`, `--unsafe-fixes` and `--diff`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrears_core::diagnostic::Applicability;
use arrears_core::source::RelPath;
use arrears_linter::workspace::Workspace;

use crate::args::CheckArgs;
use crate::diff;
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
    let (mut hidden, mut bare) = (0, 0);
    for (path, text) in &fixed.texts {
        let old = before.get(path).map_or("", |text| &**text);
        let done = if args.diff {
            diff::write(path, old, text, &mut out).map(|left_out| {
                hidden += left_out.lines;
                bare += left_out.bare;
            })
        } else if args.stdin_filename.is_some() {
            out.write_all(text.as_bytes())
        } else {
            let full = project.root.join(path.as_str());
            crate::atomic::write(&full, |file| file.write_all(text.as_bytes()))
        };
        done.map_err(|error| Failure::io("write", Path::new(path.as_str()), error))?;
    }
    if bare > 0 {
        let what = "has no lines after it, because they hold secrets";
        let _ = writeln!(io::stderr(), "{} {what}: `git apply --unidiff-zero` applies it", count(bare, "change"));
    }
    if hidden > 0 {
        let _ = writeln!(
            io::stderr(),
            "{} of this diff would show secrets, which are hidden; `--fix` applies it, `git apply` does not",
            count(hidden, "line")
        );
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
