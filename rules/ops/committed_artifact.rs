//! See [`RULE`].

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::rule::Scope;
use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds files that the program or its tools write, and that git tracks nevertheless.
    ///
    /// A committed database carries the rows of whoever committed it, uploads carry their pictures, and every run of
    /// the program changes files that nobody meant to change. Compiled modules and collected static files are old as
    /// soon as the code moves on, and are searched and reviewed all the same.
    ///
    /// ```html bad path=htmlcov/index.html
    /// <h1>Coverage report: 81%</h1>
    /// ```
    /// ```html good path=web/index.html
    /// <h1>Shop</h1>
    /// ```
    ///
    /// Counts, once for each folder of a kind: SQLite databases, `__pycache__`, what `collectstatic` has put together
    /// (the files of Django's admin or of the REST framework lie in it), uploads below a folder that a model's
    /// `upload_to` names, `node_modules`, virtual environments, builds of Next.js, Vite and Create React App, logs,
    /// coverage reports, schedules of Celery, `.DS_Store`. Not flagged: tests, fixtures, examples, documents, and
    /// demonstration data that says so in its name. Asks git; where there is none, nothing is claimed.
    pub(crate) const RULE = {
        code: "ops/committed-artifact",
        summary: "generated or uploaded file is tracked by git",
        check: Check::Project { run: check },
        scope: Scope::Repository,
        exempt: Roles::empty(),
        asks_git: true,
    }
}

/// How many places of one finding are shown.
const SHOWN: usize = 6;

/// Files of one kind below one folder.
struct Artifact<'p> {
    /// What is said of them: `{} is …`.
    says: &'static str,
    /// What to take out of git.
    path: String,
    files: Vec<&'p RelPath>,
    /// The file that proves what they are.
    proof: Option<&'p RelPath>,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let Some(tracked) = model.inventory().tracked() else { return };
    let mut found: BTreeMap<(&'static str, String), Artifact<'_>> = BTreeMap::new();
    let collected = collected(tracked);
    let uploads = uploads(model, tracked);
    for path in tracked.iter().filter(|path| !is_exhibit(path)) {
        let Some((says, root)) = kind(path, &collected, &uploads) else { continue };
        let artifact = found.entry((says, root.to_owned())).or_insert_with(|| Artifact {
            says,
            path: root.to_owned(),
            files: Vec::new(),
            proof: None,
        });
        artifact.files.push(path);
        if path.as_str().ends_with("/admin/js/vendor/jquery/jquery.js") {
            artifact.proof = Some(path);
        }
    }
    for artifact in found.values() {
        report(artifact, ctx);
    }
}

fn report(artifact: &Artifact<'_>, ctx: &mut ProjectContext<'_>) {
    let mut shown: Vec<&RelPath> = artifact.proof.into_iter().collect();
    let mut folders: BTreeSet<&str> = shown.iter().map(|path| path.folder()).collect();
    shown.extend(artifact.files.iter().filter(|path| folders.insert(path.folder())));
    let Some((first, others)) = shown.split_first() else { return };
    let count = artifact.files.len();
    let (name, is_one) = (&artifact.path, count == 1);
    let message = if is_one && first.as_str() == name {
        format!("`{name}` is {}, and git tracks it", artifact.says)
    } else {
        let files = if is_one { "1 file".to_owned() } else { format!("{count} files") };
        format!("`{name}` is {}, and git tracks {files} of it", artifact.says)
    };
    let recursive = if first.as_str() == name { "" } else { "-r " };
    let finding = ctx.report(first, TextRange::empty(0), message);
    finding.help(if recursive.is_empty() || !name.starts_with('_') {
        format!("name it in `.gitignore` and take it out of git: `git rm {recursive}--cached {name}`")
    } else {
        format!("name it in `.gitignore` and take it out of git: `git rm -r --cached '*{name}*'`")
    });
    for path in others.iter().take(SHOWN) {
        finding.label_in(path, TextRange::empty(0), "here too");
    }
    finding.property("files", count.to_string());
}

