//! `check --staged`: the content of git's index against the last commit.

use std::process::Command;

use arrears_tests::run::{BROKEN, Project};

fn git(project: &Project, arguments: &[&str]) {
    let identity = ["-c", "user.name=shop", "-c", "user.email=shop@example.com", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.current_dir(project.root()).args(identity).args(arguments);
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository whose last commit has one finding, on line 3 of `shop/views.py`.
fn committed() -> Project {
    let project = Project::with_a_finding();
    project.git();
    git(&project, &["add", "-A"]);
    git(&project, &["commit", "--quiet", "-m", "views"]);
    project
}

#[test]
fn what_the_last_commit_has_already_is_not_reported() {
    let project = committed();
    project.write("shop/views.py", &format!("{BROKEN}\n\nprint(total)\n"));
    git(&project, &["add", "-A"]);
    project.check(&["--staged"]).exits(0).found_nothing_in("shop");
}

#[test]
fn a_file_that_is_staged_in_part_is_judged_by_that_part() {
    let project = committed();
    project.write("shop/views.py", "total = 0\n");
    project.write("shop/tasks.py", BROKEN);
    git(&project, &["add", "-A"]);
    // The disk says the contrary of the index.
    project.write("shop/views.py", &format!("{BROKEN}try:\n    a()\nexcept:\n    b = 1\n"));
    project.write("shop/tasks.py", "total = 0\n");
    project.check(&["--staged"]).exits(1).found("shop/tasks.py:3:1").found_nothing_in("views");
}

#[test]
fn what_is_not_staged_does_not_exist() {
    let project = committed();
    project.write("shop/new.py", BROKEN);
    project.check(&["--staged"]).exits(0).found_nothing_in("shop");
    git(&project, &["add", "shop/new.py"]);
    std::fs::remove_file(project.path("shop/new.py")).expect("it is there");
    project.check(&["--staged"]).exits(1).found("shop/new.py:3:1");
}

#[test]
#[cfg(unix)]
fn what_is_left_out_is_said_only_of_what_is_staged() {
    let project = committed();
    std::os::unix::fs::symlink(project.path("shop"), project.path("old")).expect("a link can be made");
    git(&project, &["add", "old"]);
    git(&project, &["commit", "--quiet", "-m", "a link"]);
    project.write("shop/new.py", "total = 0\n");
    git(&project, &["add", "shop/new.py"]);
    let run = project.check(&["--staged"]);
    run.exits(0);
    assert!(!run.stdout.contains("symbolic link"), "{}", run.stdout);
    project.check(&[]).said("symbolic link");
}

#[test]
fn the_first_commit_is_all_new() {
    let project = Project::with_a_finding();
    project.git();
    git(&project, &["add", "-A"]);
    project.check(&["--staged"]).exits(1).found("shop/views.py:3:1");
}

#[test]
fn without_git_nothing_is_staged() {
    let project = Project::with_a_finding();
    project.check(&["--staged"]).exits(2).complained("no repository of git");
}
