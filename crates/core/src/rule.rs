//! What is known of a rule without running it.

use std::borrow::{Borrow, Cow};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Applicability, Severity};
use crate::source::Roles;

/// The one identity of a rule: `family/name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleCode(Cow<'static, str>);

impl RuleCode {
    /// Takes a code that is part of the program.
    pub const fn literal(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    /// Takes a code that somebody wrote: lower-case words joined by `-`, a family and a name joined by `/`.
    pub fn parse(code: &str) -> Option<Self> {
        let (family, name) = code.split_once('/')?;
        let is_word = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        (is_word(family) && is_word(name)).then(|| Self(Cow::Owned(code.to_owned())))
    }

    /// Returns the code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part before the slash.
    pub fn group(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(group, _)| group)
    }

    /// Returns the part after the slash.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, name)| name)
    }
}

impl fmt::Display for RuleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for RuleCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Whether a rule's findings are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stability {
    /// May still change its mind; off unless asked for.
    Preview,
    /// Measured on real repositories.
    Stable,
}

/// The smallest set of rules that a rule belongs to; each set holds the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Right nine times in ten; on by default.
    Recommended,
    /// Also the habits that a careful team agrees on.
    Strict,
    /// Everything, notes and previews included.
    All,
}

/// How much of the repository a rule has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One file.
    File,
    /// All files of one side.
    Project,
    /// Code and configuration.
    Repository,
    /// Backend and frontend.
    CrossStack,
}

/// How often a rule's findings are right, in the words of SARIF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// Less than three in four.
    Low,
    /// Three in four.
    Medium,
    /// Nine in ten.
    High,
    /// Nearly always.
    VeryHigh,
}

/// Everything about a rule but its check.
#[derive(Debug, Clone)]
pub struct RuleMeta {
    /// The identity.
    pub code: RuleCode,
    /// What is wrong, in a few words.
    pub summary: Cow<'static, str>,
    /// The whole page, in Markdown: what it finds, what it costs, a bad and a good example.
    pub docs: Cow<'static, str>,
    /// How bad a finding is unless configured otherwise.
    pub severity: Severity,
    /// Whether it is settled.
    pub stability: Stability,
    /// The smallest preset that turns it on.
    pub preset: Preset,
    /// The strongest fix it offers, if any.
    pub fix: Option<Applicability>,
    /// How much it has to know.
    pub scope: Scope,
    /// How often it is right.
    pub precision: Precision,
    /// Files whose roles meet these are not reported.
    pub exempt: Roles,
    /// Words of which a file holds at least one where it holds a finding; none, where every file may hold one.
    pub mentions: &'static [&'static str],
    /// Whether it follows values through statements and templates, which are read only then.
    pub follows_values: bool,
    /// Whether it compares the bodies of functions, which are read as fingerprints only then.
    pub compares_bodies: bool,
    /// Whether it asks which files git tracks; it does not run where there is no git.
    pub asks_git: bool,
    /// A number from 0.1 to 10.0 that makes a finding a security alert on GitHub.
    pub security_severity: Option<&'static str>,
    /// Other tags for SARIF beside the group.
    pub tags: &'static [&'static str],
    /// Codes this rule had before.
    pub aliases: &'static [&'static str],
}

impl RuleMeta {
    /// Files that are nobody's debt: written, kept or packed by machines.
    pub const MACHINE_MADE: Roles = Roles::GENERATED.union(Roles::VENDORED).union(Roles::MINIFIED);

    /// Files where a debt of the production code is none: tests, seeders, stories, machine-made files.
    pub const NOT_PRODUCTION: Roles = Self::MACHINE_MADE.union(Roles::TEST).union(Roles::SEEDER).union(Roles::STORY);

    /// Files whose code runs once, or for nobody: what is slow there costs nobody anything.
    pub const RUN_ONCE: Roles = Self::NOT_PRODUCTION.union(Roles::MIGRATION);

    /// Joins what every rule has with what a rule may leave to the defaults.
    pub const fn of(code: RuleCode, summary: Cow<'static, str>, docs: Cow<'static, str>, traits: RuleTraits) -> Self {
        Self {
            code,
            summary,
            docs,
            severity: traits.severity,
            stability: traits.stability,
            preset: traits.preset,
            fix: traits.fix,
            scope: traits.scope,
            precision: traits.precision,
            exempt: traits.exempt,
            mentions: traits.mentions,
            follows_values: traits.follows_values,
            compares_bodies: traits.compares_bodies,
            asks_git: traits.asks_git,
            security_severity: traits.security_severity,
            tags: traits.tags,
            aliases: traits.aliases,
        }
    }

    /// Returns the address of the rule's page.
    pub fn url(&self) -> String {
        format!("https://github.com/arrears/arrears/blob/main/rules/{}.rs", self.code.as_str().replace('-', "_"))
    }
}

/// The metadata that a rule may leave to the defaults; the fields are those of [`RuleMeta`].
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "documented at the fields of `RuleMeta`")]
pub struct RuleTraits {
    pub severity: Severity,
    pub stability: Stability,
    pub preset: Preset,
    pub fix: Option<Applicability>,
    pub scope: Scope,
    pub precision: Precision,
    pub exempt: Roles,
    pub mentions: &'static [&'static str],
    pub follows_values: bool,
    pub compares_bodies: bool,
    pub asks_git: bool,
    pub security_severity: Option<&'static str>,
    pub tags: &'static [&'static str],
    pub aliases: &'static [&'static str],
}

impl RuleTraits {
    /// What a rule says of itself where it says nothing.
    pub const DEFAULT: Self = Self {
        severity: Severity::Warning,
        stability: Stability::Stable,
        preset: Preset::Recommended,
        fix: None,
        scope: Scope::File,
        precision: Precision::High,
        exempt: RuleMeta::NOT_PRODUCTION,
        mentions: &[],
        follows_values: false,
        compares_bodies: false,
        asks_git: false,
        security_severity: None,
        tags: &[],
        aliases: &[],
    };
}
