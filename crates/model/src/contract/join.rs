//! Makes the table of routes and calls.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::text::TextRange;

use super::group::{Asked, Group, Groups, asked};
use super::judge::{Served, Verdict, is_below, judge};
use super::lookup::narrowed;
use super::{Answer, CallRow, Contract, Gap, RouteRow, Side};
use crate::client::{Base, Client, ClientCall, DeclaredUrl, GapReason, Origin, ProxyKind};
use crate::endpoint::{Methods, Segment, UrlPath};
use crate::flow::Place;
use crate::project::ProjectModel;
use crate::routes::{Framework, Route, Routes, ViewRef};

impl<'p> Contract<'p> {
    /// Holds the calls of the clients against the routes of the servers.
    pub fn find(project: &ProjectModel<'p>) -> Self {
        let (routes, client) = (project.routes(), project.client());
        let mut contract = Self {
            routes: routes.routes.iter().map(|route| route_row(project, route)).collect(),
            gaps: gaps(project, routes, client),
            ..Self::default()
        };
        let paths: Vec<UrlPath> = routes.routes.iter().map(|route| narrowed(project, route)).collect();
        let served: Vec<Served<'_>> =
            routes.routes.iter().zip(&paths).map(|(route, path)| served(route, path)).collect();
        let requests: Vec<Option<Asked>> =
            client.calls.iter().map(|call| asked(call.path, &call.url, client)).collect();
        let known: Vec<Asked> = requests.iter().flatten().cloned().collect();
        let groups = Groups::find(&known, &defaults(client, &requests), &served);
        let server = Server { routes, client, served: &served, groups: &groups };
        for (call, request) in client.calls.iter().zip(&requests) {
            let answer = server.answer_to(call, request.as_ref());
            contract.calls.push(call_row(call, answer));
        }
        contract.excuse_values();
        let tables = tables(client, &requests);
        for entry in client.declared.iter().filter(|entry| !entry.is_used) {
            contract.calls.extend(server.declared(entry, &tables));
        }
        contract.calls.sort_by_key(|call| call.place);
        contract.link();
        contract.has_all_calls = contract.calls.iter().any(|call| matches!(call.answer, Answer::Route(_)))
            && !client.gaps.iter().any(|gap| gap.reason != GapReason::Wrapper)
            && !contract.calls.iter().any(|call| matches!(call.answer, Answer::Unknown(_)));
        contract.match_sockets(project, routes, client);
        contract
    }

    /// A call whose URL has several values is not judged by those that no route has while one is answered.
    fn excuse_values(&mut self) {
        let answered: BTreeSet<Place<'p>> =
            self.calls.iter().filter(|it| matches!(it.answer, Answer::Route(_))).map(|it| it.place).collect();
        for call in &mut self.calls {
            if matches!(call.answer, Answer::NoRoute { .. }) && answered.contains(&call.place) {
                call.answer = Answer::Unknown("another value of this URL has a route".to_owned());
            }
        }
    }

    /// Tells each route its callers.
    fn link(&mut self) {
        for (at, call) in self.calls.iter().enumerate() {
            let (Answer::Route(routes), false) = (&call.answer, call.is_only_declared) else { continue };
            for route in routes {
                if let Some(route) = self.routes.get_mut(*route) {
                    route.callers.push(at);
                }
            }
        }
    }
}

/// The server's side of the question.
struct Server<'a, 'p> {
    routes: &'a Routes<'p>,
    client: &'a Client<'p>,
    served: &'a [Served<'a>],
    groups: &'a Groups,
}

