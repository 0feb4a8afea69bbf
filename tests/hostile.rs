//! Bad input: no panic, no hang, no lost finding of other files, and one clear sentence for what was left out.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;

use arrears_tests::binary;
use arrears_tests::run::{BROKEN, Project, Run};

/// How deep things are nested; no thread's stack is deep enough for a recursion of as many steps.
const DEEP: usize = 20_000;

#[test]
fn invalid_utf_8_is_left_out_and_said() {
    let run = beside_a_finding(|project| project.write_bytes("shop/latin.py", b"name = 'caf\xe9'\n"));
    run.said("1 file was not analysed: shop/latin.py (not UTF-8)");
}

#[test]
fn nul_bytes_are_left_out_and_said() {
    let run = beside_a_finding(|project| project.write_bytes("shop/nul.py", b"x = 1\0\n"));
    run.said("1 file was not analysed: shop/nul.py (holds NUL bytes)");
}

#[test]
fn a_byte_order_mark_is_no_error() {
    let run = beside_a_finding(|project| {
        project.write("shop/mark.py", &format!("\u{feff}{BROKEN}"));
        project.write("web/mark.ts", "\u{feff}export const total = 1;\n");
    });
    run.found("shop/mark.py:3:1 error errors/bare-except").found_nothing_in("web/mark.ts");
}

#[test]
fn carriage_returns_end_lines() {
    let run = beside_a_finding(|project| {
        project.write("shop/dos.py", &BROKEN.replace('\n', "\r\n"));
        project.write("shop/mac.py", &BROKEN.replace('\n', "\r"));
        project.write("shop/mac.ts", "const total = 1;\rexport default total;\r");
    });
    run.found("shop/dos.py:3:1 error errors/bare-except").found("shop/mac.py:3:1 error errors/bare-except");
    run.said("4 files,").found_nothing_in("shop/mac.ts");
}

#[test]
fn an_empty_file_is_analysed() {
    let run = beside_a_finding(|project| {
        project.write("shop/__init__.py", "");
        project.write("web/empty.tsx", "");
    });
    run.said("3 files,").found_nothing_in("__init__").found_nothing_in("empty");
}

#[test]
fn a_file_of_50_mb_is_left_out_and_said() {
    let run = beside_a_finding(|project| project.write("shop/huge.py", &"total = 1\n".repeat(5_300_000)));
    run.said("1 file was not analysed: shop/huge.py (larger than");
}

#[test]
fn a_single_line_of_2_mb_is_left_out_and_said() {
    let run = beside_a_finding(|project| {
        project.write("shop/line.py", &format!("total = [{}]\n", "1, ".repeat(700_000)));
        project.write("web/line.ts", &format!("export const total = [{}];\n", "1, ".repeat(700_000)));
    });
    run.said("2 files were not analysed:").said("shop/line.py").said("web/line.ts");
}

#[test]
fn a_single_line_of_900_kb_is_analysed() {
    let run =
        beside_a_finding(|project| project.write("shop/line.py", &format!("total = [{}]\n", "1, ".repeat(300_000))));
    run.said("2 files,").found_nothing_in("line.py");
}

#[test]
fn parentheses_nested_20_000_deep_are_analysed() {
    for (before, after) in
        [("x = ", "\n"), ("def send():\n    return ", "\n"), ("send(name=", ")\n"), ("raise X from ", "\n")]
    {
        for (open, close) in [("(", ")"), ("[", "]"), ("{'a': ", "}"), ("f(", ")"), ("-", ""), ("lambda: ", "")] {
            let text = format!("{before}{}1{}{after}", open.repeat(DEEP), close.repeat(DEEP));
            beside_a_finding(|project| project.write("shop/deep.py", &text)).said("2 files,");
        }
    }
}

#[test]
fn a_schedule_nested_20_000_deep_is_analysed() {
    for (open, close) in [("(", ")"), ("60 * ", ""), ("schedule(", ")")] {
        let value = format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP));
        let text = format!("CELERY_BEAT_SCHEDULE = {{'a': {{'task': 'shop.send', 'schedule': {value}}}}}\n");
        beside_a_finding(|project| project.write("shop/deep.py", &text)).said("2 files,");
    }
}

#[test]
fn statements_nested_as_deep_as_a_file_allows_are_analysed() {
    for header in ["if total:", "for row in rows:", "def send():", "class Order:", "with atomic():", "while True:"] {
        let nest = |depth: usize| format!("{}{header}\n", " ".repeat(depth));
        let text = (0..1_400).map(nest).collect::<String>() + &" ".repeat(1_400) + "pass\n";
        beside_a_finding(|project| project.write("shop/deep.py", &text)).said("2 files,");
    }
}

