//! Applications and routers of `FastAPI`.

use super::call::Args;
use super::expand::Expander;
use super::heap::{App, AppId, AppPart, AppPartKind, Operation, Value};
use super::interpret::{Frame, Interpreter};
use super::text::{Piece, Text, braced_pieces, path_of};
use super::{Root, RootKind, Routes, SocketRoute};
use crate::endpoint::Methods;

/// How deep routers include routers.
const DEPTH: usize = 16;

impl<'p> Interpreter<'_, 'p> {
    /// `APIRouter(prefix="/orders")`, `FastAPI()`
    pub(super) fn new_app(&mut self, _frame: &Frame<'p>, is_app: bool, args: &Args<'p>) -> AppId {
        let prefix = args.keyword("prefix").filter(|_| !is_app).map(|it| it.as_text("prefix")).unwrap_or_default();
        self.heap.app(App { is_app, prefix, parts: Vec::new(), place: args.place })
    }

    pub(super) fn app_method(&mut self, frame: &mut Frame<'p>, id: AppId, name: &str, args: &Args<'p>) -> Value<'p> {
        let path = || args.get(0, "path").map(|it| it.as_text("path")).unwrap_or_default();
        let words = |at, name| args.expr(at, name).map(|id| frame.words(id)).unwrap_or_default();
        let is_conditional = self.conditions > 0;
        let part = match name {
            "include_router" => AppPart {
                kind: AppPartKind::Include(args.get(0, "router").cloned().unwrap_or_default()),
                path: args.keyword("prefix").map(|it| it.as_text("prefix")).unwrap_or_default(),
                place: args.place,
                is_conditional,
                words: words(0, "router"),
            },
            "mount" => AppPart {
                kind: AppPartKind::Mount(args.get(1, "app").cloned().unwrap_or_default()),
                path: path(),
                place: args.place,
                is_conditional,
                words: words(1, "app"),
            },
            "add_api_route" | "add_route" => AppPart {
                kind: AppPartKind::Route(
                    self.methods_in(args),
                    args.get(1, "endpoint").cloned().unwrap_or_default(),
                    args.text(usize::MAX, "name"),
                ),
                path: path(),
                place: args.place,
                is_conditional,
                words: words(1, "endpoint"),
            },
            "add_api_websocket_route" | "add_websocket_route" => AppPart {
                kind: AppPartKind::Socket(args.get(1, "endpoint").cloned().unwrap_or_default()),
                path: path(),
                place: args.place,
                is_conditional,
                words: words(1, "endpoint"),
            },
            "api_route" | "route" => return self.operation(id, self.methods_in(args), false, args),
            "websocket" | "websocket_route" => return self.operation(id, None, true, args),
            other => {
                let method = Methods::named(other).filter(|_| other.bytes().all(|it| it.is_ascii_lowercase()));
                return match method {
                    Some(method) => self.operation(id, Some(method), false, args),
                    None => Value::Unknown,
                };
            }
        };
        self.heap.add(id, part);
        Value::None
    }

    fn operation(&self, id: AppId, methods: Option<Methods>, is_socket: bool, args: &Args<'p>) -> Value<'p> {
        let operation = Operation {
            methods,
            is_socket,
            path: args.get(0, "path").map(|it| it.as_text("path")).unwrap_or_default(),
            name: args.text(usize::MAX, "name"),
            range: args.place.range,
        };
        Value::Operation(operation.into(), id)
    }

    /// `methods=["GET", "POST"]`
    fn methods_in(&self, args: &Args<'p>) -> Option<Methods> {
        let Some(list) = args.keyword("methods") else { return Some(Methods::GET) };
        let members = self.members(list)?;
        members.iter().map(|it| Methods::named(it.whole()?)).try_fold(Methods::empty(), |all, it| Some(all | it?))
    }
}

/// What stands before the routes of an application.
struct Above {
    pieces: Vec<Piece>,
    is_conditional: bool,
    open: Vec<AppId>,
}

impl<'p> Expander<'_, '_, 'p> {
    /// The routes of all applications that no other application holds.
    pub(super) fn applications(&mut self, found: &mut Routes<'p>) {
        for (place, words) in self.it.lost.clone() {
            self.add_gap(&[], place, &words, false);
        }
        let apps = &self.it.heap.apps;
        let inner: Vec<AppId> = apps
            .iter()
            .flat_map(|app| &app.parts)
            .filter_map(|part| match part.kind {
                AppPartKind::Mount(Value::App(id)) | AppPartKind::Include(Value::App(id)) => Some(id),
                _ => None,
            })
            .collect();
        let roots: Vec<AppId> = (0..apps.len())
            .map(AppId)
            .filter(|id| apps.get(id.0).is_some_and(|app| app.is_app && !app.parts.is_empty()) && !inner.contains(id))
            .collect();
        for id in roots {
            let Some(place) = self.it.heap.apps.get(id.0).map(|app| app.place) else { continue };
            self.root = found.roots.len();
            found.roots.push(Root { path: place.path, kind: RootKind::Application, range: place.range });
            let above = Above { pieces: Vec::new(), is_conditional: false, open: Vec::new() };
            self.app(id, &above, found);
        }
    }

    fn app(&mut self, id: AppId, above: &Above, found: &mut Routes<'p>) {
        if above.open.contains(&id) || above.open.len() > DEPTH {
            return;
        }
        let Some(app) = self.it.heap.apps.get(id.0).cloned() else { return };
        let mut base = above.pieces.clone();
        base.extend(braced_pieces(&app.prefix));
        let mut open = above.open.clone();
        open.push(id);
        for part in &app.parts {
            let pieces = [base.clone(), braced_pieces(&part.path)].concat();
            let is_conditional = above.is_conditional || part.is_conditional;
            let below = || Above { pieces: pieces.clone(), is_conditional, open: open.clone() };
            match &part.kind {
                AppPartKind::Route(methods, view, name) => {
                    self.add_operation(&pieces, *methods, view, name.clone(), part.place, is_conditional);
                }
                AppPartKind::Socket(view) => {
                    let answer = self.it.answer(view, &part.words);
                    found.sockets.push(SocketRoute {
                        path: path_of(&pieces),
                        place: part.place,
                        consumer: answer.view,
                        consumer_name: answer.name,
                        is_conditional,
                    });
                }
                AppPartKind::Include(Value::App(inner)) | AppPartKind::Mount(Value::App(inner)) => {
                    self.app(*inner, &below(), found);
                }
                AppPartKind::Include(_) => self.add_gap(&pieces, part.place, &part.words, is_conditional),
                AppPartKind::Mount(_) if part.path == Text::default() || part.path.whole() == Some("/") => {
                    // Files of the client, after all routes.
                    self.add_gap(&pieces, part.place, &part.words, true);
                }
                AppPartKind::Mount(_) => self.add_gap(&pieces, part.place, &part.words, is_conditional),
            }
        }
    }
}
