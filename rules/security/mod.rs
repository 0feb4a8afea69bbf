//! Secrets that lie where others can read them, and text that becomes code.

mod committed_env_file;
mod hardcoded_credential;
mod token_in_plain_native_storage;
mod token_in_web_storage;
mod token_in_websocket_url;
mod unsafe_html;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    committed_env_file::RULE,
    hardcoded_credential::RULE,
    token_in_plain_native_storage::RULE,
    token_in_web_storage::RULE,
    token_in_websocket_url::RULE,
    unsafe_html::RULE,
];
