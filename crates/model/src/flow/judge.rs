//! Holds what is read of rows against what was loaded with them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use super::effect::{Asked, Demand, Step, Via, What};
use super::frame::Frame;
use super::template::is_template;
use super::value::{Base, Chain, Cover, Coverage, Place, Query, Row, Value};
use super::{Engine, Flow};
use crate::django::ModelId;

/// How many calls may lie between a loop and the query in it.
const CALLS: usize = 2;

/// A relation that is loaded once for each row.
#[derive(Debug, Clone)]
pub struct LazyLoad<'p> {
    /// The queryset.
    pub site: Place<'p>,
    /// The model of its rows: `shop.Order`.
    pub model: String,
    /// The relation, from the rows of the queryset: `customer__profile`.
    pub relation: String,
    /// The relation with everything below it that is read too, each path as long as it gets.
    pub paths: BTreeSet<String>,
    /// Where it is read.
    pub access: Place<'p>,
    /// Other places where it is read, a few of them.
    pub also: Vec<Place<'p>>,
    /// The method of a related manager that asks the database again, whatever was prefetched.
    pub again: Option<String>,
    /// Through what it is read.
    pub via: Via,
    /// The way from the queryset to the access, the outermost station first.
    pub steps: Vec<Step<'p>>,
    /// Where the relation is defined.
    pub definition: Option<Place<'p>>,
    /// Whether each step of the relation leads to one row, so that a join can load it.
    pub joins: bool,
    /// At most so many rows, where a literal says so.
    pub bound: Option<u32>,
    /// Whether the relation was prefetched, and the method does not use it.
    pub is_defeated: bool,
    /// Whether the queryset of the class loads it, and the method that makes a new one does not.
    pub is_dropped: bool,
    /// Whether the rows come from outside the function: somebody may have loaded the relation.
    pub is_assumed: bool,
    /// The text of the queryset, where it can be extended.
    pub chain: Option<QueryText<'p>>,
}

/// The text of a queryset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryText<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// From the first name to the end of the last call.
    pub range: TextRange,
    /// The arguments of the last `select_related(…)`, brackets left out.
    pub select: Option<TextRange>,
    /// The arguments of the last `prefetch_related(…)`, brackets left out.
    pub prefetch: Option<TextRange>,
}

/// A query inside a loop.
#[derive(Debug, Clone)]
pub struct LoopQuery<'p> {
    /// Where the loop's body asks, or calls what asks.
    pub place: Place<'p>,
    /// What is iterated.
    pub around: Place<'p>,
    /// The model.
    pub model: String,
    /// The method: `get`, `create`.
    pub method: String,
    /// Whether it writes.
    pub writes: bool,
    /// The query itself, and the calls on the way to it.
    pub asked: Place<'p>,
    /// The queryset that is asked, where one is made.
    pub made: Option<Place<'p>>,
    /// The calls between the loop and the query.
    pub steps: Vec<Step<'p>>,
    /// Whether rows of the database are iterated.
    pub over_rows: bool,
    /// Through what the rows are shown, where no statement is the loop: the place is the queryset then.
    pub shown: Option<Via>,
}

/// Something wrong at a single place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding<'p> {
    /// Where.
    pub place: Place<'p>,
    /// What.
    pub cause: Cause,
    /// The model.
    pub model: String,
    /// Where what it collides with is defined.
    pub labels: Vec<Place<'p>>,
}

