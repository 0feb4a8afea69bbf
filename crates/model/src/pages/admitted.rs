//! The versions that a declaration admits: `>=5.2,<6`, `^19.1.0`, `~=4.2`, `18.x`.

/// Versions from one to before another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    from: u64,
    to: u64,
}

impl Span {
    const ALL: Self = Self { from: 0, to: u64::MAX };

    /// Returns the versions that begin with these numbers.
    pub(crate) fn of(parts: &[u32]) -> Self {
        Self { from: key(parts), to: next(parts, parts.len()) }
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    fn and(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }
}

fn key(parts: &[u32]) -> u64 {
    let part = |at: usize| u64::from(parts.get(at).copied().unwrap_or(0).min((1 << 20) - 1));
    part(0) << 40 | part(1) << 20 | part(2)
}

/// Returns the first version after all that begin with the first `count` numbers.
fn next(parts: &[u32], count: usize) -> u64 {
    match count {
        0 => u64::MAX,
        1 => (key(&[parts.first().copied().unwrap_or(0)]) >> 40).saturating_add(1) << 40,
        2 => (key(parts.get(..2).unwrap_or(parts)) >> 20).saturating_add(1) << 20,
        _ => key(parts).saturating_add(1),
    }
}

/// Returns the versions that a declaration admits; none, where that is not clear.
pub(crate) fn admitted(said: &str) -> Option<Span> {
    let said = said.trim();
    let is_open = said.is_empty() || said.contains(['*', ':', '|', '/']) && !said.ends_with(".*") || said == "latest";
    if is_open || said.split_whitespace().any(|it| it == "-") {
        return None;
    }
    let pieces = said.split([',', ' ']).map(str::trim).filter(|it| !it.is_empty());
    let mut span = Span::ALL;
    let mut operator = "";
    for piece in pieces {
        let end = piece.find(|it: char| it.is_ascii_digit() || it == 'v').unwrap_or(piece.len());
        let (own, number) = piece.split_at(end);
        operator = if own.is_empty() { operator } else { own };
        if number.is_empty() {
            continue;
        }
        span = span.and(one(operator, number)?);
        operator = "";
    }
    (span != Span::ALL).then_some(span)
}

fn one(operator: &str, number: &str) -> Option<Span> {
    let is_prefix = number.ends_with(".*") || number.ends_with(".x");
    let parts = numbers(number)?;
    let major = parts.first().copied().unwrap_or(0);
    let caret = if major > 0 || parts.len() < 2 { 1 } else { 2 };
    Some(match operator {
        "" | "=" | "==" | "===" if is_prefix => Span::of(&parts),
        "" | "=" | "==" | "===" => Span { from: key(&parts), to: next(&parts, 3) },
        "^" => Span { from: key(&parts), to: next(&parts, caret) },
        "~" => Span { from: key(&parts), to: next(&parts, parts.len().min(2)) },
        "~=" => Span { from: key(&parts), to: next(&parts, parts.len().saturating_sub(1).max(1)) },
        ">=" => Span { from: key(&parts), to: u64::MAX },
        ">" => Span { from: key(&parts).saturating_add(1), to: u64::MAX },
        "<" => Span { from: 0, to: key(&parts) },
        "<=" => Span { from: 0, to: next(&parts, parts.len()) },
        "!=" => Span::ALL,
        _ => return None,
    })
}

/// Returns the numbers of a version, at most three: `5.2.8`, `v19.1`, `18.x`.
pub(crate) fn numbers(text: &str) -> Option<Vec<u32>> {
    let plain = text.trim().trim_start_matches('v');
    let parts = plain.split('.').map_while(|part| {
        let digits = part.find(|it: char| !it.is_ascii_digit()).unwrap_or(part.len());
        part.get(..digits).and_then(|it| it.parse().ok())
    });
    let parts: Vec<u32> = parts.take(3).collect();
    (!parts.is_empty()).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::{Span, admitted, numbers};

    #[test]
    fn a_declaration_admits_versions() {
        let admits = |said: &str, stated: &str| {
            let parts = numbers(stated).unwrap_or_default();
            admitted(said).map(|it| it.meets(Span::of(parts.get(..2).unwrap_or(&parts))))
        };
        for (said, stated, expected) in [
            ("==5.2.8", "5.1.3", Some(false)),
            ("==5.2.8", "5.2.1", Some(true)),
            ("==5.2.8", "5", Some(true)),
            ("^19.1.0", "18", Some(false)),
            ("^18.2.0", "18", Some(true)),
            ("^0.72.1", "0.73", Some(false)),
            (">=4.2,<6", "5.1", Some(true)),
            (">=4.2, <5", "5.1", Some(false)),
            (">= 4.2 < 5", "5.1", Some(false)),
            ("~=5.1.2", "5.2", Some(false)),
            ("~5.7.2", "5.6", Some(false)),
            ("==5.2.*", "5.1", Some(false)),
            ("18.x", "18.2", Some(true)),
            ("*", "1", None),
            ("workspace:*", "1", None),
            ("^1 || ^2", "3", None),
            ("", "3", None),
        ] {
            assert_eq!(admits(said, stated), expected, "{said} {stated}");
        }
    }
}
