//! Reading files and analysing them in parallel.

use arrears_core::source::{Roles, SourceFile};
use arrears_linter::analyze::{FileAnalysis, analyze, classify};
use arrears_linter::report::Skipped;
use arrears_linter::ruleset::RuleSet;
use rayon::prelude::*;

use crate::discover::Found;

/// Code of more than this many bytes is not written by hand.
const LARGEST_CODE: u64 = 1 << 20;
/// Configuration and data of more than this many bytes names no code.
const LARGEST_TEXT: u64 = 256 << 10;

/// Reads and analyses files; what cannot be read is left out and said.
pub(crate) fn load(
    mut files: Vec<Found>,
    rules: &RuleSet,
    progress: &(dyn Fn() + Sync),
) -> (Vec<FileAnalysis>, Vec<Skipped>) {
    // The largest first, so that no thread is left alone with one at the end.
    files.sort_by(|left, right| right.size.cmp(&left.size).then_with(|| left.cmp(right)));
    let results: Vec<_> = files
        .into_par_iter()
        .with_max_len(1)
        .map(|file| {
            let result = read(&file).map(|source| analyze(source, rules));
            progress();
            result
        })
        .collect();
    let (mut analyses, mut skipped) = (Vec::with_capacity(results.len()), Vec::new());
    for result in results {
        match result {
            Ok(analysis) => {
                skipped.extend(machine_made(&analysis));
                analyses.push(analysis);
            }
            Err(left_out) => skipped.extend(left_out),
        }
    }
    (analyses, skipped)
}

/// Reads one file; `None` where it is not analysed.
pub(crate) fn read_file(file: &Found) -> Option<SourceFile> {
    read(file).ok()
}

/// Reads one file; `Err(None)` where it is left out without a word, being no code.
fn read(file: &Found) -> Result<SourceFile, Option<Skipped>> {
    let is_code = file.language.family().is_some();
    let skip = |reason: String| is_code.then(|| Skipped { path: file.path.to_string(), reason });
    let limit = limit(is_code);
    if file.size > limit {
        return Err(skip(format!("larger than {} KiB", limit >> 10)));
    }
    let bytes = std::fs::read(&file.full).map_err(|error| skip(format!("cannot be read: {}", error.kind())))?;
    let text = decode(bytes).map_err(|reason| skip(reason.to_owned()))?;
    Ok(classify(file.path.clone(), text, file.language))
}

/// Returns how many bytes a file may have.
pub(crate) fn limit(is_code: bool) -> u64 {
    if is_code { LARGEST_CODE } else { LARGEST_TEXT }
}

/// Returns the text of a file, or why it has none.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, &'static str> {
    if bytes.contains(&0) {
        return Err("holds NUL bytes");
    }
    String::from_utf8(bytes).map_err(|_| "not UTF-8")
}

fn machine_made(analysis: &FileAnalysis) -> Option<Skipped> {
    let source = &analysis.source;
    source.language.family()?;
    let reason = if source.roles.contains(Roles::MINIFIED) {
        "minified"
    } else if source.roles.contains(Roles::VENDORED) {
        "vendored"
    } else if source.roles.contains(Roles::FLOW) && analysis.facts.has_errors {
        "types of Flow"
    } else {
        return None;
    };
    Some(Skipped { path: source.path.to_string(), reason: reason.to_owned() })
}
