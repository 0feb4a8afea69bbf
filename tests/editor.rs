//! The language server, driven by a client of our own.

use std::collections::BTreeMap;
use std::path::Path;

use arrears_tests::client::{Client, codes};
use arrears_tests::fixture;
use arrears_tests::run::{BROKEN, Project};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

fn pulling(refreshes: bool) -> Value {
    json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": refreshes } },
    })
}

fn pull(client: &mut Client, path: &str) -> Value {
    let params = json!({ "textDocument": { "uri": client.uri(path) } });
    client.request("textDocument/diagnostic", &params)["result"].clone()
}

fn items(report: &Value) -> Vec<Value> {
    report["items"].as_array().cloned().unwrap_or_default()
}

/// Returns what `check` finds in each file: code, line from 1, column from 1, message.
fn checked(root: &Path) -> BTreeMap<String, Vec<(String, u64, u64)>> {
    let run = arrears_tests::run::Run::of(arrears_tests::binary::command(root).args([
        "check",
        "--output-format",
        "json",
        ".",
    ]));
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let mut found: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for it in report["diagnostics"].as_array().expect("a list") {
        let start = &it["range"]["start"];
        let place = (start["line"].as_u64().expect("a line"), start["column"].as_u64().expect("a column"));
        let code = it["code"].as_str().expect("a code").to_owned();
        found.entry(it["path"].as_str().expect("a path").to_owned()).or_default().push((code, place.0, place.1));
    }
    found.values_mut().for_each(|it| it.sort());
    found
}

fn shown(diagnostics: &[Value]) -> Vec<(String, u64, u64)> {
    let place = |it: &Value| {
        let start = &it["range"]["start"];
        let code = it["code"].as_str().expect("a code").to_owned();
        (code, start["line"].as_u64().expect("a line") + 1, start["character"].as_u64().expect("a column") + 1)
    };
    let mut shown: Vec<_> = diagnostics.iter().map(place).collect();
    shown.sort();
    shown
}

/// The demo's files that are analysed, in a project of their own.
fn demo() -> (Project, Vec<String>) {
    let project = Project::empty();
    let root = fixture::root().join("demo");
    let mut paths = Vec::new();
    for path in arrears_tests::workspace::paths_below(&root) {
        let bytes = std::fs::read(root.join(path.as_str())).expect("a fixture can be read");
        project.write_bytes(path.as_str(), &bytes);
        if [".py", ".ts", ".tsx"].iter().any(|end| path.as_str().ends_with(end)) {
            paths.push(path.to_string());
        }
    }
    (project, paths)
}