#[test]
fn handlers_nested_as_deep_as_a_file_allows_are_analysed() {
    let open = (0..700).map(|depth| format!("{}try:\n", " ".repeat(depth))).collect::<String>();
    let close = |depth: usize| format!("{0}except ValueError:\n{0} pass\n", " ".repeat(depth));
    let text = format!("{open}{}send()\n{}", " ".repeat(700), (0..700).rev().map(close).collect::<String>());
    beside_a_finding(|project| project.write("shop/deep.py", &text)).said("2 files,");
}

#[test]
fn a_chain_of_20_000_branches_is_analysed() {
    let python = format!("if a:\n    pass\n{}", "elif a:\n    pass\n".repeat(DEEP));
    let script = format!("if (a) {{}}{}\n", "\nelse if (a) {}".repeat(DEEP));
    let run = beside_a_finding(|project| {
        project.write("shop/chain.py", &python);
        project.write("web/chain.ts", &script);
        project.write("web/calls.ts", &format!("load(){};\n", "\n.then(() => {}).catch(() => {})".repeat(DEEP)));
    });
    run.said("4 files,");
}

#[test]
fn jsx_nested_20_000_deep_is_analysed() {
    for (open, inner, close) in [
        ("<div>\n", "x", "</div>\n"),
        ("<A onClick={() => (\n", "1", ")}>x</A>\n"),
        ("<A>{x => (\n", "1", ")}</A>\n"),
        ("() => { return (\n", "<a />", ")}\n"),
    ] {
        let text = format!("export const App = {}{inner}{};\n", open.repeat(DEEP), close.repeat(DEEP));
        beside_a_finding(|project| project.write("web/App.tsx", &text)).said("2 files,");
    }
}

#[test]
fn arrow_functions_and_blocks_nested_20_000_deep_are_analysed() {
    for (open, inner, close) in [
        ("() =>\n", "1", ""),
        ("f(() => {\n", "1", "})\n"),
        ("(\n", "1", ")\n"),
        ("{ a:\n", "1", "}\n"),
        ("a ? b :\n", "1", ""),
        ("1 +\n", "1", ""),
        ("class { m() { return \n", "1", "} }\n"),
        ("class extends Component { m() { return \n", "1", "} }\n"),
    ] {
        let text = format!("const deep = {}{inner}{};\n", open.repeat(DEEP), close.repeat(DEEP));
        beside_a_finding(|project| project.write("web/deep.ts", &text)).said("2 files,");
    }
    for (open, close) in [("if (a) {\n", "}\n"), ("function A() {\n", "return <a />\n}\n"), ("try {\n", "} catch {}\n")]
    {
        let text = format!("{}{}\n", open.repeat(DEEP), close.repeat(DEEP));
        beside_a_finding(|project| project.write("web/Deep.tsx", &text)).said("2 files,");
    }
}

#[test]
fn twenty_thousand_suppressions_are_read() {
    let comment = "# arrears: ignore[errors/bare-except] -- idle\n";
    let run = beside_a_finding(|project| {
        project.write("shop/block.py", &comment.repeat(DEEP));
        project.write("shop/each.py", &format!("{comment}x = 1\n").repeat(DEEP));
    });
    run.said(&format!("{} warnings", 2 * DEEP));
}

#[test]
fn a_syntax_error_in_every_function_is_one_finding_a_file() {
    let run = beside_a_finding(|project| {
        project.write("shop/broken.py", &"def send(:\n    total = \n".repeat(5_000));
        project.write("web/broken.ts", &"function send( {\n  const total = ;\n}\n".repeat(5_000));
        project.write("web/broken.tsx", &"function A() { return <div>a & b <</div> }\n".repeat(5_000));
    });
    run.found("shop/broken.py:1:").found("web/broken.ts:2:").found("web/broken.tsx:1:").said("4 errors");
}

#[test]
fn python_2_is_one_finding_a_file() {
    let run = beside_a_finding(|project| {
        project.write("shop/old.py", "import urllib2\nprint 'total', 1\nraise ValueError, 'no'\n");
        project.write("shop/older.py", "try:\n    f()\nexcept IOError, e:\n    print >>out, e\n");
        project.write("shop/exec.py", "exec 'total = 1'\n");
    });
    run.found("shop/old.py:2:1 error syntax/error").found("shop/exec.py:1:1 error syntax/error").said("3 errors");
}

#[test]
fn python_3_14_is_no_error() {
    let run = beside_a_finding(|project| {
        project.write("shop/new.py", "try:\n    f()\nexcept ValueError, TypeError:\n    raise\n");
        project.write(
            "shop/generic.py",
            "def first[T: int = bool](rows: list[T]) -> T: ...\ntype Rows[*Ts] = tuple[*Ts]\n",
        );
        project.write("shop/text.py", "total = t'{count!r:>{width}}'\nprint(f'{rows[\"a\"]} {'b'}')\n");
        project.write("shop/group.py", "try:\n    f()\nexcept* OSError:\n    raise\n");
    });
    run.said("5 files,").said(": 1 error in");
}

