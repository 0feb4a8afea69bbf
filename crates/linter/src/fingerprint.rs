//! The identity of a finding: the same after lines moved, different after the line changed.

use std::collections::HashMap;

use arrears_core::diagnostic::Diagnostic;
use arrears_core::source::SourceFile;

/// Returns the fingerprints of the diagnostics of one file, in their order.
///
/// A fingerprint hashes the code, the path, the enclosing symbol, the trimmed text of the line and an occurrence
/// number: no line numbers.
pub fn fingerprints<'d>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    source: Option<&SourceFile>,
) -> Vec<String> {
    let mut seen: HashMap<blake3::Hash, u32> = HashMap::new();
    let mut fingerprints = Vec::new();
    for diagnostic in diagnostics {
        let line = source.map_or("", |source| {
            let line = source.lines.line(diagnostic.primary.range.start());
            source.lines.line_range(line).slice(&source.text).trim()
        });
        let identity = [diagnostic.code.as_str(), diagnostic.path().as_str(), &diagnostic.symbol, line].join("\0");
        let hash = blake3::hash(identity.as_bytes());
        let occurrence = seen.entry(hash).and_modify(|count| *count += 1).or_insert(0);
        let salted = blake3::hash(format!("{identity}\0{occurrence}").as_bytes());
        fingerprints.push(salted.to_hex()[..32].to_owned());
    }
    fingerprints
}
