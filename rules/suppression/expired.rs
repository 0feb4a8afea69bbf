//! See [`RULE`].

use arrears_core::rule::RuleMeta;
use arrears_linter::rule;
use arrears_linter::rule::Check;

rule! {
    /// Finds suppression comments whose `until=` day is past. The findings that they hid are reported again.
    ///
    /// The day was a promise. The comment still holds on the day itself. A date that cannot be read counts as past
    /// (`suppression/malformed`).
    ///
    /// ```python bad
    /// try:
    ///     send()
    /// # arrears: ignore[errors/bare-except] until=2020-01-31 -- until the client raises its own types
    /// except:
    ///     raise
    /// ```
    /// ```python good
    /// try:
    ///     send()
    /// except ConnectionError:
    ///     raise
    /// ```
    pub(crate) const RULE = {
        code: "suppression/expired",
        summary: "suppression comment that is past its date",
        check: Check::Engine,
        exempt: RuleMeta::MACHINE_MADE,
    }
}
