//! Applying fixes: edits to text, as many as do not overlap.

use arrears_core::diagnostic::{Applicability, Diagnostic, Edit};

/// Returns the text after the fixes of `diagnostics` that are at least as safe as `level`, and how many were applied.
///
/// A fix whose edits meet an earlier one's is left for the next round. `None` where there is nothing to do.
pub fn apply(text: &str, diagnostics: &[&Diagnostic], level: Applicability) -> Option<(String, usize)> {
    let fixes =
        diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()).filter(|fix| fix.applicability >= level);
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut count = 0;
    for fix in fixes {
        let is_free = |edit: &Edit| !chosen.iter().any(|other| meets(edit, other));
        if fix.edits.iter().all(is_free) {
            chosen.extend(&fix.edits);
            count += 1;
        }
    }
    chosen.sort();
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in chosen {
        let range = edit.range.to_usize();
        result.push_str(text.get(at..range.start)?);
        result.push_str(&edit.content);
        at = range.end;
    }
    result.push_str(text.get(at..)?);
    (count > 0).then_some((result, count))
}

fn meets(left: &Edit, right: &Edit) -> bool {
    left.range.overlaps(right.range) || left.range.start() == right.range.start()
}

#[cfg(test)]
mod tests {
    use super::apply;
    use arrears_core::diagnostic::{Applicability, Edit, Fix};
    use arrears_core::rule::RuleCode;
    use arrears_core::text::TextRange;

    fn diagnostic(fix: Fix) -> arrears_core::diagnostic::Diagnostic {
        let mut finding = crate::finding::Finding::new(
            RuleCode::literal("a/b"),
            arrears_core::diagnostic::Severity::Error,
            arrears_core::source::RelPath::new("a.py"),
            TextRange::empty(0),
            String::new(),
        );
        finding.fix(fix);
        finding.diagnostic
    }

    #[test]
    fn overlapping_fixes_wait_for_the_next_round() {
        let first = diagnostic(Fix::safe_edit("a", Edit::replace(TextRange::new(0, 3), "x")));
        let second = diagnostic(Fix::safe_edit("b", Edit::replace(TextRange::new(2, 4), "y")));
        assert_eq!(apply("abcdef", &[&first, &second], Applicability::Safe), Some(("xdef".to_owned(), 1)));
    }

    #[test]
    fn an_unsafe_fix_is_not_applied_by_a_safe_run() {
        let only = diagnostic(Fix::unsafe_edit("a", Edit::delete(TextRange::new(0, 3))));
        assert_eq!(apply("abcdef", &[&only], Applicability::Safe), None);
    }
}
