//! `check --staged`: the content of git's index, and only what it adds to the findings of the last commit.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use arrears_core::source::{Language, RelPath};
use arrears_linter::analyze::{FileAnalysis, analyze, classify};
use arrears_linter::report::Skipped;
use arrears_linter::ruleset::RuleSet;
use arrears_linter::workspace::Workspace;

use crate::discover::Found;
use crate::error::Failure;
use crate::load::{decode, limit};
use crate::project::Project;

/// What git's index holds that the work tree or the last commit does not.
#[derive(Debug)]
pub(crate) struct Staged {
    /// The files that the next commit changes; those that it deletes are none.
    pub(crate) paths: BTreeSet<RelPath>,
    /// The files whose content on the disk is not the index's, with that content; none, where it is no text.
    indexed: BTreeMap<RelPath, Option<String>>,
    /// The content in the last commit of the files that the next one changes.
    committed: BTreeMap<RelPath, Option<String>>,
}

impl Staged {
    /// Asks git.
    pub(crate) fn of(project: &Project) -> Result<Self, Failure> {
        if project.git_root.is_none() {
            return Err(Failure::Other("`--staged` reads git's index, and this is no repository of git".to_owned()));
        }
        let root = &project.root;
        let added = ["diff", "--cached", "--name-only", "-z", "--no-renames", "--diff-filter=ACMT"];
        let paths: BTreeSet<RelPath> = names(root, &added)?.into_iter().collect();
        let differing = names(root, &["diff", "--name-only", "-z", "--no-renames"])?;
        let read: Vec<RelPath> = differing.into_iter().filter(|path| Language::of(path).is_some()).collect();
        let indexed = blobs(root, "", &read)?;
        let changed: Vec<RelPath> = paths.iter().filter(|path| Language::of(path).is_some()).cloned().collect();
        let committed = blobs(root, "HEAD", &changed)?;
        Ok(Self { paths, indexed, committed })
    }

    /// Leaves only the files that are to be read from the disk: tracked ones that are there as the index has them.
    pub(crate) fn retain(&self, files: &mut Vec<Found>, tracked: &BTreeSet<RelPath>) {
        files.retain(|file| tracked.contains(&file.path) && !self.indexed.contains_key(&file.path));
    }

    /// Analyses the files that lie on the disk otherwise than in the index, and says which of them are no text.
    pub(crate) fn analyze(&self, rules: &RuleSet) -> (Vec<FileAnalysis>, Vec<Skipped>) {
        let (mut analyses, mut skipped) = (Vec::new(), Vec::new());
        for (path, text) in &self.indexed {
            match (text, Language::of(path)) {
                (Some(text), Some(language)) => {
                    analyses.push(analyze(classify(path.clone(), text.clone(), language), rules));
                }
                (None, Some(language)) if language.family().is_some() => {
                    skipped.push(Skipped { path: path.to_string(), reason: "not UTF-8 in the index".to_owned() });
                }
                _ => {}
            }
        }
        (analyses, skipped)
    }

    /// Returns the fingerprints of what the last commit had already in the files that the next one changes.
    pub(crate) fn known(&self, workspace: &mut Workspace) -> BTreeSet<String> {
        let mut staged = Vec::new();
        for (path, text) in &self.committed {
            staged.push((path, workspace.file(path).map(|file| file.source.clone())));
            match (text, Language::of(path)) {
                (Some(text), Some(language)) => workspace.update(classify(path.clone(), text.clone(), language)),
                _ => workspace.remove(path),
            }
        }
        let before = workspace.report(&|path| self.paths.contains(path));
        for (path, source) in staged {
            match source {
                Some(source) => workspace.update(source),
                None => workspace.remove(path),
            }
        }
        before.diagnostics.into_iter().map(|it| it.fingerprint).collect()
    }
}

fn names(root: &Path, arguments: &[&str]) -> Result<Vec<RelPath>, Failure> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure::io("run", Path::new("git"), error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::Other(format!("git does not tell what is staged: {}", said.trim())));
    }
    let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Ok(names.filter_map(|name| std::str::from_utf8(name).ok()).map(RelPath::new).collect())
}

/// Returns the content of files in the index (an empty `tree`) or a commit; those that are not there have none.
fn blobs(root: &Path, tree: &str, paths: &[RelPath]) -> Result<BTreeMap<RelPath, Option<String>>, Failure> {
    let mut found: BTreeMap<RelPath, Option<String>> = BTreeMap::new();
    let asked: Vec<&RelPath> = paths.iter().filter(|path| !path.as_str().contains('\n')).collect();
    if asked.is_empty() {
        return Ok(found);
    }
    let failed = |error| Failure::io("run", Path::new("git"), error);
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["cat-file", "--batch"]);
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(failed)?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else { return Ok(found) };
    let mut stdout = BufReader::new(stdout);
    for path in asked {
        writeln!(stdin, "{tree}:{path}").and_then(|()| stdin.flush()).map_err(failed)?;
        let content = blob(&mut stdout).map_err(failed)?;
        let is_code = Language::of(path).and_then(Language::family).is_some();
        let small = content.filter(|bytes| bytes.len() as u64 <= limit(is_code));
        found.insert(path.clone(), small.and_then(|bytes| decode(bytes).ok()));
    }
    drop(stdin);
    child.wait().map_err(failed)?;
    Ok(found)
}

/// Reads one answer of `git cat-file --batch`; none, where the object is missing.
fn blob(stdout: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = String::new();
    stdout.read_line(&mut head)?;
    let Some(length) = head.trim_end().rsplit(' ').next().and_then(|it| it.parse::<usize>().ok()) else {
        return Ok(None);
    };
    let mut content = vec![0; length + 1];
    stdout.read_exact(&mut content)?;
    content.truncate(length);
    Ok(Some(content))
}
