//! Secrets that lie where others can read them, and text that becomes code.

mod committed_env_file;
mod csrf_exempt;
mod hardcoded_credential;
mod http_without_timeout;
mod no_mfa_for_admin;
mod sensitive_default_admin;
mod token_in_plain_native_storage;
mod token_in_web_storage;
mod token_in_websocket_url;
mod unsafe_html;
mod unvalidated_upload;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    committed_env_file::RULE,
    csrf_exempt::RULE,
    hardcoded_credential::RULE,
    http_without_timeout::RULE,
    no_mfa_for_admin::RULE,
    sensitive_default_admin::RULE,
    token_in_plain_native_storage::RULE,
    token_in_web_storage::RULE,
    token_in_websocket_url::RULE,
    unsafe_html::RULE,
    unvalidated_upload::RULE,
];
