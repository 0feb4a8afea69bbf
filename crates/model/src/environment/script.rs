//! What TypeScript and JavaScript read: `process.env.X`, `import.meta.env.X`, parts of either taken apart.

use arrears_core::source::SourceFile;
use arrears_core::text::TextRange;

use super::{Dynamic, Environment, Fallback, Read, Reader, is_production};
use crate::flow::Place;
use crate::project::ProjectModel;

/// What builds put into a bundle by the beginning of its name.
const PUBLIC: [&str; 9] = [
    "VITE_",
    "NEXT_PUBLIC_",
    "EXPO_PUBLIC_",
    "REACT_APP_",
    "NUXT_PUBLIC_",
    "VUE_APP_",
    "GATSBY_",
    "PUBLIC_",
    "STORYBOOK_",
];

/// Finds what is read.
pub(super) fn find<'p>(project: &ProjectModel<'p>, found: &mut Environment<'p>) {
    for file in project.files().filter(|file| file.facts.script().is_some()) {
        let (source, name) = (file.source, file.source.path.file_name());
        if name.ends_with(".d.ts") || !source.text.contains(".env") && !source.text.contains("config.extra") {
            continue;
        }
        let is_setup = name.contains("setup") || name.contains("jest") || name.contains("vitest");
        if !is_production(&source.path, source.roles) || is_setup {
            continue;
        }
        for object in ["import.meta.env", "process.env"] {
            for (at, _) in source.text.match_indices(object) {
                take(source, object, at, found);
            }
        }
    }
    configured(project, found);
}

/// Takes what one mention of `process.env` reads.
fn take<'p>(source: &'p SourceFile, object: &str, at: usize, found: &mut Environment<'p>) {
    let text: &str = &source.text;
    let Some(rest) = text.get(at + object.len()..) else { return };
    if is_comment(text, at) {
        return;
    }
    let is_quoted =
        text.get(..at).and_then(|head| head.chars().next_back()).is_some_and(|next| matches!(next, '"' | '\'' | '`'));
    let is_meta = object.starts_with("import");
    let named = rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.'));
    if let Some(member) = named {
        let name = word(member);
        let start = text.len() - member.len();
        let range = start..start + name.len();
        if is_quoted {
            found.set.insert(name.to_owned());
        } else {
            add(source, name, range, is_meta, found);
        }
        return;
    }
    if let Some(index) = rest.strip_prefix('[') {
        let inner = index.trim_start();
        match inner.chars().next() {
            Some('"' | '\'') => {
                let name = word(inner.get(1..).unwrap_or(""));
                let start = text.len() - inner.len() + 1;
                add(source, name, start..start + name.len(), is_meta, found);
            }
            _ => {
                let place = Place { path: &source.path, range: TextRange::of(at..at + object.len()) };
                let inside = inner.split(']').next().unwrap_or("");
                let is_composed = inside.contains(['`', '+', '(']);
                found.dynamic.push(Dynamic { place, reader: reader("", is_meta), is_composed });
            }
        }
        return;
    }
    // `const { VITE_API_URL, VITE_KEY: key = "x" } = import.meta.env`
    let head = text.get(..at).unwrap_or("").trim_end();
    let taken = head.strip_suffix('=').map(str::trim_end).and_then(|head| head.strip_suffix('}'));
    let Some((before, parts)) = taken.and_then(|head| head.rsplit_once('{')) else { return };
    let mut start = before.len() + 1;
    for part in parts.split(',') {
        let blank = part.len() - part.trim_start().len();
        let name = word(part.trim_start());
        if !name.is_empty() {
            let from = start + blank;
            let fallback = if part.contains('=') { Fallback::Default } else { Fallback::Nothing };
            push(source, name, from..from + name.len(), is_meta, fallback, found);
        }
        start += part.len() + 1;
    }
}

fn add<'p>(
    source: &'p SourceFile,
    name: &str,
    range: std::ops::Range<usize>,
    is_meta: bool,
    found: &mut Environment<'p>,
) {
    let after = source.text.get(range.end..).unwrap_or("").trim_start();
    if after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=>") {
        found.set.insert(name.to_owned());
        return;
    }
    let after = after.trim_start_matches(')').trim_start();
    let is_looked_at =
        ["??", "||", "===", "!==", "==", "!=", "? ", "?\n", "&&"].iter().any(|next| after.starts_with(next));
    let line = source.text.get(..range.start).and_then(|head| head.rsplit('\n').next()).unwrap_or("");
    let before =
        line.trim_end_matches(|next: char| next.is_ascii_alphanumeric() || matches!(next, '.' | '_' | '?')).trim_end();
    let is_tested =
        before.ends_with('!') || before.ends_with("if (") || before.ends_with("Boolean(") || before.ends_with("in");
    let fallback = if is_looked_at || is_tested { Fallback::Default } else { Fallback::Nothing };
    push(source, name, range, is_meta, fallback, found);
}

fn push<'p>(
    source: &'p SourceFile,
    name: &str,
    range: std::ops::Range<usize>,
    is_meta: bool,
    fallback: Fallback,
    found: &mut Environment<'p>,
) {
    if name.len() < 2 || name.contains(|next: char| next.is_ascii_lowercase()) {
        return;
    }
    let place = Place { path: &source.path, range: TextRange::of(range) };
    found.reads.push(Read { place, name: name.to_owned(), fallback, reader: reader(name, is_meta) });
}

fn reader(name: &str, is_meta: bool) -> Reader {
    if is_meta || PUBLIC.iter().any(|prefix| name.starts_with(prefix)) { Reader::Bundle } else { Reader::Node }
}

/// Takes what configurations of build tools define: a name in quotes or as a key, not one that is read.
fn configured<'p>(project: &ProjectModel<'p>, found: &mut Environment<'p>) {
    let names: Vec<String> =
        found.reads.iter().filter(|it| it.reader != Reader::Server).map(|it| it.name.clone()).collect();
    let is_configuration = |name: &str| name.contains(".config.") || name.contains("webpack") || name.contains("babel");
    for file in
        project.files().filter(|file| file.facts.script().is_some() && is_configuration(file.source.path.file_name()))
    {
        for name in names.iter().filter(|name| file.facts.words.may_contain(name)) {
            let text: &str = &file.source.text;
            let defines = text.match_indices(name.as_str()).any(|(at, _)| {
                let head = text.get(..at).unwrap_or("");
                !head.ends_with("env.") && !head.ends_with("env?.") && !is_comment(text, at)
            });
            if defines {
                found.set.insert(name.clone());
            }
        }
    }
}

/// Returns whether a place lies in a comment: what a line says after `//`, or a line of a longer comment.
fn is_comment(text: &str, at: usize) -> bool {
    let line = text.get(..at).and_then(|head| head.rsplit('\n').next()).unwrap_or("");
    let trimmed = line.trim_start();
    trimmed.starts_with('*') || trimmed.starts_with("/*") || trimmed.starts_with("//") || line.contains(" // ")
}

fn word(text: &str) -> &str {
    let end = text.find(|next: char| !next.is_ascii_alphanumeric() && next != '_');
    text.get(..end.unwrap_or(text.len())).unwrap_or("")
}
