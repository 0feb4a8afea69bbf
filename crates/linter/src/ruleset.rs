//! The rules of a run, arranged so that a node costs one look-up however many rules there are.

use std::sync::OnceLock;

use arrears_model::outline::Interest;
use arrears_syntax::grammar::{Grammar, KindTable};

use crate::registry::Registry;
use crate::rule::{Check, Rule};
use crate::settings::Settings;

/// The enabled rules, dispatched by node kind. A grammar's tables are made when its first file is met.
#[derive(Debug, Clone)]
pub struct RuleSet {
    registry: Registry,
    settings: Settings,
    dispatch: [OnceLock<Dispatch>; 3],
    follows_values: OnceLock<bool>,
}

/// The tables of one grammar.
#[derive(Debug, Clone)]
pub(crate) struct Dispatch {
    pub(crate) interest: Interest,
    /// For each node kind, an index into `node_rules`; 0 is the empty list.
    pub(crate) slots: KindTable<u16>,
    pub(crate) node_rules: Vec<Vec<usize>>,
    /// Each with the kinds of nodes that it asked for.
    pub(crate) file_rules: Vec<(usize, KindTable<bool>)>,
    pub(crate) query_rules: Vec<usize>,
}

impl RuleSet {
    /// Arranges the rules that the settings enable.
    pub fn new(registry: Registry, settings: Settings) -> Self {
        Self { registry, settings, dispatch: [const { OnceLock::new() }; 3], follows_values: OnceLock::new() }
    }

    /// Returns those of the rules that are quick: they look at one file and follow no values.
    #[must_use]
    pub fn quick(&self) -> Self {
        let mut settings = self.settings.clone();
        let is_quick =
            |rule: &Rule| !rule.meta.follows_values && !matches!(rule.check, Check::Project { .. } | Check::Engine);
        settings.retain(|code| self.registry.get(code.as_str()).is_some_and(is_quick));
        Self::new(self.registry.clone(), settings)
    }

    /// Returns all rules, enabled or not.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the enabled rules.
    pub fn enabled(&self) -> impl Iterator<Item = &Rule> {
        self.registry.rules().iter().filter(|rule| self.settings.is_enabled(&rule.meta.code))
    }

    /// Returns whether some enabled rule follows values through statements and templates.
    pub fn follows_values(&self) -> bool {
        *self.follows_values.get_or_init(|| self.enabled().any(|rule| rule.meta.follows_values))
    }

    pub(crate) fn rule(&self, at: usize) -> &Rule {
        &self.registry.rules()[at]
    }

    pub(crate) fn dispatch(&self, grammar: Grammar) -> &Dispatch {
        self.dispatch[grammar as usize].get_or_init(|| self.build(grammar))
    }

    fn build(&self, grammar: Grammar) -> Dispatch {
        let mut dispatch = Dispatch {
            interest: Interest::none(grammar),
            slots: KindTable::new(grammar),
            node_rules: vec![Vec::new()],
            file_rules: Vec::new(),
            query_rules: Vec::new(),
        };
        let enabled =
            self.registry.rules().iter().enumerate().filter(|(_, rule)| self.settings.is_enabled(&rule.meta.code));
        for (at, rule) in enabled {
            match &rule.check {
                Check::Node { language, kinds, .. } if *language == grammar.family() => {
                    dispatch.add_node_rule(at, kinds, grammar)
                }
                Check::File { language, kinds, .. } if *language == grammar.family() => {
                    dispatch.add_file_rule(at, kinds, grammar);
                }
                Check::AnyFile { kinds, .. } => dispatch.add_file_rule(at, kinds, grammar),
                Check::Query(query) if query.language == grammar.family() => dispatch.query_rules.push(at),
                Check::Node { .. } | Check::File { .. } | Check::Query(_) | Check::Project { .. } | Check::Engine => {}
            }
        }
        dispatch.interest = Interest::new(grammar, dispatch.interest.kinds);
        dispatch.interest.bodies = self.follows_values();
        dispatch.interest.twins = self.enabled().any(|rule| rule.meta.compares_bodies);
        dispatch
    }
}

impl Dispatch {
    fn add_file_rule(&mut self, rule: usize, kinds: &[&str], grammar: Grammar) {
        let mut noted = KindTable::new(grammar);
        for id in kinds.iter().flat_map(|kind| grammar.kind_ids(kind)) {
            self.interest.kinds.set(id, true);
            noted.set(id, true);
        }
        self.file_rules.push((rule, noted));
    }

    fn add_node_rule(&mut self, rule: usize, kinds: &[&str], grammar: Grammar) {
        for id in kinds.iter().flat_map(|kind| grammar.kind_ids(kind)) {
            self.interest.kinds.set(id, true);
            let mut slot = self.slots.get(id) as usize;
            if slot == 0 {
                slot = self.node_rules.len();
                self.slots.set(id, u16::try_from(slot).unwrap_or(0));
                self.node_rules.push(Vec::new());
            }
            self.node_rules[slot].push(rule);
        }
    }
}