#[test]
fn flow_is_left_out_and_said() {
    let text = "/** @flow */\nexport type Props = {| +orders: Array<Order>, name?: ?string |};\n";
    let run = beside_a_finding(|project| project.write("web/legacy.js", text));
    run.said("1 file was not analysed: web/legacy.js (types of Flow)").found_nothing_in("legacy");
}

#[test]
fn unreadable_files_and_folders_are_left_out_and_said() {
    let project = Project::with_a_finding();
    project.write("shop/locked.py", BROKEN);
    project.write("locked/views.py", BROKEN);
    fs::set_permissions(project.path("shop/locked.py"), fs::Permissions::from_mode(0o000)).expect("it is ours");
    fs::set_permissions(project.path("locked"), fs::Permissions::from_mode(0o000)).expect("it is ours");
    let run = if fs::read(project.path("shop/locked.py")).is_ok() {
        // Nothing is locked for root; somebody else has to look.
        let Some(run) = as_nobody(&project) else { return };
        run
    } else {
        project.check(&[])
    };
    fs::set_permissions(project.path("locked"), fs::Permissions::from_mode(0o755)).expect("it is ours");
    run.exits(1).found("shop/views.py:3:1 error errors/bare-except");
    run.said("2 files were not analysed:").said("shop/locked.py (cannot be read: permission denied)").said("locked");
}

#[test]
fn links_in_circles_and_out_of_the_tree_are_not_followed() {
    let outside = tempfile::tempdir().expect("a folder can be made");
    fs::write(outside.path().join("secret.py"), BROKEN).expect("it can be written");
    let run = beside_a_finding(|project| {
        symlink(project.path("shop"), project.path("shop/again")).expect("links can be made");
        symlink("loop.py", project.path("shop/loop.py")).expect("links can be made");
        symlink(outside.path(), project.path("outside")).expect("links can be made");
        symlink(outside.path().join("secret.py"), project.path("secret.py")).expect("links can be made");
        symlink("nowhere.py", project.path("dangling.py")).expect("links can be made");
    });
    run.said("5 files were not analysed:").said("(symbolic link)").said("1 file,").found_nothing_in("secret");
}

#[test]
fn file_names_with_spaces_newlines_and_other_bytes_are_analysed_or_said() {
    let run = beside_a_finding(|project| {
        project.write("shop/two words.py", BROKEN);
        project.write("shop/two\nlines.py", BROKEN);
        project.write("shop/prix-é.py", BROKEN);
        let other = project.path("shop").join(OsStr::from_bytes(b"caf\xe9.py"));
        fs::write(other, BROKEN).expect("it can be written");
    });
    run.found("shop/two words.py:3:1").found("shop/prix-é.py:3:1").said("4 errors");
    run.said("(its name is not UTF-8)");
    let broken_line = run.stdout.lines().any(|line| line.starts_with("lines.py"));
    assert!(!broken_line, "a newline in a name breaks a line of the output:\n{}", run.stdout);
}

#[test]
fn an_empty_repository_has_nothing_to_check() {
    let project = Project::empty();
    project.git();
    project.check(&[]).exits(2).complained("nothing to check: no Python, TypeScript");
}

#[test]
fn a_repository_without_git_is_checked() {
    let project = Project::with_a_finding();
    project.write(".gitignore", "ignored/\n");
    project.write("ignored/views.py", BROKEN);
    project.check(&[]).exits(1).found("shop/views.py:3:1").found_nothing_in("ignored");
}

#[test]
fn a_path_that_does_not_exist_is_no_such_path() {
    let project = Project::with_a_finding();
    project.check(&["shop/vews.py"]).exits(2).complained("no such path: `shop/vews.py`");
}

#[test]
fn a_closed_output_pipe_is_no_error() {
    let project = Project::empty();
    project.write("shop/views.py", &BROKEN.repeat(20_000));
    let mut child = binary::command(project.root())
        .args(["check", "--isolated", "--output-format", "concise"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("arrears runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("arrears ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}

/// Runs a check of a project that has one finding before `add` adds to it, and asserts that the finding is not lost.
fn beside_a_finding(add: impl FnOnce(&Project)) -> Run {
    let project = Project::with_a_finding();
    add(&project);
    let run = project.check(&[]);
    run.exits(1).found("shop/views.py:3:1 error errors/bare-except");
    run
}

/// Checks a project with the rights of nobody, where this system lets us.
fn as_nobody(project: &Project) -> Option<Run> {
    let arrears = project.path("arrears-binary");
    fs::copy(binary::path(), &arrears).expect("the binary can be copied");
    fs::set_permissions(project.root(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let mut command = std::process::Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&arrears);
    command.args(["check", "--output-format", "concise"]).current_dir(project.root());
    if !Path::new("/usr/bin/setpriv").exists() {
        return None;
    }
    Some(Run::of(&mut command))
}
