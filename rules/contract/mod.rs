//! What client and server promise each other.

mod api_call_without_route;
mod api_method_mismatch;
mod auth_scheme_mismatch;
mod backend_env_undeclared;
mod decimal_typed_as_number;
mod env_declared_unread;
mod field_type_mismatch;
mod frontend_env_undeclared;
mod hardcoded_api_url;
mod nullable_not_in_ts;
mod realtime_event_unmatched;
mod route_never_called;
mod trailing_slash_mismatch;
mod ts_field_not_served;
mod websocket_never_connected;
mod websocket_routing_unmounted;
mod websocket_without_route;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    api_call_without_route::RULE,
    api_method_mismatch::RULE,
    auth_scheme_mismatch::RULE,
    backend_env_undeclared::RULE,
    decimal_typed_as_number::RULE,
    env_declared_unread::RULE,
    field_type_mismatch::RULE,
    frontend_env_undeclared::RULE,
    hardcoded_api_url::RULE,
    nullable_not_in_ts::RULE,
    realtime_event_unmatched::RULE,
    route_never_called::RULE,
    trailing_slash_mismatch::RULE,
    ts_field_not_served::RULE,
    websocket_never_connected::RULE,
    websocket_routing_unmounted::RULE,
    websocket_without_route::RULE,
];