impl<'p> Server<'_, 'p> {
    fn answer_to(&self, call: &ClientCall<'p>, request: Option<&Asked>) -> Answer {
        match (&call.url.origin, request) {
            (Origin::Other(host), None) => Answer::Elsewhere(host.clone()),
            (_, None) => Answer::Unknown("the URL is put together at run time".to_owned()),
            (_, Some(request)) => self.answer(request, call.method),
        }
    }

    fn answer(&self, request: &Asked, method: Option<Methods>) -> Answer {
        let unknown = |reason: &str| Answer::Unknown(reason.to_owned());
        if self.served.is_empty() {
            return unknown("no route of a server was found");
        }
        let Some(path) = self.groups.path(request) else {
            return match &request.group {
                Group::Env(name) => Answer::Unknown(format!("what `{name}` stands for is not in the code")),
                Group::Own | Group::Rewritten(_) => {
                    unknown("most calls below this prefix fit no route: another server")
                }
                Group::Unread(_) => unknown("what stands before the path is not in the code"),
            };
        };
        if !path.segments.iter().any(|it| matches!(it, Segment::Text(_))) && !path.segments.is_empty() {
            return unknown("the path is made of values");
        }
        let verdict = judge(&path, method, self.served);
        if verdict_is_certain(&verdict) {
            if let Some(gap) = self.routes.gaps.iter().find(|gap| is_below(&path, &gap.prefix)) {
                return Answer::Unknown(format!("what lies below `{}` could not be read", gap.prefix));
            }
            if self.is_answered_by_client(&path) {
                return unknown("the client's own server answers");
            }
        }
        match verdict {
            Verdict::Served(routes) => Answer::Route(routes),
            Verdict::WrongMethod { route, allowed } => Answer::WrongMethod { route, allowed },
            Verdict::WrongSlash(_) if is_file(&path) => unknown("a file"),
            Verdict::WrongSlash(route) => {
                Answer::WrongSlash { route, is_missing: path.slash == crate::endpoint::Slash::No }
            }
            Verdict::NoRoute(_) if is_file(&path) => unknown("a file"),
            Verdict::NoRoute(_) if request.group == Group::Own && !self.begins_like_a_route(&path) => {
                unknown("no route begins like this: another server may answer")
            }
            Verdict::NoRoute(_) if path.is_open() => unknown("a value may hold several segments"),
            Verdict::NoRoute(nearest) => Answer::NoRoute { nearest },
        }
    }

    /// Returns the row of a declared endpoint that nothing asks for, where no route has it.
    fn declared(&self, entry: &DeclaredUrl<'p>, tables: &BTreeMap<(&str, &str), Group>) -> Option<CallRow<'p>> {
        let group = tables.get(&(entry.path.as_str(), entry.table.as_str()))?.clone();
        let path = entry.url.path.clone()?;
        let shown = path.to_string();
        let answer = self.answer(&Asked { group, path }, None);
        let place = Place { path: entry.path, range: entry.range };
        let is_wrong = matches!(answer, Answer::NoRoute { .. });
        is_wrong.then(|| CallRow { method: None, shown, place, written: Vec::new(), answer, is_only_declared: true })
    }

    fn is_answered_by_client(&self, path: &UrlPath) -> bool {
        let own = self.client.proxies.iter().filter(|it| it.kind == ProxyKind::NextRoute);
        own.into_iter().any(|proxy| {
            let fixed: Vec<&str> = proxy
                .prefix
                .split('/')
                .filter(|it| !it.is_empty())
                .take_while(|it| !it.starts_with([':', '[']))
                .collect();
            !fixed.is_empty()
                && path.segments.len() >= fixed.len()
                && fixed
                    .iter()
                    .zip(&path.segments)
                    .all(|(left, right)| matches!(right, Segment::Text(it) if it == left))
        })
    }

    fn begins_like_a_route(&self, path: &UrlPath) -> bool {
        let Some(first) = path.segments.first() else { return true };
        self.served.iter().any(|route| route.path.segments.first() == Some(first))
    }
}

fn verdict_is_certain(verdict: &Verdict) -> bool {
    !matches!(verdict, Verdict::Served(_))
}

/// Returns whether a path ends like a file that a server of files answers.
fn is_file(path: &UrlPath) -> bool {
    let (Some(Segment::Text(end)) | Some(Segment::Mixed { after: end, .. })) = path.segments.last() else {
        return false;
    };
    let is_extension = |it: &str| (2..=5).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_alphanumeric());
    end.rsplit_once('.').is_some_and(|(_, extension)| is_extension(extension))
}

fn served<'r>(route: &Route<'_>, path: &'r UrlPath) -> Served<'r> {
    Served {
        path,
        methods: route.methods,
        is_first_wins: route.framework != Framework::FastApi && !route.is_conditional,
        is_slash_lenient: route.framework == Framework::FastApi,
    }
}