#[test]
fn the_editor_tells_what_the_command_line_tells() {
    let (project, paths) = demo();
    let expected = checked(project.root());
    let mut client = Client::new(project.root(), &pulling(true));
    for path in &paths {
        client.open(path);
    }
    for path in &paths {
        let found = shown(&items(&pull(&mut client, path)));
        assert_eq!(found, expected.get(path).cloned().unwrap_or_default(), "{path}");
    }
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn edits_and_their_undoing_lead_back() {
    let (project, paths) = demo();
    let expected = checked(project.root());
    let mut client = Client::new(project.root(), &pulling(true));
    let path = paths.iter().find(|it| it.ends_with("appointments/tasks.py")).expect("the demo has tasks");
    let text = client.open(path);
    let lines = u32::try_from(text.lines().count()).expect("a short file");
    let mut version = 1;
    let pieces = ["é", "def f(:\n", "\n\n", "except Exception:\n    pass\n", "\u{1f980}", "    "];
    for step in 0..120_u32 {
        let (line, piece) = (step * 7 % lines, pieces[step as usize % pieces.len()]);
        version += 1;
        client.edit(path, version, [line, 0, line, 0], piece);
        let rows = u32::try_from(piece.matches('\n').count()).expect("a short piece");
        let tail = piece.rsplit('\n').next().unwrap_or("");
        let width = u32::try_from(tail.encode_utf16().count()).expect("a short piece");
        version += 1;
        client.edit(path, version, [line, 0, line + rows, width], "");
    }
    client.save(path);
    let mut found = Vec::new();
    // The project's findings come once nobody types.
    for _ in 0..200 {
        found = shown(&items(&pull(&mut client, path)));
        if Some(&found) == expected.get(path) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(Some(&found), expected.get(path));
}

#[test]
fn a_client_that_only_listens_is_sent_everything() {
    let project = Project::with_a_finding();
    let mut client = Client::new(project.root(), &json!({}));
    client.open("shop/views.py");
    let found = client.published("shop/views.py", |it| !it.is_empty());
    assert_eq!(codes(&found), [("errors/bare-except".to_owned(), 3)]);
    let uri = client.uri("shop/views.py");
    client.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    client.published("shop/views.py", <[Value]>::is_empty);
}

#[test]
fn a_client_that_cannot_be_told_to_ask_again_is_sent_what_only_the_project_shows() {
    let (project, _) = demo();
    let mut client = Client::new(project.root(), &pulling(false));
    client.open("appointments/tasks.py");
    let sent = shown(&client.published("appointments/tasks.py", |it| !it.is_empty()));
    let asked = shown(&items(&pull(&mut client, "appointments/tasks.py")));
    let mut both = [sent.clone(), asked.clone()].concat();
    both.sort();
    assert!(!sent.is_empty() && !asked.is_empty(), "{sent:?} {asked:?}");
    assert_eq!(Some(&both), checked(project.root()).get("appointments/tasks.py"));
}

#[test]
fn the_text_in_the_editor_wins_over_the_disk() {
    let project = Project::with_a_finding();
    let mut client = Client::new(project.root(), &pulling(true));
    client.open_with("shop/views.py", "total = 0\n");
    assert!(items(&pull(&mut client, "shop/views.py")).is_empty());
    client.edit("shop/views.py", 2, [0, 0, 0, 0], BROKEN);
    assert_eq!(codes(&items(&pull(&mut client, "shop/views.py"))), [("errors/bare-except".to_owned(), 3)]);
}

#[test]
fn what_is_known_already_is_not_sent_again() {
    let project = Project::with_a_finding();
    let mut client = Client::new(project.root(), &pulling(true));
    client.open("shop/views.py");
    let first = pull(&mut client, "shop/views.py");
    let uri = client.uri("shop/views.py");
    let params = json!({ "textDocument": { "uri": uri }, "previousResultId": first["resultId"] });
    let second = client.request("textDocument/diagnostic", &params);
    assert_eq!(second["result"]["kind"], "unchanged");
}

#[test]
fn columns_count_what_the_client_counts() {
    for (encoding, column) in [("utf-8", 10), ("utf-16", 8), ("utf-32", 7)] {
        let project = Project::empty();
        project.write("shop/views.py", "try:\n    send()\nexcept: a = '\u{1f980}'\n");
        let capabilities = json!({ "general": { "positionEncodings": [encoding] } });
        let mut client = Client::new(project.root(), &capabilities);
        client.open_with(
            "shop/views.py",
            "x = '\u{1f980}'; from contextlib import suppress\nwith suppress(Exception):\n    send()\n",
        );
        client.edit("shop/views.py", 2, [0, column, 0, 200], "\nfrom contextlib import suppress");
        let found = client.published("shop/views.py", |it| !it.is_empty());
        assert_eq!(codes(&found), [("errors/suppress-broad".to_owned(), 3)], "{encoding}");
    }
}

#[test]
fn a_finding_can_be_silenced_from_the_editor() {
    let project = Project::with_a_finding();
    let mut client = Client::new(project.root(), &json!({}));
    client.open("shop/views.py");
    let found = client.published("shop/views.py", |it| !it.is_empty());
    let uri = client.uri("shop/views.py");
    let params = json!({
        "textDocument": { "uri": uri },
        "range": found[0]["range"],
        "context": { "diagnostics": found },
    });
    let actions = client.request("textDocument/codeAction", &params)["result"].clone();
    let silence = actions
        .as_array()
        .expect("a list")
        .iter()
        .find(|it| it["title"].as_str().is_some_and(|it| it.starts_with("Ignore")));
    let edit = &silence.expect("there is such an action")["edit"]["changes"][uri.as_str()][0];
    assert_eq!(edit["newText"], "# arrears: ignore[errors/bare-except] -- reason\n");
    let line = u32::try_from(edit["range"]["start"]["line"].as_u64().expect("a line")).expect("a short file");
    client.edit("shop/views.py", 2, [line, 0, line, 0], edit["newText"].as_str().expect("a text"));
    client.published("shop/views.py", <[Value]>::is_empty);
}

#[test]
fn all_safe_fixes_are_given_only_where_they_are_asked_for() {
    let project = Project::empty();
    project.write("arrears.toml", "preset = \"all\"\n");
    let text = "import logging\n\nlog = logging.getLogger(__name__)\n\n\ndef act():\n    try:\n        send()\n    \
                except ValueError as error:\n        log.error(\"not sent: %s\", error)\n";
    project.write("shop/tasks.py", text);
    let mut client = Client::new(project.root(), &json!({}));
    client.open("shop/tasks.py");
    client.published("shop/tasks.py", |it| !it.is_empty());
    let uri = client.uri("shop/tasks.py");
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let mut ask = |only: Value| {
        let params = json!({
            "textDocument": { "uri": uri },
            "range": range,
            "context": { "diagnostics": [], "only": only },
        });
        client.request("textDocument/codeAction", &params)["result"].as_array().cloned().expect("a list")
    };
    assert_eq!(ask(json!(["source.organizeImports"])).len(), 0);
    assert_eq!(ask(json!(["refactor"])).len(), 0);
    for kind in ["source.fixAll", "source.fixAll.arrears"] {
        let actions = ask(json!([kind]));
        assert_eq!(actions.len(), 1, "{kind}: {actions:?}");
        assert_eq!(actions[0]["edit"]["changes"][uri.as_str()][0]["newText"], "exception", "{kind}");
    }
}

#[test]
fn the_page_of_a_rule_is_shown_over_its_code() {
    let project = Project::empty();
    let mut client = Client::new(project.root(), &json!({}));
    client.open_with("shop/views.py", "total = 0  # arrears: ignore[errors/bare-except] -- é\n");
    let uri = client.uri("shop/views.py");
    let mut hover = |character: u32| {
        let position = json!({ "line": 0, "character": character });
        client.request("textDocument/hover", &json!({ "textDocument": { "uri": uri }, "position": position }))
    };
    let page = hover(35)["result"]["contents"]["value"].as_str().expect("a page").to_owned();
    assert!(page.contains("errors/bare-except") && page.contains("SystemExit"), "{page}");
    assert!(hover(2)["result"].is_null());
}

#[test]
fn a_file_that_changes_on_the_disk_is_read_again() {
    let project = Project::empty();
    project.write("shop/__init__.py", "");
    project.write("shop/tasks.py", "from celery import shared_task\n\n@shared_task\ndef close():\n    print(1)\n");
    project.write("shop/views.py", "from shop.tasks import close\n\ndef act():\n    close.delay()\n");
    let mut client = Client::new(project.root(), &json!({}));
    client.open("shop/tasks.py");
    client.published("shop/tasks.py", <[Value]>::is_empty);
    project.write("shop/views.py", "def act():\n    pass\n");
    let uri = client.uri("shop/views.py");
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [{ "uri": uri, "type": 2 }] }));
    let found = client.published("shop/tasks.py", |it| !it.is_empty());
    assert_eq!(codes(&found), [("celery/unused-task".to_owned(), 4)]);
}

