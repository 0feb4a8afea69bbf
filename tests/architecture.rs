//! The arrows between the crates, and the world that most of them do not touch.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A crate, and all that it may depend on.
const ARROWS: [(&str, &[&str]); 7] = [
    ("crates/core", &["serde", "bitflags", "memchr"]),
    (
        "crates/syntax",
        &[
            "arrears-core",
            "jsonc-parser",
            "parse-dockerfile",
            "pulldown-cmark",
            "rustc-hash",
            "saphyr-parser",
            "serde",
            "toml",
            "tree-sitter",
            "tree-sitter-python",
            "tree-sitter-typescript",
        ],
    ),
    (
        "crates/model",
        &["arrears-core", "arrears-syntax", "bitflags", "memchr", "rustc-hash", "serde", "serde_json", "tree-sitter"],
    ),
    (
        "crates/linter",
        &[
            "arrears-core",
            "arrears-syntax",
            "arrears-model",
            "blake3",
            "globset",
            "jiff",
            "rayon",
            "schemars",
            "serde",
            "serde_json",
            "thiserror",
            "toml",
            "tree-sitter",
        ],
    ),
    (
        "rules",
        &[
            "arrears-core",
            "arrears-syntax",
            "arrears-model",
            "arrears-linter",
            "bitflags",
            "schemars",
            "serde",
            "toml",
            "tree-sitter",
        ],
    ),
    (
        "crates/lsp",
        &[
            "arrears-core",
            "arrears-linter",
            "crossbeam-channel",
            "gen-lsp-types",
            "lsp-server",
            "serde",
            "serde_json",
            "tree-sitter",
            "url",
        ],
    ),
    (
        "crates/cli",
        &[
            "arrears-core",
            "arrears-linter",
            "arrears-lsp",
            "arrears-model",
            "arrears-rules",
            "clap",
            "clap_complete",
            "ignore",
            "indicatif",
            "jiff",
            "miette",
            "mimalloc",
            "pathdiff",
            "rayon",
            "schemars",
            "serde",
            "serde_json",
            "similar",
            "tempfile",
            "terminal_size",
            "thiserror",
        ],
    ),
];

/// What touches the outside world.
const WORLD: [&str; 14] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::time",
    "std::io::std",
    "File::open",
    "SystemTime::now",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "println!",
    "eprintln!",
    "dbg!",
];

#[test]
fn crates_depend_only_on_what_the_table_allows() {
    for (folder, allowed) in ARROWS {
        let text = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("every crate has a manifest");
        let manifest: toml::Table = toml::from_str(&text).expect("a manifest is TOML");
        let found = manifest["dependencies"].as_table().expect("every crate has dependencies").keys();
        let strangers: BTreeSet<_> = found.filter(|name| !allowed.contains(&name.as_str())).collect();
        assert!(strangers.is_empty(), "`{folder}` depends on {strangers:?}");
        assert!(!manifest.contains_key("build-dependencies"), "`{folder}` has a build script");
    }
}

#[test]
fn only_the_command_line_touches_files_clock_environment_and_output() {
    let mut wrong = Vec::new();
    for folder in ["crates/core/src", "crates/syntax/src", "crates/model/src", "crates/linter/src", "rules"] {
        for (path, text) in rust_files(&root().join(folder)) {
            for (line, code) in code_lines(&text) {
                wrong.extend(WORLD.iter().filter(|it| code.contains(**it)).map(|it| format!("{path}:{line}: {it}")));
            }
        }
    }
    // A server waits, so it asks how long; it does not ask what day it is.
    for (path, text) in rust_files(&root().join("crates/lsp/src")) {
        for (line, code) in code_lines(&text) {
            let world = WORLD.iter().filter(|it| !matches!(**it, "std::time" | "Instant::now"));
            wrong.extend(world.filter(|it| code.contains(**it)).map(|it| format!("{path}:{line}: {it}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rule_names_no_other_rule() {
    let mut wrong = Vec::new();
    for (path, text) in rust_files(&root().join("rules")) {
        if path.ends_with("mod.rs") || path.ends_with("lib.rs") {
            continue;
        }
        let named = code_lines(&text).filter(|(_, code)| code.contains("crate::") || code.contains("super::"));
        // `$crate::` and `arrears_…::` are other crates.
        wrong.extend(named.map(|(line, code)| format!("{path}:{line}: {}", code.trim())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_names_no_rule_but_its_own() {
    let codes: Vec<String> = arrears_rules::all()
        .iter()
        .map(|rule| rule.meta.code.to_string())
        .filter(|code| !code.starts_with("suppression/"))
        .collect();
    let mut wrong = Vec::new();
    for (path, text) in rust_files(&root().join("crates/linter/src")) {
        for (line, code) in code_lines(&text) {
            wrong.extend(
                codes.iter().filter(|rule| code.contains(rule.as_str())).map(|it| format!("{path}:{line}: {it}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the lines of a file that are no comments and no tests, which stand at the end of a file, counted from 1.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = (1..).zip(text.lines()).take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn rust_files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a source folder can be read").filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = std::fs::read_to_string(&path).expect("source is UTF-8");
            found.push((path.display().to_string(), text));
        }
    }
    found.sort();
    found
}
