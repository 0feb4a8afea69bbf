//! Configuration and documents: everything that is no code, read into owned structures with exact places.
//!
//! All ranges are in bytes from the start of the file.

pub mod dockerfile;
pub mod env;
mod heredoc;
pub mod ini;
pub mod json;
pub mod markdown;
pub mod processes;
pub mod requirements;
pub mod toml;
pub mod tree;
pub mod yaml;

use arrears_core::source::{Language, SourceFile};
use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// A file that is no code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// TOML, YAML or JSON.
    Tree(tree::Tree),
    /// Sections of keys and values.
    Ini(ini::Ini),
    /// Variables of the environment.
    Env(Vec<env::Variable>),
    /// A Dockerfile.
    Dockerfile(dockerfile::Dockerfile),
    /// A Procfile.
    Processes(Vec<processes::ProcessLine>),
    /// Requirements of pip.
    Requirements(requirements::Requirements),
    /// A page for people.
    Markdown(markdown::Markdown),
}

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Where.
    pub range: TextRange,
    /// What is wrong.
    pub message: String,
}

/// A document, or why it is none.
pub type Read<T> = Result<T, Broken>;

impl Document {
    /// Returns a file of TOML, YAML or JSON.
    pub fn tree(&self) -> Option<&tree::Tree> {
        let Self::Tree(tree) = self else { return None };
        Some(tree)
    }

    /// Returns a file of sections.
    pub fn ini(&self) -> Option<&ini::Ini> {
        let Self::Ini(ini) = self else { return None };
        Some(ini)
    }

    /// Returns the variables of a `.env` file.
    pub fn env(&self) -> Option<&[env::Variable]> {
        let Self::Env(variables) = self else { return None };
        Some(variables)
    }

    /// Returns a Dockerfile.
    pub fn dockerfile(&self) -> Option<&dockerfile::Dockerfile> {
        let Self::Dockerfile(file) = self else { return None };
        Some(file)
    }

    /// Returns the processes of a Procfile.
    pub fn processes(&self) -> Option<&[processes::ProcessLine]> {
        let Self::Processes(lines) = self else { return None };
        Some(lines)
    }

    /// Returns a requirements file of pip.
    pub fn requirements(&self) -> Option<&requirements::Requirements> {
        let Self::Requirements(requirements) = self else { return None };
        Some(requirements)
    }

    /// Returns a page of Markdown.
    pub fn markdown(&self) -> Option<&markdown::Markdown> {
        let Self::Markdown(page) = self else { return None };
        Some(page)
    }
}

/// Reads a file that is configuration by its name or by its first keys; none, where it is not.
pub fn read(source: &SourceFile) -> Option<Read<Document>> {
    let path = &source.path;
    if !matches!(source.language, Language::Text | Language::Markdown) {
        return None;
    }
    // Three blanks in the place of a byte order mark leave all places as they are.
    let plain = source.text.strip_prefix('\u{feff}').map(|rest| format!("   {rest}"));
    let text = plain.as_deref().unwrap_or(&source.text);
    let name = path.file_name();
    match path.extension() {
        _ if dockerfile::is_dockerfile(path) => Some(dockerfile::read(text).map(Document::Dockerfile)),
        _ if processes::is_procfile(path) => Some(Ok(Document::Processes(processes::read(text)))),
        "md" | "markdown" => Some(Ok(Document::Markdown(markdown::read(text)))),
        "toml" => Some(toml::read(text).map(Document::Tree)),
        _ if name == "Pipfile" => Some(toml::read(text).map(Document::Tree)),
        "yml" | "yaml" => is_known_yaml(source).then(|| yaml::read(&source.text).map(Document::Tree)),
        "json" => {
            const TREES: [&str; 7] =
                ["package.json", "app.json", "eas.json", "vercel.json", "turbo.json", "lerna.json", "railway.json"];
            TREES.contains(&name).then(|| json::read(text, name != "package.json").map(Document::Tree))
        }
        "cfg" | "ini" | "service" => Some(Ok(Document::Ini(ini::read(text)))),
        "conf" if source.text.contains("[program:") => Some(Ok(Document::Ini(ini::read(text)))),
        _ if name == ".coveragerc" || name == ".flake8" || name.starts_with("supervisor") => {
            Some(Ok(Document::Ini(ini::read(text))))
        }
        _ if requirements::is_requirements(name, path.folder()) => {
            Some(Ok(Document::Requirements(requirements::read(text))))
        }
        _ if is_env(name) || path.folders().any(|folder| folder == ".envs") => Some(Ok(Document::Env(env::read(text)))),
        _ => None,
    }
}

/// Returns whether a file holds variables of the environment by its name: `.env`, `.env.example`, `prod.env`.
pub fn is_env(name: &str) -> bool {
    name == ".env"
        || name.starts_with(".env.")
        || name.starts_with(".env-")
        || name.strip_suffix(".env").is_some_and(|stem| !stem.is_empty())
        || matches!(name, "env.example" | "env.sample" | "env.template" | "env.dist" | ".envrc" | ".flaskenv")
        || name.ends_with(".env.example")
        || name.ends_with(".env.sample")
        || name.ends_with(".env.template")
}

/// Returns whether a file of YAML is configuration that is read: by its name, its folder or its first keys.
fn is_known_yaml(source: &SourceFile) -> bool {
    const NAMES: [&str; 14] = [
        "action",
        "mkdocs",
        "render",
        "kustomization",
        "Chart",
        "codecov",
        ".codecov",
        "azure-pipelines",
        "bitbucket-pipelines",
        "pnpm-workspace",
        "app",
        "buildspec",
        "cloudbuild",
        "Taskfile",
    ];
    let name = source.path.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_configuration = source.path.folders().any(|folder| matches!(folder, ".github" | ".circleci" | ".gitlab"));
    let has_key = |key: &str| source.text.starts_with(key) || source.text.contains(&format!("\n{key}"));
    is_configuration
        || NAMES.contains(&stem)
        || stem.starts_with("values")
        || stem.contains("compose")
        || stem.starts_with('.')
        || has_key("services:")
        || has_key("apiVersion:") && has_key("kind:")
}

#[cfg(test)]
mod tests;
