//! The table in columns.

use super::lines::{sections, totals};
use super::table::Table;
use crate::output::text::{columns, harmless};

/// Columns are not made wider than this for one long cell, unless it is the last.
const WIDEST: usize = 56;

/// Returns the table in columns; `width` is that of the terminal, for the lines between sections.
pub(crate) fn text(table: &Table, width: usize) -> String {
    let mut out = String::new();
    for section in sections(table) {
        out.push_str(&section.title);
        out.push('\n');
        out.push_str(&"─".repeat(columns(&section.title).min(width)));
        out.push('\n');
        let head: Vec<String> = section.head.iter().map(|it| (*it).to_owned()).collect();
        let rows: Vec<&Vec<String>> = std::iter::once(&head).chain(&section.rows).collect();
        let wide = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|it| columns(it)).max().unwrap_or(0);
        let widths: Vec<usize> = (0..head.len()).map(|at| wide(at).min(WIDEST)).collect();
        for row in rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let cell = harmless(cell);
                line.push_str(&cell);
                line.push_str(&" ".repeat(width.saturating_sub(columns(&cell)) + 2));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    for line in totals(table) {
        out.push_str(&line);
        out.push('\n');
    }
    out
}
