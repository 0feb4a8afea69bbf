//! `settings/`: Django settings and runtime configuration.

mod console_mail_in_production;
mod cors_allow_all;
mod database_driver_missing;
mod debug_enabled;
mod hardcoded_secret_key;
mod in_memory_channel_layer;
mod insecure_secret_fallback;
mod local_media_in_production;
mod missing_csp;
mod missing_security_setting;
mod monolithic_settings;
mod no_logging_config;
mod no_persistent_connections;
mod no_response_compression;
mod no_shared_cache;
mod package_not_configured;
mod setting_redefined;
mod sqlite_in_production;
mod undefined_setting;
mod websocket_under_wsgi;
mod wildcard_allowed_hosts;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    console_mail_in_production::RULE,
    cors_allow_all::RULE,
    database_driver_missing::RULE,
    debug_enabled::RULE,
    hardcoded_secret_key::RULE,
    in_memory_channel_layer::RULE,
    insecure_secret_fallback::RULE,
    local_media_in_production::RULE,
    missing_csp::RULE,
    missing_security_setting::RULE,
    monolithic_settings::RULE,
    no_logging_config::RULE,
    no_persistent_connections::RULE,
    no_response_compression::RULE,
    no_shared_cache::RULE,
    package_not_configured::RULE,
    setting_redefined::RULE,
    sqlite_in_production::RULE,
    undefined_setting::RULE,
    websocket_under_wsgi::RULE,
    wildcard_allowed_hosts::RULE,
];
