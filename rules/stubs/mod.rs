//! Stubs and placeholders outside Celery.

mod stub_command;
mod stub_consumer;
mod stub_function;
mod stub_receiver;
mod stub_view;
mod todo_comment;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    stub_command::RULE,
    stub_consumer::RULE,
    stub_function::RULE,
    stub_receiver::RULE,
    stub_view::RULE,
    todo_comment::RULE,
];