#[test]
fn what_check_does_not_come_to_is_not_read_when_it_changes() {
    let project = Project::empty();
    project.git();
    project.write(".gitignore", "ignored/\nkept/\n");
    project.write("shop/__init__.py", "");
    project.write("shop/tasks.py", "from celery import shared_task\n\n@shared_task\ndef close():\n    print(1)\n");
    let mut client = Client::new(project.root(), &json!({}));
    client.open("shop/tasks.py");
    client.published("shop/tasks.py", |it| it.len() == 1);
    client.heard.clear();
    let uses = "from shop.tasks import close\n\ndef act():\n    close.delay()\n";
    let mut tell = |path: &str| {
        project.write(path, uses);
        let uri = client.uri(path);
        client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [{ "uri": uri, "type": 1 }] }));
    };
    for path in ["ignored/a.py", "node_modules/a.py", ".venv/a.py", ".git/a.py"] {
        tell(path);
    }
    // The last change answers for those before it: it alone uses the task.
    tell("shop/views.py");
    client.published("shop/tasks.py", <[Value]>::is_empty);
    project.write("shop/views.py", "");
    let uri = client.uri("shop/views.py");
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [{ "uri": uri, "type": 2 }] }));
    client.published("shop/tasks.py", |it| it.len() == 1);
}

