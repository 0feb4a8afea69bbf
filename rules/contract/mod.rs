//! Debts between the client and the server.

mod decimal_typed_as_number;
mod field_type_mismatch;
mod nullable_not_in_ts;
mod ts_field_not_served;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] =
    &[decimal_typed_as_number::RULE, field_type_mismatch::RULE, nullable_not_in_ts::RULE, ts_field_not_served::RULE];
