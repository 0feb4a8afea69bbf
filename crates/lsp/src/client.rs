//! What the client can do, and what is sent to it.

use crossbeam_channel::Sender;
use gen_lsp_types::{InitializeParams, LogMessageParams, MessageType, ShowMessageParams};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;

use crate::position::Encoding;

/// What the client announced.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "capabilities are independent of each other")]
pub(crate) struct Abilities {
    pub(crate) encoding: Encoding,
    /// It asks for diagnostics.
    pub(crate) pulls: bool,
    /// It can be told to ask again.
    pub(crate) refreshes: bool,
    /// It takes edits that name the version of the document.
    pub(crate) document_changes: bool,
    /// It tells of files that change on the disk, once asked to.
    pub(crate) watches: bool,
    /// It shows progress that the server begins.
    pub(crate) progress: bool,
    /// It answers questions for its configuration.
    pub(crate) configuration: bool,
    /// It takes places that have to do with a finding.
    pub(crate) related: bool,
    /// It takes addresses of pages.
    pub(crate) pages: bool,
}

impl Abilities {
    pub(crate) fn of(params: &InitializeParams) -> Self {
        let all = &params.capabilities;
        let (workspace, document) = (all.workspace.as_ref(), all.text_document.as_ref());
        let published = document.and_then(|it| it.publish_diagnostics.as_ref()).map(|it| &it.diagnostics_capabilities);
        let pulled = document.and_then(|it| it.diagnostic.as_ref()).map(|it| &it.diagnostics_capabilities);
        let offered = all.general.as_ref().and_then(|it| it.position_encodings.as_deref());
        let says = |either: [Option<bool>; 2]| either.contains(&Some(true));
        Self {
            encoding: Encoding::negotiate(offered),
            pulls: document.is_some_and(|it| it.diagnostic.is_some()),
            refreshes: workspace.and_then(|it| it.diagnostics.as_ref()).and_then(|it| it.refresh_support) == Some(true),
            document_changes: workspace.and_then(|it| it.workspace_edit.as_ref()).and_then(|it| it.document_changes)
                == Some(true),
            watches: workspace
                .and_then(|it| it.did_change_watched_files.as_ref())
                .and_then(|it| it.dynamic_registration)
                == Some(true),
            progress: all.window.as_ref().and_then(|it| it.work_done_progress) == Some(true),
            configuration: workspace.and_then(|it| it.configuration) == Some(true),
            related: says([published, pulled].map(|it| it.and_then(|it| it.related_information))),
            pages: says([published, pulled].map(|it| it.and_then(|it| it.code_description_support))),
        }
    }
}

/// The way to the client. A client that is gone is noticed where its messages end, not here.
#[derive(Debug)]
pub(crate) struct Outbox {
    sender: Sender<Message>,
    next: i32,
}

impl Outbox {
    pub(crate) fn new(sender: Sender<Message>) -> Self {
        Self { sender, next: 0 }
    }

    pub(crate) fn notify(&self, method: &str, params: impl Serialize) {
        self.send(Notification::new(method.to_owned(), params).into());
    }

    /// Asks the client; answers are not waited for, and a refusal is one.
    pub(crate) fn ask(&mut self, method: &str, params: impl Serialize) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.send(Request::new(id.clone(), method.to_owned(), params).into());
        id
    }

    pub(crate) fn answer(&self, id: RequestId, result: impl Serialize) {
        self.send(Response::new_ok(id, result).into());
    }

    pub(crate) fn refuse(&self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        self.send(Response::new_err(id, code as i32, message.into()).into());
    }

    pub(crate) fn log(&self, message: impl Into<String>) {
        self.notify("window/logMessage", LogMessageParams { kind: MessageType::Log, message: message.into() });
    }

    pub(crate) fn show(&self, message: impl Into<String>) {
        self.notify("window/showMessage", ShowMessageParams { kind: MessageType::Error, message: message.into() });
    }

    fn send(&self, message: Message) {
        // Nobody listens any more: the loop ends with the next message that does not come.
        let _ = self.sender.send(message);
    }
}