/// What is wrong at a single place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A name in a queryset method that the model does not have.
    UnknownName {
        /// The name.
        name: String,
        /// The path that it is part of.
        path: String,
        /// The names that the model has.
        names: Vec<String>,
    },
    /// `select_related` of a to-many relation.
    JoinsMany {
        /// The relation.
        relation: String,
    },
    /// An annotation named like a property that cannot be written.
    ShadowsProperty {
        /// The name.
        name: String,
    },
    /// An annotation named like a field.
    ShadowsField {
        /// The name.
        name: String,
    },
    /// `len(queryset)` of rows that nobody else reads.
    LenOfQuery,
}

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger<'p> {
    lazy: BTreeMap<(Place<'p>, String, bool), LazyLoad<'p>>,
    loops: BTreeMap<(Place<'p>, bool), LoopQuery<'p>>,
    pub(crate) findings: Vec<Finding<'p>>,
    pub(crate) lookups: BTreeMap<(ModelId, String), BTreeSet<Place<'p>>>,
    /// Relations that some queryset of the project loads: rows from outside may have them.
    pub(crate) loaded: BTreeSet<Rc<str>>,
}

impl<'p> Engine<'_, 'p> {
    /// Takes note that a relation of a row is read.
    pub(crate) fn demand(&mut self, frame: &mut Frame<'p>, mut demand: Demand<'p>) {
        match self.shortened(&demand.row) {
            Some(row) => demand.row = row,
            None => return,
        }
        let is_last = |query: &Rc<Query<'p>>| query.base == demand.row.query.base;
        let mut last = frame.loops.iter().filter(|it| it.bit & frame.left != 0);
        if demand.row.path.len() < 2 && last.any(|it| it.rows.as_ref().is_some_and(is_last)) {
            return;
        }
        match &demand.row.query.base {
            Base::Param(_) => {
                let query = &demand.row.query;
                if !matches!(demand.what, What::Again(_))
                    && !demand.row.path.is_empty()
                    && self.coverage(&query.cover, query.model, &demand.row.path) == Coverage::Loaded
                {
                    return;
                }
                let known = &mut frame.effects.demands;
                let is_known = known.iter().any(|it| {
                    it.row.path == demand.row.path
                        && it.row.query.base == demand.row.query.base
                        && it.what == demand.what
                        && it.row.query.many == demand.row.query.many
                });
                if !is_known && known.len() < 400 {
                    known.push(demand);
                }
            }
            Base::Site(site) => {
                let site = *site;
                self.judge(site, &demand, false);
            }
            Base::Somewhere => {
                if !demand.row.path.is_empty() {
                    self.judge(demand.access, &demand, true);
                }
            }
        }
    }

    /// Returns the way without turns that lead back to where it came from, which cost nothing; none where its last
    /// step is such a turn.
    fn shortened(&self, row: &Row<'p>) -> Option<Row<'p>> {
        let mut model = row.query.model;
        // The rows of a related manager know whose they are, filtered or not.
        let mut before: Option<Option<String>> = row.query.again.as_ref().map(|again| self.way_back(&again.0));
        let mut kept: Vec<(Rc<str>, ModelId, Option<String>)> = Vec::with_capacity(row.path.len());
        for (at, name) in row.path.iter().enumerate() {
            let is_last = at + 1 == row.path.len();
            let back = kept.last().map(|(_, _, back)| back.clone()).or_else(|| before.clone());
            if let Some(Some(back)) = back
                && *back == **name
            {
                if is_last || kept.is_empty() {
                    return None;
                }
                model = kept.pop().map_or(model, |(_, model, _)| model);
                before = None;
                continue;
            }
            let field = self.models.field(model, name)?;
            let turn = matches!(
                field.kind,
                crate::django::FieldKind::ReverseForeignKey | crate::django::FieldKind::ReverseOneToOne
            )
            .then(|| field.reverse_of.clone())
            .flatten();
            kept.push((Rc::clone(name), model, turn));
            match field.target {
                Some(target) => model = target,
                None if is_last => {}
                None => return Some(row.clone()),
            }
        }
        if kept.len() == row.path.len() {
            return Some(row.clone());
        }
        let path: Vec<Rc<str>> = kept.into_iter().map(|(name, ..)| name).collect();
        Some(Row { path, single: 0, ..row.clone() })
    }

    /// Returns the name by which the rows of a relation know the row that they belong to.
    fn way_back(&self, row: &Row<'p>) -> Option<String> {
        let mut model = row.query.model;
        let (last, way) = row.path.split_last()?;
        for name in way {
            model = self.models.field(model, name)?.target?;
        }
        let field = self.models.field(model, last)?;
        (field.kind == crate::django::FieldKind::ReverseForeignKey).then(|| field.reverse_of.clone()).flatten()
    }

    fn judge(&mut self, site: Place<'p>, demand: &Demand<'p>, is_assumed: bool) {
        let query = &demand.row.query;
        let path = &demand.row.path;
        if path.is_empty() || query.plain || query.bound == Some(0) {
            return;
        }
        let coverage = self.coverage(&query.cover, query.model, path);
        let is_again = matches!(demand.what, What::Again(_));
        let missing = match coverage {
            Coverage::Missing(at) => at,
            Coverage::Loaded if is_again => path.len() - 1,
            Coverage::Loaded | Coverage::Unknown => return,
        };
        let is_defeated = coverage == Coverage::Loaded;
        let Some((at, definition, joins)) = self.repeated(demand, missing) else { return };
        if is_assumed && (at == 0 || is_again) {
            return;
        }
        let whole = path.join("__");
        let relation = path[..=at].join("__");
        let again = match &demand.what {
            What::Again(method) if at + 1 == path.len() => Some(method.to_string()),
            _ => None,
        };
        let made = query.made.map(|place| Step { place, what: "made here".to_owned() });
        let steps: Vec<Step<'p>> = made.iter().chain(&self.around).chain(&demand.steps).cloned().collect();
        let is_shown = is_template(&demand.access) || demand.steps.iter().any(|step| is_template(&step.place));
        let via = match demand.via {
            _ if is_shown => Via::Template,
            _ if self.is_change_list => Via::Admin,
            Via::ForeignKey | Via::Related if !demand.steps.is_empty() => Via::Method,
            via => via,
        };
        let load = LazyLoad {
            site,
            model: self.label(query.model),
            relation,
            paths: BTreeSet::from([whole]),
            access: demand.access,
            also: Vec::new(),
            again,
            via: if query.dropped { Via::EagerLoadingDropped } else { via },
            steps,
            definition,
            joins,
            bound: query.bound,
            is_defeated,
            is_dropped: query.dropped,
            is_assumed,
            chain: query.chain.map(text_of),
        };
        self.keep(load);
    }

    /// Finds the first relation from `missing` on that is asked for more than once: which, where it is defined, and
    /// whether all up to it lead to one row.
    fn repeated(&self, demand: &Demand<'p>, missing: usize) -> Option<(usize, Option<Place<'p>>, bool)> {
        let query = &demand.row.query;
        let (mut model, mut fans_out, mut joins) = (query.model, query.many, true);
        for (at, name) in demand.row.path.iter().enumerate() {
            let field = self.models.field(model, name)?;
            joins &= field.kind.is_single() && field.target.is_some();
            if at >= missing && fans_out {
                return Some((at, field.place.map(|(path, range)| Place { path, range }), joins));
            }
            fans_out |= field.kind.is_many() && demand.row.single & (1 << at.min(63)) == 0;
            model = field.target?;
        }
        None
    }

    fn keep(&mut self, load: LazyLoad<'p>) {
        match self.ledger.lazy.entry((load.site, load.relation.clone(), load.is_defeated)) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(load);
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.paths.extend(load.paths);
                if load.access != known.access && known.also.len() < 3 && !known.also.contains(&load.access) {
                    known.also.push(load.access);
                }
                if known.again.is_some() && load.again.is_none() {
                    known.again = None;
                    known.access = load.access;
                    known.steps = load.steps;
                    known.via = load.via;
                }
                known.bound = known.bound.and(load.bound);
            }
        }
    }

    /// Returns whether a path of relations is loaded.
    pub(crate) fn coverage(&self, cover: &Cover, model: ModelId, path: &[Rc<str>]) -> Coverage {
        let (mut cover, mut model) = (cover, model);
        let every = Cover { every_key: true, ..Cover::default() };
        for (at, name) in path.iter().enumerate() {
            if cover.is_unknown {
                return Coverage::Unknown;
            }
            let field = self.models.field(model, name);
            if let Some(covered) = cover.relations.get(name) {
                cover = &covered.cover;
            } else if cover.annotations.contains(name) {
                return Coverage::Loaded;
            } else if cover.every_key
                && field.is_some_and(|it| it.kind.is_single() && !it.null && it.reverse_of.is_none())
            {
                // Joined, and what the rows there need is joined too.
                if at + 1 == path.len() {
                    return Coverage::Loaded;
                }
                return self
                    .coverage(&every, field.and_then(|it| it.target).unwrap_or(model), &path[at + 1..])
                    .after(at + 1);
            } else {
                return Coverage::Missing(at);
            }
            match field.and_then(|it| it.target) {
                Some(target) => model = target,
                None => return if at + 1 == path.len() { Coverage::Loaded } else { Coverage::Unknown },
            }
        }
        Coverage::Loaded
    }

    /// Takes note that a queryset is evaluated.
    pub(crate) fn ask(&mut self, frame: &mut Frame<'p>, query: &Rc<Query<'p>>, place: Place<'p>, how: &str, on: u64) {
        self.ask_through(frame, query, place, how, on, Vec::new());
    }

    /// Takes note that a queryset is evaluated, some calls away.
    pub(crate) fn ask_through(
        &mut self,
        frame: &mut Frame<'p>,
        query: &Rc<Query<'p>>,
        place: Place<'p>,
        how: &str,
        on: u64,
        steps: Vec<Step<'p>>,
    ) {
        if let Some(again) = &query.again {
            let (row, method) = &**again;
            let what = What::Again(Rc::clone(method));
            // The rows of one object, asked for once per turn of a loop over something else.
            let is_single = !row.query.many && row.path.len() < 2 && !matches!(row.query.base, Base::Param(_));
            if is_single {
                let asked = Asked {
                    place,
                    model: query.model,
                    method: Rc::from(how),
                    writes: false,
                    on,
                    steps: steps.clone(),
                    made: query.made,
                };
                self.note(frame, asked);
            }
            let demand = Demand { row: row.clone(), what, via: Via::Related, access: place, steps };
            return self.demand(frame, demand);
        }
        match query.base {
            Base::Param(_) => {
                let demand = Demand { row: query.row(), what: What::Iterate, via: Via::Related, access: place, steps };
                self.demand(frame, demand);
            }
            Base::Site(_) | Base::Somewhere => {
                let made = match query.base {
                    Base::Site(site) => Some(site),
                    Base::Param(_) | Base::Somewhere => None,
                };
                let asked = Asked { place, model: query.model, method: Rc::from(how), writes: false, on, steps, made };
                self.note(frame, asked);
            }
        }
    }

    /// Takes note that rows are written one by one.
    pub(crate) fn write(&mut self, frame: &mut Frame<'p>, model: ModelId, place: Place<'p>, how: &str, on: u64) {
        let asked = Asked { place, model, method: Rc::from(how), writes: true, on, steps: Vec::new(), made: None };
        self.note(frame, asked);
    }

    /// Judges a query by the loops around, and hands it on to the callers.
    pub(crate) fn note(&mut self, frame: &mut Frame<'p>, asked: Asked<'p>) {
        if asked.on == 0 {
            return;
        }
        let around = frame.loops.iter().rev().find(|it| it.bit != 0 && asked.on & it.bit & !frame.left != 0);
        if let Some(around) = around {
            let called = asked.steps.first().map_or(asked.place, |step| step.place);
            let site = around.shown.and(around.rows.as_ref()).and_then(|query| match query.base {
                Base::Site(site) => Some(site),
                Base::Param(_) | Base::Somewhere => None,
            });
            if around.shown.is_some() && site.is_none() {
                return self.hand_on(frame, asked);
            }
            let place = site.unwrap_or(called);
            let found = LoopQuery {
                place,
                around: around.place,
                model: self.label(asked.model),
                method: asked.method.to_string(),
                writes: asked.writes,
                asked: asked.place,
                made: asked.made,
                steps: asked.steps.clone(),
                over_rows: around.rows.is_some(),
                shown: around.shown.map(|via| if self.is_change_list { Via::Admin } else { via }),
            };
            // What a call does further down is its own business.
            if found.steps.len() <= CALLS || found.shown.is_some() {
                let known = self.ledger.loops.entry((place, found.writes)).or_insert_with(|| found.clone());
                if known.steps.len() > found.steps.len() {
                    *known = found;
                }
            }
        }
        self.hand_on(frame, asked);
    }

    /// Hands a query on to the callers of the function.
    fn hand_on(&mut self, frame: &mut Frame<'p>, asked: Asked<'p>) {
        let known = &mut frame.effects.asked;
        let is_known = known.iter().any(|it| it.place == asked.place && it.method == asked.method && it.on == asked.on);
        if !is_known && known.len() < 400 {
            known.push(asked);
        }
    }

    /// Returns the label of a model: `shop.Order`.
    pub(crate) fn label(&self, model: ModelId) -> String {
        let facts = self.models.get(model);
        if facts.app.is_empty() { facts.name.clone() } else { format!("{}.{}", facts.app, facts.name) }
    }

    /// Takes the sum.
    pub(crate) fn finish(self) -> Flow<'p> {
        let loaded = self.ledger.loaded;
        let is_sure = |it: &LazyLoad<'p>| {
            let last = it.relation.rsplit("__").next().unwrap_or(&it.relation);
            !it.is_assumed || !loaded.contains(last)
        };
        let mut findings = self.ledger.findings;
        findings.sort();
        findings.dedup();
        Flow {
            lazy_loads: self.ledger.lazy.into_values().filter(is_sure).collect(),
            loop_queries: self.ledger.loops.into_values().collect(),
            findings,
            lookups: self.ledger.lookups,
        }
    }

    /// `prefetch_related_objects(rows, "a")` as a statement of its own loads into rows that are there.
    pub(crate) fn watch_prefetch(&mut self, frame: &mut Frame<'p>, id: crate::python::body::ExprId) {
        use crate::python::body::Expr;
        let bodies = frame.module.bodies;
        let Expr::Call { function, args } = bodies.expr(id) else { return };
        if frame.source(function).rsplit('.').next() != Some("prefetch_related_objects") {
            return;
        }
        let Some(rows) = bodies.positional(args, 0) else { return };
        let names: Vec<&'p str> = match bodies.expr(rows) {
            Expr::Name => vec![frame.source(rows)],
            Expr::List(parts) | Expr::Tuple(parts) => {
                let parts = bodies.exprs(parts).iter().filter(|it| bodies.expr(**it) == Expr::Name);
                parts.map(|it| frame.source(*it)).collect()
            }
            _ => return,
        };
        let paths: Vec<Option<&str>> =
            bodies.args(args).iter().skip(1).map(|arg| bodies.string(arg.value, frame.module.text)).collect();
        let given = names.iter().filter_map(|name| frame.env.get(name)).flat_map(|known| known.value.each());
        let rows: Vec<Way<'p>> = given.filter_map(way_of).collect();
        // The same rows may go by other names.
        let mut all: Vec<&'p str> = frame.env.keys().copied().collect();
        all.sort_unstable();
        for name in all {
            if let Some(known) = frame.env.get_mut(name) {
                known.value = known.value.map(|value| loaded(value, &rows, &paths, names.len() == 1));
            }
        }
    }
}

