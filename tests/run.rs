//! Projects in temporary folders, and the binary run on them.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::binary;

/// A module with one finding, `errors/bare-except` on line 3.
pub const BROKEN: &str = "try:\n    send()\nexcept:\n    total = 0\n";

/// How long a run may take before it counts as hanging, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// A project in a temporary folder.
#[derive(Debug)]
pub struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// Creates a project without any file.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// Creates a project whose only file, `shop/views.py`, has one finding.
    pub fn with_a_finding() -> Self {
        let project = Self::empty();
        project.write("shop/views.py", BROKEN);
        project
    }

    /// Returns the folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the full path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file and the folders that it lies in.
    pub fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    /// Writes a file that is not text.
    pub fn write_bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("folders can be made");
        fs::write(path, bytes).expect("files can be written");
    }

    /// Returns the text of a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("the file is there")
    }

    /// Makes the folder a git repository.
    pub fn git(&self) {
        let status = Command::new("git").args(["init", "--quiet"]).current_dir(self.root()).status();
        assert!(status.expect("git runs").success());
    }

    /// Lets git track all files.
    pub fn add(&self) {
        self.run_git(&["add", "--all", "--force"]);
    }

    /// Lets git apply a patch that lies in the folder.
    pub fn apply(&self, patch: &str) {
        self.run_git(&["apply", patch]);
    }

    fn run_git(&self, arguments: &[&str]) {
        let status = Command::new("git").args(arguments).current_dir(self.root()).status();
        assert!(status.expect("git runs").success(), "git {arguments:?}");
    }

    /// Runs `arrears check` with concise output.
    pub fn check(&self, arguments: &[&str]) -> Run {
        self.run(&[&["check", "--output-format", "concise"], arguments].concat())
    }

    /// Runs `arrears`.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(binary::command(self.root()).args(arguments))
    }

    /// Runs `arrears` with a text on standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        Run::with_input(binary::command(self.root()).args(arguments), input.as_bytes())
    }
}

/// What a run of the binary said.
#[derive(Debug)]
pub struct Run {
    /// The exit code; none where a signal ended the run.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        Self::with_input(command, b"")
    }

    fn with_input(command: &mut Command, input: &[u8]) -> Self {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().expect("the command runs");
        let mut stdin = child.stdin.take().expect("standard input is piped");
        let (mut stdout, mut stderr) = (child.stdout.take(), child.stderr.take());
        let out = std::thread::spawn(move || read_all(stdout.as_mut().expect("standard output is piped")));
        let err = std::thread::spawn(move || read_all(stderr.as_mut().expect("standard error is piped")));
        let _ = stdin.write_all(input);
        drop(stdin);
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("the command can be waited for") {
                break status;
            }
            if started.elapsed() > PATIENCE {
                let _ = child.kill();
                panic!("hangs: {command:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let (stdout, stderr) = (out.join().expect("it can be read"), err.join().expect("it can be read"));
        Self { code: status.code(), stdout, stderr }
    }

    /// Asserts the exit code.
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Asserts that a line of the output starts with a finding.
    pub fn found(&self, finding: &str) -> &Self {
        assert!(self.stdout.lines().any(|line| line.starts_with(finding)), "nothing starts with `{finding}`\n{self}");
        self
    }

    /// Asserts that no finding lies in a file whose path holds some words.
    pub fn found_nothing_in(&self, path: &str) -> &Self {
        let is_finding = |line: &str| line.split(':').next().is_some_and(|before| before.contains(path));
        let findings = self.stdout.lines().filter(|line| !line.contains("not analysed"));
        assert!(!findings.into_iter().any(is_finding), "there is a finding in `{path}`\n{self}");
        self
    }

    /// Asserts that standard output holds some words.
    pub fn said(&self, words: &str) -> &Self {
        assert!(self.stdout.contains(words), "`{words}` is not said\n{self}");
        self
    }

    /// Asserts that standard error holds some words, and no panic.
    pub fn complained(&self, words: &str) -> &Self {
        assert!(self.stderr.contains(words), "no complaint holds `{words}`\n{self}");
        self
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cut = |text: &str| text.chars().take(4_000).collect::<String>();
        write!(f, "exit code {:?}\n{}\n{}", self.code, cut(&self.stdout), cut(&self.stderr))
    }
}

fn read_all(from: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
