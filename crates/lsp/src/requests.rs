//! What the client asks for: diagnostics, actions, pages of rules.

use std::hash::{DefaultHasher, Hash, Hasher};

use arrears_core::source::SourceFile;
use arrears_core::text::TextRange;
use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, Contents, Diagnostic, DocumentDiagnosticParams, Hover, HoverParams,
    MarkupContent, MarkupKind,
};
use lsp_server::{ErrorCode, Request, RequestId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::actions::{FIX_ALL, code_at, fix_all, is_wanted, quick_fixes};
use crate::convert::Found;
use crate::document::Document;
use crate::project::{Project, State};
use crate::server::Server;

/// A question for the diagnostics of a document.
#[derive(Debug)]
pub(crate) struct Pull {
    id: RequestId,
    uri: String,
    previous: Option<String>,
}

impl Server {
    pub(crate) fn request(&mut self, request: Request) {
        let method = request.method.clone();
        match method.as_str() {
            "textDocument/diagnostic" => self.asked(request, Self::pull),
            "textDocument/codeAction" => self.asked(request, |server, id, params: CodeActionParams| {
                server.out.answer(id, server.code_actions(&params));
            }),
            "textDocument/hover" => self.asked(request, |server, id, params: HoverParams| {
                server.out.answer(id, server.hover(&params));
            }),
            _ => self.out.refuse(request.id, ErrorCode::MethodNotFound, format!("`{method}` is not served")),
        }
    }

    fn asked<P: DeserializeOwned>(&mut self, request: Request, act: impl FnOnce(&mut Self, RequestId, P)) {
        match serde_json::from_value(request.params) {
            Ok(params) => act(self, request.id, params),
            Err(error) => self.out.refuse(request.id, ErrorCode::InvalidParams, error.to_string()),
        }
    }

    fn pull(&mut self, id: RequestId, params: DocumentDiagnosticParams) {
        self.pulls.push(Pull { id, uri: params.text_document.uri.0, previous: params.previous_result_id });
    }

    /// Answers the questions that can be answered: of documents that a report was made of, or never will be.
    pub(crate) fn answer_pulls(&mut self) {
        for pull in std::mem::take(&mut self.pulls) {
            let document = self.documents.get(&pull.uri);
            let is_waiting = document.is_some_and(|it| {
                let project = self.projects.get(&it.project);
                let is_opening = project.is_some_and(|it| matches!(it.state, State::Opening));
                let is_open = project.and_then(Project::root).is_some();
                let waits_for_report = self.able.refreshes || !self.able.pulls;
                is_opening || is_open && it.path.is_some() && it.is_looked_at() && !it.is_reported && waits_for_report
            });
            if is_waiting {
                self.pulls.push(pull);
                continue;
            }
            let items: Vec<Diagnostic> = document.map_or_else(Vec::new, |document| {
                let found: Vec<&Found> =
                    if self.able.refreshes { document.findings() } else { document.quick().collect() };
                found.into_iter().map(|it| self.diagnostic(document, it)).collect()
            });
            let result = identity(&items);
            let report = if pull.previous.as_deref() == Some(result.as_str()) {
                json!({ "kind": "unchanged", "resultId": result })
            } else {
                json!({ "kind": "full", "resultId": result, "items": items })
            };
            self.out.answer(pull.id, report);
        }
    }

    /// Ends the questions about a document that was closed.
    pub(crate) fn drop_pulls(&mut self, uri: &str) {
        let (gone, kept) = std::mem::take(&mut self.pulls).into_iter().partition(|it: &Pull| it.uri == uri);
        self.pulls = kept;
        for pull in gone {
            self.out.answer(pull.id, json!({ "kind": "full", "items": [] }));
        }
    }

    pub(crate) fn cancel(&mut self, params: &Value) {
        let id = match params.get("id") {
            Some(Value::String(id)) => RequestId::from(id.clone()),
            Some(Value::Number(id)) => RequestId::from(id.as_i64().and_then(|id| i32::try_from(id).ok()).unwrap_or(-1)),
            _ => return,
        };
        let (gone, kept) = std::mem::take(&mut self.pulls).into_iter().partition(|it: &Pull| it.id == id);
        self.pulls = kept;
        for pull in gone {
            self.out.refuse(pull.id, ErrorCode::RequestCanceled, "cancelled");
        }
    }

    fn code_actions(&self, params: &CodeActionParams) -> Vec<CodeAction> {
        let only = params.context.only.as_deref();
        let Some(document) = self.documents.get(&params.text_document.uri.0) else { return Vec::new() };
        let mut actions = Vec::new();
        if is_wanted(only, "quickfix") {
            let (text, encoding) = (document.text(), self.able.encoding);
            let start = encoding.offset(text.text, text.lines, params.range.start);
            let end = encoding.offset(text.text, text.lines, params.range.end);
            let asked = TextRange::of(start..end.max(start));
            let touches = |range: TextRange| range.start() <= asked.end() && asked.start() <= range.end();
            let mut found = document.findings();
            found.retain(|it| touches(it.reported.diagnostic.primary.range));
            let source = if found.is_empty() { None } else { self.source(document) };
            for it in found {
                let shown = self.diagnostic(document, it);
                actions.extend(quick_fixes(document, it, &shown, source.as_ref(), self.able));
            }
        }
        // Nobody wants all fixes among the quick ones of a line: they are given where they are asked for.
        let is_asked = |only: &[CodeActionKind]| !only.is_empty() && is_wanted(Some(only), FIX_ALL);
        if only.is_some_and(is_asked) {
            actions.extend(fix_all(document, self.able));
        }
        actions
    }

    /// Returns a document as the linter takes it.
    fn source(&self, document: &Document) -> Option<SourceFile> {
        let root = self.projects.get(&document.project)?.root()?;
        self.host.source(root, document.path.as_ref()?, document.buffer.text.clone())
    }

    fn hover(&self, params: &HoverParams) -> Option<Hover> {
        let at = &params.text_document_position_params;
        let document = self.documents.get(&at.text_document.uri.0)?;
        let (text, encoding) = (document.text(), self.able.encoding);
        let offset = encoding.offset(text.text, text.lines, at.position);
        let (range, code) = code_at(text.text, offset)?;
        let page = self.host.page(code)?;
        let value = MarkupContent { kind: MarkupKind::Markdown, value: page };
        let range = encoding.range(text.text, text.lines, range);
        Some(Hover { contents: Contents::MarkupContent(value), range: Some(range) })
    }
}

/// Returns a name for a list of diagnostics that holds as long as the server runs.
fn identity(items: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(items).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
