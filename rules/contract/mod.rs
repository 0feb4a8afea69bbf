//! What client and server have to agree on.

mod hardcoded_api_url;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[hardcoded_api_url::RULE];
