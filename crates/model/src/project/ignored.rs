//! Which line of a `.gitignore` keeps a path out of git.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use super::ProjectModel;
use crate::flow::Place;

impl<'p> ProjectModel<'p> {
    /// Returns the line of a `.gitignore` that decides that a path is ignored; none where it is not.
    pub fn ignored_by(&self, path: &str) -> Option<Place<'p>> {
        let mut decided = None;
        let mut folder = "";
        let mut rest = path;
        // The nearest file has the last word.
        loop {
            let name = if folder.is_empty() { ".gitignore".to_owned() } else { format!("{folder}/.gitignore") };
            if let Some(file) = self.file(&RelPath::new(&name)) {
                let text = &file.source.text;
                if let Some((is_ignored, range)) = last_match(text, rest) {
                    decided = is_ignored.then_some(Place { path: &file.source.path, range });
                }
            }
            let (head, tail) = rest.split_once('/')?;
            folder = path.get(..path.len() - rest.len() + head.len())?;
            rest = tail;
            if !rest.contains('/') {
                return decided;
            }
        }
    }
}

/// Returns the last line that matches a path relative to the file, and whether it ignores it.
fn last_match(text: &str, path: &str) -> Option<(bool, TextRange)> {
    let mut start = 0;
    let mut found = None;
    for line in text.split_inclusive('\n') {
        let pattern = line.trim();
        let range = TextRange::of(start..start + line.trim_end().len());
        start += line.len();
        if pattern.is_empty() || pattern.starts_with('#') {
            continue;
        }
        let plain = pattern.strip_prefix('!').unwrap_or(pattern);
        if matches(plain, path) {
            found = Some((plain.len() == pattern.len(), range));
        }
    }
    found
}

/// Returns whether a pattern takes a path or a folder around it.
fn matches(pattern: &str, path: &str) -> bool {
    let wants_folder = pattern.ends_with('/');
    let pattern = pattern.trim_end_matches('/');
    let is_anchored = pattern.contains('/');
    let pattern: Vec<&str> = pattern.trim_start_matches('/').split('/').take(16).collect();
    let parts: Vec<&str> = path.split('/').take(64).collect();
    (1..=parts.len()).any(|end| {
        let Some(head) = parts.get(..end).filter(|_| end < parts.len() || !wants_folder) else { return false };
        if is_anchored {
            glob_path(&pattern, head)
        } else {
            head.last().zip(pattern.first()).is_some_and(|(name, pattern)| glob(pattern, name))
        }
    })
}

fn glob_path(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => (0..=path.len()).any(|from| path.get(from..).is_some_and(|it| glob_path(rest, it))),
        (Some((first, rest)), Some((name, others))) => glob(first, name) && glob_path(rest, others),
        _ => false,
    }
}

/// Matches one name: `*` takes any characters, `?` one; a class takes one too.
fn glob(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while next < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, next));
                at += 1;
            }
            Some('[') => {
                let end = pattern.iter().skip(at).position(|it| *it == ']').map_or(pattern.len(), |length| at + length);
                let class = pattern.get(at + 1..end).unwrap_or_default();
                if class.contains(&name[next]) || class.contains(&'-') {
                    (at, next) = (end + 1, next + 1);
                } else {
                    return false;
                }
            }
            Some(it) if *it == '?' || *it == name[next] => (at, next) = (at + 1, next + 1),
            _ => match star {
                Some((back, taken)) => {
                    star = Some((back, taken + 1));
                    (at, next) = (back + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|it| *it == '*')
}

#[cfg(test)]
mod tests {
    use super::{last_match, matches};

    #[test]
    fn patterns_take_names_folders_and_paths() {
        for (pattern, path) in [
            ("migrations", "src/migrations/0001_initial.py"),
            ("migrations/", "src/migrations/0001_initial.py"),
            ("src/migrations", "src/migrations/0001_initial.py"),
            ("**/migrations/*.py", "shop/orders/migrations/0001_initial.py"),
            ("*/migrations/0*", "src/migrations/0001_initial.py"),
            ("*.py[cod]", "a/b.pyc"),
            ("/db.sqlite3", "db.sqlite3"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/migrations", "src/migrations/0001_initial.py"),
            ("src/migrations", "web/src/migrations/0001_initial.py"),
            ("*.pyc", "a/b.py"),
            ("db/", "db"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn the_last_line_decides() {
        let text = "# names\n*.py\n!keep.py\n";
        assert_eq!(last_match(text, "a/b.py").map(|(is, range)| (is, range.slice(text))), Some((true, "*.py")));
        assert_eq!(last_match(text, "keep.py").map(|it| it.0), Some(false));
        assert_eq!(last_match(text, "keep.txt"), None);
    }
}