#[test]
fn what_git_tracks_counts_although_a_pattern_ignores_it() {
    let project = Project::empty();
    project.git();
    project.write(".gitignore", "kept/\n");
    project.write("shop/__init__.py", "");
    project.write("shop/tasks.py", "from celery import shared_task\n\n@shared_task\ndef close():\n    print(1)\n");
    project.write("kept/views.py", "from shop.tasks import close\n\ndef act():\n    close.delay()\n");
    let mut client = Client::new(project.root(), &json!({}));
    client.open("shop/tasks.py");
    client.published("shop/tasks.py", |it| it.len() == 1);
    let status = std::process::Command::new("git")
        .args(["add", "--force", "kept/views.py"])
        .current_dir(project.root())
        .status()
        .expect("git runs");
    assert!(status.success());
    client.heard.clear();
    let change = |path: &str| json!({ "uri": client.uri(path), "type": 2 });
    let changes = [change(".git/index"), change("kept/views.py")];
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": changes }));
    client.published("shop/tasks.py", <[Value]>::is_empty);
}

#[test]
fn a_changed_configuration_counts_at_once() {
    let project = Project::with_a_finding();
    let mut client = Client::new(project.root(), &json!({}));
    client.open("shop/views.py");
    client.published("shop/views.py", |it| !it.is_empty());
    project.write("arrears.toml", "ignore = [\"errors/bare-except\"]\n");
    let uri = client.uri("arrears.toml");
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [{ "uri": uri, "type": 1 }] }));
    client.published("shop/views.py", <[Value]>::is_empty);
    project.write("arrears.toml", "ignore = [\"errors/bare-exept\"]\n");
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [{ "uri": uri, "type": 2 }] }));
    let said = client.wait(|it| it["method"] == "window/showMessage");
    assert!(said["params"]["message"].as_str().is_some_and(|it| it.contains("errors/bare-exept")), "{said}");
}

#[test]
fn a_file_outside_of_every_folder_is_looked_at_alone() {
    let (project, other) = (Project::empty(), Project::with_a_finding());
    let mut client = Client::new(project.root(), &pulling(true));
    let uri = format!("file://{}", other.path("shop/views.py").canonicalize().expect("it is there").display());
    let document = json!({ "uri": uri, "languageId": "python", "version": 1, "text": BROKEN });
    client.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    let report = client.request("textDocument/diagnostic", &json!({ "textDocument": { "uri": uri } }));
    assert_eq!(codes(&items(&report["result"])), [("errors/bare-except".to_owned(), 3)]);
}

#[test]
fn what_the_protocol_does_not_allow_is_answered_or_passed_over() {
    let project = Project::with_a_finding();
    let mut client = Client::silent(project.root());
    let early = client.request("textDocument/hover", &json!({}));
    assert_eq!(early["error"]["code"], -32002, "{early}");
    let params = json!({ "processId": null, "capabilities": {}, "rootUri": client.uri("") });
    client.request("initialize", &params);
    client.notify("initialized", &json!({}));
    assert_eq!(client.request("shop/close", &json!({}))["error"]["code"], -32601);
    assert_eq!(client.request("textDocument/hover", &json!({ "position": 3 }))["error"]["code"], -32602);
    client.edit("shop/views.py", 7, [0, 0, 0, 0], "x");
    client.open("shop/views.py");
    client.notify("textDocument/didChange", &json!({ "nonsense": true }));
    client.edit("shop/views.py", 5, [4_000_000_000, 9, 4_000_000_000, 9], "# end\n");
    client.edit("shop/views.py", 3, [0, 0, 9, 0], "");
    let found = client.published("shop/views.py", |it| !it.is_empty());
    assert_eq!(codes(&found), [("errors/bare-except".to_owned(), 3)]);
    let uri = client.uri("shop/views.py");
    for _ in 0..2 {
        client.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    }
    client.notify("$/setTrace", &json!({ "value": "verbose" }));
    assert_eq!(client.request("shutdown", &Value::Null)["result"], Value::Null);
    assert_eq!(client.request("textDocument/hover", &json!({}))["error"]["code"], -32600);
    client.notify("exit", &Value::Null);
    assert_eq!(client.ended(), Some(0));
}

fn place() -> impl Strategy<Value = Value> {
    let number = || select(vec![0, 1, 7, 90, u32::MAX]);
    (number(), number()).prop_map(|(line, character)| json!({ "line": line, "character": character }))
}

