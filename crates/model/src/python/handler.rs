//! `except` clauses: what they catch, what becomes of it, and what the `try` body could have raised.

use arrears_core::diagnostic::{Edit, Fix};
use arrears_core::text::TextRange;
use arrears_syntax::node::{children, descendants, field, fields, parts, range, text};
use arrears_syntax::python::{callee, dotted, is_constant, statements};
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

use crate::python::FunctionId;
use crate::python::handling::{Outcome, of_call, takes_exception};
use crate::python::names::Names;

/// How much a handler catches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Breadth {
    /// Named exceptions.
    Narrow,
    /// A constant of another module; the model knows what it holds.
    Imported,
    /// `Exception`.
    Broad,
    /// `BaseException`.
    Base,
    /// `except:`
    Bare,
}

/// How a handler discards what it caught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Silence {
    /// `pass` or `...`
    Pass,
    /// `continue`
    Continue,
    /// `break`
    Break,
    /// `return` of nothing or of a constant.
    Return,
}

bitflags::bitflags! {
    /// Where a handler stands.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct Setting: u16 {
        /// The `try` lies in a `finally` clause.
        const IN_FINALLY = 1;
        /// The `try` body does nothing but import.
        const GUARDS_IMPORT = 1 << 1;
        /// In `__del__` or `__exit__`, where an exception has nowhere to go.
        const IN_FINALIZER = 1 << 2;
        /// Inside a loop of the same function.
        const IN_LOOP = 1 << 3;
        /// Inside `transaction.atomic`, as block or decorator, with no inner `atomic` in the `try` body.
        const IN_ATOMIC = 1 << 4;
        /// The `try` body only releases something: `close`, `unlink`, `release`, `rollback` …
        const CLEANS_UP = 1 << 5;
        /// Every path of the body leaves the function or raises.
        const LEAVES = 1 << 6;
        /// A comment in the body says why.
        const COMMENTED = 1 << 7;
        /// The `try` body writes to the database, or calls something that could.
        const TRIES_WRITE = 1 << 9;
        /// In a branch that only runs with `settings.DEBUG`.
        const IN_DEBUG = 1 << 8;
    }
}

/// One `except` clause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Handler {
    /// From `except` to before the colon.
    pub clause: TextRange,
    /// The body.
    pub body: TextRange,
    /// The whole `try` statement.
    pub statement: TextRange,
    /// The caught names as they are written.
    pub types: Vec<TextRange>,
    /// How much is caught.
    pub breadth: Breadth,
    /// Whether it is `except*`.
    pub is_group: bool,
    /// The name after `as`.
    pub binding: Option<String>,
    /// What becomes of the exception, as far as the body itself tells.
    pub outcome: Outcome,
    /// How the exception is discarded, where nothing else is done.
    pub silence: Option<Silence>,
    /// The calls in the body, whose functions may do more.
    pub calls: Vec<TextRange>,
    /// The calls that get the exception object itself; the model knows what those of the project do with it.
    pub given_to: Vec<TextRange>,
    /// The function around it.
    pub function: Option<FunctionId>,
    /// The exceptions that the `try` body is known to raise, where all of it is known.
    pub expected: Vec<String>,
    /// Where it stands.
    pub setting: Setting,
}

impl Handler {
    /// Returns whether it catches every exception, as far as this module tells.
    pub fn is_broad(&self) -> bool {
        matches!(self.breadth, Breadth::Broad | Breadth::Base | Breadth::Bare)
    }

    /// Returns whether its own body raises, records or hands on what it caught.
    pub fn is_handled(&self) -> bool {
        self.outcome.intersects(Outcome::RAISES | Outcome::RECORDS | Outcome::HANDS_ON | Outcome::STORES)
    }
}

impl Handler {
    /// Returns the clause as it is written, on one line and not too long.
    pub fn shown(&self, source: &str) -> String {
        let line = self.clause.slice(source).split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= 60 { line } else { format!("{}…", line.chars().take(59).collect::<String>()) }
    }

