//! Reads requirements files of pip: `requirements.txt`, `requirements/base.in`, `constraints.txt`.

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// A requirements file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    /// What it asks for, in the order of the file.
    pub items: Vec<Requirement>,
    /// The files it takes over.
    pub includes: Vec<Include>,
    /// Whether a program wrote it from another file: `pip-compile`, `uv export`, `poetry export`, `pip freeze` with hashes.
    pub is_compiled: bool,
    /// Lines that are no requirement and no known option: a template, a merge conflict.
    pub unread: Vec<TextRange>,
}

/// A requirement: `celery[redis]>=5.4; python_version > "3.9"`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The name as it is written; empty, where only an address is given that names none.
    pub name: String,
    /// Where the name is written, or the address.
    pub range: TextRange,
    /// The extras.
    pub extras: Vec<String>,
    /// What versions are allowed, as it is written: `>=5.4,<6`; empty, where any is.
    pub versions: String,
    /// When it applies, as it is written; empty, where it always does.
    pub marker: String,
    /// The address or path it comes from, where it does not come from the index.
    pub address: Option<String>,
    /// Whether it is installed for editing: `-e .`
    pub is_editable: bool,
    /// Whether the archives are fixed by hashes.
    pub has_hash: bool,
    /// The comment behind it, without `#`.
    pub comment: String,
}

/// A file that another takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Include {
    /// The path, relative to the file's folder.
    pub path: String,
    /// Where it is written.
    pub range: TextRange,
    /// Whether it only constrains versions: `-c constraints.txt`
    pub is_constraint: bool,
}

impl Requirement {
    /// Returns whether exactly one version or archive is allowed.
    pub fn is_pinned(&self) -> bool {
        self.has_hash || self.versions.starts_with("==") && !self.versions.contains('*')
    }
}

/// Returns whether a file is a list of requirements by its name.
pub fn is_requirements(name: &str, folder: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_named = lower.contains("requirements") || lower.contains("constraints");
    let is_listed = folder == "requirements" || folder.ends_with("/requirements");
    lower.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "txt" | "in")) && (is_named || is_listed)
}

/// Reads a requirements file. Every text is one; what is not understood is said so.
pub fn read(text: &str) -> Requirements {
    let mut read = Requirements::default();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let (length, logical) = logical_line(rest);
        read.line(rest.get(..logical).unwrap_or(""), start);
        start += length;
    }
    let pinned = read.items.iter().filter(|it| it.has_hash).count();
    read.is_compiled |= pinned > 0 && pinned * 2 > read.items.len();
    read
}

/// Reads one requirement as `pyproject.toml` and others write it; `at` is where the text begins.
pub fn requirement(text: &str, at: usize) -> Option<Requirement> {
    let trimmed = text.trim_start();
    let at = at + text.len() - trimmed.len();
    let trimmed = trimmed.trim_end();
    let name_length = trimmed.bytes().take_while(|it| is_name(*it)).count();
    let name = trimmed.get(..name_length)?.trim_end_matches(['.', '-', '_']);
    if name.is_empty() || !name.starts_with(|it: char| it.is_ascii_alphanumeric()) {
        return None;
    }
    let range = TextRange::of(at..at + name.len());
    let mut rest = trimmed.get(name.len()..)?.trim_start();
    let mut extras = Vec::new();
    if let Some(open) = rest.strip_prefix('[') {
        let (inner, after) = open.split_once(']')?;
        extras = inner.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        rest = after.trim_start();
    }
    let (front, marker) = rest.split_once(';').unwrap_or((rest, ""));
    let mut found = Requirement { name: name.to_owned(), range, extras, ..Requirement::default() };
    if let Some(address) = rest.strip_prefix('@') {
        // A semicolon may stand in an address; only one behind a blank begins a marker.
        let (address, marker) = address.split_once(" ;").unwrap_or((address, ""));
        found.address = Some(address.trim().to_owned());
        marker.trim().clone_into(&mut found.marker);
        return Some(found);
    }
    let versions = front.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if !(versions.is_empty() || versions.starts_with(['=', '<', '>', '~', '!'])) {
        return None;
    }
    found.versions = versions.chars().filter(|it| !it.is_whitespace()).collect();
    marker.trim().clone_into(&mut found.marker);
    Some(found)
}