/// Returns the paths of the values that variables of the environment have where they are not set.
fn defaults(client: &Client<'_>, requests: &[Option<Asked>]) -> BTreeMap<Group, Vec<Segment>> {
    let mut found = BTreeMap::new();
    for (call, request) in client.calls.iter().zip(requests) {
        let (Base::Env { default: Some(default), .. }, Some(request)) = (&call.url.base, request) else { continue };
        found.entry(request.group.clone()).or_insert_with(|| default.segments.clone());
    }
    found
}

/// Returns the group in which most entries of each table of endpoints are asked for, by file and name of the table.
fn tables<'c>(client: &'c Client<'_>, requests: &[Option<Asked>]) -> BTreeMap<(&'c str, &'c str), Group> {
    let mut votes: BTreeMap<(&str, &str), BTreeMap<&Group, usize>> = BTreeMap::new();
    for (call, request) in client.calls.iter().zip(requests) {
        let Some(request) = request else { continue };
        for place in &call.also {
            let entry = client
                .declared
                .iter()
                .find(|it| it.path == place.path && (it.range.contains(place.range) || place.range.contains(it.range)));
            if let Some(entry) = entry {
                let table = votes.entry((entry.path.as_str(), entry.table.as_str())).or_default();
                *table.entry(&request.group).or_default() += 1;
            }
        }
    }
    let most =
        |groups: BTreeMap<&Group, usize>| groups.into_iter().max_by_key(|(_, count)| *count).map(|(it, _)| it.clone());
    votes.into_iter().filter_map(|(table, groups)| Some((table, most(groups)?))).collect()
}

fn call_row<'p>(call: &ClientCall<'p>, answer: Answer) -> CallRow<'p> {
    let written = call.also.clone();
    CallRow {
        method: call.method,
        shown: call.shown.clone(),
        place: Place { path: call.path, range: call.range },
        written,
        answer,
        is_only_declared: false,
    }
}

fn route_row<'p>(project: &ProjectModel<'p>, route: &Route<'p>) -> RouteRow<'p> {
    RouteRow {
        path: route.path.to_string(),
        methods: route.methods,
        view: route.view_name.clone(),
        place: route.place,
        view_place: route.view.and_then(|view| view_place(project, view)),
        callers: Vec::new(),
        is_api: route.framework != Framework::Django
            || matches!(route.path.segments.first(), Some(Segment::Text(first)) if first == "api"),
    }
}

/// Returns where the name of a view stands.
pub(super) fn view_place<'p>(project: &ProjectModel<'p>, view: ViewRef<'p>) -> Option<Place<'p>> {
    let (path, range): (_, TextRange) = match view {
        ViewRef::Class(class) => (class.path, project.python(class.path)?.class(class.id)?.name_range),
        ViewRef::Function(function) => (function.path, project.function(function)?.name_range),
    };
    Some(Place { path, range })
}

fn gaps<'p>(project: &ProjectModel<'p>, routes: &Routes<'p>, client: &Client<'p>) -> Vec<Gap<'p>> {
    let server = routes.gaps.iter().filter_map(|gap| {
        let place = gap.place?;
        Some(Gap {
            place,
            reason: format!("{}: what lies below `{}` is not known", gap.reason, gap.prefix),
            side: Side::Server,
        })
    });
    let client = client.gaps.iter().map(|gap| Gap {
        place: Place { path: gap.path, range: gap.range },
        reason: match gap.reason {
            GapReason::Url => "the URL comes from elsewhere",
            GapReason::Wrapper => "the URL is a parameter, and no caller was found",
            GapReason::Budget => "there was too much to evaluate",
            GapReason::Generated => "the client is generated, and what it asks for is not read",
        }
        .to_owned(),
        side: Side::Client,
    });
    let modules = project.frontend().gaps().iter().map(|gap| Gap {
        place: Place { path: gap.path, range: gap.range },
        reason: gap.reason.clone(),
        side: Side::Modules,
    });
    server.chain(client).chain(modules).collect()
}