    /// Returns the change that catches what the `try` body raises, where the one caught type can simply be replaced.
    pub fn narrowed(&self, source: &str) -> Option<Fix> {
        let ([caught], false) = (self.types.as_slice(), self.expected.is_empty()) else { return None };
        let is_at_hand = |name: &String| !name.contains('.') || name.ends_with(".DoesNotExist");
        if !self.expected.iter().all(is_at_hand) || caught.slice(source) != "Exception" {
            return None;
        }
        let types = match self.expected.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(", ")),
        };
        Some(Fix::suggestion(format!("Catch `{types}`"), Edit::replace(*caught, types)))
    }
}

/// Reads one clause. `enclosing` are the scopes around it, the `try` first.
pub(crate) fn read<'t>(
    clause: Node<'t>,
    enclosing: impl Iterator<Item = Node<'t>>,
    function: Option<FunctionId>,
    names: &Names,
    source: &str,
) -> Option<Handler> {
    let enclosing: Vec<Node<'t>> = enclosing.collect();
    let statement = enclosing.iter().copied().find(|scope| scope.kind() == "try_statement")?;
    let body = children(clause).filter(|child| child.kind() == "block").last()?;
    let caught = caught_types(clause, source);
    let binding = caught.binding.map(|node| text(node, source).to_owned());
    let Fate { outcome, calls, given_to } = fate_of(body, binding.as_deref(), source);
    let breadth = if caught.types.is_empty() && !caught.is_dynamic {
        Breadth::Bare
    } else {
        breadth_of(&caught.types, names, source)
    };
    let is_broad = breadth > Breadth::Imported;
    let try_body = field(statement, "body");
    let mut setting = setting_of(&enclosing, source);
    setting.set(Setting::GUARDS_IMPORT, try_body.is_some_and(only_imports));
    setting.set(Setting::CLEANS_UP, try_body.is_some_and(|body| only_cleans_up(body, source)));
    setting.set(Setting::TRIES_WRITE, try_body.is_some_and(|body| tries_write(body, source)));
    setting.set(Setting::COMMENTED, descendants(clause).any(|node| node.kind() == "comment"));
    setting.set(Setting::LEAVES, leaves(body, 0));
    if try_body
        .is_some_and(|body| descendants(body).any(|node| node.kind() == "with_statement" && opens_atomic(node, source)))
    {
        setting.remove(Setting::IN_ATOMIC);
    }
    let mut expected = Vec::new();
    if let Some(body) = try_body.filter(|_| is_broad) {
        expected = expected_types(body, names, source);
        // What an earlier clause of the same `try` catches does not get here.
        let siblings =
            children(statement).filter(|it| it.kind() == "except_clause" && it.end_byte() <= clause.start_byte());
        let caught: Vec<Node<'_>> = siblings.flat_map(|it| caught_types(it, source).types).collect();
        expected.retain(|name| !caught.iter().any(|node| text(*node, source) == name));
    }
    Some(Handler {
        clause: header(clause),
        body: range(body),
        statement: range(statement),
        types: caught.types.iter().map(|node| range(*node)).collect(),
        breadth,
        is_group: text(clause, source).starts_with("except*") || text(clause, source).starts_with("except *"),
        binding,
        outcome,
        given_to,
        silence: if outcome.is_empty() { silence_of(body, source) } else { None },
        calls,
        function,
        expected,
        setting,
    })
}

/// Returns a clause or statement up to its colon.
pub(crate) fn header(node: Node<'_>) -> TextRange {
    let mut cursor = node.walk();
    let colon = node.children(&mut cursor).filter(|child| child.kind() == ":").last();
    let end = colon.map_or(range(node).end(), |colon| range(colon).start());
    TextRange::new(range(node).start(), end)
}

struct Caught<'t> {
    types: Vec<Node<'t>>,
    binding: Option<Node<'t>>,
    is_dynamic: bool,
}

