//! What a call does with an exception: records its traceback, hands it on, or merely mentions it.

use arrears_syntax::node::{field, parts, text};
use arrears_syntax::python::{called_name, keyword, positional, receiver};
use tree_sitter::Node;

bitflags::bitflags! {
    /// What becomes of an exception.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
    #[serde(transparent)]
    pub struct Outcome: u16 {
        /// It, or another one, is raised on some path.
        const RAISES = 1;
        /// Its traceback is recorded: `logger.exception`, `exc_info=`, `capture_exception`.
        const RECORDS = 1 << 1;
        /// It is given to somebody who reports it: `self.retry(exc=…)`, `form.add_error`, `future.set_exception`.
        const HANDS_ON = 1 << 2;
        /// The program ends: `sys.exit`, `SystemExit`, `CommandError`.
        const EXITS = 1 << 3;
        /// A message is logged, without the traceback.
        const LOGS = 1 << 4;
        /// The exception object itself is stored or passed to code that is not known.
        const STORES = 1 << 5;
        /// The transaction is marked for rollback.
        const ROLLS_BACK = 1 << 6;
        /// A record of a health check is returned or stored.
        const HEALTH = 1 << 7;
        /// Every path raises.
        const ALWAYS_RAISES = 1 << 8;
    }
}

/// Returns what one call does, as far as its own text tells.
pub fn of_call(call: Node<'_>, source: &str) -> Outcome {
    let Some(name) = called_name(call, source) else { return Outcome::empty() };
    let receiver = receiver(call);
    let mut outcome = by_name(name, receiver.is_some());
    if passes_traceback(call, source) {
        outcome |= Outcome::RECORDS;
    }
    if is_log_method(name) && receiver.is_some_and(|object| is_logger(object, source)) {
        outcome |= Outcome::LOGS;
    }
    if name == "opt" && keyword(call, "exception", source).is_some() {
        outcome |= Outcome::RECORDS;
    }
    if name == "exit" && receiver.is_none_or(|object| matches!(text(object, source), "sys" | "os")) {
        outcome |= Outcome::EXITS;
    }
    if name == "notify" && receiver.is_some_and(|object| matches!(text(object, source), "bugsnag" | "honeybadger")) {
        outcome |= Outcome::RECORDS;
    }
    outcome
}

fn by_name(name: &str, is_method: bool) -> Outcome {
    match name {
        "exception" if is_method => Outcome::RECORDS,
        "print_exc" | "format_exc" | "print_exception" | "format_exception" | "print_tb" | "format_tb"
        | "capture_exception" | "captureException" | "record_exception" | "report_exc_info" | "notice_error"
        | "aexception" => Outcome::RECORDS,
        "retry" | "update_state" | "set_exception" | "add_error" | "errback" if is_method => Outcome::HANDS_ON,
        "reraise" | "raise_from" => Outcome::RAISES | Outcome::ALWAYS_RAISES,
        "_exit" | "quit" if is_method || name == "quit" => Outcome::EXITS,
        "set_rollback" | "rollback" => Outcome::ROLLS_BACK,
        _ => Outcome::empty(),
    }
}

fn passes_traceback(call: Node<'_>, source: &str) -> bool {
    // To look through the text costs less than to look through the arguments.
    text(call, source).contains("exc_info")
        && keyword(call, "exc_info", source).is_some_and(|value| !matches!(text(value, source), "False" | "None" | "0"))
}

/// Returns whether a name is one of the methods that log a message.
pub fn is_log_method(name: &str) -> bool {
    matches!(name, "debug" | "info" | "warning" | "warn" | "error" | "critical" | "fatal" | "log" | "notice")
}

/// Returns whether an expression is a logger by its name: `logger`, `self.log`, `logging`, `LOG`, `current_app.logger`.
pub fn is_logger(object: Node<'_>, source: &str) -> bool {
    let name = match object.kind() {
        "identifier" => text(object, source),
        "attribute" => field(object, "attribute").map_or("", |name| text(name, source)),
        "call" => {
            return called_name(object, source)
                .is_some_and(|name| matches!(name, "getLogger" | "get_logger" | "get_task_logger" | "bind" | "opt"));
        }
        _ => "",
    };
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    matches!(name.as_str(), "logger" | "log" | "logging" | "loggers")
        || name.ends_with("_logger")
        || name.ends_with("_log")
        || name.ends_with("logger")
}

/// Returns whether a call gets the exception object itself and could do something with it.
///
/// Turning it into text, logging or printing it is no such thing, nor is putting it into a response or a message.
pub fn takes_exception(call: Node<'_>, exception: &str, source: &str) -> bool {
    let Some(name) = called_name(call, source) else { return false };
    let is_given = positional(call).any(|argument| text(argument, source) == exception)
        || field(call, "arguments").into_iter().flat_map(parts).any(|argument| {
            argument.kind() == "keyword_argument"
                && field(argument, "value").is_some_and(|value| text(value, source) == exception)
        });
    let only_mentions = is_log_method(name)
        || matches!(
            name,
            "str"
                | "repr"
                | "print"
                | "format"
                | "type"
                | "isinstance"
                | "hasattr"
                | "getattr"
                | "len"
                | "write"
                | "echo"
                | "secho"
                | "pprint"
                | "success"
                | "add_message"
                | "message_user"
                | "set_status"
                | "append_log"
                | "print_error"
                | "force_str"
                | "smart_str"
                | "escape"
                | "dict"
                | "exit"
        )
        || name.starts_with(|first: char| first.is_ascii_uppercase());
    is_given && !only_mentions
}
