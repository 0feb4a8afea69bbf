//! What the user wrote: `arrears.toml`, or `[tool.arrears]` in `pyproject.toml`.

use std::collections::BTreeMap;
use std::ops::Range;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Preset;
use arrears_core::text::TextRange;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use crate::nearest::nearest;
use crate::registry::Registry;

/// The configuration file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "arrears")]
pub struct Config {
    /// The set of rules to start from: `recommended` (the default), `strict` or `all`.
    #[schemars(with = "Option<PresetName>")]
    pub preset: Option<Preset>,
    /// Codes or groups of rules to run: instead of a preset, or in addition to it where `preset` is set too.
    #[schemars(with = "Option<Vec<String>>")]
    pub select: Option<Vec<Spanned<String>>>,
    /// Codes or groups of rules not to run.
    #[schemars(with = "Vec<String>")]
    pub ignore: Vec<Spanned<String>>,
    /// Whether rules that may still change run too.
    pub preview: bool,
    /// Globs of files to leave out, as in a `.gitignore`: `!` takes back.
    #[schemars(with = "Vec<String>")]
    pub exclude: Vec<Spanned<String>>,
    /// Settings modules of Django that serve users, as `DJANGO_SETTINGS_MODULE` names them, where their names and the
    /// deployment do not tell: `config.settings.live`.
    #[schemars(with = "Vec<String>")]
    pub production_settings: Vec<Spanned<String>>,
    /// Other severities than the rules' own, by code or group.
    #[schemars(with = "BTreeMap<String, Level>")]
    pub severity: BTreeMap<Spanned<String>, Level>,
    /// What holds only for some files; later tables win.
    pub overrides: Vec<Override>,
    /// The options of single rules, by code.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub rules: BTreeMap<Spanned<String>, Spanned<toml::Table>>,
}

/// What holds only for some files.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Globs of the files, relative to the configuration.
    #[schemars(with = "Vec<String>")]
    pub files: Vec<Spanned<String>>,
    /// Codes or groups of rules not to report there.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub ignore: Vec<Spanned<String>>,
    /// Other severities there.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Level>")]
    pub severity: BTreeMap<Spanned<String>, Level>,
}

/// A severity, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Breaks, or hides that something broke.
    Error,
    /// Overdue.
    Warning,
    /// Worth knowing.
    Info,
    /// Not reported.
    Off,
}

impl Level {
    /// Returns the severity, or none where the rule is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}

/// Returns the JSON Schema of the configuration, with the options of every rule that has some by name.
pub fn schema(registry: &Registry) -> Schema {
    let mut generator = SchemaGenerator::default();
    let with_options = registry.rules().iter().filter_map(|rule| Some((rule.meta.code.to_string(), rule.options?)));
    let options: serde_json::Map<String, serde_json::Value> =
        with_options.map(|(code, options)| (code, (options.schema)(&mut generator).to_value())).collect();
    let mut schema = generator.into_root_schema_for::<Config>();
    if let Some(rules) = schema.pointer_mut("/properties/rules").and_then(serde_json::Value::as_object_mut) {
        rules.insert("properties".to_owned(), options.into());
        rules.insert("additionalProperties".to_owned(), false.into());
    }
    schema
}

/// The names of the presets, for the schema.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only the schema reads it")]
enum PresetName {
    Recommended,
    Strict,
    All,
}

/// Why a configuration cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ConfigError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the file.
    pub span: TextRange,
    /// The nearest right word, or what is allowed.
    pub help: Option<String>,
}

impl ConfigError {
    pub(crate) fn new(message: impl Into<String>, span: Range<usize>, help: Option<String>) -> Self {
        Self { message: message.into(), span: TextRange::of(span), help }
    }
}

#[derive(Deserialize)]
struct PyProject {
    tool: Option<Tools>,
}

#[derive(Deserialize)]
struct Tools {
    arrears: Option<Config>,
}

impl Config {
    /// Reads an `arrears.toml`.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| explain(&error, text))
    }

    /// Reads the `[tool.arrears]` table of a `pyproject.toml`; `None` where there is none.
    pub fn parse_pyproject(text: &str) -> Result<Option<Self>, ConfigError> {
        let document: PyProject = toml::from_str(text).map_err(|error| explain(&error, text))?;
        Ok(document.tool.and_then(|tools| tools.arrears))
    }
}

/// Turns the library's error into ours: the same place, and the nearest right word where a word is wrong.
pub(crate) fn explain(error: &toml::de::Error, text: &str) -> ConfigError {
    let message = error.message().to_owned();
    let span = error.span().unwrap_or(0..0);
    let mut quoted = message.split('`').skip(1).step_by(2);
    let is_unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    if let (true, Some(word)) = (is_unknown, quoted.next()) {
        let expected: Vec<&str> = quoted.collect();
        let what = if message.starts_with("unknown field") { "key" } else { "value" };
        let help = nearest(word, expected.iter().copied())
            .map_or_else(|| format!("expected one of {}", list(&expected)), |right| format!("did you mean `{right}`?"));
        // The library may point at a whole table; the word itself is sharper.
        let span = text
            .get(span.clone())
            .and_then(|slice| slice.find(word))
            .map_or(span.clone(), |at| span.start + at..span.start + at + word.len());
        return ConfigError::new(format!("unknown {what} `{word}`"), span, Some(help));
    }
    let message =
        message.replace("invalid type: ", "wrong type: ").replace("a sequence", "a list").replace("a map", "a table");
    ConfigError::new(message, span, None)
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
