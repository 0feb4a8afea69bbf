//! See [`RULE`].

use arrears_core::rule::RuleMeta;
use arrears_linter::rule;
use arrears_linter::rule::Check;

rule! {
    /// Finds suppression comments that name no rule or cannot be read. They suppress nothing.
    ///
    /// Whoever wrote it believes that a finding is silenced for a reason. It is not.
    ///
    /// ```python bad
    /// total = 3  # arrears: ignore[errors/bare-exept] -- the library raises strings
    /// ```
    /// ```python good
    /// total = 3
    /// ```
    pub(crate) const RULE = {
        code: "suppression/malformed",
        summary: "suppression comment that is not understood",
        check: Check::Engine,
        exempt: RuleMeta::MACHINE_MADE,
    }
}
