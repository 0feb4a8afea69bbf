//! Paths relative to the root, as texts.

/// Joins a folder and a relative path; `None` where it leads out of the root.
pub(crate) fn join(folder: &str, relative: &str) -> Option<String> {
    let mut joined = String::with_capacity(folder.len() + relative.len() + 1);
    let segments = folder.split('/').chain(relative.split('/'));
    for segment in segments {
        match segment {
            "" | "." => {}
            ".." if joined.is_empty() => return None,
            ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
            _ => {
                if !joined.is_empty() {
                    joined.push('/');
                }
                joined.push_str(segment);
            }
        }
    }
    Some(joined)
}

/// Returns a folder and the folders around it, the root last.
pub(crate) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| {
        if at.is_empty() { None } else { Some(at.rsplit_once('/').map_or("", |(parent, _)| parent)) }
    })
}

/// Returns whether a path lies in a folder; the root holds every path.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Returns what stands before and after the `*` of a pattern that a text matches: the text in its place.
pub(crate) fn star<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    match pattern.split_once('*') {
        Some((before, after)) => {
            let rest = text.strip_prefix(before)?;
            rest.strip_suffix(after)
        }
        None => (pattern == text).then_some(""),
    }
}

/// Returns whether a path matches a glob of `*`, `**`, `?` and `{a,b}`. Bounded by the number of its steps.
pub(crate) fn matches_glob(glob: &str, path: &str) -> bool {
    let mut globs = vec![glob.to_owned()];
    let mut expanded = 0;
    while let Some(glob) = globs.pop() {
        expanded += 1;
        if expanded > 64 {
            return true;
        }
        let braces = glob.find('{').and_then(|open| Some((open, open + glob.get(open..)?.find('}')?)));
        match braces {
            Some((open, close)) => {
                let (before, after) = (glob.get(..open).unwrap_or(""), glob.get(close + 1..).unwrap_or(""));
                let inner = glob.get(open + 1..close).unwrap_or("");
                globs.extend(inner.split(',').map(|choice| format!("{before}{choice}{after}")));
            }
            None => {
                let mut budget = 20_000;
                if matches(glob.as_bytes(), path.as_bytes(), &mut budget) {
                    return true;
                }
            }
        }
    }
    false
}

fn matches(glob: &[u8], path: &[u8], budget: &mut u32) -> bool {
    let (mut glob, mut path) = (glob, path);
    loop {
        *budget = budget.saturating_sub(1);
        if *budget == 0 {
            return true;
        }
        match glob {
            [] => return path.is_empty(),
            [b'*', b'*', b'/', rest @ ..] => {
                let mut tails = std::iter::once(0)
                    .chain(path.iter().enumerate().filter(|(_, it)| **it == b'/').map(|(at, _)| at + 1));
                return tails.any(|at| matches(rest, path.get(at..).unwrap_or(&[]), budget));
            }
            [b'*', b'*', rest @ ..] => {
                return (0..=path.len()).any(|at| matches(rest, path.get(at..).unwrap_or(&[]), budget));
            }
            [b'*', rest @ ..] => {
                let end = path.iter().position(|it| *it == b'/').unwrap_or(path.len());
                return (0..=end).any(|at| matches(rest, path.get(at..).unwrap_or(&[]), budget));
            }
            [b'?', rest @ ..] => match path {
                [first, tail @ ..] if *first != b'/' => (glob, path) = (rest, tail),
                _ => return false,
            },
            [wanted, rest @ ..] => match path {
                [first, tail @ ..] if first == wanted => (glob, path) = (rest, tail),
                _ => return false,
            },
        }
    }
}

/// Returns whether a path fits a pattern whose `*` stand for anything.
pub(crate) fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, inner)) = parts.split_last() else { return rest.is_empty() };
    for part in inner {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or(""),
            None => return false,
        }
    }
    rest.ends_with(last)
}
