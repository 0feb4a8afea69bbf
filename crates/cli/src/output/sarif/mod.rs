//! SARIF 2.1.0, for GitHub code scanning and whatever else reads it.
//!
//! Paths are relative to the root of the git repository. Suppressed findings are left out: GitHub would open alerts
//! for them.

mod places;
mod results;
mod rules;
mod schema;

use std::collections::BTreeMap;
use std::io::{self, Write};

use arrears_core::diagnostic::Severity;
use arrears_core::source::RelPath;

use super::Outcome;
use super::summary::count;
use schema::{
    AutomationDetails, BaseLocation, Descriptor, Driver, Help, Invocation, Log, Notification, Reference, Run, Text,
    Tool,
};

/// The name of a rule's only message.
const MESSAGE: &str = "default";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The notifications: identity, what it is, what it says.
const NOTIFICATIONS: [(&str, &str, &str); 3] = [
    ("file-skipped", "A file was not analysed.", "'{0}' was not analysed: {1}."),
    ("results-dropped", "Results were left out, the least severe ones.", "{0} of {1} were left out."),
    ("internal-error", "A rule failed on a file; its other findings are reported.", "'{0}': {1}."),
];

/// Writes the log.
pub(crate) fn write(outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let described = rules::described(outcome);
    let indexes: BTreeMap<&str, usize> = described.iter().map(|rule| rule.meta.code.as_str()).zip(0..).collect();
    let (results, total) = results::results(outcome, &indexes, outcome.sarif_max_results);
    let driver = Driver {
        name: "arrears",
        organization: "arrears",
        version: VERSION,
        semantic_version: VERSION,
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: described.into_iter().map(|rule| rules::descriptor(outcome, rule)).collect(),
        notifications: NOTIFICATIONS.into_iter().map(notification_descriptor).collect(),
    };
    let root = BaseLocation { description: Text { text: "The root of the repository.".to_owned() } };
    let run = Run {
        tool: Tool { driver },
        automation_details: AutomationDetails { id: "arrears/" },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: BTreeMap::from([(places::ROOT, root)]),
        invocations: [Invocation {
            // GitHub refuses the whole file where this is false; what went wrong is in the notifications.
            execution_successful: true,
            exit_code: outcome.exit_code,
            tool_execution_notifications: notifications(outcome, total - results.len(), total),
        }],
        results,
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    serde_json::to_writer(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn notification_descriptor((id, what, says): (&str, &str, &str)) -> Descriptor {
    Descriptor {
        id: id.to_owned(),
        name: rules::pascal_case(id),
        short_description: Text { text: what.to_owned() },
        full_description: Text { text: what.to_owned() },
        help: Help { text: what.to_owned(), markdown: None },
        help_uri: None,
        message_strings: BTreeMap::from([(MESSAGE, Text { text: says.to_owned() })]),
        default_configuration: None,
        properties: None,
    }
}

fn notifications(outcome: &Outcome<'_>, dropped: usize, total: usize) -> Vec<Notification> {
    let report = outcome.report;
    let at = |index: usize| Reference { id: NOTIFICATIONS[index].0, index };
    let skipped = report.skipped.iter().map(|skipped| Notification {
        descriptor: at(0),
        level: "warning",
        message: Text { text: format!("'{}' was not analysed: {}.", skipped.path, skipped.reason) },
        locations: vec![places::file(outcome, &RelPath::new(&skipped.path))],
    });
    let dropped = (dropped > 0).then(|| Notification {
        descriptor: at(1),
        level: "warning",
        message: Text { text: format!("{dropped} of {} were left out.", count(total, "result")) },
        locations: Vec::new(),
    });
    let panics = report.panics.iter().map(|(path, said)| Notification {
        descriptor: at(2),
        level: "error",
        message: Text { text: format!("'{path}': {said}.") },
        locations: Vec::new(),
    });
    dropped.into_iter().chain(panics).chain(skipped).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Ends a text with a full stop: here they are sentences.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}
