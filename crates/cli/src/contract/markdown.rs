//! The table in Markdown.

use super::lines::{sections, totals};
use super::table::Table;
use crate::output::text::harmless;

/// Returns the table in Markdown, the totals first.
pub(crate) fn text(table: &Table) -> String {
    let mut out = String::from("# Routes and calls\n\n");
    for line in totals(table) {
        out.push_str(&format!("- {line}\n"));
    }
    for section in sections(table) {
        let head: Vec<&str> = section.head.iter().map(|it| if it.is_empty() { "NOTE" } else { it }).collect();
        out.push_str(&format!(
            "\n## {}\n\n| {} |\n|{}\n",
            section.title,
            head.join(" | "),
            " --- |".repeat(head.len())
        ));
        for row in section.rows {
            let cells: Vec<String> = row.iter().map(|it| cell(it)).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
    }
    out
}

/// Returns a text that stays in its cell.
fn cell(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{}`", harmless(text).replace('|', "\\|").replace('`', "'"))
}
