//! `settings/`: Django settings and runtime configuration.

mod missing_csp;
mod missing_security_setting;
mod monolithic_settings;
mod no_logging_config;
mod no_response_compression;
mod setting_redefined;
mod undefined_setting;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    missing_csp::RULE,
    missing_security_setting::RULE,
    monolithic_settings::RULE,
    no_logging_config::RULE,
    no_response_compression::RULE,
    setting_redefined::RULE,
    undefined_setting::RULE,
];
