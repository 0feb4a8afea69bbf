//! `setup.py`, `setup.cfg` and `Pipfile` as manifests.

use arrears_core::source::RelPath;
use arrears_syntax::document::ini::Key;
use arrears_syntax::document::requirements::requirement;
use arrears_syntax::document::tree::Item;

use super::pip::declaration;
use super::pyproject::{is_for_development, tables};
use super::{Declaration, Ecosystem, Kind, Manifest};
use crate::project::ProjectFile;

/// Reads a `Pipfile`.
pub(super) fn pipfile(file: ProjectFile<'_>) -> Option<Manifest<'_>> {
    let root = file.facts.document()?.tree()?.root()?;
    let text = &file.source.text;
    let mut found = Vec::new();
    tables(root.get("packages"), Kind::Runtime, text, &mut found);
    tables(root.get("dev-packages"), Kind::Dev, text, &mut found);
    let known = ["packages", "dev-packages", "source", "requires", "scripts", "pipenv"];
    for group in root.entries().filter(|it| !known.contains(&it.key) && it.value.is_map()) {
        tables(Some(group.value).filter(|it: &Item<'_>| it.is_map()), Kind::Optional, text, &mut found);
    }
    Some(manifest(&file.source.path, found, true, false))
}

/// Reads a `setup.cfg`; none, where it only configures tools.
pub(super) fn setup_cfg(file: ProjectFile<'_>) -> Option<Manifest<'_>> {
    let ini = file.facts.document()?.ini()?;
    let text = &file.source.text;
    let mut found = Vec::new();
    let mut take = |key: &Key, kind: Kind, is_complete: &mut bool| {
        for (line, range) in &key.lines {
            match requirement(line, range.to_usize().start) {
                Some(read) => found.push(Declaration { kind, ..declaration(&read, text) }),
                None => *is_complete = false,
            }
        }
    };
    let mut is_complete = true;
    let key = ini.key("options", "install_requires");
    if let Some(key) = key {
        take(key, Kind::Runtime, &mut is_complete);
    }
    for extra in ini.sections.iter().filter(|it| it.name == "options.extras_require").flat_map(|it| &it.keys) {
        let kind = if is_for_development(&extra.name) { Kind::Dev } else { Kind::Optional };
        take(extra, kind, &mut is_complete);
    }
    (!found.is_empty() || !is_complete).then(|| manifest(&file.source.path, found, is_complete, true))
}

/// Reads a `setup.py` as far as its lists are written out; none, where it declares nothing.
pub(super) fn setup_py(file: ProjectFile<'_>) -> Option<Manifest<'_>> {
    let text = &*file.source.text;
    let mut found = Vec::new();
    let mut is_complete = true;
    for (word, kind) in [("install_requires", Kind::Runtime), ("extras_require", Kind::Optional)] {
        let Some(at) = value_of(text, word) else { continue };
        let name: String =
            text.get(at..)?.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').take(80).collect();
        let at = if name.is_empty() { Some(at) } else { value_of(text, &name) };
        match at.and_then(|at| literal(text, at)) {
            Some(strings) => {
                for (start, end) in strings {
                    let Some(written) = text.get(start..end) else { continue };
                    let Some(read) = requirement(written, start) else { continue };
                    found.push(Declaration { kind, ..declaration(&read, text) });
                }
            }
            None => is_complete = false,
        }
    }
    (!found.is_empty() || !is_complete).then(|| manifest(&file.source.path, found, is_complete, true))
}

fn manifest(path: &RelPath, declarations: Vec<Declaration>, is_complete: bool, is_library: bool) -> Manifest<'_> {
    Manifest {
        path,
        ecosystem: Ecosystem::Python,
        kind: Kind::Runtime,
        covers: path.folder(),
        declarations,
        includes: Vec::new(),
        is_complete,
        is_lock: false,
        is_library,
    }
}

/// Returns where the value begins that a name is given: `name = …`, `name=…`.
fn value_of(text: &str, name: &str) -> Option<usize> {
    text.match_indices(name).find_map(|(at, _)| {
        let is_start = !text.get(..at)?.ends_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
        let rest = text.get(at + name.len()..)?;
        let value = rest.trim_start().strip_prefix('=').filter(|it| is_start && !it.starts_with('='))?;
        Some(text.len() - value.trim_start().len())
    })
}

/// Returns the strings of a list or of a dictionary of lists that is written out, without the keys.
fn literal(text: &str, at: usize) -> Option<Vec<(usize, usize)>> {
    let bytes = text.as_bytes();
    let (mut found, mut depth, mut at) = (Vec::new(), 0_u32, at);
    loop {
        match *bytes.get(at)? {
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    break;
                }
            }
            b'#' => at += text.get(at..)?.find('\n')?,
            quote @ (b'"' | b'\'') => {
                let length = text.get(at + 1..)?.bytes().position(|it| it == quote || it == b'\n')?;
                let (start, end) = (at + 1, at + 1 + length);
                let is_key = text.get(end + 1..)?.trim_start().starts_with(':');
                found.extend((!is_key).then_some((start, end)));
                at = end;
            }
            b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' => {}
            _ => return None,
        }
        if depth == 0 {
            return None;
        }
        at += 1;
    }
    // `[…] + others` is more than what is written.
    let rest = text.get(at + 1..)?.trim_start_matches([' ', '\t']);
    (!rest.starts_with('+')).then_some(found)
}
