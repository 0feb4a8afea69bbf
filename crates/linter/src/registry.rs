//! All rules there are, and which one a word means.

use std::collections::BTreeMap;

use arrears_core::rule::RuleCode;
use arrears_syntax::grammar::Grammar;
use thiserror::Error;

use crate::nearest::nearest;
use crate::rule::{Check, Rule};

/// All rules, sorted by code.
#[derive(Debug, Clone)]
pub struct Registry {
    rules: Vec<Rule>,
    aliases: BTreeMap<&'static str, RuleCode>,
}

/// A word that names no rule and no group.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no rule is called `{word}`")]
pub struct UnknownRule {
    /// The word.
    pub word: String,
    /// The nearest right one.
    pub suggestion: Option<String>,
}

/// Why a set of rules cannot be registered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RegistryError {
    /// Two rules have one code.
    #[error("two rules are called `{0}`")]
    Duplicate(RuleCode),
    /// A rule asks for a node kind that no grammar of its language has.
    #[error("rule `{rule}` asks for the node kind `{kind}`, which its grammars lack")]
    UnknownKind {
        /// The rule.
        rule: RuleCode,
        /// The kind.
        kind: &'static str,
    },
}

impl Registry {
    /// Registers rules.
    pub fn new(mut rules: Vec<Rule>) -> Result<Self, RegistryError> {
        rules.sort_by(|left, right| left.meta.code.cmp(&right.meta.code));
        if let Some(pair) = rules.windows(2).find(|pair| pair[0].meta.code == pair[1].meta.code) {
            return Err(RegistryError::Duplicate(pair[0].meta.code.clone()));
        }
        let aliases = rules
            .iter()
            .flat_map(|rule| rule.meta.aliases.iter().map(|alias| (*alias, rule.meta.code.clone())))
            .collect();
        Ok(Self { rules, aliases })
    }

    /// Adds the rules of a repository.
    pub fn with(mut self, rules: Vec<Rule>) -> Result<Self, RegistryError> {
        self.rules.extend(rules);
        Self::new(self.rules)
    }

    /// Returns all rules, sorted by code.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns the rule of a code, an old code included.
    pub fn get(&self, code: &str) -> Option<&Rule> {
        let code = self.aliases.get(code).map_or(code, RuleCode::as_str);
        self.rules.binary_search_by(|rule| rule.meta.code.as_str().cmp(code)).ok().map(|at| &self.rules[at])
    }

    /// Returns the rules that a word names: a code, or a group such as `errors`.
    pub fn named(&self, word: &str) -> Result<Vec<&Rule>, UnknownRule> {
        if let Some(rule) = self.get(word) {
            return Ok(vec![rule]);
        }
        let group: Vec<_> = self.rules.iter().filter(|rule| rule.meta.code.group() == word).collect();
        if group.is_empty() { Err(self.unknown(word)) } else { Ok(group) }
    }

    /// Returns the error for a word, with the nearest code or group.
    pub fn unknown(&self, word: &str) -> UnknownRule {
        let codes = self.rules.iter().map(|rule| rule.meta.code.as_str());
        let same_name =
            word.split_once('/').and_then(|(_, name)| self.rules.iter().find(|rule| rule.meta.code.name() == name));
        let groups = || self.rules.iter().map(|rule| rule.meta.code.group());
        let by_name = same_name.map(|rule| rule.meta.code.as_str());
        let group = if word.contains('/') { None } else { nearest(word, groups()) };
        let bare = self.rules.iter().find(|rule| rule.meta.code.name() == word).map(|rule| rule.meta.code.as_str());
        let suggestion = by_name.or(group).or(bare).or_else(|| nearest(word, codes.chain(groups()))).map(str::to_owned);
        UnknownRule { word: word.to_owned(), suggestion }
    }

    /// Checks that every node kind that a rule asks for exists in a grammar of its family.
    pub fn check_kinds(&self) -> Result<(), RegistryError> {
        for rule in &self.rules {
            let (language, kinds) = match &rule.check {
                Check::Node { language, kinds, .. } | Check::File { language, kinds, .. } => (Some(*language), kinds),
                Check::AnyFile { kinds, .. } => (None, kinds),
                Check::Project { .. } | Check::Query(_) | Check::Engine => continue,
            };
            for kind in *kinds {
                let reads = |grammar: &Grammar| language.is_none_or(|language| grammar.family() == language);
                let known = Grammar::ALL.iter().any(|grammar| reads(grammar) && grammar.has_kind(kind));
                if !known {
                    return Err(RegistryError::UnknownKind { rule: rule.meta.code.clone(), kind });
                }
            }
        }
        Ok(())
    }
}
