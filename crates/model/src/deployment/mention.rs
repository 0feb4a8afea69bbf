//! What configuration and scripts mention: proof that something is *not* run anywhere.

use arrears_core::source::{Language, Roles};
use arrears_syntax::document::dockerfile::is_dockerfile;

use super::image;
use crate::project::{ProjectFile, ProjectModel};
use crate::python::placeholder::find_word;

/// Returns the first file of configuration or script that holds one of some words; comments and lists of dependencies do
/// not count.
pub fn mention<'p>(project: &ProjectModel<'p>, words: &[&str]) -> Option<ProjectFile<'p>> {
    runs_something(project).find(|file| {
        let is_in = |word: &&str| file.facts.words.may_contain(word) && says(&file.source.text, word);
        words.iter().any(is_in)
    })
}

/// Returns whether a line holds a word outside its comment.
fn says(text: &str, word: &str) -> bool {
    let code = |line: &str| {
        let line = line.trim_start();
        let end = if line.starts_with(['#', ';']) { 0 } else { line.find(" #").unwrap_or(line.len()) };
        line.get(..end).is_some_and(|code| find_word(code, word).is_some())
    };
    text.lines().any(code)
}

/// Returns the files that may run something: configuration and scripts, not pages, catalogues or lists of dependencies.
fn runs_something<'p>(project: &ProjectModel<'p>) -> impl Iterator<Item = ProjectFile<'p>> {
    const LISTS: [&str; 8] =
        ["requirements", "constraints", "pyproject", "Pipfile", "setup", "package", "dependabot", "tox"];
    project.files().filter(|file| {
        let path = &file.source.path;
        let name = path.file_name();
        let is_text = file.source.language == Language::Text;
        let is_server_config = file.source.language == Language::Python && name.contains("gunicorn");
        let is_list = LISTS.iter().any(|it| name.starts_with(it)) || path.folder().ends_with("requirements");
        let is_page = matches!(path.extension(), "html" | "htm" | "djhtml" | "txt" | "xml" | "json");
        let is_aside = file.source.roles.intersects(Roles::VENDORED.union(Roles::TEST));
        (is_text && !is_list && !is_page || is_server_config) && !is_aside
    })
}

/// Returns whether an image is one that the repository itself builds.
pub fn is_own(project: &ProjectModel<'_>, name: &str) -> bool {
    let Some(parts) = image::parts(name) else { return true };
    let built =
        project.deployment().images.iter().filter(|it| matches!(it.by, image::Namer::Compose { is_built: true }));
    if built.filter_map(|it| image::parts(&it.name)).any(|it| it.repository == parts.repository) {
        return true;
    }
    if package_names(project).iter().any(|own| is_of(parts.last(), own)) {
        return true;
    }
    if is_labelled(project, parts.repository) {
        return true;
    }
    const MARKS: [&str; 7] =
        ["docker build", "docker push", "docker tag", "buildx", "build-push-action", "metadata-action", "docker/build"];
    project.files_with_word(parts.last().split(['-', '.']).next().unwrap_or("")).any(|file| {
        let is_pipeline = file.source.path.folders().any(|it| matches!(it, ".github" | ".gitlab" | ".circleci"));
        let is_script = matches!(file.source.path.extension(), "sh" | "yml" | "yaml")
            || !file.source.path.file_name().contains('.');
        file.source.language == Language::Text
            && (is_pipeline || is_script)
            && MARKS.iter().any(|mark| file.source.text.contains(mark))
            && file.source.text.contains(parts.repository)
    })
}

/// Returns whether a Dockerfile or a package says that its sources lie where the image is from: `ghcr.io/shop/web` and
/// `https://github.com/shop/web`.
fn is_labelled(project: &ProjectModel<'_>, repository: &str) -> bool {
    let Some((owner, name)) = repository.rsplit_once('/') else { return false };
    let owner = owner.rsplit('/').next().unwrap_or(owner);
    let address = format!("/{owner}/{name}");
    let says = |line: &str| {
        let is_label = line.contains("image.source") || line.contains("image.url") || line.contains("repo_url");
        (is_label || line.contains("\"url\"")) && line.contains(&address)
    };
    project.files_with_word(name.split(['-', '.']).next().unwrap_or(name)).any(|file| {
        let path = &file.source.path;
        let tells = is_dockerfile(path) || matches!(path.file_name(), "package.json" | "mkdocs.yml" | "pyproject.toml");
        tells && file.source.text.lines().any(says)
    })
}

/// Returns whether the last part of an image's name is a package of the repository, or begins with its name.
fn is_of(last: &str, own: &str) -> bool {
    let own = own.replace('_', "-");
    let last = last.replace('_', "-");
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('-'));
    own.len() > 3 && (last == own || begins(&last, &own) || last.len() > 4 && begins(&own, &last))
}

/// Returns the names of the packages of the repository.
fn package_names(project: &ProjectModel<'_>) -> Vec<String> {
    let name_of = |file: &ProjectFile<'_>| {
        let root = file.facts.document()?.tree()?.root()?;
        let keys: [&[&str]; 3] = [&["project", "name"], &["tool", "poetry", "name"], &["name"]];
        let name = keys.iter().find_map(|keys| root.at(keys))?.text()?;
        Some(name.trim_start_matches('@').rsplit('/').next().unwrap_or(name).to_ascii_lowercase())
    };
    let is_list = |file: &ProjectFile<'_>| {
        let path = &file.source.path;
        matches!(path.file_name(), "pyproject.toml" | "package.json" | "Chart.yaml") && path.folders().count() < 3
    };
    project.files().filter(is_list).filter_map(|file| name_of(&file)).collect()
}
