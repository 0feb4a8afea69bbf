//! All rules, one file each. A rule's code is its address: `errors/bare-except` is `errors/bare_except.rs`.

mod celery;
mod duplication;
mod errors;
mod i18n;
mod queries;
mod react;
mod stubs;
mod suppression;
mod syntax;

use arrears_linter::rule::Rule;

/// Returns every rule.
pub fn all() -> Vec<Rule> {
    [
        celery::RULES,
        duplication::RULES,
        errors::RULES,
        i18n::RULES,
        queries::RULES,
        react::RULES,
        stubs::RULES,
        suppression::RULES,
        syntax::RULES,
    ]
    .concat()
}
