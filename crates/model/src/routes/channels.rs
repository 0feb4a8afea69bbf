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
}

impl<'p> Expander<'_, '_, 'p> {
    /// Collects the WebSocket routes of `URLRouter`s, and those that are in none.
    pub(super) fn sockets(&mut self, found: &mut Routes<'p>) {
        let mut walk = Walk { found: Vec::new(), seen: BTreeSet::new(), is_conditional: false };
        let routers: Vec<Value<'p>> =
            self.it.heap.sockets.iter().filter(|it| !it.is_inner).map(|it| it.routes.clone()).collect();
        for routes in routers {
            self.walk(&routes, &[], &mut walk, 0);
        }
        found.sockets.append(&mut walk.found);
        let mut rest: BTreeMap<RoutePlace<'p>, UnmountedSockets<'p>> = BTreeMap::new();
        let patterns = self.it.heap.patterns.clone();
        for (at, pattern) in patterns.iter().enumerate() {
            let id = PatternId(at);
            let Some((place, name)) = self.list_of(id, pattern.place.path) else { continue };
            if walk.seen.contains(&id) || !self.is_consumer(pattern) {
                continue;
            }
            let mut own = Walk { found: Vec::new(), seen: BTreeSet::new(), is_conditional: false };
            self.walk(&Value::Pattern(id), &[], &mut own, 0);
            let list = rest.entry(place).or_insert_with(|| UnmountedSockets { place, name, routes: Vec::new() });
            list.routes.append(&mut own.found);
        }
        found.unmounted_sockets = rest.into_values().collect();
    }

    /// Returns whether a pattern leads to a consumer.
    fn is_consumer(&self, pattern: &Pattern<'p>) -> bool {
        pattern.words.contains("as_asgi") || pattern.words.contains("Consumer")
    }

    /// Returns the module's list that holds a pattern: where its name stands, and the name.
    fn list_of(&self, id: PatternId, path: &'p RelPath) -> Option<(RoutePlace<'p>, String)> {
        let names = self.it.modules.get(path)?;
        let (name, _) = names.iter().find(|(_, value)| match value {
            Value::List(list) => self.it.heap.items(*list).iter().any(|item| item.value == Value::Pattern(id)),
            _ => false,
        })?;
        let facts = self.it.project.python(path)?;
        let range = facts.names.assignments.iter().find(|it| it.name == *name)?.range;
        Some((RoutePlace { path, range }, name.clone()))
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
            _ => {}
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
