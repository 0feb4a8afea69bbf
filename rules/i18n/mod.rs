//! The languages that people read the application in.

mod bilingual_literal;
mod language_ternary;
mod locale_drift;
mod missing_translation;
mod not_initialised;
mod untranslated_django_text;
mod untranslated_text;
mod unused_translation;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    bilingual_literal::RULE,
    language_ternary::RULE,
    locale_drift::RULE,
    missing_translation::RULE,
    not_initialised::RULE,
    untranslated_django_text::RULE,
    untranslated_text::RULE,
    unused_translation::RULE,
];
