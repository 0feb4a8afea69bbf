//! The sections of the table, for both formats that people read.

use super::table::{Call, Note, Route, Socket, Spot, Table};

/// A titled part of the table.
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) head: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// How many callers of a route are named.
const NAMED: usize = 2;

/// Returns the parts of the table that have rows.
pub(crate) fn sections(table: &Table) -> Vec<Section> {
    let (called, idle): (Vec<&Route>, Vec<&Route>) = table.routes.iter().partition(|it| !it.callers.is_empty());
    let (api, pages): (Vec<&Route>, Vec<&Route>) = idle.into_iter().partition(|it| it.is_api);
    let (open, closed): (Vec<&Socket>, Vec<&Socket>) = table.sockets.iter().partition(|it| !it.callers.is_empty());
    let calls = |answer| table.calls_with(answer).collect::<Vec<_>>();
    let unrouted: Vec<&Call> = table.openings.iter().filter(|it| it.answer == "no-route").collect();
    let sections = [
        routes("Routes that the client calls", &called),
        section(
            "Calls that no route answers (404)",
            &["CALL", "WHERE", ""],
            calls("no-route").iter().map(|it| call(it)),
        ),
        section(
            "Calls with a method that the route refuses (405)",
            &["CALL", "WHERE", ""],
            calls("wrong-method").iter().map(|it| call(it)),
        ),
        section(
            "Calls that differ from their route by the slash at the end",
            &["CALL", "WHERE", ""],
            calls("wrong-slash").iter().map(|it| call(it)),
        ),
        routes("Routes of the API without a call that could be read", &api),
        routes("Pages and other routes", &pages),
        section("WebSockets", &["PATH", "CONSUMER", "WHERE", "OPENED BY"], open.iter().map(|it| socket(it))),
        section(
            "WebSockets that nothing opens",
            &["PATH", "CONSUMER", "WHERE", "OPENED BY"],
            closed.iter().map(|it| socket(it)),
        ),
        section("WebSockets without a route", &["PATH", "WHERE", ""], unrouted.iter().map(|it| call(it))),
        section("Calls to other servers", &["CALL", "WHERE", ""], calls("elsewhere").iter().map(|it| call(it))),
        section("Calls that are not decided", &["CALL", "WHERE", "WHY"], calls("unknown").iter().map(|it| call(it))),
        section(
            "Not read, so that nothing is claimed of it",
            &["SIDE", "WHERE", "WHY"],
            table.not_decided.iter().map(note),
        ),
    ];
    sections.into_iter().filter(|it| !it.rows.is_empty()).collect()
}

/// Returns the totals, a sentence for each side.
pub(crate) fn totals(table: &Table) -> Vec<String> {
    let totals = &table.totals;
    let mut said = vec![
        format!(
            "{}, {} without a call that could be read",
            count(totals.routes, "route"),
            totals.routes_without_caller
        ),
        format!(
            "{}: {} answered, {} without a route, {} with a refused method, {} with another slash at the end, {} to other servers, {} not decided",
            count(totals.calls, "call"),
            totals.answered,
            totals.without_route,
            totals.wrong_method,
            totals.wrong_slash,
            totals.elsewhere,
            totals.unknown
        ),
    ];
    if totals.sockets > 0 || totals.openings_without_route > 0 {
        said.push(format!(
            "{}, {} never opened; {} opened without a route",
            count(totals.sockets, "WebSocket route"),
            totals.sockets_never_opened,
            totals.openings_without_route
        ));
    }
    if totals.gaps > 0 {
        said.push(format!(
            "{} could not be read; nothing is claimed of what they may hold",
            count(totals.gaps, "place")
        ));
    }
    said
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

fn section(title: &str, head: &[&'static str], rows: impl Iterator<Item = Vec<String>>) -> Section {
    let rows: Vec<_> = rows.collect();
    Section { title: format!("{title} ({})", rows.len()), head: head.to_vec(), rows }
}

fn routes(title: &str, routes: &[&Route]) -> Section {
    section(title, &["METHODS", "PATH", "VIEW", "WHERE", "CALLERS"], routes.iter().map(|it| route(it)))
}

fn route(route: &Route) -> Vec<String> {
    let methods = route.methods.as_ref().map_or_else(|| "any".to_owned(), |methods| methods.join(" "));
    vec![methods, route.path.clone(), route.view.clone(), place(&route.place), callers(&route.callers)]
}

fn socket(socket: &Socket) -> Vec<String> {
    vec![socket.path.clone(), socket.consumer.clone(), place(&socket.place), callers(&socket.callers)]
}

fn call(call: &Call) -> Vec<String> {
    let shown = call.method.as_ref().map_or_else(|| call.url.clone(), |method| format!("{method} {}", call.url));
    vec![shown, place(&call.place), call.note.clone()]
}

fn note(note: &Note) -> Vec<String> {
    vec![note.side.to_owned(), place(&note.place), note.reason.clone()]
}

fn callers(spots: &[Spot]) -> String {
    let named: Vec<String> = spots.iter().take(NAMED).map(place).collect();
    match spots.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn place(spot: &Spot) -> String {
    format!("{}:{}", spot.path, spot.line)
}
