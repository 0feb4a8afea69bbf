//! Which functions may write to the database, as far as the names of what they call tell.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::write::kind;
use crate::project::{FunctionRef, ProjectModel};
use crate::python::names::Value;
use crate::python::{FunctionId, PythonFacts};

/// The functions from which a call of `save()` and the like can be reached by names; all others write nothing.
pub(super) struct Writers<'p> {
    functions: FxHashSet<FunctionRef<'p>>,
    names: FxHashSet<&'p str>,
}

/// What happens when a name turns out to be that of a writer.
enum Then<'p> {
    /// The function that calls it writes.
    Writes(FunctionRef<'p>, &'p str),
    /// It is known by another name too.
    Alias(&'p str),
}

impl<'p> Writers<'p> {
    /// Goes from the writing methods to what calls them, and to what calls that.
    pub(super) fn find(project: &ProjectModel<'p>) -> Self {
        let mut then: FxHashMap<&'p str, Vec<Then<'p>>> = FxHashMap::default();
        let mut methods = BTreeSet::new();
        for (file, facts) in project.python_files() {
            for (name, local) in aliases(facts) {
                then.entry(name).or_default().push(Then::Alias(local));
            }
            let Some(bodies) = facts.bodies.as_deref() else { continue };
            let (path, text) = (&file.source.path, &file.source.text);
            let functions = innermost(facts);
            for id in bodies.ids() {
                let Some(name) = bodies.called(id, text) else { continue };
                let at = functions.partition_point(|(start, _)| *start <= bodies.span(id).start());
                let around = at.checked_sub(1).and_then(|at| functions.get(at)).and_then(|(_, id)| *id);
                let Some((id, caller)) = around.and_then(|id| Some((id, facts.function(id)?))) else { continue };
                if kind(name).is_some() {
                    methods.insert(name);
                }
                then.entry(name).or_default().push(Then::Writes(FunctionRef { path, id }, &caller.name));
            }
        }
        let mut found = Self { functions: FxHashSet::default(), names: FxHashSet::default() };
        let mut open = Vec::from_iter(methods);
        let mut done = FxHashSet::default();
        while let Some(name) = open.pop() {
            if !done.insert(name) {
                continue;
            }
            for then in then.get(name).into_iter().flatten() {
                let next = match *then {
                    Then::Writes(function, name) => {
                        found.functions.insert(function);
                        name
                    }
                    Then::Alias(local) => local,
                };
                found.names.insert(next);
                open.push(next);
            }
        }
        found
    }

    /// Returns whether a function may write.
    pub(super) fn may_write(&self, function: FunctionRef<'p>) -> bool {
        self.functions.contains(&function)
    }

    /// Returns whether a function of this name may write.
    pub(super) fn is_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

/// The names that imports and assignments give to what has another one.
fn aliases(facts: &PythonFacts) -> impl Iterator<Item = (&str, &str)> {
    let last = |dotted| str::rsplit(dotted, '.').next().unwrap_or("");
    let imports = facts.names.imports().iter().map(move |it| (last(&it.target), it.local.as_str()));
    let assignments = facts.names.assignments.iter().filter_map(move |it| match &it.value {
        Value::Name(value) => Some((last(value), it.name.as_str())),
        Value::Tuple(_) | Value::Call(_) | Value::Other => None,
    });
    imports.chain(assignments).filter(|(name, local)| name != local)
}

/// The places from which on another function is the innermost, in order.
fn innermost(facts: &PythonFacts) -> Vec<(u32, Option<FunctionId>)> {
    let mut found = Vec::with_capacity(facts.functions.len() * 2);
    let mut open: Vec<(u32, FunctionId)> = Vec::new();
    let close = |open: &mut Vec<(u32, FunctionId)>, found: &mut Vec<_>, until: u32| {
        while let Some((end, _)) = open.pop_if(|(end, _)| *end <= until) {
            found.push((end, open.last().map(|(_, id)| *id)));
        }
    };
    for (id, function) in facts.functions_with_ids() {
        close(&mut open, &mut found, function.range.start());
        open.push((function.range.end(), id));
        found.push((function.range.start(), Some(id)));
    }
    close(&mut open, &mut found, u32::MAX);
    found
}
