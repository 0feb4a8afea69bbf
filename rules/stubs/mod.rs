//! Stubs and placeholders outside Celery.

mod coming_soon_ui;
mod console_only_handler;
mod dead_link;
mod fake_async;
mod mock_data_in_production;
mod noop_handler;
mod stub_command;
mod stub_consumer;
mod stub_function;
mod stub_receiver;
mod stub_view;
mod todo_comment;

use arrears_linter::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    coming_soon_ui::RULE,
    console_only_handler::RULE,
    dead_link::RULE,
    fake_async::RULE,
    mock_data_in_production::RULE,
    noop_handler::RULE,
    stub_command::RULE,
    stub_consumer::RULE,
    stub_function::RULE,
    stub_receiver::RULE,
    stub_view::RULE,
    todo_comment::RULE,
];
