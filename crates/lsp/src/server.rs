//! The loop: messages in, documents and projects kept, findings out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrears_core::source::RelPath;
use arrears_linter::workspace::Workspace;
use crossbeam_channel::{Receiver, Sender, select, unbounded};
use gen_lsp_types::{
    Diagnostic, DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    InitializeParams, InitializeResult, ProgressParams, ProgressToken, PublishDiagnosticsParams, Registration,
    RegistrationParams, ServerInfo, Uri, WorkDoneProgressCreateParams,
};
use lsp_server::{Connection, Message, Notification, ProtocolError, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::buffer::Buffer;
use crate::capabilities::{capabilities, watchers};
use crate::client::{Abilities, Outbox};
use crate::convert::{Found, diagnostic, path_of};
use crate::document::Document;
use crate::host::{Host, Options, Run};
use crate::project::{MANY, Project, State};
use crate::requests::Pull;
use crate::worker::{self, Answer, Change, ProjectId, Task};

/// The name of the question that registers what the client watches.
const CONFIGURATION: &str = "workspace/configuration";

/// How often the client is looked for, where it said which process it is.
const HEARTBEAT: Duration = Duration::from_secs(3);

/// What the server knows.
pub(crate) struct Server {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) able: Abilities,
    pub(crate) out: Outbox,
    options: Options,
    tasks: Sender<Task>,
    pub(crate) projects: BTreeMap<ProjectId, Project>,
    /// By the addresses that the client uses.
    pub(crate) documents: BTreeMap<String, Document>,
    /// Questions for diagnostics that wait for a report.
    pub(crate) pulls: Vec<Pull>,
    /// What was published last.
    published: BTreeMap<String, Vec<Diagnostic>>,
    /// The question for the configuration that was asked last.
    asked: Option<RequestId>,
    next_project: ProjectId,
    /// The process of the client; its end is the server's, for what it leaves behind may hold the line open.
    client: Option<u32>,
    is_shut: bool,
}

