//! What a queryset would have to load.

use std::collections::BTreeSet;

use crate::django::{ModelId, Models};
use crate::flow::LazyLoad;

/// How many relations a plan loads.
const PATHS: usize = 8;

/// How many relations a help names.
const TOLD: usize = 4;

/// What a queryset has to load.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Plan {
    /// For `select_related`.
    pub joins: BTreeSet<String>,
    /// For `prefetch_related`.
    pub prefetches: BTreeSet<String>,
}

impl Plan {
    /// Plans what loads all that is read of the rows.
    pub fn of(load: &LazyLoad<'_>, models: &Models<'_>) -> Self {
        let all: BTreeSet<&str> = load.paths.iter().chain([&load.relation]).map(String::as_str).collect();
        let plan = Self::of_paths(&all, load, models);
        // Whoever reads that much gets the first step; the rest is reported when that is done.
        let is_much = plan.joins.len() + plan.prefetches.len() > PATHS;
        if is_much { Self::of_paths(&BTreeSet::from([load.relation.as_str()]), load, models) } else { plan }
    }

    fn of_paths(all: &BTreeSet<&str>, load: &LazyLoad<'_>, models: &Models<'_>) -> Self {
        let mut plan = Self::default();
        let is_prefix = |path: &str, other: &str| other.strip_prefix(path).is_some_and(|rest| rest.starts_with("__"));
        for path in all.iter().filter(|path| !all.iter().any(|other| is_prefix(path, other))) {
            // Where the relation cannot be joined, what leads to it is loaded already.
            let joined = match models.of_label(&load.model) {
                _ if !load.joins => "",
                Some(model) => single_prefix(path, model, models),
                None => load.relation.as_str(),
            };
            if !joined.is_empty() {
                plan.joins.insert(joined.to_owned());
            }
            if joined.len() < path.len() {
                plan.prefetches.insert((*path).to_owned());
            }
        }
        let joins = plan.joins.clone();
        plan.joins.retain(|path| !joins.iter().any(|other| is_prefix(path, other)));
        plan
    }

    /// Writes the calls: `.select_related("customer")`.
    pub fn calls(&self, quote: char) -> Vec<String> {
        let call = |method: &str, paths: &BTreeSet<String>| format!(".{method}({})", quoted(paths, quote));
        let mut calls = Vec::new();
        if !self.joins.is_empty() {
            calls.push(call("select_related", &self.joins));
        }
        if !self.prefetches.is_empty() {
            calls.push(call("prefetch_related", &self.prefetches));
        }
        calls
    }
}

/// Returns the beginning of a path that leads to one row at each step.
fn single_prefix<'a>(path: &'a str, model: ModelId, models: &Models<'_>) -> &'a str {
    let (mut model, mut end) = (model, 0);
    for name in path.split("__") {
        let Some(field) = models.field(model, name) else { break };
        let (true, Some(target)) = (field.kind.is_single(), field.target) else { break };
        end += name.len() + if end == 0 { 0 } else { 2 };
        model = target;
    }
    &path[..end]
}

impl Plan {
    /// Names what to add, the first few of it where it is much.
    pub fn told(&self) -> String {
        let few = |paths: &BTreeSet<String>| paths.iter().take(TOLD).cloned().collect::<BTreeSet<_>>();
        let is_much = self.joins.len() > TOLD || self.prefetches.len() > TOLD;
        let told = Self { joins: few(&self.joins), prefetches: few(&self.prefetches) }.calls('"').join("");
        if is_much { told.replace("\")", "\", …)") } else { told }
    }
}

fn quoted(paths: &BTreeSet<String>, quote: char) -> String {
    paths.iter().map(|path| format!("{quote}{path}{quote}")).collect::<Vec<_>>().join(", ")
}