/// Returns how long the first logical line of a text is, with its line break and without.
fn logical_line(text: &str) -> (usize, usize) {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        length += line.len();
        let bare = line.trim_end_matches(['\n', '\r']);
        let is_comment = bare.trim_start().starts_with('#');
        if is_comment || !bare.ends_with('\\') {
            return (length, length - (line.len() - bare.len()));
        }
    }
    (length, length)
}

impl Requirements {
    fn line(&mut self, line: &str, start: usize) {
        let trimmed = line.trim_start();
        let at = start + line.len() - trimmed.len();
        let trimmed = trimmed.trim_end();
        if let Some(comment) = trimmed.strip_prefix('#') {
            return self.comment(comment);
        }
        if trimmed.is_empty() {
            return;
        }
        let cut = comment_start(trimmed);
        let (body, comment) = trimmed.split_at(cut);
        let comment = comment.trim_start_matches('#').trim();
        let body = body.trim_end();
        if body.starts_with('-') {
            return self.option(body, at, comment);
        }
        let has_hash = body.contains("--hash");
        let plain = [" --", "\t--", "\\"].iter().filter_map(|it| body.find(it)).min().unwrap_or(body.len());
        let plain = body.get(..plain).unwrap_or(body);
        match requirement(plain, at).or_else(|| at_address(plain, at)) {
            Some(found) => self.items.push(Requirement { has_hash, comment: comment.to_owned(), ..found }),
            None => self.unread.push(TextRange::of(at..at + body.len())),
        }
    }

    fn comment(&mut self, comment: &str) {
        const MARKS: [&str; 6] = [
            "autogenerated by pip-compile",
            "autogenerated by uv",
            "generated by pip-compile",
            "uv export",
            "uv pip compile",
            "poetry export",
        ];
        let lower = comment.trim().to_ascii_lowercase();
        self.is_compiled |= MARKS.iter().any(|it| lower.contains(it));
        if let Some(last) = self.items.last_mut()
            && let Some(origin) = lower.strip_prefix("via").filter(|it| it.is_empty() || it.starts_with(' '))
            && last.comment.is_empty()
        {
            last.comment = format!("via{origin}");
        }
    }

    fn option(&mut self, body: &str, at: usize, comment: &str) {
        let (flag, value) = body.split_at(body.find([' ', '=', '\t']).unwrap_or(body.len()));
        let (flag, value) = match flag.get(..2) {
            Some(short @ ("-r" | "-c" | "-e")) if flag.len() > 2 && !flag.starts_with("--") => {
                (short, body.get(2..).unwrap_or(""))
            }
            _ => (flag, value),
        };
        let plain = value.trim_start_matches([' ', '=', '\t']);
        let from = at + body.len() - plain.len();
        let range = TextRange::of(from..from + plain.len());
        match flag {
            "-r" | "--requirement" | "-c" | "--constraint" => {
                let is_constraint = matches!(flag, "-c" | "--constraint");
                self.includes.push(Include { path: plain.to_owned(), range, is_constraint });
            }
            "-e" | "--editable" => {
                let found = at_address(plain, from).unwrap_or_else(|| Requirement {
                    range,
                    address: Some(plain.to_owned()),
                    ..Requirement::default()
                });
                self.items.push(Requirement { is_editable: true, comment: comment.to_owned(), ..found });
            }
            _ => {}
        }
    }
}

