//! Types of the client beside the serializers that fill them, and where the two say different things.

mod compare;
mod expand;
mod meaning;
mod names;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::Roles;
use arrears_core::text::TextRange;

use crate::django::ModelId;
use crate::flow::Place;
use crate::project::{ClassRef, ProjectModel};
use crate::script::types::{Declaration, Form};
use crate::served::{Serializer, ServedField, camelize};
use expand::{Expanded, Types};
use names::Name;

/// How many fields a type and a serializer must share.
const SHARED: usize = 3;
/// Types that are nobody's to mend, or nobody's to trust.
const NOT_MEANT: Roles =
    Roles::TEST.union(Roles::STORY).union(Roles::GENERATED).union(Roles::VENDORED).union(Roles::MINIFIED);

/// All pairs of a project, in the order of the types.
#[derive(Debug, Default)]
pub struct Pairs<'p> {
    /// The pairs.
    pub all: Vec<Pair<'p>>,
}

/// A type and the serializers that fill it.
#[derive(Debug)]
pub struct Pair<'p> {
    /// The type.
    pub declaration: &'p Declaration,
    /// Where its name stands.
    pub place: Place<'p>,
    /// The serializer that fits it best.
    pub serializer: ClassRef<'p>,
    /// Where they differ, in the order of the type's fields.
    pub differences: Vec<Difference<'p>>,
    /// The model whose rows are shown.
    model: Option<ModelId>,
    /// The names of the fields that take what is sent.
    agreed: Vec<String>,
}

/// A field of a type that says something else than its serializer.
#[derive(Debug, Clone)]
pub struct Difference<'p> {
    /// The field's name.
    pub field: String,
    /// Where it stands, in the type or in one that it extends.
    pub place: Place<'p>,
    /// Where its type stands.
    pub type_range: TextRange,
    /// What differs.
    pub what: What,
    /// The name of the serializer.
    pub serializer: &'p str,
    /// Where its name stands.
    pub serializer_place: Place<'p>,
    /// What it sends; none where it sends nothing.
    pub served: Option<ServedField<'p>>,
}

/// What differs between a type and a serializer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A number, where a decimal is sent as a string.
    DecimalAsNumber,
    /// A `Date`, where a string is sent.
    TextAsDate,
    /// Another kind of value.
    OtherKind,
    /// What is sent may be `null`.
    MayBeNull,
    /// Nothing is sent.
    NeverSent,
}

impl<'p> Pairs<'p> {
    /// Finds the pairs.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        if project.served().all().is_empty() {
            return Self::default();
        }
        let types = Types::of(project);
        let matcher = Matcher::of(project);
        let mut all = Vec::new();
        for (file, script) in project.files().filter_map(|file| Some((file, file.facts.script()?))) {
            if file.source.roles.intersects(NOT_MEANT) {
                continue;
            }
            let path = &file.source.path;
            for declaration in script.types.iter().filter(|it| it.form != Form::Enum) {
                let expanded = types.expand(path, &declaration.value).filter(|it| !it.has_functions());
                let Some(expanded) = expanded else { continue };
                let place = Place { path, range: declaration.name_range };
                all.extend(matcher.pair(&types, declaration, place, &expanded));
            }
        }
        let mut pairs = Self { all };
        pairs.drop_converted();
        pairs.drop_disputed();
        pairs
    }

    /// Returns the differences of one kind, each place once, with the type that was held against the serializer.
    pub fn differences(&self, what: What) -> Vec<(&Pair<'p>, &Difference<'p>)> {
        let mut seen = BTreeSet::new();
        let all = self.all.iter().flat_map(|pair| pair.differences.iter().map(move |it| (pair, it)));
        all.filter(|(_, it)| it.what == what && seen.insert(it.place)).collect()
    }

    /// Where one type says it is what arrives, `OrderDto`, another is what the client makes of it.
    fn drop_converted(&mut self) {
        let mut arrived: BTreeMap<(ClassRef<'p>, Option<ModelId>), BTreeSet<String>> = BTreeMap::new();
        for pair in self.all.iter().filter(|pair| names::is_raw(&pair.declaration.name)) {
            arrived.entry((pair.serializer, pair.model)).or_default().extend(pair.agreed.iter().cloned());
        }
        for pair in self.all.iter_mut().filter(|pair| !names::is_raw(&pair.declaration.name)) {
            let is_same = |(class, model): &(ClassRef<'p>, Option<ModelId>)| {
                *class == pair.serializer || is_same_model(*model, pair.model)
            };
            let known: Vec<&BTreeSet<String>> =
                arrived.iter().filter(|(key, _)| is_same(key)).map(|(_, fields)| fields).collect();
            pair.differences.retain(|it| !known.iter().any(|fields| fields.contains(&it.field)));
        }
    }

    /// Types that are declared twice say something only where they agree.
    fn drop_disputed(&mut self) {
        let mut by_name: BTreeMap<&str, Vec<Vec<(String, What)>>> = BTreeMap::new();
        for pair in &self.all {
            let said = pair.differences.iter().map(|it| (it.field.clone(), it.what)).collect();
            by_name.entry(&pair.declaration.name).or_default().push(said);
        }
        let agree = |name: &str, said: &(String, What)| {
            by_name.get(name).is_none_or(|all| all.iter().all(|other| other.contains(said)))
        };
        let kept: Vec<Vec<bool>> = self
            .all
            .iter()
            .map(|pair| {
                let name = pair.declaration.name.as_str();
                pair.differences.iter().map(|it| agree(name, &(it.field.clone(), it.what))).collect()
            })
            .collect();
        for (pair, kept) in self.all.iter_mut().zip(kept) {
            let mut kept = kept.into_iter();
            pair.differences.retain(|_| kept.next().unwrap_or(false));
        }
    }
}