/// One thing that a client says: a question, with the number of a method, or something else.
#[derive(Debug, Clone)]
struct Said {
    kind: u8,
    path: usize,
    version: u32,
    range: Value,
    text: &'static str,
}

fn said() -> impl Strategy<Value = Said> {
    let pieces = vec!["x", "\n", "\"\"\"", "{", "é", "\u{1f980}", "\r", "def f(:\n", "`${", "\0", BROKEN];
    let range = (place(), place()).prop_map(|(start, end)| json!({ "start": start, "end": end }));
    (0..12_u8, 0..7_usize, 0..40_u32, range, select(pieces)).prop_map(|(kind, path, version, range, text)| Said {
        kind,
        path,
        version,
        range,
        text,
    })
}

/// Says one thing; returns the number of the question, where it is one.
fn say(client: &mut Client, path: &str, said: &Said) -> Option<i64> {
    const ASKED: [&str; 4] =
        ["textDocument/diagnostic", "textDocument/codeAction", "textDocument/hover", "workspace/diagnostic"];
    let document = json!({ "uri": client.uri(path), "version": said.version });
    let params = json!({
        "textDocument": document,
        "range": said.range,
        "position": said.range["start"],
        "context": { "diagnostics": [] },
    });
    match said.kind {
        0 | 1 => client.open_with(path, said.text),
        2..=4 => {
            let changes = json!([{ "range": said.range, "text": said.text }]);
            client.notify("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": changes }));
        }
        5 => client.save(path),
        6 => client.notify("textDocument/didClose", &params),
        7 => {
            let changes = json!([{ "uri": client.uri(path), "type": 2 }]);
            client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": changes }));
        }
        kind => return Some(client.ask(ASKED[usize::from(kind) - 8], &params)),
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 30, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_said_in_whatever_order_every_question_is_answered(refreshes: bool, said in vec(said(), 300)) {
        let (project, mut paths) = demo();
        paths.truncate(6);
        paths.push("no/such.py".to_owned());
        let mut client = Client::new(project.root(), &pulling(refreshes));
        let asked: Vec<i64> = said.iter().filter_map(|it| say(&mut client, &paths[it.path], it)).collect();
        for id in asked {
            let answer = client.answer(id);
            prop_assert!(answer.get("result").is_some() || answer.get("error").is_some(), "{}", answer);
        }
        prop_assert_eq!(client.leave(), Some(0));
    }
}

#[test]
fn a_document_of_twenty_megabytes_costs_nobody_anything() {
    let project = Project::with_a_finding();
    let mut client = Client::new(project.root(), &pulling(true));
    client.open_with("shop/huge.py", &"try:\n    a()\nexcept:\n    b = 1\n".repeat(700_000));
    client.edit("shop/huge.py", 2, [500_000, 0, 500_001, 0], "x = 1\n");
    assert!(items(&pull(&mut client, "shop/huge.py")).is_empty());
    client.open("shop/views.py");
    assert_eq!(items(&pull(&mut client, "shop/views.py")).len(), 1);
}

#[test]
fn a_cancelled_question_is_answered_as_such_or_in_time() {
    let (project, _) = demo();
    let mut client = Client::new(project.root(), &pulling(true));
    client.open("appointments/tasks.py");
    let params = json!({ "textDocument": { "uri": client.uri("appointments/tasks.py") } });
    let id = client.ask("textDocument/diagnostic", &params);
    client.notify("$/cancelRequest", &json!({ "id": id }));
    let answer = client.answer(id);
    assert!(answer["error"]["code"] == -32800 || answer["result"]["kind"] == "full", "{answer}");
}

#[test]
fn the_server_ends_when_its_client_is_gone() {
    let project = Project::with_a_finding();
    let mut client = Client::new(project.root(), &json!({}));
    client.open("shop/views.py");
    assert_eq!(client.hang_up(), Some(1));
    let mut cut = Client::silent(project.root());
    cut.send_raw(b"Content-Length: 900\r\n\r\n{\"jsonrpc\"");
    assert!(cut.hang_up().is_some());
    let mut wild = Client::silent(project.root());
    wild.send_raw(b"\xff\xfe no protocol at all\r\n\r\n{}{}{}");
    assert!(wild.hang_up().is_some());
    let mut rude = Client::new(project.root(), &json!({}));
    rude.notify("exit", &Value::Null);
    assert_eq!(rude.ended(), Some(1));
}

