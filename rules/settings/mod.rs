//! `settings/`: Django settings and runtime configuration.

mod console_mail_in_production;
mod cors_allow_all;
mod debug_enabled;
mod hardcoded_secret_key;
mod in_memory_channel_layer;
mod insecure_secret_fallback;
mod local_media_in_production;
mod no_persistent_connections;
mod no_shared_cache;
mod sqlite_in_production;
mod wildcard_allowed_hosts;
mod websocket_under_wsgi;
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
    console_mail_in_production::RULE,
    cors_allow_all::RULE,
    debug_enabled::RULE,
    hardcoded_secret_key::RULE,
    in_memory_channel_layer::RULE,
    insecure_secret_fallback::RULE,
    local_media_in_production::RULE,
    no_persistent_connections::RULE,
    no_shared_cache::RULE,
    sqlite_in_production::RULE,
    wildcard_allowed_hosts::RULE,
];
pub(crate) const RULES: &[Rule] = &[websocket_under_wsgi::RULE];
    missing_csp::RULE,
    missing_security_setting::RULE,
    monolithic_settings::RULE,
    no_logging_config::RULE,
    no_response_compression::RULE,
    setting_redefined::RULE,
    undefined_setting::RULE,
];
