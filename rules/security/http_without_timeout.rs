//! See [`RULE`].

use arrears_core::rule::{Preset, RuleMeta};
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{ancestors, descendants, field, parts, range, text};
use arrears_syntax::python::{callee, keyword, positional};
use tree_sitter::Node;

rule! {
    /// Finds outgoing requests without a timeout.
    ///
    /// Neither requests nor urllib has one by default. A partner whose server accepts connections and does not answer
    /// takes one worker of yours with each request, until none is left; nothing is logged, for nothing fails.
    ///
    /// ```python bad
    /// import requests
    ///
    /// def rates():
    ///     return requests.get("https://bank.example/rates").json()
    /// ```
    /// ```python good
    /// import requests
    ///
    /// def rates():
    ///     return requests.get("https://bank.example/rates", timeout=10).json()
    /// ```
    ///
    /// Looked at: functions of requests, sessions of requests that the same file makes, `urlopen`, and httpx where its
    /// timeout is turned off. Not flagged: a call with `**kwargs`, which may hold one; a session with an adapter of the
    /// project; a file in which a default is set for sockets. Scripts and management commands, where somebody waits
    /// and can interrupt, belong to the preset `strict`. Ruff (S113) and Bandit (B113) see the functions of requests and
    /// httpx, not sessions or `urlopen`.
    pub(crate) const RULE = {
        code: "security/http-without-timeout",
        summary: "outgoing request waits without end",
        check: Check::File { language: Family::Python, kinds: &["call"], run: check },
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION),
        mentions: &["requests", "urlopen", "httpx"],
    }
}

/// The functions of requests and the methods of its sessions that send.
const SENDS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "request"];

/// Who sends, and what is missing.
struct Request {
    name: String,
    /// Whether the timeout is turned off by `timeout=None`.
    is_off: bool,
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    if source.contains("setdefaulttimeout") {
        return;
    }
    let is_tool =
        |it: &str| matches!(it, "docs" | "tools" | "bin" | "scripts" | "examples" | "example" | "hack" | "ci");
    let path = &ctx.source().path;
    let is_script = ctx.source().roles.contains(Roles::COMMAND)
        || path.folders().any(|it| is_tool(it) || it.to_ascii_lowercase().contains("archive"));
    let sessions = Sessions::read(ctx);
    for note in ctx.noted() {
        let Some(request) = request(note.node, ctx, &sessions) else { continue };
        let head = field(note.node, "function").map_or_else(|| range(note.node), range);
        let name = request.name;
        let message = if request.is_off {
            format!("`{name}` has its timeout turned off: it waits for as long as the other side likes")
        } else {
            format!("`{name}` has no timeout: it waits for as long as the other side likes")
        };
        let finding = ctx.report(head, message);
        finding.help("pass `timeout=`, in seconds");
        if is_script {
            finding.preset(Preset::Strict);
        }
    }
}

fn request(call: Node<'_>, ctx: &FileContext<'_, '_>, sessions: &Sessions) -> Option<Request> {
    let source = ctx.text();
    let written = callee(call, source)?;
    let at = range(call).start();
    let names = &ctx.python().names;
    let known = names.canonical(written, at);
    let last = known.rsplit('.').next().unwrap_or(&known);
    if has_splat(call) {
        return None;
    }
    let timeout = keyword(call, "timeout", source);
    let is_off = timeout.is_some_and(|it| it.kind() == "none");
    let owner = known.strip_suffix(last).and_then(|it| it.strip_suffix('.')).unwrap_or("");
    let sends = match owner {
        "requests" | "requests.api" => SENDS.contains(&last) && (timeout.is_none() || is_off),
        "urllib.request" | "urllib2" => {
            last == "urlopen" && (timeout.is_none() || is_off) && positional(call).nth(2).is_none()
        }
        "httpx" => (SENDS.contains(&last) || matches!(last, "Client" | "AsyncClient" | "stream")) && is_off,
        _ => {
            let written_owner = written.rsplit_once('.').map_or("", |(owner, _)| owner);
            SENDS.contains(&last) && (timeout.is_none() || is_off) && sessions.has(written_owner, range(call))
        }
    };
    sends.then(|| Request { name: written.to_owned(), is_off })
}

fn has_splat(call: Node<'_>) -> bool {
    field(call, "arguments")
        .into_iter()
        .flat_map(parts)
        .any(|it| matches!(it.kind(), "dictionary_splat" | "list_splat"))
}

/// The variables of a file that hold plain sessions of requests.
struct Sessions {
    /// The name as it is written, and where it holds: a function, a class for `self.…`, the file.
    held: Vec<(String, TextRange)>,
}

impl Sessions {
    fn read(ctx: &FileContext<'_, '_>) -> Self {
        let source = ctx.text();
        let mut held = Vec::new();
        // An adapter of the project may add what is missing; that of requests only counts retries.
        let has_adapter = source.contains(".mount(") && !source.contains("import HTTPAdapter")
            || source.contains("(HTTPAdapter)")
            || source.contains("imeoutAdapter");
        if !source.contains("ession(") || has_adapter {
            return Self { held };
        }
        for note in ctx.noted() {
            let Some(name) = callee(note.node, source) else { continue };
            let known = ctx.python().names.canonical(name, range(note.node).start());
            if !matches!(&*known, "requests.Session" | "requests.session" | "requests.sessions.Session") {
                continue;
            }
            if let Some((name, scope)) = holder(note.node, source) {
                held.push((name, scope));
            }
        }
        // A default that is set by hand: `session.request = partial(session.request, timeout=5)`.
        held.retain(|(name, _)| !source.contains(&format!("{name}.request = ")));
        Self { held }
    }

    fn has(&self, name: &str, place: TextRange) -> bool {
        self.held.iter().any(|(held, scope)| held == name && scope.contains(place))
    }
}

/// Returns the variable that a session is put into, and where the variable holds.
fn holder(call: Node<'_>, source: &str) -> Option<(String, TextRange)> {
    let mut name = None;
    for around in ancestors(call).take(64) {
        match around.kind() {
            "assignment" if name.is_none() => {
                let target = field(around, "left")?;
                matches!(target.kind(), "identifier" | "attribute").then_some(())?;
                name = Some(text(target, source).to_owned());
            }
            "as_pattern" if name.is_none() => {
                let target = descendants(around).find(|it| it.kind() == "as_pattern_target")?;
                name = Some(text(target, source).to_owned());
            }
            "function_definition" if name.as_ref().is_some_and(|it| !it.starts_with("self.")) => {
                return Some((name?, range(around)));
            }
            "class_definition" if name.as_ref().is_some_and(|it| it.starts_with("self.")) => {
                return Some((name?, range(around)));
            }
            "module" => return Some((name?, range(around))),
            _ => {}
        }
    }
    None
}
