//! What the server announces.

use gen_lsp_types::{
    ChangeNotifications, CodeActionKind, CodeActionOptions, CodeActionProvider, DiagnosticOptions, DiagnosticProvider,
    FileSystemWatcher, GlobPattern, HoverProvider, Save, SaveOptions, ServerCapabilities, TextDocumentSync,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities,
    WorkspaceOptions,
};

use crate::actions::FIX_ALL;
use crate::client::Abilities;

/// Returns what the server can do for a client.
pub(crate) fn capabilities(able: Abilities) -> ServerCapabilities {
    let quiet = || WorkDoneProgressOptions { work_done_progress: None };
    ServerCapabilities {
        position_encoding: Some(able.encoding.kind()),
        text_document_sync: Some(TextDocumentSync::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProvider::Bool(true)),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::Custom(FIX_ALL.into())]),
            documentation: None,
            resolve_provider: None,
            work_done_progress_options: quiet(),
        })),
        diagnostic_provider: able.pulls.then(|| {
            DiagnosticProvider::DiagnosticOptions(DiagnosticOptions {
                identifier: Some("arrears".to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: false,
                work_done_progress_options: quiet(),
            })
        }),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(ChangeNotifications::Bool(true)),
            }),
            ..WorkspaceOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

/// Returns the files whose changes on the disk matter: all, for a guide may name any, and what git tracks counts.
pub(crate) fn watchers() -> Vec<FileSystemWatcher> {
    let all = GlobPattern::Pattern("**/*".to_owned());
    vec![FileSystemWatcher { glob_pattern: all, kind: None }]
}
