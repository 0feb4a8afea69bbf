//! The table as it is printed: texts and places, nothing of the model.

use arrears_linter::workspace::Workspace;
use arrears_model::contract::{Answer, CallRow, Contract, Side};
use arrears_model::endpoint::Methods;
use arrears_model::flow::Place;
use serde::Serialize;

/// What `arrears contract` prints; the JSON output is this, lines counted from 1.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) version: u32,
    pub(crate) totals: Totals,
    pub(crate) routes: Vec<Route>,
    pub(crate) calls: Vec<Call>,
    pub(crate) sockets: Vec<Socket>,
    pub(crate) openings: Vec<Call>,
    pub(crate) not_decided: Vec<Note>,
}

/// How many there are of each kind.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Totals {
    pub(crate) routes: usize,
    pub(crate) routes_without_caller: usize,
    pub(crate) calls: usize,
    pub(crate) answered: usize,
    pub(crate) without_route: usize,
    pub(crate) wrong_method: usize,
    pub(crate) wrong_slash: usize,
    pub(crate) elsewhere: usize,
    pub(crate) unknown: usize,
    pub(crate) sockets: usize,
    pub(crate) sockets_never_opened: usize,
    pub(crate) openings_without_route: usize,
    pub(crate) gaps: usize,
}

/// A place: a path from the project's root, and a line.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Spot {
    pub(crate) path: String,
    pub(crate) line: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Route {
    /// `null` where they are not known.
    pub(crate) methods: Option<Vec<&'static str>>,
    pub(crate) path: String,
    pub(crate) view: String,
    pub(crate) place: Spot,
    pub(crate) callers: Vec<Spot>,
    pub(crate) is_api: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Socket {
    pub(crate) path: String,
    pub(crate) consumer: String,
    pub(crate) place: Spot,
    pub(crate) callers: Vec<Spot>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Call {
    /// `null` where the code does not tell.
    pub(crate) method: Option<String>,
    pub(crate) url: String,
    pub(crate) place: Spot,
    /// `route`, `wrong-method`, `wrong-slash`, `no-route`, `elsewhere` or `unknown`.
    pub(crate) answer: &'static str,
    /// The route that answers, or the nearest one, or why it is not known.
    pub(crate) note: String,
}

/// Something that could not be read.
#[derive(Debug, Serialize)]
pub(crate) struct Note {
    pub(crate) side: &'static str,
    pub(crate) place: Spot,
    pub(crate) reason: String,
}

impl Table {
    /// Makes the table; `only_unmatched` leaves out what has its other end.
    pub(crate) fn of(contract: &Contract<'_>, workspace: &Workspace, only_unmatched: bool) -> Self {
        let spot = |place: &Place<'_>| spot(place, workspace);
        let totals = totals(contract);
        let callers = |calls: &[CallRow<'_>], of: &[usize]| {
            of.iter().filter_map(|at| calls.get(*at)).map(|call| spot(&call.place)).collect::<Vec<_>>()
        };
        let routes = contract.routes.iter().filter(|it| !only_unmatched || it.callers.is_empty());
        let sockets = contract.sockets.iter().filter(|it| !only_unmatched || it.openings.is_empty());
        let call = |call: &CallRow<'_>, is_socket: bool| {
            let (answer, note) = told(&call.answer, contract, is_socket);
            let method = call.method.filter(|_| !is_socket).map(|method| method.to_string());
            Call { method, url: call.shown.clone(), place: spot(&call.place), answer, note }
        };
        let is_shown = |call: &&CallRow<'_>| !only_unmatched || !matches!(call.answer, Answer::Route(_));
        Self {
            version: 1,
            totals,
            routes: routes
                .map(|route| Route {
                    methods: route.methods.map(|methods| methods.names().collect()),
                    path: route.path.clone(),
                    view: route.view.clone(),
                    place: spot(&route.place),
                    callers: callers(&contract.calls, &route.callers),
                    is_api: route.is_api,
                })
                .collect(),
            calls: contract.calls.iter().filter(is_shown).map(|it| call(it, false)).collect(),
            sockets: sockets
                .map(|socket| Socket {
                    path: socket.path.clone(),
                    consumer: socket.consumer.clone(),
                    place: spot(&socket.place),
                    callers: callers(&contract.openings, &socket.openings),
                })
                .collect(),
            openings: contract.openings.iter().filter(is_shown).map(|it| call(it, true)).collect(),
            not_decided: contract
                .gaps
                .iter()
                .map(|gap| Note {
                    side: match gap.side {
                        Side::Server => "server",
                        Side::Client => "client",
                        Side::Modules => "modules",
                    },
                    place: spot(&gap.place),
                    reason: gap.reason.clone(),
                })
                .collect(),
        }
    }

    /// Returns the calls with an answer.
    pub(crate) fn calls_with(&self, answer: &str) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.answer == answer)
    }
}

fn totals(contract: &Contract<'_>) -> Totals {
    let mut totals = Totals {
        routes: contract.routes.len(),
        routes_without_caller: contract.routes.iter().filter(|it| it.callers.is_empty()).count(),
        calls: contract.calls.len(),
        sockets: contract.sockets.len(),
        sockets_never_opened: contract.sockets.iter().filter(|it| it.openings.is_empty()).count(),
        openings_without_route: contract
            .openings
            .iter()
            .filter(|it| matches!(it.answer, Answer::NoRoute { .. }))
            .count(),
        gaps: contract.gaps.len(),
        ..Totals::default()
    };
    for call in &contract.calls {
        let count = match call.answer {
            Answer::Route(_) => &mut totals.answered,
            Answer::WrongMethod { .. } => &mut totals.wrong_method,
            Answer::WrongSlash { .. } => &mut totals.wrong_slash,
            Answer::NoRoute { .. } => &mut totals.without_route,
            Answer::Elsewhere(_) => &mut totals.elsewhere,
            Answer::Unknown(_) => &mut totals.unknown,
        };
        *count += 1;
    }
    totals
}

/// Returns the name of an answer and what there is to say about it.
fn told(answer: &Answer, contract: &Contract<'_>, is_socket: bool) -> (&'static str, String) {
    let path = |at: usize| {
        let socket = contract.sockets.get(at).map(|it| it.path.clone());
        let route = contract.routes.get(at).map(|it| it.path.clone());
        if is_socket { socket } else { route }.unwrap_or_default()
    };
    let allowed = |methods: &Methods| format!("accepts only {methods}");
    match answer {
        Answer::Route(routes) => ("route", routes.first().map(|at| path(*at)).unwrap_or_default()),
        Answer::WrongMethod { route, allowed: methods } => {
            ("wrong-method", format!("{} {}", path(*route), allowed(methods)))
        }
        Answer::WrongSlash { route, .. } => ("wrong-slash", format!("the route is {}", path(*route))),
        Answer::NoRoute { nearest } => {
            ("no-route", nearest.map(|at| format!("nearest: {}", path(at))).unwrap_or_default())
        }
        Answer::Elsewhere(host) => ("elsewhere", host.clone()),
        Answer::Unknown(reason) => ("unknown", reason.clone()),
    }
}

fn spot(place: &Place<'_>, workspace: &Workspace) -> Spot {
    let line = workspace
        .file(place.path)
        .map_or(1, |file| file.source.lines.position(&file.source.text, place.range.start()).line as usize);
    Spot { path: place.path.to_string(), line }
}