#[test]
#[cfg(unix)]
fn one_file_may_be_open_under_two_names() {
    let project = Project::with_a_finding();
    std::os::unix::fs::symlink(project.path("shop"), project.path("store")).expect("a link can be made");
    let mut client = Client::new(project.root(), &pulling(true));
    for path in ["shop/views.py", "store/views.py"] {
        client.open(path);
    }
    for path in ["shop/views.py", "store/views.py"] {
        assert_eq!(codes(&items(&pull(&mut client, path))), [("errors/bare-except".to_owned(), 3)], "{path}");
    }
}

#[test]
fn the_server_ends_with_the_process_of_its_client() {
    let project = Project::with_a_finding();
    let mut editor = std::process::Command::new("sleep").arg("600").spawn().expect("`sleep` starts");
    let mut client = Client::silent(project.root());
    let params = json!({ "processId": editor.id(), "capabilities": {}, "rootUri": client.uri("") });
    client.request("initialize", &params);
    client.notify("initialized", &json!({}));
    client.open("shop/views.py");
    client.published("shop/views.py", |it| it.len() == 1);
    editor.kill().expect("it runs");
    editor.wait().expect("it ends");
    // The line is still open.
    assert_eq!(client.ended(), Some(1));
}

#[test]
fn what_check_does_not_read_is_not_judged_in_the_editor_either() {
    let project = Project::with_a_finding();
    project.write("arrears.toml", "exclude = [\"legacy/\"]\n");
    project.write(".gitignore", "ignored/\n");
    let mut client = Client::new(project.root(), &pulling(true));
    for path in ["legacy/a.py", "ignored/a.py", "node_modules/a.py", ".venv/a.py", "shop/views.py", "shop/new.py"] {
        if !path.ends_with("new.py") {
            project.write(path, BROKEN);
        }
        client.open_with(path, BROKEN);
    }
    let mut count = |path: &str| items(&pull(&mut client, path)).len();
    assert_eq!(["legacy/a.py", "ignored/a.py", "node_modules/a.py", ".venv/a.py"].map(&mut count), [0; 4]);
    assert_eq!(["shop/views.py", "shop/new.py"].map(&mut count), [1, 1]);
}

#[test]
fn rules_that_run_on_save_wait_for_it_and_keep_their_places() {
    let project = Project::with_a_finding();
    let capabilities = json!({ "workspace": { "configuration": false } });
    let mut client = Client::silent(project.root());
    let params = json!({
        "processId": null,
        "capabilities": capabilities,
        "rootUri": client.uri(""),
        "initializationOptions": { "run": "onSave" },
    });
    client.request("initialize", &params);
    client.notify("initialized", &json!({}));
    client.open("shop/views.py");
    client.published("shop/views.py", |it| codes(it) == [("errors/bare-except".to_owned(), 3)]);
    client.edit("shop/views.py", 2, [0, 0, 0, 0], "\n\n");
    client.published("shop/views.py", |it| codes(it) == [("errors/bare-except".to_owned(), 5)]);
    client.edit("shop/views.py", 3, [0, 0, 0, 0], BROKEN);
    client.published("shop/views.py", |it| codes(it) == [("errors/bare-except".to_owned(), 9)]);
    client.save("shop/views.py");
    client.published("shop/views.py", |it| it.len() == 2);
}

#[test]
fn folders_of_one_repository_are_one_project() {
    let project = Project::empty();
    project.git();
    project.write("shop/tasks.py", "from celery import shared_task\n\n@shared_task\ndef close():\n    print(1)\n");
    project.write("jobs/views.py", "def act():\n    pass\n");
    let mut client = Client::silent(project.root());
    let folder = |name: &str| json!({ "uri": client.uri(name), "name": name });
    let folders = [folder("shop"), folder("jobs")];
    client.request("initialize", &json!({ "processId": null, "capabilities": {}, "workspaceFolders": folders }));
    client.notify("initialized", &json!({}));
    client.open("shop/tasks.py");
    client.published("shop/tasks.py", |it| it.len() == 1);
    // Unsaved, in the other folder.
    client.open_with("jobs/views.py", "from shop.tasks import close\n\ndef act():\n    close.delay()\n");
    client.published("shop/tasks.py", <[Value]>::is_empty);
}
