//! WebSocket routes of Channels: those that an application serves, and lists that none does.

use std::collections::{BTreeMap, BTreeSet};

use super::expand::Expander;
use super::heap::{Pattern, PatternId, SocketsId, Value};
use super::text::{Piece, path_of};
use super::{RoutePlace, Routes, SocketRoute, UnmountedSockets};
use arrears_core::source::RelPath;

/// How deep lists nest.
const DEPTH: u32 = 16;

/// What was met on the way.
struct Walk<'p> {
    found: Vec<SocketRoute<'p>>,
    seen: BTreeSet<PatternId>,
    is_conditional: bool,
    /// Whether everything could be read.
    is_whole: bool,
}

impl Default for Walk<'_> {
    fn default() -> Self {
        Self { found: Vec::new(), seen: BTreeSet::new(), is_conditional: false, is_whole: true }
    }
}

/// Returns whether a pattern leads to a consumer.
fn is_consumer(pattern: &Pattern<'_>) -> bool {
    pattern.words.contains("as_asgi") || pattern.words.contains("Consumer")
}

impl<'p> Expander<'_, '_, 'p> {
    /// Collects the WebSocket routes of `URLRouter`s, and those that are in none.
    pub(super) fn sockets(&mut self, found: &mut Routes<'p>) {
        let mut walk = Walk::default();
        let routers: Vec<Value<'p>> =
            self.it.heap.sockets.iter().filter(|it| !it.is_inner).map(|it| it.routes.clone()).collect();
        for routes in routers {
            self.walk(&routes, &[], &mut walk, 0);
        }
        found.sockets.append(&mut walk.found);
        found.has_all_sockets = walk.is_whole;
        let mut rest: BTreeMap<RoutePlace<'p>, UnmountedSockets<'p>> = BTreeMap::new();
        let left: Vec<(PatternId, &'p RelPath)> = (0..)
            .map(PatternId)
            .zip(&self.it.heap.patterns)
            .filter(|(id, pattern)| !walk.seen.contains(id) && is_consumer(pattern))
            .map(|(id, pattern)| (id, pattern.place.path))
            .collect();
        let paths: BTreeSet<&'p RelPath> = left.iter().map(|(_, path)| *path).collect();
        let lists = self.lists_of(&paths);
        for (id, _) in left {
            let Some((place, name)) = lists.get(&id).cloned() else { continue };
            let mut own = Walk::default();
            self.walk(&Value::Pattern(id), &[], &mut own, 0);
            let list = rest.entry(place).or_insert_with(|| UnmountedSockets { place, name, routes: Vec::new() });
            list.routes.append(&mut own.found);
        }
        found.unmounted_sockets = rest.into_values().collect();
    }

    /// Returns the lists at the tops of modules that hold patterns: where their names stand, and the names.
    fn lists_of(&self, paths: &BTreeSet<&'p RelPath>) -> BTreeMap<PatternId, (RoutePlace<'p>, String)> {
        let mut found = BTreeMap::new();
        for path in paths {
            let (Some(names), Some(facts)) = (self.it.modules.get(*path), self.it.project.python(path)) else {
                continue;
            };
            for (name, value) in names {
                let Value::List(list) = value else { continue };
                let Some(assignment) = facts.names.assignments.iter().find(|it| it.name == *name) else { continue };
                let place = RoutePlace { path, range: assignment.range };
                for item in self.it.heap.items(*list) {
                    if let Value::Pattern(id) = item.value {
                        found.entry(id).or_insert_with(|| (place, name.clone()));
                    }
                }
            }
        }
        found
    }

    fn walk(&mut self, value: &Value<'p>, prefix: &[Piece], walk: &mut Walk<'p>, depth: u32) {
        if depth > DEPTH {
            return;
        }
        match value {
            Value::List(id) => {
                for item in self.it.heap.items(*id).to_vec() {
                    let before = walk.is_conditional;
                    walk.is_conditional |= item.is_conditional;
                    self.walk(&item.value, prefix, walk, depth + 1);
                    walk.is_conditional = before;
                }
            }
            Value::Module(path) => {
                for name in ["websocket_urlpatterns", "urlpatterns"] {
                    let list = self.it.in_module(path, name);
                    self.walk(&list, prefix, walk, depth + 1);
                }
            }
            Value::Include(include) => self.walk(&include.what, prefix, walk, depth + 1),
            Value::Sockets(SocketsId(id)) => {
                let routes = self.it.heap.sockets.get(*id).map(|it| it.routes.clone());
                self.walk(&routes.unwrap_or_default(), prefix, walk, depth + 1);
            }
            Value::Pattern(id) => self.socket(*id, prefix, walk, depth),
            _ => walk.is_whole = false,
        }
    }

    fn socket(&mut self, id: PatternId, prefix: &[Piece], walk: &mut Walk<'p>, depth: u32) {
        let Some(pattern) = self.it.heap.patterns.get(id.0).cloned() else { return };
        walk.seen.insert(id);
        for pieces in Self::variants(&pattern.route, pattern.kind, false, prefix.is_empty()) {
            let pieces = [prefix.to_vec(), pieces].concat();
            if let Value::Include(_) | Value::Sockets(_) = pattern.target {
                self.walk(&pattern.target, &pieces, walk, depth + 1);
                continue;
            }
            let answer = self.it.answer(&pattern.target, &pattern.words);
            walk.found.push(SocketRoute {
                path: path_of(&pieces),
                place: pattern.place,
                consumer: answer.view,
                consumer_name: answer.name,
                is_conditional: walk.is_conditional || pattern.is_conditional,
            });
        }
    }
}
