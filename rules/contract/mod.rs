//! What client and server expect of each other.

mod auth_scheme_mismatch;
mod realtime_event_unmatched;
mod websocket_routing_unmounted;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] =
    &[auth_scheme_mismatch::RULE, realtime_event_unmatched::RULE, websocket_routing_unmounted::RULE];
