use arrears_core::source::RelPath;

use super::{EnvFile, has_word, is_of_system};

#[test]
fn files_are_known_by_their_names() {
    for (path, expected) in [
        (".env", EnvFile::Real),
        (".env.production", EnvFile::Real),
        ("web/.env.local.example", EnvFile::Example),
        ("config/env-templates/production.env", EnvFile::Example),
        ("docker/server.env.template", EnvFile::Example),
        (".env.test", EnvFile::Test),
        (".envs/.local/.django", EnvFile::Development),
        (".envs/.production/.django", EnvFile::Real),
        (".devcontainer/backend.env", EnvFile::Development),
    ] {
        assert_eq!(EnvFile::of(&RelPath::new(path)), expected, "{path}");
    }
}

#[test]
fn words_are_whole() {
    assert!(has_word("set `API_URL` first", "API_URL"));
    assert!(!has_word("MY_API_URL", "API_URL"));
}

#[test]
fn variables_of_the_machine_are_no_settings() {
    assert!(is_of_system("HOME") && is_of_system("GITHUB_SHA") && !is_of_system("SECRET_KEY"));
}
