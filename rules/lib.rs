//! All rules, one file each. A rule's code is its address: `errors/bare-except` is `errors/bare_except.rs`.

mod celery;
mod contract;
mod duplication;
mod errors;
mod queries;
mod react;
mod security;
mod stubs;
mod suppression;
mod syntax;

use arrears_linter::rule::Rule;

/// Returns every rule.
pub fn all() -> Vec<Rule> {
    [
        celery::RULES,
        contract::RULES,
        duplication::RULES,
        errors::RULES,
        queries::RULES,
        react::RULES,
        security::RULES,
        stubs::RULES,
        suppression::RULES,
        syntax::RULES,
    ]
    .concat()
}