fn caught_types<'t>(clause: Node<'t>, source: &str) -> Caught<'t> {
    let mut caught = Caught { types: Vec::new(), binding: None, is_dynamic: false };
    for (at, value) in fields(clause, "value").into_iter().enumerate() {
        let mut value = value;
        if value.kind() == "as_pattern" {
            caught.binding = field(value, "alias").and_then(|target| children(target).next().or(Some(target)));
            let Some(inner) = parts(value).next() else { continue };
            value = inner;
        }
        // Python 2 wrote `except Error, e`; since 3.14 the same text is a tuple of types.
        if at == 1
            && value.kind() == "identifier"
            && text(value, source).starts_with(|first: char| first.is_ascii_lowercase())
        {
            caught.binding = Some(value);
            continue;
        }
        collect_types(value, &mut caught, 0);
    }
    caught
}

fn collect_types<'t>(node: Node<'t>, caught: &mut Caught<'t>, depth: u32) {
    match node.kind() {
        "identifier" | "attribute" => caught.types.push(node),
        "tuple" | "list" | "parenthesized_expression" | "binary_operator" | "list_splat" | "expression_list"
            if depth < 8 =>
        {
            for part in parts(node) {
                collect_types(part, caught, depth + 1);
            }
        }
        _ => caught.is_dynamic = true,
    }
}

