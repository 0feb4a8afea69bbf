//! Outputs, through the binary.

use arrears_tests::binary;

#[test]
fn the_binary_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = binary::command(folder.path()).arg("--version").output().expect("the binary runs");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("arrears "));
}
