//! All rules, one file each. A rule's code is its address: `errors/bare-except` is `errors/bare_except.rs`.

mod api;
mod celery;
mod contract;
mod docs;
mod duplication;
mod errors;
mod i18n;
mod ops;
mod queries;
mod react;
mod security;
mod settings;
mod stubs;
mod suppression;
mod syntax;
mod testing;
mod types;

use arrears_linter::rule::Rule;

/// Returns every rule.
pub fn all() -> Vec<Rule> {
    [
        api::RULES,
        celery::RULES,
        contract::RULES,
        docs::RULES,
        duplication::RULES,
        errors::RULES,
        i18n::RULES,
        ops::RULES,
        queries::RULES,
        react::RULES,
        security::RULES,
        settings::RULES,
        stubs::RULES,
        suppression::RULES,
        syntax::RULES,
        testing::RULES,
        types::RULES,
    ]
    .concat()
}
