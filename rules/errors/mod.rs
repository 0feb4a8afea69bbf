//! Error handling: exceptions that are hidden, leaked or lost.

mod bare_except;
mod console_only_catch;
mod empty_catch;
mod error_body_with_ok_status;
mod error_tracking_not_initialised;
mod except_inside_atomic;
mod exception_text_in_response;
mod fail_silently_mail;
mod generic_except;
mod inconsistent_error_shape;
mod jump_in_finally;
mod log_without_traceback;
mod no_error_tracking;
mod raise_vanilla_exception;
mod raise_without_cause;
mod silent_broad_except;
mod suppress_broad;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    bare_except::RULE,
    console_only_catch::RULE,
    empty_catch::RULE,
    error_body_with_ok_status::RULE,
    error_tracking_not_initialised::RULE,
    except_inside_atomic::RULE,
    exception_text_in_response::RULE,
    fail_silently_mail::RULE,
    generic_except::RULE,
    inconsistent_error_shape::RULE,
    jump_in_finally::RULE,
    log_without_traceback::RULE,
    no_error_tracking::RULE,
    raise_vanilla_exception::RULE,
    raise_without_cause::RULE,
    silent_broad_except::RULE,
    suppress_broad::RULE,
];
