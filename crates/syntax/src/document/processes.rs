//! Reads Procfiles: one process a line.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// A line `web: gunicorn shop.wsgi` of a Procfile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessLine {
    /// Its name.
    pub name: String,
    /// Where the name is written.
    pub name_range: TextRange,
    /// What it runs, as it is written.
    pub command: String,
    /// Where that is written.
    pub range: TextRange,
}

/// Returns whether a file is a Procfile by its name: `Procfile`, `Procfile.dev`.
pub fn is_procfile(path: &RelPath) -> bool {
    let name = path.file_name();
    name == "Procfile" || name.starts_with("Procfile.")
}

/// Reads a Procfile. Lines that are no processes are passed over.
pub fn read(text: &str) -> Vec<ProcessLine> {
    let (mut found, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        let line = line.trim();
        let Some((name, command)) = line.split_once(':') else { continue };
        let is_name = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-');
        if !is_name || command.trim().is_empty() {
            continue;
        }
        let from = at + line.len() - command.trim_start().len();
        let command = command.trim();
        found.push(ProcessLine {
            name: name.to_owned(),
            name_range: TextRange::of(at..at + name.len()),
            command: command.to_owned(),
            range: TextRange::of(from..from + command.len()),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn lines_are_processes_with_places() {
        let text = "# web: no\n web: gunicorn shop.wsgi  \r\nrelease:\nworker: celery -A shop worker";
        let found = read(text);
        let names: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.command.as_str())).collect();
        assert_eq!(names, [("web", "gunicorn shop.wsgi"), ("worker", "celery -A shop worker")]);
        assert!(found.iter().all(|it| it.range.slice(text) == it.command && it.name_range.slice(text) == it.name));
    }
}