/// The serializers, ready to be looked through.
struct Matcher<'m, 'p> {
    project: &'m ProjectModel<'p>,
    all: Vec<Candidate<'m, 'p>>,
    /// Whether the client turns the names that arrive into camel case.
    turns_names: bool,
}

struct Candidate<'m, 'p> {
    serializer: &'m Serializer<'p>,
    name: Name,
    model: Option<Name>,
}

/// How well a serializer fits a type: by name, by fields.
type Fit = (u8, usize);

impl<'m, 'p> Matcher<'m, 'p> {
    fn of(project: &'m ProjectModel<'p>) -> Self {
        let models = project.models();
        let candidate = |serializer: &'m Serializer<'p>| Candidate {
            serializer,
            name: Name::of_serializer(serializer.name),
            model: serializer.model.map(|id| Name::of_type(&models.get(id).name)),
        };
        let turning = ["camelizeKeys", "camelcaseKeys", "humps", "applyCaseMiddleware", "camelCaseKeys", "keysToCamel"];
        let turns_names =
            turning.iter().any(|word| project.files_with_word(word).any(|file| file.facts.script().is_some()));
        Self { project, all: project.served().all().iter().map(candidate).collect(), turns_names }
    }

    fn pair(
        &self,
        types: &Types<'m, 'p>,
        declaration: &'p Declaration,
        place: Place<'p>,
        expanded: &Expanded<'p>,
    ) -> Option<Pair<'p>> {
        let name = Name::of_type(&declaration.name);
        let fits = self.all.iter().filter_map(|it| Some((self.fit(&name, it, expanded)?, it)));
        let mut fits: Vec<(Fit, &Candidate<'m, 'p>)> = fits.collect();
        fits.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        let (best_fit, best) = fits.first().copied()?;
        // Two that fit alike must be two of one model.
        let is_tie = |(fit, it): &(Fit, &Candidate<'m, 'p>)| {
            *fit == best_fit && !is_same_model(best.serializer.model, it.serializer.model)
        };
        if fits.iter().skip(1).any(is_tie) {
            return None;
        }
        let variants: Vec<&Serializer<'p>> = self
            .all
            .iter()
            .filter(|it| {
                std::ptr::eq(*it, best)
                    || is_same_model(best.serializer.model, it.serializer.model)
                    || it.name.base == best.name.base
            })
            .map(|it| it.serializer)
            .collect();
        let comparison = compare::Comparison {
            project: self.project,
            types,
            best: best.serializer,
            variants: &variants,
            turns_names: self.turns_names,
        };
        let differences = comparison.run(expanded);
        let differs = |name: &str| differences.iter().any(|it| it.field == name);
        let names = expanded.fields.iter().map(|it| it.field.name.clone());
        let agreed = names.filter(|name| !differs(name)).collect();
        let Serializer { class, model, .. } = *best.serializer;
        Some(Pair { declaration, place, serializer: class, differences, model, agreed })
    }

    /// Returns how well a serializer fits a type, if it does.
    fn fit(&self, name: &Name, candidate: &Candidate<'m, 'p>, expanded: &Expanded<'p>) -> Option<Fit> {
        let by_name = name.likeness(&candidate.name).max(match &candidate.model {
            Some(model) if name.base == model.base => 1,
            _ => 0,
        });
        if by_name == 0 || name.is_request != candidate.name.is_request {
            return None;
        }
        let sent = &candidate.serializer.fields;
        let shared = sent.iter().filter(|field| expanded.field(&self.arrives(&field.name)).is_some()).count();
        let smaller = sent.len().min(expanded.fields.len());
        (shared >= SHARED && shared * 10 >= smaller * 6).then_some((by_name, shared))
    }

    fn arrives(&self, name: &str) -> String {
        if self.turns_names { camelize(name) } else { name.to_owned() }
    }
}

fn is_same_model(left: Option<ModelId>, right: Option<ModelId>) -> bool {
    left.is_some() && left == right
}
