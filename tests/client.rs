//! A client of the language server: the framing, requests, and what the server says by itself.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::binary;

/// How long an answer may take before the server counts as hanging, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client that is connected to a server of its own.
#[derive(Debug)]
pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    inbox: Receiver<Value>,
    /// What the server said by itself and nobody looked at yet.
    pub heard: Vec<Value>,
    next: i64,
    root: String,
}

impl Client {
    /// Starts a server in a folder, without a word to it.
    pub fn silent(root: &Path) -> Self {
        let mut command = binary::command(root);
        command.arg("server").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the server starts");
        let stdout = child.stdout.take().expect("standard output is piped");
        let (sender, inbox) = channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let root = root.canonicalize().expect("the folder is there").to_str().expect("it is UTF-8").to_owned();
        Self { stdin: child.stdin.take(), child, inbox, heard: Vec::new(), next: 0, root }
    }

    /// Starts a server and introduces a client with some abilities, whose only folder is `root`.
    pub fn new(root: &Path, capabilities: &Value) -> Self {
        let mut client = Self::silent(root);
        let folder = json!({ "uri": client.uri(""), "name": "shop" });
        let params =
            json!({ "processId": null, "capabilities": capabilities, "rootUri": null, "workspaceFolders": [folder] });
        let answer = client.request("initialize", &params);
        assert!(answer["result"]["capabilities"].is_object(), "{answer}");
        client.notify("initialized", &json!({}));
        client
    }

    /// Returns the address of a file of the project.
    pub fn uri(&self, path: &str) -> String {
        let whole = format!("{}/{path}", self.root);
        let whole = whole.trim_end_matches('/').replace('[', "%5B").replace(']', "%5D");
        format!("file://{whole}")
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("the line is open");
        // A server that is gone does not read.
        let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and does not wait for the answer; returns its number.
    pub fn ask(&mut self, method: &str, params: &Value) -> i64 {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }));
        self.next
    }

    /// Sends a request and returns the answer, an error or a result.
    pub fn request(&mut self, method: &str, params: &Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Waits for the answer to a request.
    pub fn answer(&mut self, id: i64) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    /// Waits for a message; what comes before it is kept in `heard`.
    pub fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.heard.iter().position(&is_it) {
            return self.heard.remove(at);
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = match self.inbox.recv_timeout(left) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => panic!("the server hangs; it said {:#?}", self.heard),
                Err(RecvTimeoutError::Disconnected) => panic!("the server is gone; it said {:#?}", self.heard),
            };
            if is_it(&message) {
                return message;
            }
            // What the server asks is refused: it has to live with that.
            if let (Some(id), true) = (message.get("id"), message.get("method").is_some()) {
                let error = json!({ "code": -32601, "message": "refused" });
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "error": error }));
            }
            self.heard.push(message);
        }
    }

    /// Opens a file of the project with the text that lies on the disk.
    pub fn open(&mut self, path: &str) -> String {
        let text = std::fs::read_to_string(Path::new(&self.root).join(path)).expect("the file is there");
        self.open_with(path, &text);
        text
    }

    /// Opens a file of the project with a text.
    pub fn open_with(&mut self, path: &str, text: &str) {
        let document = json!({ "uri": self.uri(path), "languageId": "python", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    /// Replaces a range of a file; lines and columns count from 0.
    pub fn edit(&mut self, path: &str, version: i64, range: [u32; 4], text: &str) {
        let [line, character, end_line, end_character] = range;
        let range = json!({
            "start": { "line": line, "character": character },
            "end": { "line": end_line, "character": end_character },
        });
        let params = json!({
            "textDocument": { "uri": self.uri(path), "version": version },
            "contentChanges": [{ "range": range, "text": text }],
        });
        self.notify("textDocument/didChange", &params);
    }

    /// Saves a file, in the words of the protocol: nothing is written.
    pub fn save(&mut self, path: &str) {
        let uri = self.uri(path);
        self.notify("textDocument/didSave", &json!({ "textDocument": { "uri": uri } }));
    }

    /// Waits until the findings that are published for a file are those that are expected.
    pub fn published(&mut self, path: &str, is_it: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = self.uri(path);
        let message = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri.as_str()
                && message["params"]["diagnostics"].as_array().is_some_and(|it| is_it(it))
        });
        message["params"]["diagnostics"].as_array().cloned().unwrap_or_default()
    }

    /// Says good-bye and returns the exit code.
    pub fn leave(mut self) -> Option<i32> {
        self.request("shutdown", &Value::Null);
        self.notify("exit", &Value::Null);
        self.ended()
    }

    /// Hangs up and returns the exit code.
    pub fn hang_up(mut self) -> Option<i32> {
        self.stdin = None;
        self.ended()
    }

    /// Waits for the end of the server.
    pub fn ended(&mut self) -> Option<i32> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the server can be waited for") {
                return status.code();
            }
            assert!(started.elapsed() < PATIENCE, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the codes and lines, from 1, of diagnostics.
pub fn codes(diagnostics: &[Value]) -> Vec<(String, u64)> {
    let code = |it: &Value| {
        let line = it["range"]["start"]["line"].as_u64().expect("a line") + 1;
        (it["code"].as_str().expect("a code").to_owned(), line)
    };
    diagnostics.iter().map(code).collect()
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
