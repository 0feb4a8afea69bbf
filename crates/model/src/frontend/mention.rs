//! Files that are named by a path in a text: pages, manifests, scripts of the shell, tables of routes.

use arrears_core::source::RelPath;
use rustc_hash::FxHashMap;

use super::files::Files;
use super::package::Packages;
use super::paths::join;

/// What a path of a module ends with, the longer ones first.
const ENDINGS: [&str; 8] = ["tsx", "ts", "jsx", "js", "mjs", "cjs", "mts", "cts"];

/// The modules by their file names.
pub(crate) struct Names<'p> {
    by_name: FxHashMap<&'p str, Vec<&'p RelPath>>,
}

impl<'p> Names<'p> {
    pub(crate) fn find(files: &Files<'p>) -> Self {
        let mut by_name: FxHashMap<&str, Vec<&RelPath>> = FxHashMap::default();
        for file in files.all().iter().filter(|it| super::is_script(**it)) {
            let path = &file.source.path;
            by_name.entry(path.file_name()).or_default().push(path);
        }
        Self { by_name }
    }

    /// Calls a function with each module that a text in a folder names.
    pub(crate) fn each(
        &self,
        named: impl Iterator<Item = impl AsRef<str>>,
        folder: &str,
        files: &Files<'p>,
        packages: &Packages<'p>,
        found: &mut dyn FnMut(&'p RelPath),
    ) {
        for path in named {
            let path = path.as_ref();
            let name = path.rsplit('/').next().unwrap_or(path);
            let Some(candidates) = self.by_name.get(name) else { continue };
            let around = std::iter::once(folder).chain(packages.enclosing(folder).map(|it| it.folder));
            let exact = around.filter_map(|base| files.get(&join(base, path.trim_start_matches('/'))?)).next();
            if let Some(file) = exact {
                found(&file.source.path);
                continue;
            }
            let tail = path.trim_start_matches(['.', '/']);
            if tail.contains('/') {
                let is_it = |it: &RelPath| {
                    it.as_str().strip_suffix(tail).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
                };
                candidates.iter().copied().filter(|it| is_it(it)).for_each(&mut *found);
            }
        }
    }
}

/// Returns the paths of modules that stand in quotes in a script.
pub(crate) fn quoted(text: &str) -> impl Iterator<Item = &str> {
    endings(text).filter_map(|(_, end)| {
        let quote = *text.as_bytes().get(end)?;
        if !matches!(quote, b'"' | b'\'' | b'`') {
            return None;
        }
        let before = text
            .get(end.saturating_sub(200)..end)
            .or_else(|| text.get(text.floor_char_boundary(end.saturating_sub(200))..end))?;
        let start = before.rfind(char::from(quote))?;
        before.get(start + 1..).filter(|path| !path.contains('\n'))
    })
}

/// Returns the paths of modules in a text, in quotes or not.
pub(crate) fn written(text: &str) -> impl Iterator<Item = &str> {
    endings(text).filter_map(|(dot, end)| {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'@');
        let before = text.as_bytes().get(..dot)?;
        let length = before.iter().rev().take(200).take_while(|byte| is_part(byte)).count();
        text.get(dot - length..end).filter(|_| length > 0)
    })
}

/// Returns the dots and ends of the extensions of modules in a text.
fn endings(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).filter_map(move |dot| {
        let after = bytes.get(dot + 1..)?;
        if !matches!(after.first(), Some(b't' | b'j' | b'm' | b'c')) {
            return None;
        }
        let ending = ENDINGS.iter().find(|it| after.starts_with(it.as_bytes()))?;
        let next = after.get(ending.len());
        let is_end =
            next.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.' | b'/'));
        is_end.then_some((dot, dot + 1 + ending.len()))
    })
}