/// Reads an address or a path in the place of a name: `git+https://host/project.git@v2#egg=project`.
fn at_address(text: &str, at: usize) -> Option<Requirement> {
    let plain = text.trim_matches(['"', '\'']);
    let is_path = plain.starts_with(['.', '/']) || plain.ends_with(".whl") || plain.ends_with(".tar.gz");
    if !(plain.contains("://") || plain.starts_with("git+") || plain.starts_with("file:") || is_path) {
        return None;
    }
    let egg = plain.split_once("egg=").map_or("", |(_, egg)| egg);
    let egg = egg.get(..egg.bytes().take_while(|it| is_name(*it)).count()).unwrap_or("");
    let last = plain.rsplit('/').next().unwrap_or("");
    let archive = last.split(['@', '#']).next().unwrap_or("");
    let is_archive = archive.ends_with(".whl") || archive.ends_with(".tar.gz") || archive.ends_with(".zip");
    let archive = match archive.strip_suffix(".git") {
        Some(stem) => stem,
        None if archive.ends_with(".whl") => archive.split('-').next().unwrap_or(""),
        None if is_archive || is_path && !plain.contains("://") => "",
        None => archive,
    };
    let name = if egg.is_empty() { archive } else { egg };
    let range = TextRange::of(at..at + text.trim_end().len());
    Some(Requirement { name: name.to_owned(), range, address: Some(plain.to_owned()), ..Requirement::default() })
}

/// Returns where a comment begins: at a `#` behind a blank.
fn comment_start(line: &str) -> usize {
    let marks = line.match_indices('#').map(|(at, _)| at);
    let is_comment = |at: &usize| line.get(..*at).is_none_or(|front| front.is_empty() || front.ends_with([' ', '\t']));
    marks.into_iter().find(is_comment).unwrap_or(line.len())
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::{read, requirement};

    #[test]
    fn names_extras_versions_and_markers_are_read_with_places() {
        let text =
            "# web\nDjango>=5,<6  # the framework\ncelery[redis, tblib] == 5.4 ; python_version > '3.9'\npillow\n";
        let found = read(text);
        let told: Vec<_> = found.items.iter().map(|it| (it.range.slice(text), it.versions.as_str())).collect();
        assert_eq!(told, [("Django", ">=5,<6"), ("celery", "==5.4"), ("pillow", "")]);
        assert_eq!(
            (found.items[0].comment.as_str(), found.items[1].marker.as_str()),
            ("the framework", "python_version > '3.9'")
        );
        assert_eq!(found.items[1].extras, ["redis", "tblib"]);
    }

    #[test]
    fn hashes_on_continued_lines_belong_to_their_requirement() {
        let text = "asgiref==3.8 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via django\ndjango==5.2 \\\n  --hash=sha256:cc\n";
        let found = read(text);
        assert_eq!(found.items.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["asgiref", "django"]);
        assert!(found.is_compiled && found.items[0].comment == "via django" && found.items[0].is_pinned());
    }

    #[test]
    fn includes_and_editable_paths_are_told_apart() {
        let found = read(
            "-r base.txt\n-c ../constraints.txt\n-e .\n--index-url https://example.com\n-e git+https://example.com/shop.git#egg=shop\n",
        );
        assert_eq!(
            found.includes.iter().map(|it| (it.path.as_str(), it.is_constraint)).collect::<Vec<_>>(),
            [("base.txt", false), ("../constraints.txt", true)]
        );
        assert_eq!(found.items.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["", "shop"]);
    }

    #[test]
    fn addresses_name_what_they_bring() {
        let found = read(
            "shop @ https://example.com/shop.zip\ngit+https://example.com/team/django-cart@v2\n./wheels/till-1.0-py3.whl\n",
        );
        assert_eq!(found.items.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["shop", "django-cart", "till"]);
        assert!(found.items.iter().all(|it| it.address.is_some()) && found.unread.is_empty());
    }

    #[test]
    fn what_is_no_requirement_is_said_so() {
        assert!(requirement("hello world", 0).is_none());
        assert_eq!(read("<<<<<<< HEAD\n{{ package }}\n").unread.len(), 2);
    }
}
