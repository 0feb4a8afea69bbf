//! What a setting comes to where the program serves: one value, and what would make it another one.

use super::SettingsModule;
use super::value::{Setting, Value};
use crate::flow::Place;

/// How many values of one setting are looked at.
const MOST: usize = 64;

/// A value that a setting may have in production, conditions decided and variables at their defaults.
#[derive(Debug, Clone)]
pub struct Outcome<'a, 'p> {
    /// The value: a variable without a default at most.
    pub value: &'a Setting<'p>,
    /// Where it is given: the name that was assigned last, or the value where nothing was assigned.
    pub place: Place<'p>,
    /// The variables of the environment that were taken to be missing.
    pub variables: Vec<&'a str>,
    /// The conditions that were decided by what is missing.
    pub tests: Vec<Place<'p>>,
    /// Whether one of them asks which of several things is wanted: `DB_ENGINE == "postgres"`.
    pub is_choice: bool,
}

impl<'a, 'p> Outcome<'a, 'p> {
    /// Returns whether the environment may make it another one.
    pub fn is_fallback(&self) -> bool {
        !self.variables.is_empty() || !self.tests.is_empty()
    }

    /// Returns the text, where it is one.
    pub fn text(&self) -> Option<&'a str> {
        match &self.value.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns whether Python takes it for true.
    pub fn truth(&self) -> Option<bool> {
        self.value.truth()
    }

    /// Returns what a part of the value may be.
    pub fn part(&self, part: &'a Setting<'p>) -> Vec<Self> {
        let mut found = part.outcomes();
        for outcome in &mut found {
            let mut variables = self.variables.clone();
            variables.append(&mut outcome.variables);
            outcome.variables = variables;
            outcome.tests.splice(0..0, self.tests.iter().copied());
            outcome.is_choice |= self.is_choice;
        }
        found
    }

    /// Returns what stands under a key of a dictionary may be; nothing where it has none.
    pub fn get(&self, key: &str) -> Vec<Self> {
        self.value.get(key).map(|part| self.part(part)).unwrap_or_default()
    }
}

impl<'p> Setting<'p> {
    /// Returns what the setting may be in production; several where nothing says which.
    pub fn outcomes<'a>(&'a self) -> Vec<Outcome<'a, 'p>> {
        let mut found = Vec::new();
        let start =
            Outcome { value: self, place: self.place, variables: Vec::new(), tests: Vec::new(), is_choice: false };
        let mut open = vec![(start, None)];
        while let Some((mut at, hint)) = open.pop() {
            let setting = at.value;
            let named = setting.chain.last().copied().or(hint);
            let mut go = |at: &Outcome<'a, 'p>, value: &'a Self| open.push((Outcome { value, ..at.clone() }, named));
            match &setting.value {
                Value::Env(variable) if variable.default.is_some() => {
                    at.variables.push(&variable.name);
                    variable.default.iter().for_each(|default| go(&at, default));
                }
                Value::Either(either) => {
                    let decided = either.test.in_production();
                    if decided.is_none() && either.holds.is_some() {
                        at.tests.push(either.place);
                        either.test.names(&mut at.variables);
                        at.is_choice |= either.test.is_choice();
                    }
                    match decided.or(either.holds) {
                        Some(true) => go(&at, &either.then),
                        Some(false) => go(&at, &either.other),
                        None => [&either.other, &either.then].into_iter().for_each(|side| go(&at, side)),
                    }
                }
                _ => {
                    at.place = named.unwrap_or(setting.place);
                    found.push(at);
                }
            }
            if found.len() + open.len() > MOST {
                break;
            }
        }
        found
    }
}

impl<'p> SettingsModule<'p> {
    /// Returns what a setting may be in production; nothing where it is not set, or where something that is not seen may
    /// set it again.
    pub fn outcomes(&self, name: &str) -> Vec<Outcome<'_, 'p>> {
        let Some(setting) = self.get(name) else { return Vec::new() };
        // What is changed after it was set again unseen, is not what was set first.
        let since = setting.chain.first();
        let mut found = setting.outcomes();
        if since.into_iter().chain(found.iter().map(|it| &it.place)).any(|place| self.may_change_after(*place)) {
            found.clear();
        }
        found
    }

    /// Returns a value of a setting if all values that it may have in production are of a kind.
    pub fn certain<'a>(&'a self, name: &str, is: impl Fn(&Outcome<'a, 'p>) -> bool) -> Option<Outcome<'a, 'p>> {
        let found = self.outcomes(name);
        if found.iter().all(is) { found.into_iter().next() } else { None }
    }

    /// Returns whether a setting is not set in production, whatever the environment says, and all that sets it would be seen.
    pub fn lacks(&self, name: &str) -> bool {
        let is_unset = |it: &Outcome<'_, 'p>| matches!(it.value.value, Value::Unset) && !it.is_fallback();
        self.get(name).is_none_or(|it| it.outcomes().iter().all(is_unset))
            && self.gaps.is_empty()
            && self.missing.is_empty()
    }

    /// Returns where the module takes the names of another file over, itself or through others.
    pub fn way_to(&self, path: &arrears_core::source::RelPath) -> Option<Place<'p>> {
        if self.path == path {
            return None;
        }
        let direct = self.stars.iter().filter(|(place, _)| place.path == self.path);
        let leads = |part: &arrears_core::source::RelPath| {
            let mut known = vec![part];
            let mut at = 0;
            while let Some(from) = known.get(at).copied() {
                at += 1;
                for (_, next) in self.stars.iter().filter(|(place, _)| place.path == from) {
                    if !known.contains(next) {
                        known.push(next);
                    }
                }
            }
            known.contains(&path)
        };
        // The last one wins, as for Python.
        direct.filter(|(_, part)| leads(part)).map(|(place, _)| *place).max_by_key(|place| place.range.start())
    }

    /// Returns whether names may be bound, unseen, after a place was run.
    fn may_change_after(&self, place: Place<'p>) -> bool {
        self.gaps.iter().chain(&self.missing).any(|gap| {
            if gap.path == place.path {
                return gap.range.start() > place.range.start();
            }
            let own = |it: &Place<'p>| if it.path == self.path { Some(*it) } else { self.way_to(it.path) };
            match (own(gap), own(&place)) {
                (Some(gap), Some(place)) => gap.range.start() >= place.range.start(),
                _ => true,
            }
        })
    }
}
