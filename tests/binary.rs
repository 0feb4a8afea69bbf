//! The program itself, built once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

static BINARY: OnceLock<PathBuf> = OnceLock::new();

/// Returns the path of the `arrears` binary, which the first call builds with the profile of the tests.
///
/// A package cannot ask for the binary of another one, so Cargo is asked to build it and to say where it lies.
pub fn path() -> &'static Path {
    BINARY.get_or_init(build)
}

/// Returns a command that runs the binary in `folder`, deaf to the terminal and the settings of whoever runs the tests.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(path());
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "FORCE_HYPERLINK", "COLUMNS", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(name);
    }
    command
}

fn build() -> PathBuf {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--package", "arrears", "--message-format", "json", "--quiet"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let folder = env!("CARGO_MANIFEST_DIR");
    let output = cargo.current_dir(folder).stderr(Stdio::inherit()).output().expect("cargo runs");
    assert!(output.status.success(), "`cargo build --package arrears` failed");
    let messages = String::from_utf8(output.stdout).expect("cargo speaks UTF-8");
    messages.lines().find_map(executable).expect("cargo names the binary it has built")
}

/// Returns the binary that a message of Cargo names, if it is a message about one.
fn executable(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    Some(PathBuf::from(message["executable"].as_str()?))
}
