//! What can be done about a finding, and what a code says when the pointer rests on it.

use std::collections::HashMap;

use arrears_core::diagnostic::{Applicability, Diagnostic as Finding};
use arrears_core::source::SourceFile;
use arrears_core::text::TextRange;
use arrears_linter::silence::silence;
use gen_lsp_types::{
    CodeAction, CodeActionKind, Diagnostic, DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, Range,
    TextDocumentEdit, TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};

use crate::client::Abilities;
use crate::convert::Found;
use crate::document::Document;

/// The kind of the action that applies all safe fixes of a document.
pub(crate) const FIX_ALL: &str = "source.fixAll.arrears";

/// Returns whether a client that asks only for some kinds of actions asks for one; a kind stands for those below it.
pub(crate) fn is_wanted(only: Option<&[CodeActionKind]>, kind: &str) -> bool {
    only.is_none_or(|only| {
        only.iter().any(|wanted| {
            let wanted: String = wanted.clone().into();
            wanted.is_empty() || kind == wanted || kind.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with('.'))
        })
    })
}

/// Returns what can be done about a finding: its fix, and a comment that silences it.
pub(crate) fn quick_fixes(
    document: &Document,
    found: &Found,
    shown: &Diagnostic,
    source: Option<&SourceFile>,
    able: Abilities,
) -> Vec<CodeAction> {
    let finding = &found.reported.diagnostic;
    let action = |title: String, is_preferred: bool, edits: Vec<TextEdit>| CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![shown.clone()]),
        is_preferred: is_preferred.then_some(true),
        disabled: None,
        edit: Some(workspace_edit(document, edits, able)),
        command: None,
        data: None,
        tags: None,
    };
    let fix = finding.fix.as_ref().map(|fix| {
        let edits = fix.edits.iter().map(|edit| text_edit(document, edit.range, edit.content.clone(), able)).collect();
        let title = match fix.applicability {
            Applicability::Safe => capital(&fix.title),
            Applicability::Unsafe => format!("{} (changes what the program does)", capital(&fix.title)),
            Applicability::DisplayOnly => format!("{} (look it over)", capital(&fix.title)),
        };
        action(title, fix.applicability == Applicability::Safe, edits)
    });
    let silence = source.and_then(|source| silence(finding, source)).map(|edit| {
        let edit = text_edit(document, edit.range, edit.content, able);
        action(format!("Ignore `{}` here, with a reason", finding.code), false, vec![edit])
    });
    fix.into_iter().chain(silence).collect()
}

/// Returns the edit that applies all safe fixes of a document; none where there is nothing to do.
pub(crate) fn fix_all(document: &Document, able: Abilities) -> Option<CodeAction> {
    let found = document.findings();
    let findings: Vec<&Finding> = found.iter().map(|found| &found.reported.diagnostic).collect();
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut taken: Vec<TextRange> = Vec::new();
    let safe = findings.iter().filter_map(|it| it.fix.as_ref()).filter(|it| it.applicability == Applicability::Safe);
    for fix in safe {
        let meets = |range: TextRange| taken.iter().any(|it| it.overlaps(range) || it.start() == range.start());
        if fix.edits.iter().any(|edit| meets(edit.range)) {
            continue;
        }
        taken.extend(fix.edits.iter().map(|edit| edit.range));
        edits.extend(fix.edits.iter().map(|edit| text_edit(document, edit.range, edit.content.clone(), able)));
    }
    (!edits.is_empty()).then(|| CodeAction {
        title: "Apply all safe fixes of arrears".to_owned(),
        kind: Some(CodeActionKind::Custom(FIX_ALL.into())),
        diagnostics: None,
        is_preferred: None,
        disabled: None,
        edit: Some(workspace_edit(document, edits, able)),
        command: None,
        data: None,
        tags: None,
    })
}

/// Returns the word of a code around a byte: `errors/bare-except`.
pub(crate) fn code_at(text: &str, offset: usize) -> Option<(TextRange, &str)> {
    let is_part = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'/');
    let bytes = text.as_bytes();
    let before = bytes.get(..offset)?.iter().rev().take_while(|it| is_part(it)).count();
    let after = bytes.get(offset..)?.iter().take_while(|it| is_part(it)).count();
    let range = TextRange::of(offset - before..offset + after);
    let word = range.slice(text);
    (word.split('/').count() == 2).then_some((range, word))
}

fn text_edit(document: &Document, range: TextRange, new_text: String, able: Abilities) -> TextEdit {
    let range: Range = able.encoding.range(&document.buffer.text, &document.buffer.lines, range);
    TextEdit { range, new_text }
}

fn workspace_edit(document: &Document, edits: Vec<TextEdit>, able: Abilities) -> WorkspaceEdit {
    let uri = document.uri.clone();
    if !able.document_changes {
        let changes = HashMap::from([(uri, edits)]);
        return WorkspaceEdit { changes: Some(changes), document_changes: None, change_annotations: None };
    }
    let text_document = OptionalVersionedTextDocumentIdentifier {
        version: Some(document.buffer.version),
        text_document_identifier: TextDocumentIdentifier { uri },
    };
    let edits = edits.into_iter().map(Edit::TextEdit).collect();
    let change = DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits });
    WorkspaceEdit { changes: None, document_changes: Some(vec![change]), change_annotations: None }
}

fn capital(title: &str) -> String {
    let mut characters = title.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
