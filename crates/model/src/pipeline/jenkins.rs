//! Reads the shell steps of a `Jenkinsfile`.

use arrears_core::text::TextRange;

use super::shell::Script;
use super::{Job, Step, Workflow};

/// Reads `sh '…'`, `sh "…"` and their long forms; what libraries do is not seen.
pub(super) fn read(text: &str, workflow: &mut Workflow<'_>) {
    workflow.has_gaps = ["@Library", "library(", "library ", "load "].iter().any(|it| text.contains(it));
    let mut job = Job { name: "Jenkinsfile".to_owned(), ..Job::default() };
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(next) {
        let (start, length) = (at + found.0, found.1);
        let script = Script::plain(text.get(start..start + length).unwrap_or(""), start);
        job.steps.push(Step {
            place: TextRange::of(start..start + length),
            scripts: vec![script],
            pipes_fail: true,
            ..Step::default()
        });
        at = start + length + 1;
    }
    let first = text.find(|it: char| !it.is_whitespace()).unwrap_or(0);
    let end = text.get(first..).and_then(|it| it.find(['\n', ' '])).map_or(text.len(), |it| first + it);
    workflow.place = TextRange::of(first..end);
    job.place = workflow.place;
    workflow.jobs.push(job);
}

/// Returns where the next script begins, and how long it is.
fn next(rest: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let at = ["sh ", "sh(", "bat ", "bat("]
            .iter()
            .filter_map(|it| Some((rest.get(from..)?.find(it)?, it.len())))
            .min()?;
        let word = from + at.0;
        let is_word = rest.get(..word)?.chars().next_back().is_none_or(|it| !it.is_alphanumeric() && it != '_');
        let after = word + at.1;
        let line = rest.get(after..)?.split('\n').next()?;
        let quote = line.find(['"', '\'']).filter(|_| is_word);
        from = after;
        let Some(quote) = quote.filter(|it| *it < 60) else { continue };
        let open = after + quote;
        let mark =
            ["'''", "\"\"\"", "'", "\""].into_iter().find(|it| rest.get(open..).is_some_and(|t| t.starts_with(it)))?;
        let body = open + mark.len();
        let length = rest.get(body..)?.find(mark)?;
        return Some((body, length));
    }
}
