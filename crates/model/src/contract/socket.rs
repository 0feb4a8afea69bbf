//! WebSockets: what the client opens, held against what the ASGI application routes.

use super::fit::{Fit, distance, fit};
use super::join::view_place;
use super::judge::is_below;
use super::{Answer, CallRow, Contract, SocketRow};
use crate::client::{Base, Client, Origin, SocketCall, SocketKind};
use crate::endpoint::{Segment, UrlPath};
use crate::flow::Place;
use crate::project::ProjectModel;
use crate::routes::Routes;
use arrears_core::source::{Family, Roles};

/// Words that code which opens a WebSocket holds.
const MARKS: [&str; 5] = ["WebSocket", "ReconnectingWebSocket", "useWebSocket", "wss", "PartySocket"];

impl<'p> Contract<'p> {
    pub(super) fn match_sockets(&mut self, project: &ProjectModel<'p>, routes: &Routes<'p>, client: &Client<'p>) {
        self.sockets = routes
            .sockets
            .iter()
            .map(|socket| SocketRow {
                path: socket.path.to_string(),
                consumer: socket.consumer_name.clone(),
                place: socket.place,
                consumer_place: socket.consumer.and_then(|it| view_place(project, it)),
                openings: Vec::new(),
            })
            .collect();
        for call in client.sockets.iter().filter(|call| call.kind == SocketKind::WebSocket) {
            let answer = answer(call, routes);
            if let Answer::Route(found) = &answer {
                for at in found {
                    self.sockets[*at].openings.push(self.openings.len());
                }
            }
            self.openings.push(CallRow {
                method: None,
                shown: call
                    .url
                    .full()
                    .map_or_else(|| "an address that is not in the code".to_owned(), |it| it.to_string()),
                place: Place { path: call.path, range: call.range },
                written: Vec::new(),
                answer,
                is_only_declared: false,
            });
        }
        self.has_all_openings = self.knows_openings(project);
    }

    /// Whether there is a client, and all that opens a WebSocket in it could be read.
    fn knows_openings(&self, project: &ProjectModel<'p>) -> bool {
        let is_read = |call: &CallRow<'_>| !matches!(call.answer, Answer::Unknown(_));
        let is_production = |roles: Roles| !roles.intersects(Roles::TEST | Roles::VENDORED | Roles::STORY);
        let mut has_client = false;
        for file in project.files().filter(|file| is_production(file.source.roles)) {
            let is_script = file.source.language.family() == Some(Family::Script);
            let is_page = file.source.path.extension() == "html";
            if !is_script && !is_page {
                continue;
            }
            has_client |= is_script && !file.source.roles.contains(Roles::MINIFIED);
            let says = MARKS.iter().any(|mark| file.facts.words.may_contain(mark));
            let is_known = || self.openings.iter().any(|call| *call.place.path == file.source.path);
            if says && !is_known() || is_script && file.facts.has_errors {
                return false;
            }
        }
        has_client && self.openings.iter().all(is_read)
    }
}

fn answer(call: &SocketCall<'_>, routes: &Routes<'_>) -> Answer {
    let unknown = |reason: &str| Answer::Unknown(reason.to_owned());
    if let (Origin::Other(host), Base::Root) = (&call.url.origin, &call.url.base) {
        return Answer::Elsewhere(host.clone());
    }
    let Some(path) = call.url.full() else { return unknown("the address is put together at run time") };
    if !path.segments.iter().any(|it| matches!(it, Segment::Text(_))) {
        return unknown("the address has no path of its own");
    }
    let is_whole = matches!(call.url.base, Base::Root | Base::Env { default: Some(_), .. });
    let found: Vec<usize> = routes
        .sockets
        .iter()
        .enumerate()
        .filter(|(_, socket)| is_opened(&path, &socket.path, is_whole))
        .map(|(at, _)| at)
        .collect();
    if !found.is_empty() {
        return Answer::Route(found);
    }
    let unmounted = routes.unmounted_sockets.iter().flat_map(|list| &list.routes);
    if unmounted.into_iter().any(|socket| is_opened(&path, &socket.path, false)) {
        return unknown("a list of routes that no application serves has it");
    }
    if routes.gaps.iter().any(|gap| is_below(&path, &gap.prefix)) {
        return unknown("the application could not be read as a whole");
    }
    let first = path.segments.first();
    if !routes.sockets.iter().any(|socket| socket.path.segments.first() == first) {
        return unknown("no route begins like this: another server may answer");
    }
    let nearest = routes.sockets.iter().enumerate();
    let nearest = nearest.min_by_key(|(_, socket)| distance(&path.segments, &socket.path.segments)).map(|(at, _)| at);
    Answer::NoRoute { nearest }
}

/// Returns whether an address may be a route's: its end where the beginning is not known.
fn is_opened(path: &UrlPath, route: &UrlPath, is_whole: bool) -> bool {
    let fixed = route.segments.iter().take_while(|it| matches!(it, Segment::Text(_))).count();
    let heads = if is_whole { 0 } else { fixed.min(route.segments.len().saturating_sub(1)) };
    (0..=heads).any(|length| fit(&path.segments, &route.segments[length..]) != Fit::No)
}
