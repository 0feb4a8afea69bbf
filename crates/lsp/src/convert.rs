//! Findings in the words of the protocol.

use std::path::Path;

use arrears_core::diagnostic::{Label, Severity};
use arrears_core::source::RelPath;
use arrears_core::text::LineIndex;
use arrears_linter::report::Reported;
use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Message, Range, Uri,
};
use url::Url;

use crate::client::Abilities;
use crate::position::Encoding;

/// Returns the path that an address names; none for one that is no file.
pub(crate) fn path_of(uri: &Uri) -> Option<std::path::PathBuf> {
    let url = Url::parse(&uri.0).ok().filter(|url| url.scheme() == "file")?;
    url.to_file_path().ok()
}

/// Returns the address of a file.
pub(crate) fn uri_of(path: &Path) -> Option<Uri> {
    Url::from_file_path(path).ok().map(|url| Uri(url.to_string()))
}

/// A text in which places are counted.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
    pub(crate) lines: &'a LineIndex,
}

/// A finding, with the places of its labels in the units of the client.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) reported: Reported,
    pub(crate) related: Vec<Related>,
}

/// A place that has to do with a finding.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Related {
    pub(crate) path: RelPath,
    pub(crate) range: Range,
    pub(crate) message: String,
}

impl Found {
    /// Counts the places of a finding's labels; `text_of` returns the texts of their files.
    pub(crate) fn new<'t>(
        reported: Reported,
        encoding: Encoding,
        text_of: &dyn Fn(&RelPath) -> Option<Text<'t>>,
    ) -> Self {
        let related = |label: &Label| {
            let Text { text, lines } = text_of(&label.path)?;
            let range = encoding.range(text, lines, label.range);
            Some(Related { path: label.path.clone(), range, message: label.message.clone() })
        };
        let related = reported.diagnostic.labels.iter().filter_map(related).collect();
        Self { reported, related }
    }
}

/// Translates a finding of a document.
///
/// `page` is the address of the rule's page.
pub(crate) fn diagnostic(
    found: &Found,
    text: Text<'_>,
    root: &Path,
    page: Option<String>,
    able: Abilities,
) -> Diagnostic {
    let finding = &found.reported.diagnostic;
    let related = found.related.iter().filter(|_| able.related).filter_map(|related| {
        let uri = uri_of(&root.join(related.path.as_str()))?;
        let location = Location { uri, range: related.range };
        Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
    });
    let related: Vec<_> = related.collect();
    let code = finding.code.as_str();
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    Diagnostic {
        range: able.encoding.range(text.text, text.lines, finding.primary.range),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Info => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(code.to_owned())),
        code_description: page.filter(|_| able.pages).map(|href| CodeDescription { href: Uri(href) }),
        source: Some("arrears".to_owned()),
        message: Message::String(message),
        tags: tag(code).map(|tag| vec![tag]),
        related_information: (!related.is_empty()).then_some(related),
        data: Some(serde_json::json!({ "fingerprint": found.reported.fingerprint })),
    }
}

/// Code that nothing uses is drawn faintly.
fn tag(code: &str) -> Option<DiagnosticTag> {
    let name = code.split_once('/').map_or(code, |(_, name)| name);
    (name.starts_with("unused") || name.starts_with("commented-out")).then_some(DiagnosticTag::Unnecessary)
}

/// Returns a path below a root as the project names it.
pub(crate) fn relative(root: &Path, path: &Path) -> Option<RelPath> {
    path.strip_prefix(root).ok().and_then(Path::to_str).filter(|it| !it.is_empty()).map(RelPath::new)
}
