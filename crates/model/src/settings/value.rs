//! What a setting may be: a value whose every part has a place, with the environment and the conditions left open.

use std::sync::Arc;

use super::condition::Condition;
use crate::flow::Place;

/// A value that holds more parts than this is not followed further.
const LARGEST: u32 = 20_000;

/// A value, where it is written, and which assignments gave it.
#[derive(Debug, Clone)]
pub struct Setting<'p> {
    /// What it is.
    pub value: Value<'p>,
    /// Where the value is written.
    pub place: Place<'p>,
    /// The names in the assignments and calls that gave the setting, the first one first; none inside a value.
    pub chain: Vec<Place<'p>>,
    weight: u32,
}

/// A setting that is shared.
pub type Shared<'p> = Arc<Setting<'p>>;

/// A value.
#[derive(Debug, Clone)]
pub enum Value<'p> {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string, escapes as they are written.
    Text(String),
    /// A string, a path or a number that is put together at run time.
    Opaque,
    /// A list, a tuple or a set.
    List {
        /// The members.
        items: Vec<Shared<'p>>,
        /// Whether others may be in it.
        is_open: bool,
    },
    /// A dictionary.
    Dict {
        /// The entries, each key once.
        entries: Vec<Entry<'p>>,
        /// Whether others may be in it.
        is_open: bool,
    },
    /// What the environment says.
    Env(Variable<'p>),
    /// An object that reads the environment: `environ.Env(DEBUG=(bool, False))`, with what it knows beforehand.
    Reader(Arc<Vec<(String, Variable<'p>)>>),
    /// One of two.
    Either(Either<'p>),
    /// Nothing: the branch of a condition that sets none.
    Unset,
    /// What a call of something outside the project returns: `datetime.timedelta`.
    Call(String),
    /// Something by its dotted name: a class, a function, a module.
    Name(String),
    /// Not known.
    Unknown,
}

/// An entry of a dictionary.
#[derive(Debug, Clone)]
pub struct Entry<'p> {
    /// The key; that of a number is its text.
    pub key: String,
    /// Where the key is written.
    pub key_place: Place<'p>,
    /// The value.
    pub value: Shared<'p>,
}

/// A variable of the environment, or of an object that stands for it.
#[derive(Debug, Clone)]
pub struct Variable<'p> {
    /// Its name.
    pub name: String,
    /// What becomes of its text.
    pub cast: Cast,
    /// What is taken where it is missing; without one, the program does not start, or gets `None` or an empty string.
    pub default: Option<Shared<'p>>,
}

/// What becomes of the text of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// It stays.
    Text,
    /// `True` or `False`
    Bool,
    /// A number.
    Int,
    /// A list.
    List,
    /// A dictionary made of the URL of a database, a cache, a mail server.
    Url,
    /// Something else.
    Other,
}

/// One of two values.
#[derive(Debug, Clone)]
pub struct Either<'p> {
    /// What decides.
    pub test: Condition,
    /// What the condition is with everything at its default.
    pub holds: Option<bool>,
    /// Where the condition is written.
    pub place: Place<'p>,
    /// The value where it holds.
    pub then: Shared<'p>,
    /// The value otherwise.
    pub other: Shared<'p>,
}

impl Either<'_> {
    /// Returns whether the condition holds in production, as far as that is known.
    pub fn in_production(&self) -> Option<bool> {
        self.test.in_production().or(self.holds)
    }
}

impl<'p> Setting<'p> {
    /// Takes a value; one with too many parts becomes unknown.
    pub fn new(value: Value<'p>, place: Place<'p>) -> Self {
        let weight = match &value {
            Value::List { items, .. } => items.iter().fold(1, |sum: u32, it| sum.saturating_add(it.weight)),
            Value::Dict { entries, .. } => entries.iter().fold(1, |sum: u32, it| sum.saturating_add(it.value.weight)),
            Value::Either(either) => either.then.weight.saturating_add(either.other.weight).saturating_add(1),
            Value::Env(variable) => variable.default.as_ref().map_or(1, |it| it.weight.saturating_add(1)),
            Value::Text(text) if text.len() > 1 << 16 => u32::MAX,
            Value::Text(text) => 1 + u32::try_from(text.len() / 1024).unwrap_or(u32::MAX),
            _ => 1,
        };
        if weight > LARGEST {
            return Self { value: Value::Unknown, place, chain: Vec::new(), weight: 1 };
        }
        Self { value, place, chain: Vec::new(), weight }
    }

