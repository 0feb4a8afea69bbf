//! Every call of the project, and what it asks for.

use std::collections::BTreeSet;

use arrears_core::text::TextRange;

use super::eval::Eval;
use super::http::Ask;
use super::modules::File;
use super::text;
use super::url::{self, Read};
use super::value::FileId;
use super::{
    Base, Client, ClientCall, ClientGap, ClientUrl, GapReason, Origin, Place, SocketCall, SocketKind, TypeUse,
};
use crate::endpoint::Methods;
use crate::script::value::{CallSite, Expr, LambdaId};

/// What a place asks for.
enum Found<'p> {
    Call(ClientCall<'p>),
    Socket(SocketCall<'p>),
    Gap(ClientGap<'p>),
}

/// A place whose URL is up to the callers of the function around it, and what it asks for if there are none.
struct Pending<'p> {
    wrapper: (FileId, LambdaId),
    found: Found<'p>,
}

impl<'p> Client<'p> {
    fn add(&mut self, found: Found<'p>) {
        match found {
            Found::Call(call) => self.calls.push(call),
            Found::Socket(socket) => self.sockets.push(socket),
            Found::Gap(gap) => self.gaps.push(gap),
        }
    }
}

/// Reads all calls.
pub(super) fn run<'p>(eval: &Eval<'_, 'p>) -> Client<'p> {
    let mut client = Client::default();
    let mut pending = Vec::new();
    for (id, file) in (0..).zip(&eval.modules.files) {
        for site in &file.values.calls {
            read_site(eval, id, file, site, &mut client, &mut pending);
        }
    }
    for Pending { wrapper, found } in pending {
        if !eval.called.borrow().contains(&wrapper) {
            client.add(found);
        }
    }
    client.calls.sort_by(|left, right| {
        (left.path, left.range, &left.url, left.method).cmp(&(right.path, right.range, &right.url, right.method))
    });
    client.calls.dedup_by(|later, first| {
        (later.path, later.range, &later.url, later.method) == (first.path, first.range, &first.url, first.method)
    });
    client
        .sockets
        .sort_by(|left, right| (left.path, left.range, &left.url).cmp(&(right.path, right.range, &right.url)));
    client.sockets.dedup();
    client.gaps.sort_by_key(|it| (it.path, it.range, it.reason));
    client.gaps.dedup();
    client
}

fn read_site<'p>(
    eval: &Eval<'_, 'p>,
    id: FileId,
    file: &File<'p>,
    site: &CallSite,
    client: &mut Client<'p>,
    pending: &mut Vec<Pending<'p>>,
) {
    eval.refuel();
    let around = eval.frame_at(id, site.owner, None);
    let asks = eval.asks(id, site.expr, around.as_ref());
    let whole = narrow(file, site);
    if eval.is_exhausted() {
        client.gaps.push(ClientGap { path: file.path, range: whole, reason: GapReason::Budget });
    }
    for ask in asks {
        let range = ask.at.filter(|(at, range)| *at == id && !range.is_empty()).map_or(whole, |(_, range)| range);
        let place = Site { eval, id, file, site, range };
        match &ask.socket {
            Some((kind, library)) => place.connection(&ask, *kind, library, client, pending),
            None => place.request(&ask, client, pending),
        }
    }
}

/// A place that asks for something.
struct Site<'a, 'e, 'p> {
    eval: &'a Eval<'e, 'p>,
    id: FileId,
    file: &'a File<'p>,
    site: &'a CallSite,
    range: TextRange,
}

impl<'p> Site<'_, '_, 'p> {
    fn request(&self, ask: &Ask, client: &mut Client<'p>, pending: &mut Vec<Pending<'p>>) {
        let mut calls: Vec<ClientCall<'p>> = Vec::new();
        let (mut open, mut is_unread) = (Vec::new(), false);
        for text in text::texts(&ask.url) {
            match url::read(&text, &|param| self.eval.may_be_path(param)) {
                Read::Url(url, places) => keep(&mut calls, self.call(ask, url, &places)),
                Read::Open(param, url) => {
                    let found = match url {
                        Some(url) => Found::Call(self.call(ask, url, &[])),
                        None => Found::Gap(self.gap(GapReason::Wrapper)),
                    };
                    open.push(Pending { wrapper: (param.file, param.lambda), found });
                }
                Read::Unreadable => is_unread = true,
                Read::Nothing => {}
            }
        }
        // `id ? `/orders/${id}/` : ""` asks for nothing where there is no id.
        let is_empty = |it: &ClientCall<'_>| it.url.path.as_ref().is_none_or(|path| path.segments.is_empty());
        if calls.iter().any(|it| !is_empty(it)) {
            calls.retain(|it| !is_empty(it));
        }
        if calls.is_empty() && is_unread && open.is_empty() && !ask.is_guess {
            client.gaps.push(self.gap(GapReason::Url));
        }
        if calls.is_empty() {
            pending.append(&mut open);
        }
        client.calls.append(&mut calls);
    }