/// Serves one client until it says good-bye or is gone; returns whether it said `shutdown` before.
///
/// # Errors
///
/// The client broke the protocol before the first message could be answered.
pub fn serve(connection: &Connection, host: Arc<dyn Host>) -> Result<bool, ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = match serde_json::from_value(params) {
        Ok(params) => params,
        Err(error) => {
            let refusal = Response::new_err(id, lsp_server::ErrorCode::InvalidParams as i32, error.to_string());
            let _ = connection.sender.send(refusal.into());
            return Ok(false);
        }
    };
    let able = Abilities::of(&params);
    let result = InitializeResult {
        capabilities: capabilities(able),
        server_info: Some(ServerInfo {
            name: "arrears".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    connection.initialize_finish(id, serde_json::to_value(result).unwrap_or_default())?;
    let (tasks, to_do) = unbounded();
    let (done, answers) = unbounded();
    let worker_host = Arc::clone(&host);
    std::thread::spawn(move || worker::run(&worker_host, &to_do, &done));
    let client = params.process_id.and_then(|it| u32::try_from(it).ok());
    let mut server = Server {
        // A number from another machine or container says nothing.
        client: client.filter(|it| host.is_running(*it)),
        host,
        able,
        out: Outbox::new(connection.sender.clone()),
        options: options(params.initialization_options.as_ref()).unwrap_or_default(),
        tasks,
        projects: BTreeMap::new(),
        documents: BTreeMap::new(),
        pulls: Vec::new(),
        published: BTreeMap::new(),
        asked: None,
        next_project: 0,
        is_shut: false,
    };
    server.start(&params);
    Ok(server.run(&connection.receiver, &answers))
}

/// Reads what the client configures: the table itself, or one under `arrears` or `settings`.
fn options(value: Option<&serde_json::Value>) -> Option<Options> {
    let value = value?;
    let inner = value.get("arrears").or_else(|| value.get("settings")).unwrap_or(value);
    serde_json::from_value(inner.clone()).ok()
}

/// Returns the only folder of a client that knows of no others.
#[expect(deprecated, reason = "clients without workspace folders still name their root so")]
fn root(params: &InitializeParams) -> Option<Uri> {
    params.root_uri.clone()
}

impl Server {
    fn start(&mut self, params: &InitializeParams) {
        let folders = params.workspace_folders_initialize_params.workspace_folders.clone();
        let folders = folders.and_then(|it| serde_json::to_value(it).ok()).unwrap_or_default();
        let named = folders.as_array().cloned().unwrap_or_default();
        let uris: Vec<Uri> =
            named.iter().filter_map(|it| it.get("uri")?.as_str()).map(|it| Uri(it.to_owned())).collect();
        let uris = if uris.is_empty() { root(params).into_iter().collect() } else { uris };
        for path in uris.iter().filter_map(path_of) {
            self.open_project(&path, true);
        }
        if self.able.watches {
            let watched = Registration {
                id: "arrears/watch".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: Some(json!({ "watchers": watchers() })),
            };
            self.out.ask("client/registerCapability", RegistrationParams { registrations: vec![watched] });
        }
        self.ask_configuration();
    }

    fn run(&mut self, messages: &Receiver<Message>, answers: &Receiver<Answer>) -> bool {
        loop {
            let now = Instant::now();
            let next = self.projects.values().filter_map(Project::deadline).min();
            let patience = next.map_or(HEARTBEAT, |at| at.saturating_duration_since(now).min(HEARTBEAT));
            select! {
                recv(messages) -> message => match message {
                    Ok(message) => if self.take(message) { return self.is_shut },
                    // The client is gone.
                    Err(_) => return self.is_shut,
                },
                recv(answers) -> answer => match answer {
                    Ok(answer) => self.answered(answer),
                    Err(_) => return self.is_shut,
                },
                default(patience) => if self.client.is_some_and(|it| !self.host.is_running(it)) {
                    return self.is_shut;
                },
            }
            // Everything that is there already comes first: what is typed fast is looked at once.
            while let Ok(message) = messages.try_recv() {
                if self.take(message) {
                    return self.is_shut;
                }
            }
            while let Ok(answer) = answers.try_recv() {
                self.answered(answer);
            }
            self.settle();
        }
    }

    /// Takes a message; returns whether it was the last one.
    fn take(&mut self, message: Message) -> bool {
        match message {
            Message::Request(request) if request.method == "shutdown" => {
                self.is_shut = true;
                self.out.answer(request.id, ());
            }
            Message::Request(request) if self.is_shut => {
                self.out.refuse(request.id, lsp_server::ErrorCode::InvalidRequest, "the server is shut down");
            }
            Message::Request(request) => self.request(request),
            Message::Notification(it) if it.method == "exit" => return true,
            Message::Notification(it) if !self.is_shut => self.notified(it),
            Message::Notification(_) => {}
            Message::Response(response) => self.responded(response),
        }
        false
    }

    fn notified(&mut self, notification: Notification) {
        let method = notification.method.clone();
        match method.as_str() {
            "textDocument/didOpen" => self.with(notification, Self::did_open),
            "textDocument/didChange" => self.with(notification, Self::did_change),
            "textDocument/didSave" => self.with(notification, Self::did_save),
            "textDocument/didClose" => self.with(notification, Self::did_close),
            "workspace/didChangeWatchedFiles" => self.with(notification, Self::did_change_files),
            "workspace/didChangeWorkspaceFolders" => self.with(notification, Self::did_change_folders),
            "workspace/didChangeConfiguration" => self.with(notification, Self::did_change_configuration),
            "$/cancelRequest" => self.cancel(&notification.params),
            _ => {}
        }
    }

    fn with<P: DeserializeOwned>(&mut self, notification: Notification, act: fn(&mut Self, P)) {
        match serde_json::from_value(notification.params) {
            Ok(params) => act(self, params),
            Err(error) => self.out.log(format!("`{}` is not understood: {error}", notification.method)),
        }
    }

    fn did_open(&mut self, params: DidOpenTextDocumentParams) {
        let opened = params.text_document;
        let Some(path) = path_of(&opened.uri) else {
            return self.out.log(format!("`{}` is no file, and is not looked at", opened.uri.0));
        };
        let path = path.canonicalize().unwrap_or(path);
        let project = self.project_of(&path).unwrap_or_else(|| self.open_project(&path, false));
        let mut document = Document::new(opened.uri.clone(), project, Buffer::new(opened.text, opened.version));
        if let Some(project) = self.projects.get_mut(&project) {
            document.place(project, &path, self.host.as_ref());
            project.hurry();
        }
        self.documents.insert(opened.uri.0, document);
    }

    fn did_change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.text_document_identifier.uri;
        let version = params.text_document.version;
        let Some(document) = self.documents.get_mut(&uri.0) else {
            return self.out.log(format!("`{}` was changed, and is not open", uri.0));
        };
        if version < document.buffer.version {
            let known = document.buffer.version;
            return self.out.log(format!("`{}`: version {version} after {known} is passed over", uri.0));
        }
        document.buffer.version = version;
        for change in params.content_changes {
            let replaced = document.buffer.edit(change, self.able.encoding);
            document.edited(replaced);
        }
        document.is_stale |= self.options.run == Run::OnType;
        if let Some(project) = self.projects.get_mut(&document.project) {
            project.wait();
        }
    }

    fn did_save(&mut self, params: DidSaveTextDocumentParams) {
        let Some(document) = self.documents.get_mut(&params.text_document.uri.0) else { return };
        document.is_stale = true;
        if let Some(project) = self.projects.get_mut(&document.project) {
            project.hurry();
        }
    }

    fn did_close(&mut self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        let Some(document) = self.documents.remove(&uri.0) else {
            return self.out.log(format!("`{}` was closed, and is not open", uri.0));
        };
        self.drop_pulls(&uri.0);
        if self.published.remove(&uri.0).is_some_and(|before| !before.is_empty()) {
            self.out.notify(
                "textDocument/publishDiagnostics",
                PublishDiagnosticsParams { uri, version: None, diagnostics: Vec::new() },
            );
        }
        let Some(project) = self.projects.get_mut(&document.project) else { return };
        if !project.is_folder {
            let id = project.id;
            self.projects.remove(&id);
            let _ = self.tasks.send(Task::Close(id));
        } else if let Some(path) = document.path {
            // What lies on the disk counts again.
            project.changes.insert(path, Change::Disk);
            project.settle();
        }
    }

    fn did_change_files(&mut self, params: DidChangeWatchedFilesParams) {
        let paths: Vec<PathBuf> = params.changes.iter().filter_map(|it| path_of(&it.uri)).collect();
        let mut again: Vec<ProjectId> = Vec::new();
        let open = self.documents.values().filter_map(|it| Some((it.project, it.path.clone()?)));
        let open: BTreeSet<(ProjectId, RelPath)> = open.collect();
        for path in paths {
            let path = path.canonicalize().unwrap_or(path);
            for project in self.projects.values_mut().filter(|it| it.is_folder) {
                let Some(path) = project.relative(&path) else { continue };
                if path.folders().any(|it| it == "node_modules") {
                    continue;
                }
                if path.folders().next() == Some(".git") {
                    // What git tracks is asked for with every report.
                    if path.as_str() == ".git/index" {
                        project.settle();
                    }
                } else if self.host.is_configuration(&path) || project.changes.len() > MANY {
                    again.push(project.id);
                } else if !open.contains(&(project.id, path.clone())) {
                    project.changes.insert(path, Change::Disk);
                    project.settle();
                }
            }
        }
        again.sort_unstable();
        again.dedup();
        again.into_iter().for_each(|id| self.reopen(id));
    }

    fn did_change_folders(&mut self, params: DidChangeWorkspaceFoldersParams) {
        for folder in params.event.removed {
            let Some(path) = path_of(&folder.uri) else { continue };
            let path = path.canonicalize().unwrap_or(path);
            let mut gone: Vec<ProjectId> = Vec::new();
            for project in self.projects.values_mut().filter(|it| it.is_folder) {
                project.paths.retain(|it| *it != path);
                gone.extend(project.paths.is_empty().then_some(project.id));
            }
            for id in gone {
                self.projects.remove(&id);
                let _ = self.tasks.send(Task::Close(id));
            }
        }
        for folder in params.event.added {
            if let Some(path) = path_of(&folder.uri) {
                self.open_project(&path, true);
            }
        }
        self.place_documents();
    }

    fn did_change_configuration(&mut self, params: DidChangeConfigurationParams) {
        match options(Some(&params.settings)) {
            Some(options) if !self.able.configuration => self.configure(options),
            _ => self.ask_configuration(),
        }
    }

    fn ask_configuration(&mut self) {
        if self.able.configuration {
            self.asked = Some(self.out.ask(CONFIGURATION, json!({ "items": [{ "section": "arrears" }] })));
        }
    }

    fn responded(&mut self, response: Response) {
        if self.asked.as_ref() != Some(&response.id) {
            return;
        }
        self.asked = None;
        let value = response.response_result.ok();
        let table = value.as_ref().and_then(|it| it.as_array()?.first()).filter(|it| it.is_object());
        if let Some(table) = table {
            match serde_json::from_value(table.clone()) {
                Ok(options) => self.configure(options),
                Err(error) => self.out.show(format!("arrears: the editor's settings are not understood: {error}")),
            }
        }
    }

    fn configure(&mut self, options: Options) {
        if options == self.options {
            return;
        }
        let is_other = options.preset != self.options.preset;
        self.options = options;
        if is_other {
            let all: Vec<ProjectId> = self.projects.keys().copied().collect();
            all.into_iter().for_each(|id| self.reopen(id));
        }
    }

    fn project_of(&self, path: &Path) -> Option<ProjectId> {
        let holding = self.projects.values().filter(|it| it.holds(path));
        holding.max_by_key(|it| it.place.components().count()).map(|it| it.id)
    }

    fn open_project(&mut self, path: &Path, is_folder: bool) -> ProjectId {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // Folders of one repository are one project: what changes in one of them counts in the other.
        let place = if is_folder { self.host.root(&path).unwrap_or_else(|| path.clone()) } else { path.clone() };
        if let Some(known) = self.projects.values_mut().find(|it| it.is_folder == is_folder && it.place == place) {
            if !known.paths.contains(&path) {
                known.paths.push(path);
            }
            return known.id;
        }
        self.next_project += 1;
        let id = self.next_project;
        self.projects.insert(id, Project::new(id, vec![path.clone()], place, is_folder));
        self.index(id, path, is_folder);
        id
    }

    /// Reads a project again from the start: its configuration changed, or much of the rest.
    fn reopen(&mut self, id: ProjectId) {
        let Some(project) = self.projects.get_mut(&id) else { return };
        let (paths, is_folder) = (project.paths.clone(), project.is_folder);
        let Some(path) = paths.first().cloned() else { return };
        *project = Project::new(id, paths, project.place.clone(), is_folder);
        self.index(id, path, is_folder);
    }

    fn index(&mut self, project: ProjectId, path: PathBuf, is_folder: bool) {
        if is_folder && self.able.progress {
            let token = token(project);
            self.out.ask("window/workDoneProgress/create", WorkDoneProgressCreateParams { token: token.clone() });
            let begin = json!({ "kind": "begin", "title": "arrears: reading the project", "percentage": 0 });
            self.out.notify("$/progress", ProgressParams { token, value: begin });
        }
        let _ = self.tasks.send(Task::Open { project, path, is_folder, options: self.options.clone() });
    }

    fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::Progress { project, done, total } => self.progressed(project, done, total),
            Answer::Opened { project, root, quick, files } => {
                self.end_progress(project, &format!("{files} files"));
                let Some(open) = self.projects.get_mut(&project) else { return };
                open.is_busy = false;
                open.state = State::Open { root, quick: Box::new(Workspace::new(*quick, [], Vec::new())) };
                open.hurry();
                self.place_documents();
            }
            Answer::Failed { project, message } => {
                self.end_progress(project, "not read");
                self.out.show(format!("arrears: {message}"));
                if let Some(failed) = self.projects.get_mut(&project) {
                    failed.is_busy = false;
                    failed.state = State::Failed;
                }
            }
            Answer::Reported { project, files } => {
                if let Some(open) = self.projects.get_mut(&project) {
                    open.is_busy = false;
                }
                let mut is_news = false;
                for report in files {
                    // A client may name one file in two ways, by a link and by the file itself.
                    let is_meant = |it: &&mut Document| it.project == project && it.path.as_ref() == Some(&report.path);
                    for document in self.documents.values_mut().filter(is_meant) {
                        let before: Vec<Found> = document.whole().cloned().collect();
                        let is_first = !document.is_reported;
                        document.take(&report);
                        is_news |= !is_first && before.iter().ne(document.whole());
                    }
                }
                if is_news {
                    self.tell_to_ask();
                }
            }
        }
    }

    /// Tells a client that asks for diagnostics to ask again, where it can be told.
    fn tell_to_ask(&mut self) {
        if self.able.pulls && self.able.refreshes {
            self.out.ask("workspace/diagnostic/refresh", ());
        }
    }

    /// Finds the place of each document in the projects that are there now.
    fn place_documents(&mut self) {
        let uris: Vec<String> = self.documents.keys().cloned().collect();
        for uri in uris {
            let Some(path) = path_of(&Uri(uri.clone())) else { continue };
            let path = path.canonicalize().unwrap_or(path);
            let id = self.project_of(&path).unwrap_or_else(|| self.open_project(&path, false));
            let Some(project) = self.projects.get_mut(&id) else { continue };
            let Some(document) = self.documents.get_mut(&uri) else { continue };
            document.place(project, &path, self.host.as_ref());
            // A project that was read again knows only the disk.
            document.is_changed = true;
            document.is_stale = true;
            project.hurry();
        }
    }

    /// Looks at what changed, shows what is new, and asks for the reports that are due.
    fn settle(&mut self) {
        let host = Arc::clone(&self.host);
        let mut is_news = false;
        for document in self.documents.values_mut().filter(|it| it.is_stale) {
            let Some(project) = self.projects.get(&document.project) else { continue };
            if let State::Open { root, quick } = &project.state {
                document.refresh(host.as_ref(), root, quick, self.able.encoding);
                is_news |= document.is_reported;
            }
        }
        // While somebody types the client asks by itself; after a save it does not.
        if is_news && self.options.run == Run::OnSave {
            self.tell_to_ask();
        }
        let due: Vec<ProjectId> = self.projects.values_mut().filter_map(|it| it.is_due().then_some(it.id)).collect();
        due.into_iter().for_each(|id| self.ask_report(id));
        self.answer_pulls();
        self.publish();
    }

    fn ask_report(&mut self, id: ProjectId) {
        let Some(project) = self.projects.get_mut(&id) else { return };
        let mut changes = std::mem::take(&mut project.changes);
        let mut wanted = Vec::new();
        for document in self.documents.values_mut().filter(|it| it.project == id && it.is_looked_at()) {
            let Some(path) = &document.path else { continue };
            wanted.push((path.clone(), document.buffer.version));
            if std::mem::take(&mut document.is_changed) {
                changes.insert(path.clone(), Change::Text(document.buffer.text.clone()));
            }
        }
        // Without an open document nobody looks; what changed is told with the next report.
        if wanted.is_empty() {
            project.changes = changes;
            return;
        }
        project.is_busy = true;
        let _ = self.tasks.send(Task::Report { project: id, changes, wanted, encoding: self.able.encoding });
    }

    /// Publishes what changed. A client that asks and cannot be told to ask again is sent what only the whole project
    /// shows: what it asks for and what it is sent never overlap.
    fn publish(&mut self) {
        if self.able.pulls && self.able.refreshes {
            return;
        }
        for document in self.documents.values() {
            let Some(shown) = self.shown(document, !self.able.pulls) else { continue };
            if self.published.get(&document.uri.0) == Some(&shown) {
                continue;
            }
            let version = Some(document.buffer.version);
            let params = PublishDiagnosticsParams { uri: document.uri.clone(), version, diagnostics: shown.clone() };
            self.out.notify("textDocument/publishDiagnostics", params);
            self.published.insert(document.uri.0.clone(), shown);
        }
    }

    /// Returns what is pushed for a document; none before there is anything to say.
    fn shown(&self, document: &Document, is_all: bool) -> Option<Vec<Diagnostic>> {
        self.projects.get(&document.project)?.root()?;
        let found: Vec<&Found> = if is_all { document.findings() } else { document.whole().collect() };
        Some(found.into_iter().map(|it| self.diagnostic(document, it)).collect())
    }

    /// Translates a finding of a document.
    pub(crate) fn diagnostic(&self, document: &Document, found: &Found) -> Diagnostic {
        let project = self.projects.get(&document.project);
        let root = project.and_then(Project::root).unwrap_or(Path::new("/"));
        let rule = match project.map(|it| &it.state) {
            Some(State::Open { quick, .. }) => quick.rules().registry().get(found.reported.diagnostic.code.as_str()),
            _ => None,
        };
        let page = rule.map(|rule| rule.meta.url());
        diagnostic(found, document.text(), root, page, self.able)
    }

    fn progressed(&mut self, id: ProjectId, done: usize, total: usize) {
        let percentage = u32::try_from(done * 100 / total.max(1)).unwrap_or(100);
        let Some(project) = self.projects.get_mut(&id) else { return };
        if !self.able.progress || !project.is_folder || percentage < project.percentage + 5 {
            return;
        }
        project.percentage = percentage;
        let message = format!("{done} of {total} files");
        let value = json!({ "kind": "report", "message": message, "percentage": percentage });
        self.out.notify("$/progress", ProgressParams { token: token(id), value });
    }

    fn end_progress(&mut self, id: ProjectId, message: &str) {
        if self.able.progress && self.projects.get(&id).is_some_and(|it| it.is_folder) {
            let value = json!({ "kind": "end", "message": message });
            self.out.notify("$/progress", ProgressParams { token: token(id), value });
        }
    }
}

fn token(project: ProjectId) -> ProgressToken {
    ProgressToken::String(format!("arrears/index/{project}"))
}
