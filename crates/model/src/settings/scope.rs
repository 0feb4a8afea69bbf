//! The names of a module while it is evaluated, and how two branches join.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::condition::Condition;
use super::value::{Either, Entry, Setting, Shared, Value};
use crate::flow::Place;

/// How many members a list or a dictionary is followed to.
pub(super) const MEMBERS: usize = 2_000;

/// How many places a chain keeps.
const CHAIN: usize = 24;

/// The names that a module binds, and whether there are others.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope<'p> {
    pub(super) names: BTreeMap<String, Shared<'p>>,
    /// Where names may be bound that are not seen.
    pub(super) open: Vec<Place<'p>>,
    /// Imports of modules that are not in the repository and may be missing: `local_settings`.
    pub(super) missing: Vec<Place<'p>>,
    /// Names that decide whether the program starts at all.
    pub(super) refused: BTreeSet<String>,
}

/// A condition at its place.
#[derive(Debug, Clone)]
pub(super) struct Test<'p> {
    pub(super) condition: Condition,
    pub(super) holds: Option<bool>,
    pub(super) place: Place<'p>,
}

impl<'p> Scope<'p> {
    pub(super) fn open_at(&mut self, place: Place<'p>) {
        if !self.open.contains(&place) {
            self.open.push(place);
        }
    }

    pub(super) fn miss_at(&mut self, place: Place<'p>) {
        if !self.missing.contains(&place) {
            self.missing.push(place);
        }
    }

    /// Takes over all names of a module that a star imports.
    pub(super) fn take(&mut self, other: &Self) {
        for (name, value) in other.names.iter().filter(|(name, _)| !name.starts_with('_')) {
            self.names.insert(name.clone(), Arc::clone(value));
        }
        other.open.iter().for_each(|place| self.open_at(*place));
        other.missing.iter().for_each(|place| self.miss_at(*place));
        self.refused.extend(other.refused.iter().cloned());
    }

    /// Becomes what it is after one of two branches; `self` is the branch where the condition does not hold.
    pub(super) fn join(&mut self, test: &Test<'p>, then: Self) {
        let mut before = std::mem::take(&mut self.names);
        for (name, value) in then.names {
            let joined = match before.remove(&name) {
                Some(other) if Arc::ptr_eq(&value, &other) => value,
                other => join(test, Some(&value), other.as_ref()),
            };
            self.names.insert(name, joined);
        }
        for (name, value) in before {
            self.names.insert(name, join(test, None, Some(&value)));
        }
        then.open.into_iter().for_each(|place| self.open_at(place));
        then.missing.into_iter().for_each(|place| self.miss_at(place));
        self.refused.extend(then.refused);
    }
}

/// Joins the values of two branches: lists and dictionaries part by part.
fn join<'p>(test: &Test<'p>, then: Option<&Shared<'p>>, other: Option<&Shared<'p>>) -> Shared<'p> {
    join_within(test, then, other, 12)
}

fn join_within<'p>(test: &Test<'p>, then: Option<&Shared<'p>>, other: Option<&Shared<'p>>, depth: u32) -> Shared<'p> {
    let place = then.or(other).map_or(test.place, |it| it.place);
    let unset = || Setting::shared(Value::Unset, test.place);
    let chain = chains(other, then);
    let value = match (then, other) {
        (Some(then), Some(other)) if Arc::ptr_eq(then, other) => return Arc::clone(then),
        (Some(left), Some(right)) if depth > 0 => match (&left.value, &right.value) {
            (Value::Dict { entries: ours, is_open: a }, Value::Dict { entries: theirs, is_open: b }) => {
                Some(Value::Dict { entries: join_entries(test, ours, theirs, depth), is_open: *a || *b })
            }
            (Value::List { items: ours, is_open: a }, Value::List { items: theirs, is_open: b }) => {
                join_items(test, ours, theirs).map(|items| Value::List { items, is_open: *a || *b })
            }
            _ => None,
        },
        _ => None,
    };
    let value = value.unwrap_or_else(|| {
        let side = |it: Option<&Shared<'p>>| it.map_or_else(unset, Arc::clone);
        Value::Either(Either {
            test: test.condition.clone(),
            holds: test.holds,
            place: test.place,
            then: side(then),
            other: side(other),
        })
    });
    Setting::new(value, place).given_by(chain)
}

fn join_entries<'p>(test: &Test<'p>, then: &[Entry<'p>], other: &[Entry<'p>], depth: u32) -> Vec<Entry<'p>> {
    let of = |entries: &[Entry<'p>], key: &str| entries.iter().find(|it| it.key == key).map(|it| Arc::clone(&it.value));
    let mut joined = Vec::with_capacity(then.len());
    for entry in other {
        let value = join_within(test, of(then, &entry.key).as_ref(), Some(&entry.value), depth - 1);
        joined.push(Entry { value, ..entry.clone() });
    }
    for entry in then.iter().filter(|it| other.iter().all(|known| known.key != it.key)) {
        let value = join_within(test, Some(&entry.value), None, depth - 1);
        joined.push(Entry { value, ..entry.clone() });
    }
    joined
}

/// Joins two lists of which one, or both, came from the other by adding; `None` where they are two lists.
fn join_items<'p>(test: &Test<'p>, then: &[Shared<'p>], other: &[Shared<'p>]) -> Option<Vec<Shared<'p>>> {
    let (short, long, is_then) = if then.len() >= other.len() { (other, then, true) } else { (then, other, false) };
    let mut rest = short.iter();
    let mut next = rest.next();
    let mut joined = Vec::with_capacity(long.len());
    for item in long {
        if next.is_some_and(|it| Arc::ptr_eq(it, item)) {
            joined.push(Arc::clone(item));
            next = rest.next();
            continue;
        }
        let (then, other) = if is_then { (Some(item), None) } else { (None, Some(item)) };
        joined.push(join_within(test, then, other, 1));
    }
    (next.is_none() && !short.is_empty()).then_some(joined)
}

fn chains<'p>(first: Option<&Shared<'p>>, second: Option<&Shared<'p>>) -> Vec<Place<'p>> {
    let mut chain = first.map(|it| it.chain.clone()).unwrap_or_default();
    for place in second.iter().flat_map(|it| &it.chain) {
        add_place(&mut chain, *place);
    }
    chain
}

/// Adds a place to a chain; of a long one the beginning stays.
pub(super) fn add_place<'p>(chain: &mut Vec<Place<'p>>, place: Place<'p>) {
    if chain.len() < CHAIN && !chain.contains(&place) {
        chain.push(place);
    }
}
