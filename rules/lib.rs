//! All rules, one file each. A rule's code is its address: `errors/bare-except` is `errors/bare_except.rs`.

mod api;
mod celery;
mod contract;
mod duplication;
mod errors;
mod i18n;
mod queries;
mod react;
mod security;
mod stubs;
mod suppression;
mod syntax;
mod types;

use arrears_linter::rule::Rule;

/// Returns every rule.
pub fn all() -> Vec<Rule> {
    [
        api::RULES,
        celery::RULES,
        contract::RULES,
        duplication::RULES,
        errors::RULES,
        i18n::RULES,
        queries::RULES,
        react::RULES,
        security::RULES,
        stubs::RULES,
        suppression::RULES,
        syntax::RULES,
        types::RULES,
    ]
    .concat()
}
