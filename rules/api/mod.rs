//! The server's interface: who may use it, how fast, how much it answers, and what is written of it.

mod always_true_permission;
mod endpoint_without_permission;
mod list_without_pagination;
mod missing_throttling;
mod no_health_endpoint;
mod no_openapi_schema;
mod public_write_endpoint;
mod serializer_all_fields;
mod throttle_scope_unused;
mod throttle_without_rates;
mod unrouted_view;
mod unthrottled_auth_endpoint;
mod unused_permission_class;
mod unused_serializer;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    always_true_permission::RULE,
    endpoint_without_permission::RULE,
    list_without_pagination::RULE,
    missing_throttling::RULE,
    no_health_endpoint::RULE,
    no_openapi_schema::RULE,
    public_write_endpoint::RULE,
    serializer_all_fields::RULE,
    throttle_scope_unused::RULE,
    throttle_without_rates::RULE,
    unrouted_view::RULE,
    unthrottled_auth_endpoint::RULE,
    unused_permission_class::RULE,
    unused_serializer::RULE,
];
