//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds copies of files that were kept beside their originals.
    ///
    /// Git keeps the old version already. The copy is found by every search, is mended by mistake instead of the
    /// original, and nobody dares to delete it a year later.
    ///
    /// ```python bad path=shop/prices.py
    /// TAX = 19
    /// ```
    /// ```python bad path=shop/prices_old.py
    /// TAX = 16
    /// ```
    /// ```python good path=shop/prices.py
    /// TAX = 19
    /// ```
    ///
    /// Counts: `name 2.py`, `name copy.py`, `name (1).py`, `copy of name.py`, `name_old.py`, `name_backup.py`,
    /// `name.py.bak`, `name.bak.py`, `name.orig`, `name.py~`, where the original lies in the same folder and git tracks
    /// the copy. Not flagged: a copy that other files name, migrations, tests and fixtures, pictures and fonts.
    pub(crate) const RULE = {
        code: "duplication/backup-file",
        summary: "copy of a file is kept beside the original",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        asks_git: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let inventory = model.inventory();
    let Some(tracked) = inventory.tracked() else { return };
    for path in tracked.iter().filter(|path| is_text(path) && !is_exhibit(path)) {
        let in_folder = |name: &str| {
            let folder = path.folder();
            RelPath::new(&if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
        };
        let originals = originals(path.file_name());
        let Some(original) = originals.iter().map(|name| in_folder(name)).find(|it| tracked.contains(it)) else {
            continue;
        };
        if is_named(model, path) {
            continue;
        }
        let name = original.file_name();
        let finding = ctx.report(path, first_line(model, path), format!("this is a copy kept beside `{name}`"));
        finding.label_in(&original, first_line(model, &original), "the original");
        finding.help("delete the copy: git keeps the old version");
    }
}

/// Returns the names that the original of a copy may have; none where the name is not a copy's.
fn originals(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for end in [".bak", ".orig", ".old", ".backup", "~", ".save", ".copy"] {
        found.extend(name.strip_suffix(end).filter(|rest| rest.contains('.')).map(str::to_owned));
    }
    let lower = name.to_ascii_lowercase();
    for start in ["copy of ", "copy_of_", "backup_of_"] {
        found.extend(lower.starts_with(start).then(|| name.get(start.len()..).unwrap_or("").to_owned()));
    }
    let Some((stem, extension)) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) else { return found };
    let ends = [
        " 2", " 3", " copy", " copy 2", " - copy", " - Copy", " (1)", " (2)", " (copy)", "(1)", "_old", "-old", ".old",
        "_backup", "-backup", ".backup", ".bak", "_bak", "_copy", "-copy", "_orig", ".orig", "_OLD", "_BACKUP",
    ];
    let stripped = ends.iter().filter_map(|end| stem.strip_suffix(end)).filter(|rest| !rest.is_empty());
    found.extend(stripped.map(|rest| format!("{rest}.{extension}")));
    found
}

/// Returns whether another file of the repository names a copy that a module can be imported by.
fn is_named(model: &ProjectModel<'_>, path: &RelPath) -> bool {
    let name = path.file_name();
    let stem = name.split('.').next().unwrap_or(name);
    let is_word = stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let word = if is_word { stem } else { return false };
    // The copy of `a.py` at `a.py.bak` shares its word with the original.
    let is_own = originals(name).iter().any(|it| it.split('.').next() == Some(stem));
    !is_own && model.files_with_word(word).any(|file| file.source.path != *path)
}

fn is_text(path: &RelPath) -> bool {
    !matches!(
        path.extension().to_ascii_lowercase().as_str(),
        "png"
            | "jpg"
            | "jpeg"
            | "gif"
            | "svg"
            | "webp"
            | "ico"
            | "woff"
            | "woff2"
            | "ttf"
            | "otf"
            | "pdf"
            | "mp4"
            | "mp3"
            | "wav"
            | "zip"
            | "gz"
            | "po"
            | "mo"
            | "csv"
            | "xlsx"
            | "docx"
            | "psd"
            | "fbx"
            | "glb"
            | "obj"
            | "blend"
            | "snap"
    )
}

fn is_exhibit(path: &RelPath) -> bool {
    path.folders().any(|folder| {
        matches!(
            folder,
            "migrations"
                | "tests"
                | "test"
                | "__tests__"
                | "fixtures"
                | "testdata"
                | "node_modules"
                | "vendor"
                | "docs"
                | "examples"
                | "site-packages"
                | "staticfiles"
        )
    })
}

fn first_line(model: &ProjectModel<'_>, path: &RelPath) -> TextRange {
    let Some(file) = model.file(path).filter(|file| !file.source.roles.contains(Roles::MINIFIED)) else {
        return TextRange::empty(0);
    };
    TextRange::of(0..file.source.text.lines().next().map_or(0, str::len))
}