fn breadth_of(types: &[Node<'_>], names: &Names, source: &str) -> Breadth {
    types
        .iter()
        .map(|node| breadth_of_name(text(*node, source), range(*node).start(), names))
        .max()
        .unwrap_or(Breadth::Narrow)
}

fn breadth_of_name(path: &str, at: u32, names: &Names) -> Breadth {
    if let Some(members) = names.tuple(path) {
        return members
            .iter()
            .map(|member| plain_breadth(&names.canonical(member, at)))
            .max()
            .unwrap_or(Breadth::Narrow);
    }
    let canonical = names.canonical(path, at);
    match plain_breadth(&canonical) {
        Breadth::Narrow if canonical != path && is_constant_name(&canonical) => Breadth::Imported,
        breadth => breadth,
    }
}

/// Returns how much a fully resolved name catches.
pub fn plain_breadth(canonical: &str) -> Breadth {
    match canonical {
        "Exception" => Breadth::Broad,
        "BaseException" => Breadth::Base,
        _ => Breadth::Narrow,
    }
}

fn is_constant_name(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    name.len() == 1
        || !name.bytes().any(|byte| byte.is_ascii_lowercase())
        || name.starts_with(|first: char| first.is_ascii_lowercase())
}

/// What a body does with what was caught.
#[derive(Default)]
struct Fate {
    outcome: Outcome,
    calls: Vec<TextRange>,
    given_to: Vec<TextRange>,
}

fn fate_of(body: Node<'_>, binding: Option<&str>, source: &str) -> Fate {
    let mut fate = Fate::default();
    let mut nodes = descendants(body);
    while let Some(node) = nodes.next() {
        match node.kind() {
            "function_definition" | "class_definition" | "lambda" => nodes.skip_children(),
            "raise_statement" => fate.outcome |= raise_outcome(node, source),
            "call" => fate.add_call(node, binding, source),
            "assignment" | "return_statement" | "yield"
                if binding.is_some_and(|name| gives_away(node, name, source)) =>
            {
                fate.outcome |= Outcome::STORES;
            }
            "string_content" if is_health_word(text(node, source)) => fate.outcome |= Outcome::HEALTH,
            _ => {}
        }
    }
    fate
}

impl Fate {
    fn add_call(&mut self, call: Node<'_>, binding: Option<&str>, source: &str) {
        self.outcome |= of_call(call, source);
        let is_given = binding.is_some_and(|name| takes_exception(call, name, source));
        match field(call, "function").filter(|function| dotted(*function, source).is_some()) {
            Some(function) => {
                self.calls.push(range(function));
                if is_given {
                    self.given_to.push(range(function));
                }
            }
            None if is_given => self.outcome |= Outcome::STORES,
            None => {}
        }
    }
}

fn raise_outcome(raise: Node<'_>, source: &str) -> Outcome {
    let raised = parts(raise).next().map_or("", |value| text(value, source));
    let exits = ["SystemExit", "CommandError", "KeyboardInterrupt"].iter().any(|name| raised.starts_with(name));
    if exits { Outcome::RAISES | Outcome::EXITS } else { Outcome::RAISES }
}

fn gives_away(node: Node<'_>, binding: &str, source: &str) -> bool {
    let value = if node.kind() == "assignment" { field(node, "right") } else { parts(node).next() };
    let Some(value) = value else { return false };
    let is_binding = |node: Node<'_>| node.kind() == "identifier" && text(node, source) == binding;
    is_binding(value) || matches!(value.kind(), "tuple" | "expression_list") && parts(value).any(is_binding)
}

fn is_health_word(word: &str) -> bool {
    matches!(word, "unhealthy" | "healthy" | "is_healthy" | "degraded" | "unavailable" | "disconnected")
}

fn silence_of(body: Node<'_>, source: &str) -> Option<Silence> {
    let mut last = None;
    for statement in statements(body) {
        last = Some(match statement.kind() {
            "pass_statement" => Silence::Pass,
            "continue_statement" => Silence::Continue,
            "break_statement" => Silence::Break,
            "return_statement" if parts(statement).all(|value| is_empty_value(value, source)) => Silence::Return,
            "expression_statement" if parts(statement).all(is_constant) => Silence::Pass,
            _ => return None,
        });
    }
    last
}

fn is_empty_value(value: Node<'_>, source: &str) -> bool {
    let is_empty_call =
        value.kind() == "call" && matches!(text(value, source), "dict()" | "list()" | "set()" | "tuple()" | "str()");
    is_constant(value) || is_empty_call
}

fn setting_of(enclosing: &[Node<'_>], source: &str) -> Setting {
    let mut setting = Setting::empty();
    for scope in enclosing {
        match scope.kind() {
            "finally_clause" => setting |= Setting::IN_FINALLY,
            "for_statement" | "while_statement" => setting |= Setting::IN_LOOP,
            "with_statement" if opens_atomic(*scope, source) => setting |= Setting::IN_ATOMIC,
            "if_statement"
                if field(*scope, "condition").is_some_and(|test| text(test, source).contains("settings.DEBUG")) =>
            {
                setting |= Setting::IN_DEBUG;
            }
            "function_definition" => {
                let name = field(*scope, "name").map_or("", |name| text(name, source));
                setting.set(Setting::IN_FINALIZER, matches!(name, "__del__" | "__exit__" | "__aexit__"));
                let decorated = scope.parent().filter(|parent| parent.kind() == "decorated_definition");
                if decorated
                    .is_some_and(|outer| parts(outer).any(|it| it.kind() == "decorator" && is_atomic(text(it, source))))
                {
                    setting |= Setting::IN_ATOMIC;
                }
                break;
            }
            _ => {}
        }
    }
    setting
}

/// Returns whether a `with` statement opens `transaction.atomic`.
pub fn opens_atomic(with: Node<'_>, source: &str) -> bool {
    let clause = children(with).find(|child| child.kind() == "with_clause");
    clause.is_some_and(|clause| parts(clause).any(|item| is_atomic(text(item, source))))
}

/// Returns whether the text of a decorator or context manager is `transaction.atomic`, called or not.
pub fn is_atomic(text: &str) -> bool {
    let name = text.trim_start_matches('@').split('(').next().unwrap_or("").trim();
    let name = name.split_whitespace().next().unwrap_or("");
    name == "atomic"
        || name == "transaction.atomic"
        || name.ends_with(".transaction.atomic")
        || name == "db_transaction.atomic"
}

fn only_imports(body: Node<'_>) -> bool {
    let mut found = false;
    let all = statements(body).all(|statement| {
        let imports =
            matches!(statement.kind(), "import_statement" | "import_from_statement" | "future_import_statement");
        found |= imports;
        imports || statement.kind() == "pass_statement" || is_plain_assignment(statement)
    });
    all && found
}

fn is_plain_assignment(statement: Node<'_>) -> bool {
    statement.kind() == "expression_statement"
        && parts(statement).all(|it| {
            it.kind() == "assignment"
                && field(it, "right").is_some_and(|value| is_constant(value) || value.kind() == "identifier")
        })
}

fn only_cleans_up(body: Node<'_>, source: &str) -> bool {
    let mut calls = descendants(body).filter(|node| node.kind() == "call").peekable();
    calls.peek().is_some()
        && statements(body).count() <= 3
        && calls.all(|call| {
            let name = arrears_syntax::python::called_name(call, source).unwrap_or("");
            let name = name.trim_start_matches('_');
            matches!(
                name,
                "close"
                    | "aclose"
                    | "release"
                    | "unlink"
                    | "remove"
                    | "rmtree"
                    | "terminate"
                    | "kill"
                    | "cancel"
                    | "shutdown"
                    | "disconnect"
                    | "rollback"
                    | "cleanup"
                    | "stop"
                    | "delete"
                    | "quit"
                    | "join"
                    | "exists"
                    | "is_alive"
                    | "flush"
                    | "unsubscribe"
                    | "clear"
            )
        })
}

fn tries_write(body: Node<'_>, source: &str) -> bool {
    descendants(body).filter(|node| node.kind() == "call").any(|call| {
        matches!(
            arrears_syntax::python::called_name(call, source).unwrap_or(""),
            "save"
                | "create"
                | "update"
                | "delete"
                | "get_or_create"
                | "update_or_create"
                | "bulk_create"
                | "bulk_update"
                | "execute"
                | "add"
                | "set"
                | "remove"
                | "clear"
        ) && !matches!(
            arrears_syntax::python::receiver(call).map(|object| text(object, source)),
            None | Some("cache" | "os")
        )
    })
}

/// Returns whether every path through a block raises or leaves the function or loop.
fn leaves(block: Node<'_>, depth: u32) -> bool {
    let Some(last) = statements(block).last() else { return false };
    match last.kind() {
        "raise_statement" | "return_statement" | "continue_statement" | "break_statement" => true,
        "if_statement" if depth < 16 => {
            let branches: Vec<_> = std::iter::once(last).chain(fields(last, "alternative")).collect();
            let has_else = branches.iter().any(|branch| branch.kind() == "else_clause");
            let block_of = |branch: Node<'_>| {
                field(branch, "consequence")
                    .or_else(|| field(branch, "body"))
                    .is_some_and(|block| leaves(block, depth + 1))
            };
            has_else && branches.into_iter().all(block_of)
        }
        "with_statement" if depth < 16 => field(last, "body").is_some_and(|block| leaves(block, depth + 1)),
        _ => false,
    }
}

/// Returns what a `try` body is known to raise, or nothing where some of it is not known.
fn expected_types(body: Node<'_>, names: &Names, source: &str) -> Vec<String> {
    let mut expected: Vec<String> = Vec::new();
    let mut nodes = descendants(body);
    while let Some(node) = nodes.next() {
        match node.kind() {
            "function_definition" | "class_definition" | "lambda" => nodes.skip_children(),
            "await" | "yield" | "raise_statement" | "for_statement" | "while_statement" | "with_statement" => {
                return Vec::new();
            }
            "import_statement" | "import_from_statement" => add(&mut expected, "ImportError"),
            "subscript" => match field(node, "subscript").map(|key| key.kind()) {
                Some("string") => add(&mut expected, "KeyError"),
                Some("integer" | "unary_operator") => add(&mut expected, "IndexError"),
                _ => {}
            },
            "call" => {
                let types = contract_of(node, names, source);
                if types.is_empty() && !is_harmless(node, source) {
                    return Vec::new();
                }
                types.iter().for_each(|name| add(&mut expected, name));
            }
            _ => {}
        }
    }
    if expected.len() > 4 {
        expected.clear();
    }
    expected
}

fn add(expected: &mut Vec<String>, name: &str) {
    if !expected.iter().any(|known| known == name) {
        expected.push(name.to_owned());
    }
}

fn contract_of(call: Node<'_>, names: &Names, source: &str) -> Vec<String> {
    let Some(path) = callee(call, source) else {
        let method = arrears_syntax::python::called_name(call, source).unwrap_or("");
        return method_contract(method).iter().map(|name| (*name).to_owned()).collect();
    };
    let canonical = names.canonical(path, range(call).start());
    if let Some(model) = path.strip_suffix(".objects.get") {
        return vec![format!("{model}.DoesNotExist")];
    }
    // `str(data, "utf-8")` decodes, and takes no text; `str(data)` takes anything.
    let known: &[&str] = match canonical.as_ref() {
        "str" if field(call, "arguments").is_some_and(|given| parts(given).count() > 1) => &["TypeError", "ValueError"],
        path => function_contract(path),
    };
    let known =
        if known.is_empty() { method_contract(path.rsplit_once('.').map_or("", |(_, name)| name)) } else { known };
    known.iter().map(|name| (*name).to_owned()).collect()
}

fn function_contract(canonical: &str) -> &'static [&'static str] {
    match canonical {
        "json.loads"
        | "json.load"
        | "uuid.UUID"
        | "datetime.datetime.fromisoformat"
        | "datetime.date.fromisoformat"
        | "datetime.datetime.strptime"
        | "ipaddress.ip_address"
        | "ipaddress.ip_network" => &["ValueError"],
        "int" | "float" => &["TypeError", "ValueError"],
        "decimal.Decimal" => &["decimal.InvalidOperation"],
        "ast.literal_eval" => &["ValueError", "SyntaxError"],
        "open"
        | "os.remove"
        | "os.unlink"
        | "os.makedirs"
        | "os.mkdir"
        | "os.stat"
        | "os.listdir"
        | "os.rename"
        | "os.chmod"
        | "os.kill"
        | "os.path.getsize"
        | "os.path.getmtime"
        | "shutil.rmtree"
        | "shutil.copy"
        | "shutil.copyfile"
        | "shutil.move"
        | "socket.gethostbyname"
        | "socket.create_connection"
        | "PIL.Image.open" => &["OSError"],
        "subprocess.run" | "subprocess.check_output" | "subprocess.check_call" => {
            &["OSError", "subprocess.SubprocessError"]
        }
        "importlib.import_module" | "django.utils.module_loading.import_string" => &["ImportError"],
        "base64.b64decode" => &["binascii.Error"],
        "yaml.safe_load" | "yaml.load" => &["yaml.YAMLError"],
        "django.urls.reverse" => &["NoReverseMatch"],
        "django.core.validators.validate_email" => &["ValidationError"],
        "django.core.mail.send_mail" | "smtplib.SMTP" => &["smtplib.SMTPException", "OSError"],
        "jwt.decode" => &["jwt.PyJWTError"],
        "pickle.loads" => &["pickle.UnpicklingError"],
        "urllib.request.urlopen" => &["urllib.error.URLError"],
        "zipfile.ZipFile" => &["zipfile.BadZipFile"],
        "xml.etree.ElementTree.fromstring" | "xml.etree.ElementTree.parse" => &["xml.etree.ElementTree.ParseError"],
        "django.apps.apps.get_model" => &["LookupError"],
        "importlib.metadata.version" => &["importlib.metadata.PackageNotFoundError"],
        _ if canonical.starts_with("requests.") => &["requests.RequestException"],
        _ if canonical.starts_with("httpx.") => &["httpx.HTTPError"],
        _ => &[],
    }
}

fn method_contract(name: &str) -> &'static [&'static str] {
    match name {
        "strptime" | "fromisoformat" => &["ValueError"],
        "full_clean" | "clean_fields" => &["ValidationError"],
        "raise_for_status" => &["requests.HTTPError"],
        "json" => &["ValueError"],
        "group_send" | "decode" => &[],
        _ => &[],
    }
}

fn is_harmless(call: Node<'_>, source: &str) -> bool {
    let name = arrears_syntax::python::called_name(call, source).unwrap_or("");
    matches!(
        name,
        "str"
            | "len"
            | "strip"
            | "lower"
            | "upper"
            | "get"
            | "items"
            | "keys"
            | "values"
            | "append"
            | "format"
            | "join"
            | "split"
            | "replace"
            | "bool"
            | "isinstance"
            | "startswith"
            | "endswith"
            | "list"
            | "dict"
            | "set"
            | "tuple"
            | "rstrip"
            | "lstrip"
            | "now"
            | "encode"
            | "read"
            | "write"
            | "print"
            | "debug"
            | "info"
            | "warning"
            | "repr"
            | "hasattr"
            | "getattr"
    )
}