    fn connection(
        &self,
        ask: &Ask,
        kind: SocketKind,
        library: &str,
        client: &mut Client<'p>,
        pending: &mut Vec<Pending<'p>>,
    ) {
        let socket = |url: Option<ClientUrl>| {
            let url = url.unwrap_or(ClientUrl {
                origin: Origin::Unknown,
                base: Base::Unknown,
                path: None,
                query: Vec::new(),
                has_more_query: false,
            });
            SocketCall { path: self.file.path, range: self.range, url, kind, library: library.to_owned() }
        };
        let (mut sockets, mut open): (Vec<SocketCall<'p>>, Vec<Pending<'p>>) = (Vec::new(), Vec::new());
        for text in text::texts(&ask.url) {
            match url::read(&text, &|param| self.eval.may_be_path(param)) {
                Read::Url(url, _) if sockets.iter().all(|it| it.url != url) => sockets.push(socket(Some(url))),
                Read::Open(param, url) => {
                    let found = Found::Socket(socket(url));
                    open.push(Pending { wrapper: (param.file, param.lambda), found });
                }
                Read::Url(..) | Read::Unreadable | Read::Nothing => {}
            }
        }
        if sockets.is_empty() && open.is_empty() {
            sockets.push(socket(None));
        }
        if sockets.is_empty() {
            pending.append(&mut open);
        }
        client.sockets.append(&mut sockets);
    }

    fn gap(&self, reason: GapReason) -> ClientGap<'p> {
        ClientGap { path: self.file.path, range: self.range, reason }
    }

    fn call(&self, ask: &Ask, url: ClientUrl, places: &[(FileId, TextRange)]) -> ClientCall<'p> {
        let Self { eval, id, file, site, range } = *self;
        let span = file.values.span(site.expr);
        eval.used.borrow_mut().extend(places.iter().copied());
        let also = places.last().filter(|(at, place)| *at != id || !span.contains(*place));
        let also = also.and_then(|(at, range)| Some(Place { path: eval.file(*at)?.path, range: *range }));
        let written = span.slice(file.text);
        let written = written.get(..written.floor_char_boundary(2_000)).unwrap_or(written).to_ascii_lowercase();
        ClientCall {
            path: file.path,
            range,
            shown: shown(&url),
            url,
            method: ask.method.filter(|it| *it != Methods::empty()),
            also: also.into_iter().collect(),
            response: response(file, site),
            is_multipart: ask.is_multipart || written.contains("formdata") || written.contains("multipart/form-data"),
        }
    }
}

/// Keeps a call; of several that differ only in what stands before the path the one that is known best.
fn keep<'p>(calls: &mut Vec<ClientCall<'p>>, call: ClientCall<'p>) {
    let rank = |url: &ClientUrl| match (&url.base, &url.origin) {
        (Base::Env { .. }, _) => 0,
        (Base::Root, Origin::Own) => 1,
        (Base::Root, _) => 2,
        (Base::Unknown, _) => 3,
    };
    match calls.iter_mut().find(|it| it.url.path == call.url.path || it.url.full() == call.url.full()) {
        Some(known) if rank(&call.url) < rank(&known.url) => *known = call,
        Some(_) => {}
        None => calls.push(call),
    }
}

/// Returns a URL as a reader would write it.
pub(super) fn shown(url: &ClientUrl) -> String {
    let path = url.full().map(|path| path.to_string()).unwrap_or_default();
    match &url.origin {
        Origin::Other(host) => format!("{host}{path}"),
        Origin::Own | Origin::Unknown => path,
    }
}

/// Returns the callee with the first argument.
fn narrow(file: &File<'_>, site: &CallSite) -> TextRange {
    let span = file.values.span(site.expr);
    match file.values.expr(site.expr) {
        Expr::Call { args, .. } | Expr::New { args, .. } => {
            let first = file.values.list(args).first().map(|it| file.values.span(*it));
            let end = first.map_or(span.end(), |it| it.end());
            let range = TextRange::new(span.start(), end);
            let written = range.slice(file.text);
            // A first argument of many lines is no narrow range.
            let line = written.find('\n').map_or(written.len(), |at| at);
            TextRange::of(span.start() as usize..span.start() as usize + line)
        }
        _ => span,
    }
}

/// Returns what the answer is said to be: the type argument of the call, or what the function around it promises.
fn response<'p>(file: &File<'p>, site: &CallSite) -> Option<TypeUse<'p>> {
    let Expr::Call { types, .. } = file.values.expr(site.expr) else { return None };
    let range = if types.is_empty() {
        let said = file.owners(site.owner).take(4).filter_map(|it| file.values.lambda(it));
        let said = said.map(|it| it.return_type).find(|it| !it.is_empty())?;
        promised(said, file.text)
    } else {
        first_type(TextRange::new(types.start() + 1, types.end().saturating_sub(1)), file.text)
    };
    let text = range.slice(file.text).trim();
    (!text.is_empty()).then(|| TypeUse { path: file.path, range, text: text.to_owned() })
}

/// `Promise<AxiosResponse<Order>>` promises an order.
fn promised(said: TextRange, source: &str) -> TextRange {
    const WRAPPERS: [&str; 5] = ["Promise<", "AxiosResponse<", "Observable<", "AxiosPromise<", "PromiseLike<"];
    let mut range = said;
    for _ in 0..4 {
        let text = range.slice(source);
        let Some(wrapper) = WRAPPERS.iter().find(|it| text.starts_with(**it) && text.ends_with('>')) else { break };
        let start = range.start() + u32::try_from(wrapper.len()).unwrap_or(0);
        range = first_type(TextRange::new(start, range.end().saturating_sub(1)), source);
    }
    range
}

/// Returns the first of some types that commas part.
fn first_type(range: TextRange, source: &str) -> TextRange {
    let mut depth = 0_i32;
    for (at, byte) in range.slice(source).bytes().enumerate() {
        match byte {
            b'<' | b'{' | b'(' | b'[' => depth += 1,
            b'>' | b'}' | b')' | b']' => depth -= 1,
            b',' if depth == 0 => return TextRange::of(range.start() as usize..range.start() as usize + at),
            _ => {}
        }
    }
    range
}

/// The places of text that some request uses.
pub(super) type Used = BTreeSet<(FileId, TextRange)>;