/// Rows, by where they come from and the relations from there.
type Way<'p> = (Base<'p>, Vec<Rc<str>>);

fn way_of<'p>(value: &Value<'p>) -> Option<Way<'p>> {
    match value {
        Value::Query(query) | Value::Rows(query) => Some((query.base.clone(), Vec::new())),
        Value::Row(row) => Some((row.query.base.clone(), row.path.clone())),
        Value::Items(each) => match &**each {
            Value::Row(row) => Some((row.query.base.clone(), row.path.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// Returns rows with more loaded, where they are some of the given ones.
fn loaded<'p>(value: &Value<'p>, given: &[Way<'p>], paths: &[Option<&str>], is_read: bool) -> Value<'p> {
    let base = match value {
        Value::Query(query) | Value::Rows(query) => &query.base,
        Value::Row(row) => &row.query.base,
        _ => return value.clone(),
    };
    let Some((_, below)) = given.iter().find(|(it, _)| it == base) else { return value.clone() };
    let add = |query: &Rc<Query<'p>>| {
        let mut next = (**query).clone();
        let mut at = &mut next.cover;
        for name in below {
            at = &mut at.relations.entry(Rc::clone(name)).or_default().cover;
        }
        for path in paths {
            match path {
                Some(path) => at.add(path, true),
                None => at.is_unknown = true,
            }
        }
        Rc::new(next)
    };
    match value {
        Value::Query(query) if is_read => Value::Rows(add(query)),
        Value::Query(query) => Value::Query(add(query)),
        Value::Rows(query) => Value::Rows(add(query)),
        Value::Row(row) => Value::Row(Row { query: add(&row.query), ..row.clone() }),
        other => other.clone(),
    }
}

impl Coverage {
    fn after(self, names: usize) -> Self {
        match self {
            Self::Missing(at) => Self::Missing(at + names),
            other => other,
        }
    }
}

fn text_of(chain: Chain<'_>) -> QueryText<'_> {
    QueryText { path: chain.path, range: chain.range, select: chain.select, prefetch: chain.prefetch }
}
