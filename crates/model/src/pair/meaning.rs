//! What values a type allows, as far as JSON goes.

use arrears_core::source::RelPath;

use super::expand::Types;
use crate::script::types::{Form, Type};

/// How many types are followed from one to the next.
const DEPTH: u32 = 12;

/// The values that a type allows.
#[derive(Debug, Clone, Default)]
pub(super) struct Meaning {
    /// The kinds of values.
    pub(super) kinds: Vec<Simple>,
    /// Whether `null` is one, or `undefined`.
    pub(super) is_nullable: bool,
    /// Whether there may be others.
    pub(super) is_open: bool,
}

/// A kind of value.
#[derive(Debug, Clone)]
pub(super) enum Simple {
    Text,
    Number,
    Boolean,
    Date,
    List(Meaning),
    Object,
}

impl Meaning {
    fn open() -> Self {
        Self { is_open: true, ..Self::default() }
    }

    fn one(kind: Simple) -> Self {
        Self { kinds: vec![kind], ..Self::default() }
    }

    fn join(&mut self, other: Self) {
        if self.kinds.len() < 100 {
            self.kinds.extend(other.kinds);
        }
        self.is_nullable |= other.is_nullable;
        self.is_open |= other.is_open;
    }
}

impl<'p> Types<'_, 'p> {
    /// Returns what values a type allows that is written in a module.
    pub(super) fn meaning(&self, path: &'p RelPath, value: &'p Type) -> Meaning {
        self.refill();
        self.meant(path, value, DEPTH)
    }

    fn meant(&self, path: &'p RelPath, value: &'p Type, depth: u32) -> Meaning {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.may_step()) else { return Meaning::open() };
        match value {
            Type::Text | Type::Literal(_) => Meaning::one(Simple::Text),
            Type::Number => Meaning::one(Simple::Number),
            Type::Boolean => Meaning::one(Simple::Boolean),
            Type::Date => Meaning::one(Simple::Date),
            Type::Null | Type::Undefined => Meaning { is_nullable: true, ..Meaning::default() },
            Type::List(element) => Meaning::one(Simple::List(self.meant(path, element, depth))),
            Type::Object(_) => Meaning::one(Simple::Object),
            Type::Either(parts) => {
                let mut found = Meaning::default();
                for part in parts {
                    found.join(self.meant(path, part, depth));
                }
                found
            }
            // `string & {}` is a string.
            Type::All(parts) => {
                let parts: Vec<Meaning> = parts.iter().map(|part| self.meant(path, part, depth)).collect();
                let is_object = |it: &Meaning| {
                    !it.is_open && !it.kinds.is_empty() && it.kinds.iter().all(|kind| matches!(kind, Simple::Object))
                };
                if parts.iter().all(is_object) { Meaning::one(Simple::Object) } else { Meaning::open() }
            }
            Type::Named(name, args) => self.named_meaning(path, name, args, depth),
            Type::Any | Type::ValueOf(_) | Type::Function | Type::Unknown => Meaning::open(),
        }
    }

    fn named_meaning(&self, path: &'p RelPath, name: &str, args: &'p [Type], depth: u32) -> Meaning {
        match (name, args.first()) {
            ("Record" | "Map", _) | ("Pick" | "Omit", Some(_)) => return Meaning::one(Simple::Object),
            ("Partial" | "Required" | "Readonly", Some(inner)) => return self.meant(path, inner, depth),
            ("NonNullable", Some(inner)) => {
                return Meaning { is_nullable: false, ..self.meant(path, inner, depth) };
            }
            _ => {}
        }
        let Some((path, declaration)) = self.lookup(path, name, &[Form::Interface, Form::Alias, Form::Enum]) else {
            return Meaning::open();
        };
        let found = self.meant(path, &declaration.value, depth);
        let is_object = declaration.form == Form::Interface;
        match (is_object, declaration.params.is_empty()) {
            (true, _) => Meaning::one(Simple::Object),
            (false, true) => found,
            // What is put for the parameters is not followed.
            (false, false) => Meaning { is_open: true, ..found },
        }
    }
}