/// Returns what a file is, and the folder or file that is said to be it.
fn kind<'a>(path: &'a RelPath, collected: &'a [String], uploads: &'a [String]) -> Option<(&'static str, &'a str)> {
    let (text, name) = (path.as_str(), path.file_name());
    let below = |folder: &str| {
        let at = text.starts_with(&format!("{folder}/")).then_some(folder.len());
        let at = at.or_else(|| text.find(&format!("/{folder}/")).map(|at| at + 1 + folder.len()));
        at.and_then(|end| text.get(..end))
    };
    if let Some(root) = below("node_modules") {
        return Some(("what the package manager installs", root));
    }
    if path.folders().any(|folder| folder == "__pycache__") || path.extension() == "pyc" {
        return Some(("what Python compiles", "__pycache__"));
    }
    let inside = |root: &&String| text.strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('/'));
    if let Some(root) = collected.iter().find(inside) {
        return Some(("what `collectstatic` puts together", root));
    }
    if let Some(root) = uploads.iter().find(inside) {
        return Some(("where uploads go", root));
    }
    if let Some(root) = below(".next").or_else(|| below(".nuxt")) {
        return Some(("what the frontend is built into", root));
    }
    if let Some(root) = below("htmlcov").or_else(|| below("coverage/lcov-report")) {
        return Some(("a report of coverage", root));
    }
    if let Some(root) = below(".pytest_cache").or_else(|| below(".mypy_cache")).or_else(|| below(".ruff_cache")) {
        return Some(("a cache of a tool", root));
    }
    let stem = name.split('.').next().unwrap_or(name);
    let is_demo = ["demo", "sample", "example", "test", "fixture", "seed"].iter().any(|word| text.contains(word));
    match path.extension() {
        "sqlite3" | "sqlite" if !is_demo => Some(("a database that the program writes", text)),
        "db" if !is_demo
            && matches!(stem, "db" | "database" | "app" | "dev" | "local" | "development" | "celerybeat-schedule") =>
        {
            Some(("a database that the program writes", text))
        }
        "log" if !is_demo && !name.starts_with("CHANGE") => Some(("a log", text)),
        "tsbuildinfo" => Some(("a note of the TypeScript compiler to itself", text)),
        _ => match name {
            ".coverage" => Some(("a record of coverage", text)),
            "celerybeat-schedule" => Some(("where Celery's beat remembers its runs", text)),
            "dump.rdb" => Some(("the memory of a Redis server", text)),
            "pyvenv.cfg" => {
                Some(("a virtual environment", if path.folder().is_empty() { text } else { path.folder() }))
            }
            ".DS_Store" | "Thumbs.db" => Some(("a note of the file manager to itself", text)),
            _ => None,
        },
    }
}

/// Returns whether a file is there to be looked at: by tests, by readers, by generators of projects.
fn is_exhibit(path: &RelPath) -> bool {
    let folder = |name: &str| {
        matches!(
            name,
            "test"
                | "tests"
                | "__tests__"
                | "testdata"
                | "test_data"
                | "fixtures"
                | "e2e"
                | "cypress"
                | "docs"
                | "doc"
                | "examples"
                | "example"
                | "sample"
                | "samples"
                | "demo"
                | "templates"
                | "site-packages"
        ) || name.contains("cookiecutter")
            || name.contains("{{")
    };
    path.folders().any(folder) && !path.folders().any(|name| name == "node_modules" || name == "__pycache__")
}

/// Returns the folders in which `collectstatic` put the files of installed packages together.
fn collected(tracked: &BTreeSet<RelPath>) -> Vec<String> {
    const PROOFS: [(&str, &str); 2] = [
        ("admin/js/core.js", "admin/css/base.css"),
        ("rest_framework/css/default.css", "rest_framework/js/default.js"),
    ];
    let mut roots = Vec::new();
    for path in tracked {
        for (first, second) in PROOFS {
            let Some(root) = path.as_str().strip_suffix(first).and_then(|rest| rest.strip_suffix('/')) else {
                continue;
            };
            let is_source = root.ends_with("contrib/admin/static") || root.contains("rest_framework/static");
            if !is_source && tracked.contains(&RelPath::new(&format!("{root}/{second}"))) {
                roots.push(root.to_owned());
            }
        }
    }
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// Returns the folders of uploads: `media` and the like, where a folder in it has the name that a model uploads to.
fn uploads(model: &ProjectModel<'_>, tracked: &BTreeSet<RelPath>) -> Vec<String> {
    const NAMES: [&str; 5] = ["media", "mediafiles", "uploads", "user_uploads", "media_root"];
    let mut targets: BTreeSet<&str> = BTreeSet::new();
    for file in model.files_with_word("upload_to").filter(|file| !file.source.roles.contains(Roles::TEST)) {
        for part in file.source.text.split("upload_to=").skip(1).take(200) {
            let Some(quote) = part.chars().next().filter(|next| matches!(next, '"' | '\'')) else { continue };
            let target = part.get(1..).and_then(|rest| rest.split(quote).next()).unwrap_or("");
            let first = target.split(['/', '%', '{']).next().unwrap_or("");
            if !first.is_empty() {
                targets.insert(first);
            }
        }
    }
    let mut roots = BTreeSet::new();
    for path in tracked {
        let text = path.as_str();
        let parts: Vec<&str> = text.split('/').collect();
        let Some(at) = parts.iter().position(|part| NAMES.contains(part)) else { continue };
        let is_upload = parts.get(at + 1).is_some_and(|next| at + 2 < parts.len() && targets.contains(next));
        let is_default =
            ["default", "placeholder", "avatar.", "logo", ".git"].iter().any(|it| path.file_name().starts_with(it));
        if is_upload && !is_default {
            roots.insert(parts.get(..=at).unwrap_or_default().join("/"));
        }
    }
    roots.into_iter().collect()
}
