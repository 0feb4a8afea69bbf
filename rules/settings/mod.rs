//! `settings/`: Django settings and runtime configuration.

mod websocket_under_wsgi;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[websocket_under_wsgi::RULE];
