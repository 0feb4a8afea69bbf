//! See [`RULE`].

use arrears_core::rule::RuleMeta;
use arrears_linter::rule;
use arrears_linter::rule::Check;

rule! {
    /// Finds suppression comments that silence nothing.
    ///
    /// A comment that outlives its finding hides the next one: the day somebody writes the same mistake on that
    /// line again, nobody hears of it. It also tells every reader of a problem that is not there.
    ///
    /// ```python bad
    /// # arrears: ignore[errors/bare-except] -- the library raises strings
    /// total = 3
    /// ```
    /// ```python good
    /// total = 3
    /// ```
    ///
    /// A comment for a rule that did not run is left alone: it may still be needed.
    pub(crate) const RULE = {
        code: "suppression/unused",
        summary: "suppression comment that silences nothing",
        check: Check::Engine,
        exempt: RuleMeta::MACHINE_MADE,
    }
}
