//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::comment::is_alone;
use arrears_syntax::node::{range, text};
use tree_sitter::Node;

rule! {
    /// Finds comments that silence a checker without saying what or why.
    ///
    /// A bare `# type: ignore` also silences the next mistake on its line, and nobody can tell whether the first one is
    /// still there. One that names a code or a reason can be checked, and goes when its cause goes.
    ///
    /// ```python bad
    /// from legacy import ledger  # type: ignore
    /// ```
    /// ```python good
    /// from legacy import ledger  # type: ignore[import-untyped]
    /// ```
    ///
    /// Not flagged: a code (`# noqa: F401`, `eslint-disable-next-line no-console`), words after `@ts-expect-error` or
    /// `@ts-ignore`, a comment on the line above that says why. Ruff's PGH003 and PGH004, typescript-eslint's
    /// `ban-ts-comment` and Biome see their own language's.
    pub(crate) const RULE = {
        code: "types/stale-suppression",
        summary: "suppression without a code or a reason",
        check: Check::AnyFile { kinds: &["comment"], run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
        mentions: &["ts", "type", "noqa", "eslint", "NOQA"],
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let mut above: Option<Node<'_>> = None;
    for note in ctx.noted() {
        let comment = note.node;
        let before = above.replace(comment).filter(|it| it.end_position().row + 1 == comment.start_position().row);
        let Some((mark, at, help)) = bare(text(comment, ctx.text())) else { continue };
        if before.is_some_and(|it| is_alone(it, ctx.text()) && says_something(text(it, ctx.text()))) {
            continue;
        }
        let start = range(comment).start() + at;
        let place = TextRange::new(start, start + u32::try_from(mark.len()).unwrap_or(0));
        ctx.report(place, format!("`{mark}` says neither what it silences nor why")).help(help);
    }
}

/// Returns a mark that stands for itself, where it starts in the comment, and what to write instead.
fn bare(comment: &str) -> Option<(&'static str, u32, &'static str)> {
    const MARKS: [(&str, &str); 8] = [
        ("@ts-ignore", "use `@ts-expect-error` with the reason behind it"),
        ("@ts-nocheck", "write the reason behind it"),
        ("@ts-expect-error", "write the reason behind it"),
        ("type: ignore", "name the code: `# type: ignore[arg-type]`"),
        ("noqa", "name the code: `# noqa: F401`"),
        ("eslint-disable-next-line", "name the rule behind it"),
        ("eslint-disable-line", "name the rule behind it"),
        ("eslint-disable", "name the rule behind it"),
    ];
    let is_python = comment.starts_with('#');
    let (start, inner) = marked(comment);
    let (mark, help) = MARKS.into_iter().find(|(mark, _)| {
        let is_own = is_python == matches!(*mark, "type: ignore" | "noqa");
        is_own && inner.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark))
    })?;
    let rest = inner[mark.len()..].trim_start_matches([':', '-', ' ', '\t']).trim_end_matches(['*', '/', ' ', '\t']);
    let is_longer = inner[mark.len()..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-');
    // Code that is commented behind a mark, `# type: ignore # noqa`, is another mark.
    let is_bare = rest.is_empty() || rest.starts_with('#');
    (is_bare && !is_longer).then(|| (mark, u32::try_from(start).unwrap_or(0), help))
}

/// Returns where the words of a comment begin, and the words.
fn marked(comment: &str) -> (usize, &str) {
    let inner = comment.trim_start_matches(['#', '/', '*', ' ', '\t', '{']);
    (comment.len() - inner.len(), inner)
}

fn says_something(comment: &str) -> bool {
    let (_, words) = marked(comment);
    bare(comment).is_none() && !words.contains("arrears:") && words.split_whitespace().count() > 2
}
