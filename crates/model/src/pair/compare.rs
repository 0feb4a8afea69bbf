//! Holds the fields of a type against what the serializers of its model send.

use super::expand::{Expanded, Member, Types};
use super::meaning::{Meaning, Simple};
use super::{Difference, What};
use crate::flow::Place;
use crate::project::ProjectModel;
use crate::served::{Kind, Serializer, ServedField, camelize};

/// A type beside the serializers that may fill it.
pub(super) struct Comparison<'c, 'm, 'p> {
    pub(super) project: &'m ProjectModel<'p>,
    pub(super) types: &'c Types<'m, 'p>,
    /// The serializer that fits best.
    pub(super) best: &'m Serializer<'p>,
    /// All serializers of its model, itself too.
    pub(super) variants: &'c [&'m Serializer<'p>],
    pub(super) turns_names: bool,
}

/// Whether a type takes what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Fits,
    Differs(What),
}

impl<'m, 'p> Comparison<'_, 'm, 'p> {
    /// Returns all differences, in the order of the fields.
    pub(super) fn run(&self, expanded: &Expanded<'p>) -> Vec<Difference<'p>> {
        let mut found = Vec::new();
        for member in &expanded.fields {
            let sent: Vec<(&'m Serializer<'p>, &'m ServedField<'p>)> =
                self.variants.iter().filter_map(|it| Some((*it, self.sent(it, &member.field.name)?))).collect();
            if sent.is_empty() {
                found.extend(self.never_sent(member));
            } else {
                self.differences(member, &sent, &mut found);
            }
        }
        found
    }

    fn sent(&self, serializer: &'m Serializer<'p>, name: &str) -> Option<&'m ServedField<'p>> {
        if self.turns_names {
            serializer.fields.iter().find(|field| camelize(&field.name) == name)
        } else {
            serializer.field(name)
        }
    }

    fn differences(
        &self,
        member: &Member<'p>,
        sent: &[(&'m Serializer<'p>, &'m ServedField<'p>)],
        found: &mut Vec<Difference<'p>>,
    ) {
        let meaning = self.types.meaning(member.path, &member.field.value);
        let shown = sent.iter().find(|(it, _)| it.class == self.best.class).or(sent.first()).copied();
        let mut verdicts: Vec<Verdict> = sent.iter().map(|(_, field)| verdict(&meaning, &field.kind)).collect();
        verdicts.dedup();
        let what = match verdicts.as_slice() {
            [Verdict::Differs(what)] => Some(*what),
            many if many.contains(&Verdict::Fits) => None,
            _ => Some(What::OtherKind),
        };
        found.extend(what.map(|what| self.difference(member, what, shown)));
        let may_be_null = !member.is_optional
            && !meaning.is_nullable
            && !meaning.is_open
            && sent.iter().all(|(_, field)| field.is_nullable);
        if may_be_null && what.is_none() {
            found.push(self.difference(member, What::MayBeNull, shown));
        }
    }

    fn never_sent(&self, member: &Member<'p>) -> Option<Difference<'p>> {
        let is_known = self.variants.iter().all(|it| it.is_complete);
        let name = &member.field.name;
        (is_known && self.looks_sent(name) && !self.is_named(name))
            .then(|| self.difference(member, What::NeverSent, None))
    }

    /// Returns whether a name is written as those that are sent are: `isOpen` beside `created_at` is the client's own.
    fn looks_sent(&self, name: &str) -> bool {
        let is_camel = |name: &str| name.bytes().any(|byte| byte.is_ascii_uppercase());
        !is_camel(name) || self.turns_names || self.best.fields.iter().any(|field| is_camel(&field.name))
    }

    /// Returns whether a view or another module that knows of the rows names a field: it may send it by itself.
    fn is_named(&self, name: &str) -> bool {
        let model = self.best.model.map(|id| self.project.models().get(id));
        let knows = |file: &crate::project::ProjectFile<'p>| {
            let words = &file.facts.words;
            words.may_contain(self.best.name) || model.is_some_and(|model| words.may_contain(&model.name))
        };
        let defines = |file: &crate::project::ProjectFile<'p>| {
            let path = &file.source.path;
            model.and_then(|model| model.place).is_some_and(|(it, _)| it == path)
                || self.variants.iter().any(|it| it.place.path == path)
        };
        self.project
            .files_with_word(name)
            .filter(|file| file.facts.python().is_some_and(|facts| facts.bodies.is_some()))
            .any(|file| knows(&file) && !defines(&file))
    }

    fn difference(
        &self,
        member: &Member<'p>,
        what: What,
        shown: Option<(&'m Serializer<'p>, &'m ServedField<'p>)>,
    ) -> Difference<'p> {
        let serializer = shown.map_or(self.best, |(serializer, _)| serializer);
        Difference {
            field: member.field.name.clone(),
            place: Place { path: member.path, range: member.field.name_range },
            type_range: member.field.type_range,
            what,
            serializer: serializer.name,
            serializer_place: serializer.place,
            served: shown.map(|(_, field)| field.clone()),
        }
    }
}

fn verdict(meaning: &Meaning, kind: &Kind<'_>) -> Verdict {
    if meaning.is_open || meaning.kinds.is_empty() || matches!(kind, Kind::Unknown | Kind::Json) {
        return Verdict::Fits;
    }
    if meaning.kinds.iter().any(|simple| fits(simple, kind)) {
        return Verdict::Fits;
    }
    let is = |wanted: fn(&Simple) -> bool| meaning.kinds.iter().all(wanted);
    match kind {
        Kind::Decimal if is(|it| matches!(it, Simple::Number)) => Verdict::Differs(What::DecimalAsNumber),
        Kind::Time if is(|it| matches!(it, Simple::Date)) => Verdict::Differs(What::TextAsDate),
        _ => Verdict::Differs(What::OtherKind),
    }
}

fn fits(simple: &Simple, kind: &Kind<'_>) -> bool {
    match (simple, kind) {
        (Simple::Text, Kind::Text | Kind::Time | Kind::Uuid | Kind::Decimal)
        | (Simple::Number, Kind::Integer | Kind::Float)
        | (Simple::Boolean, Kind::Boolean)
        | (Simple::Object, Kind::Object(_) | Kind::Json)
        | (_, Kind::Unknown) => true,
        (Simple::List(element), Kind::List(kind)) => verdict(element, kind) == Verdict::Fits,
        _ => false,
    }
}
