//! A repository's own rules: a TOML file with metadata and a tree-sitter query.
//!
//! ```toml
//! code = "shop/no-raw-sql"
//! summary = "raw SQL outside the reports module"
//! severity = "warning"
//! language = "python"
//! message = "raw SQL is checked by nobody"
//! help = "use the query builder"
//! query = '''
//! (call function: (attribute attribute: (identifier) @name) @match (#eq? @name "raw"))
//! '''
//! ```
//!
//! Each node captured as `@match` is a finding.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{RuleCode, RuleMeta, RuleTraits};
use arrears_core::source::Family;
use arrears_syntax::grammar::Grammar;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use tree_sitter::{Query, QueryError, QueryErrorKind};

use crate::config::ConfigError;
use crate::nearest::nearest;
use crate::rule::{Check, Rule};

/// The check of a rule that a query states.
#[derive(Debug)]
pub struct QueryCheck {
    /// The languages it is for.
    pub language: Family,
    /// What a finding says.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The compiled query, one for each grammar of the family that knows its nodes.
    pub queries: Vec<(Grammar, Query)>,
}

/// The file of such a rule.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct QueryRule {
    /// `family/name`
    #[schemars(with = "String")]
    code: Spanned<String>,
    /// What is wrong, in a few words.
    summary: String,
    /// The page, in Markdown.
    #[serde(default)]
    docs: String,
    /// How bad a finding is.
    #[schemars(with = "String")]
    #[serde(default = "warning")]
    severity: Severity,
    /// `python` or `script`
    #[schemars(with = "String")]
    language: Family,
    /// What a finding says.
    message: String,
    /// What to do.
    help: Option<String>,
    /// The query; `@match` is what is flagged.
    #[schemars(with = "String")]
    query: Spanned<String>,
}

fn warning() -> Severity {
    Severity::Warning
}

/// Reads the file of a rule. The error holds the place in the file.
pub fn parse(text: &str) -> Result<Rule, ConfigError> {
    let file: QueryRule = toml::from_str(text).map_err(|error| crate::config::explain(&error, text))?;
    let Some(code) = RuleCode::parse(file.code.get_ref()) else {
        let help = "a code is `family/name`, in lower-case words joined by `-`".to_owned();
        return Err(ConfigError::new(
            format!("`{}` is not a rule code", file.code.get_ref()),
            file.code.span(),
            Some(help),
        ));
    };
    let queries = compile(&file, text)?;
    let summary = Cow::Owned(file.summary.clone());
    let docs = if file.docs.is_empty() { Cow::Owned(format!("{}\n", file.summary)) } else { Cow::Owned(file.docs) };
    let meta = RuleMeta::of(
        code,
        summary,
        docs,
        RuleTraits { severity: file.severity, exempt: RuleMeta::MACHINE_MADE, ..RuleTraits::DEFAULT },
    );
    let check = QueryCheck { language: file.language, message: file.message, help: file.help, queries };
    Ok(Rule { meta, check: Check::Query(Arc::new(check)), options: None })
}

fn compile(file: &QueryRule, text: &str) -> Result<Vec<(Grammar, Query)>, ConfigError> {
    let source = file.query.get_ref();
    let mut first_error = None;
    let mut queries = Vec::new();
    for grammar in Grammar::ALL.into_iter().filter(|grammar| grammar.family() == file.language) {
        match Query::new(grammar.language(), source) {
            Ok(query) => queries.push((grammar, query)),
            Err(error) => first_error = Some((grammar, error)),
        }
    }
    if let (true, Some((grammar, error))) = (queries.is_empty(), first_error) {
        return Err(explain(&error, grammar, &file.query, text));
    }
    if let Some((_, query)) = queries.iter().find(|(_, query)| !query.capture_names().contains(&"match")) {
        let names = query.capture_names().iter().map(|name| format!("`@{name}`")).collect::<Vec<_>>().join(", ");
        let help = if names.is_empty() { "it captures nothing".to_owned() } else { format!("it captures {names}") };
        return Err(ConfigError::new("the query captures no `@match`", file.query.span(), Some(help)));
    }
    if let Some((_, query)) = queries.first()
        && let Some(unknown) = (0..query.pattern_count()).flat_map(|at| query.general_predicates(at)).next()
    {
        return Err(ConfigError::new(format!("unknown predicate `#{}`", unknown.operator), file.query.span(), None));
    }
    Ok(queries)
}

fn explain(error: &QueryError, grammar: Grammar, query: &Spanned<String>, text: &str) -> ConfigError {
    let source = query.get_ref();
    // The string's own text starts somewhere inside its span, after the quotes.
    let start = text
        .get(query.span())
        .and_then(|slice| slice.find(source.as_str()))
        .map_or(query.span().start, |at| query.span().start + at);
    let length = source
        .get(error.offset..)
        .map_or(1, |rest| rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len()).max(1));
    let span: Range<usize> = start + error.offset..start + error.offset + length;
    let word = error.message.trim_matches('"').to_owned();
    let (message, help) = match error.kind {
        QueryErrorKind::NodeType => (format!("unknown node `{word}`"), nearest(&word, node_kinds(grammar))),
        QueryErrorKind::Field => (format!("unknown field `{word}`"), nearest(&word, field_names(grammar))),
        QueryErrorKind::Capture => {
            (format!("unknown capture `@{word}`"), nearest(&word, captures(source).filter(|name| *name != word)))
        }
        QueryErrorKind::Structure => ("this pattern can never match".to_owned(), None),
        QueryErrorKind::Predicate => (format!("wrong predicate: {word}"), None),
        QueryErrorKind::Syntax | QueryErrorKind::Language => ("the query does not parse".to_owned(), None),
    };
    let mark = if matches!(error.kind, QueryErrorKind::Capture) { "@" } else { "" };
    ConfigError::new(message, span, help.map(|right| format!("did you mean `{mark}{right}`?")))
}

/// Returns the names that a query captures, where they follow what they capture.
fn captures(query: &str) -> impl Iterator<Item = &str> {
    let follows = |at: usize| query[..at].trim_end().ends_with([')', ']', '"', '_', '*', '+', '?']);
    query.match_indices('@').filter(move |(at, _)| follows(*at)).map(|(at, _)| {
        let rest = &query[at + 1..];
        &rest[..rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len())]
    })
}

fn node_kinds(grammar: Grammar) -> impl Iterator<Item = &'static str> {
    let language = grammar.language();
    let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
    (0..count).filter(|id| language.node_kind_is_named(*id)).filter_map(|id| language.node_kind_for_id(id))
}

fn field_names(grammar: Grammar) -> impl Iterator<Item = &'static str> {
    let language = grammar.language();
    let count = u16::try_from(language.field_count()).unwrap_or(u16::MAX);
    (1..=count).filter_map(|id| language.field_name_for_id(id))
}