    /// Takes a value that is shared.
    pub fn shared(value: Value<'p>, place: Place<'p>) -> Shared<'p> {
        Arc::new(Self::new(value, place))
    }

    /// Returns the value as some assignments gave it.
    pub(super) fn given_by(&self, chain: Vec<Place<'p>>) -> Shared<'p> {
        Arc::new(Self { chain, ..self.clone() })
    }

    /// Returns the value with what the environment says by default: the default of a variable, and its default.
    pub fn by_default(&self) -> &Self {
        let mut at = self;
        for _ in 0..8 {
            match &at.value {
                Value::Env(Variable { default: Some(default), .. }) => at = default,
                _ => break,
            }
        }
        at
    }

    /// Returns what the setting may be in production: the other side of what only holds in development is left out.
    ///
    /// None of them is [`Value::Either`]; [`Value::Unset`] says that it may not be set.
    pub fn in_production(&self) -> Vec<&Self> {
        let (mut found, mut open) = (Vec::new(), vec![self]);
        while let Some(setting) = open.pop() {
            match &setting.value {
                Value::Either(either) => match either.in_production() {
                    Some(true) => open.push(&either.then),
                    Some(false) => open.push(&either.other),
                    None => open.extend([&*either.other, &*either.then]),
                },
                _ => found.push(setting),
            }
            if found.len() + open.len() > 64 {
                break;
            }
        }
        found
    }

    /// Returns the text, also that of a variable's default.
    pub fn text(&self) -> Option<&str> {
        match &self.by_default().value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number, also that of a variable's default.
    pub fn int(&self) -> Option<i64> {
        match &self.by_default().value {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns whether Python takes the value for true; in production where that depends on a condition.
    pub fn truth(&self) -> Option<bool> {
        let one = |setting: &Self| match &setting.by_default().value {
            Value::None | Value::Unset => Some(false),
            Value::Bool(value) => Some(*value),
            Value::Int(number) => Some(*number != 0),
            Value::Text(text) => Some(!text.is_empty()),
            Value::List { items, is_open } => (!items.is_empty()).then_some(true).or((!is_open).then_some(false)),
            Value::Dict { entries, is_open } => (!entries.is_empty()).then_some(true).or((!is_open).then_some(false)),
            Value::Reader(_) | Value::Name(_) => Some(true),
            // The default of the default may depend on something again; nobody writes that.
            Value::Env(_) | Value::Either(_) | Value::Opaque | Value::Call(_) | Value::Unknown => None,
        };
        let mut all = self.in_production().into_iter().map(one);
        let first = all.next()??;
        all.all(|it| it == Some(first)).then_some(first)
    }

    /// Returns the entry of a dictionary.
    pub fn entry(&self, key: &str) -> Option<&Entry<'p>> {
        match &self.by_default().value {
            Value::Dict { entries, .. } => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// Returns the value under a key of a dictionary.
    pub fn get(&self, key: &str) -> Option<&Setting<'p>> {
        self.entry(key).map(|entry| &*entry.value)
    }

    /// Returns the members of a list as they may be in production, conditions decided.
    pub fn items(&self) -> Vec<&Setting<'p>> {
        let lists = self.in_production();
        let items = lists.iter().flat_map(|list| match &list.by_default().value {
            Value::List { items, .. } => items.as_slice(),
            _ => &[],
        });
        items.flat_map(|item| item.in_production()).filter(|item| !matches!(item.value, Value::Unset)).collect()
    }

    /// Returns whether the value may be, or hold, something that is not seen here.
    pub fn is_open(&self) -> bool {
        self.in_production().into_iter().any(|it| match &it.by_default().value {
            Value::List { is_open, .. } | Value::Dict { is_open, .. } => *is_open,
            Value::Unknown | Value::Call(_) | Value::Env(_) | Value::Opaque | Value::Either(_) => true,
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Text(_)
            | Value::Reader(_)
            | Value::Unset
            | Value::Name(_) => false,
        })
    }
}
