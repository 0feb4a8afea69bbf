//! Functions: their names, decorators and bodies, as far as other files ask for them.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::python::{body_statements, called_name, docstring, dotted, is_constant, string_value};
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

use crate::python::handling::{Outcome, is_log_method, is_logger};
use crate::python::placeholder::{admission, announcement, confesses, explains_emptiness, is_left_to_others, plain};
use crate::python::task::{TaskBody, looks_like_task, read_body};
use crate::python::{ClassId, FunctionId};

bitflags::bitflags! {
    /// What a function is.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(transparent)]
    pub struct Traits: u16 {
        /// `async def`
        const ASYNC = 1;
        /// Defined for want of an import: under `except ImportError` or an `if` at the top of the module.
        const FALLBACK = 1 << 1;
        /// Meant to be empty or overridden: `@abstractmethod`, `@overload`, a member of a `Protocol`, `Mock…`, `Null…` or `Noop…` class.
        const ABSTRACT = 1 << 2;
        /// The docstring or a comment says why the body is empty.
        const EXPLAINED = 1 << 3;
    }
}

/// A function or method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// The whole function, decorators left out.
    pub range: TextRange,
    /// The class it is a method of.
    pub class: Option<ClassId>,
    /// The function it is nested in.
    pub outer: Option<FunctionId>,
    /// Its decorators, from the top.
    pub decorators: Vec<Decorator>,
    /// What it is.
    pub traits: Traits,
    /// What its own statements do with exceptions: raise on every path, record a traceback.
    pub outcome: Outcome,
    /// Why its body counts as empty.
    pub stub: Option<Stub>,
    /// Where its body stops at a placeholder after some real statements.
    pub unfinished: Option<Admission>,
    /// What its body says of itself, where it looks like a Celery task.
    pub task_body: Option<TaskBody>,
}

/// A decorator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decorator {
    /// The dotted name, as it is written.
    pub path: String,
    /// The dotted name in the text.
    pub range: TextRange,
    /// Keyword arguments whose values are literals or names: `name="shop.send"`.
    pub keywords: Vec<(String, String)>,
    /// The keyword arguments whose values are neither literals nor known otherwise: `name=PREFIX + "send"`.
    pub computed: Vec<String>,
    /// The first positional argument, as it is written.
    pub argument: Option<String>,
}

/// A body that does nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stub {
    /// What stands there instead.
    pub kind: StubKind,
    /// The words by which it admits to be one.
    pub admission: Option<String>,
    /// The line that admits or announces that the work is missing, without its comment marks.
    pub evidence: Option<String>,
    /// The first line of the docstring.
    pub summary: Option<String>,
    /// Whether docstring or comments leave the body to subclasses.
    pub is_for_others: bool,
}

/// What stands in an empty body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StubKind {
    /// `pass`
    Pass,
    /// `...`
    Ellipsis,
    /// Only a docstring.
    Docstring,
    /// `return` or `return None`
    ReturnNone,
    /// `raise NotImplementedError`
    NotImplemented,
    /// Only logging or printing.
    LogOnly,
    /// `return` of a constant, possibly after logging.
    ReturnConstant,
    /// `return Response({...})` of constants.
    ConstantResponse,
}

impl StubKind {
    /// Returns whether the body is empty whatever its words and its name say.
    pub fn is_empty(self) -> bool {
        matches!(self, Self::Pass | Self::Ellipsis | Self::Docstring | Self::ReturnNone | Self::NotImplemented)
    }

    /// Returns what stands in the body, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Pass => "`pass`",
            Self::Ellipsis => "`...`",
            Self::Docstring => "only a docstring",
            Self::ReturnNone => "`return`",
            Self::NotImplemented => "`raise NotImplementedError`",
            Self::LogOnly => "only a log message",
            Self::ReturnConstant => "a constant",
            Self::ConstantResponse => "a constant response",
        }
    }

    /// Returns what becomes of a call of the function, in words.
    pub fn effect(self) -> &'static str {
        match self {
            Self::Pass | Self::Ellipsis | Self::Docstring | Self::ReturnNone => "does nothing",
            Self::NotImplemented => "raises NotImplementedError",
            Self::LogOnly => "only writes a message",
            Self::ReturnConstant | Self::ConstantResponse => "only returns a constant",
        }
    }
}

/// A place where somebody admits that something is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Admission {
    /// Where.
    pub range: TextRange,
    /// In which words.
    pub words: String,
}

/// Reads the parts of a function that need no names.
pub(crate) fn read(
    definition: Node<'_>,
    decorated: Option<Node<'_>>,
    class: Option<ClassId>,
    outer: Option<FunctionId>,
    source: &str,
) -> Option<Function> {
    let name = field(definition, "name")?;
    let decorators: Vec<Decorator> = decorated
        .into_iter()
        .flat_map(children)
        .filter(|it| it.kind() == "decorator")
        .filter_map(|it| decorator(it, source))
        .collect();
    let mut traits = Traits::empty();
    traits.set(Traits::ASYNC, text(definition, source).starts_with("async"));
    let is_abstract = |path: &str| {
        matches!(
            path.rsplit('.').next(),
            Some("abstractmethod" | "overload" | "abstractproperty" | "abstractclassmethod")
        )
    };
    traits.set(Traits::ABSTRACT, decorators.iter().any(|it| is_abstract(&it.path)));
    let stub = stub_of(definition, source);
    if stub.is_some() {
        traits.set(Traits::EXPLAINED, is_explained(definition, source));
    }
    let unfinished = if stub.is_none() { unfinished_at(definition, source) } else { None };
    let is_task = looks_like_task(&decorators) || class.is_some() && text(name, source) == "run";
    let task_body = is_task.then(|| read_body(definition, source));
    Some(Function {
        name: text(name, source).to_owned(),
        name_range: range(name),
        range: range(definition),
        class,
        outer,
        decorators,
        traits,
        outcome: if always_raises(definition, source) { Outcome::ALWAYS_RAISES } else { Outcome::empty() },
        stub,
        unfinished,
        task_body,
    })
}

fn decorator(node: Node<'_>, source: &str) -> Option<Decorator> {
    let expression = parts(node).next()?;
    let is_call = expression.kind() == "call";
    let name = if is_call { field(expression, "function")? } else { expression };
    let path = dotted(name, source)?.to_owned();
    let (mut keywords, mut computed, mut argument) = (Vec::new(), Vec::new(), None);
    let list = if is_call { field(expression, "arguments") } else { None };
    for part in list.into_iter().flat_map(parts) {
        if part.kind() == "keyword_argument" {
            if let (Some(name), Some(value)) = (field(part, "name"), field(part, "value")) {
                if !is_constant(value) {
                    computed.push(text(name, source).to_owned());
                }
                let value = string_value(value, source)
                    .map_or_else(|| text(value, source).to_owned(), std::borrow::Cow::into_owned);
                keywords.push((text(name, source).to_owned(), value));
            }
        } else if argument.is_none() {
            argument = Some(
                string_value(part, source).map_or_else(|| text(part, source).to_owned(), std::borrow::Cow::into_owned),
            );
        }
    }
    Some(Decorator { path, range: range(name), keywords, computed, argument })
}

fn always_raises(definition: Node<'_>, source: &str) -> bool {
    let last = body_statements(definition).last().copied();
    last.is_some_and(|last| last.kind() == "raise_statement" && !text(last, source).contains("NotImplementedError"))
}

/// Returns why a function's body does nothing, if it does nothing.
fn stub_of(definition: Node<'_>, source: &str) -> Option<Stub> {
    let statements = body_statements(definition);
    let kind = match statements.as_slice() {
        [] => StubKind::Docstring,
        [first, second, third, _, _, ..] if ![first, second, third].iter().all(|it| is_log(**it, source)) => {
            return None;
        }
        all => stub_kind(all, source)?,
    };
    let spoken = spoken(definition, source);
    let doc = docstring(definition).map(|doc| text(doc, source));
    let evidence = evidence(spoken, doc.unwrap_or("")).map(str::to_owned);
    let summary = doc.and_then(|doc| doc.lines().map(plain).find(|line| !line.is_empty())).map(str::to_owned);
    let words = admission(spoken).map(str::to_owned);
    Some(Stub { kind, admission: words, evidence, summary, is_for_others: is_left_to_others(spoken) })
}

/// Returns the line that gives an empty body away: of the docstring or a comment, or else of a message.
///
/// Strings that are data speak of the product's users: "implement proper privacy" in a list of tips admits nothing.
fn evidence<'s>(spoken: &'s str, doc: &'s str) -> Option<&'s str> {
    let after = spoken.find(doc).map_or(0, |at| at + doc.len());
    let code = &spoken[after..];
    let comments = code.lines().filter_map(|line| Some(&line[comment_start(line)?..]));
    let by_words = doc.lines().chain(comments).find_map(announcement);
    by_words.or_else(|| code.lines().find(|line| confesses(line)).map(plain))
}

fn comment_start(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    if line[indent..].starts_with('#') { Some(indent) } else { line.find(" # ").map(|at| at + 1) }
}

/// Returns the text after a function's header to the end of its last line: docstring, comments and messages are all
/// that an empty body has to say.
fn spoken<'s>(definition: Node<'_>, source: &'s str) -> &'s str {
    let header = field(definition, "return_type").or_else(|| field(definition, "parameters")).unwrap_or(definition);
    let colon = header.end_byte() + source[header.end_byte()..].find(':').unwrap_or(0);
    // A comment on the line of the header speaks to tools; the body's own begin on the next line.
    let body = field(definition, "body").map_or(definition.end_byte(), |body| body.start_byte());
    let first_line = colon + source[colon..].find('\n').unwrap_or(0);
    let start = first_line.min(body);
    let end = definition.end_byte();
    let last_line = source[end..].find('\n').map_or(source.len(), |length| end + length);
    source.get(start..last_line).unwrap_or("")
}

fn stub_kind(statements: &[Node<'_>], source: &str) -> Option<StubKind> {
    let (logs, rest): (Vec<Node<'_>>, Vec<Node<'_>>) =
        statements.iter().partition(|statement| is_log(**statement, source));
    let kinds: Option<Vec<StubKind>> = rest.iter().map(|statement| single_kind(*statement, source)).collect();
    let last = kinds?.last().copied();
    match last {
        None => Some(StubKind::LogOnly),
        Some(StubKind::Pass | StubKind::Ellipsis | StubKind::ReturnNone) if !logs.is_empty() => Some(StubKind::LogOnly),
        Some(kind) => Some(kind),
    }
}

fn single_kind(statement: Node<'_>, source: &str) -> Option<StubKind> {
    match statement.kind() {
        "pass_statement" => Some(StubKind::Pass),
        "expression_statement" if text(statement, source) == "..." => Some(StubKind::Ellipsis),
        "raise_statement" => {
            let raised = parts(statement).next().map_or("", |value| text(value, source));
            raised.starts_with("NotImplementedError").then_some(StubKind::NotImplemented)
        }
        "return_statement" => match parts(statement).next() {
            None => Some(StubKind::ReturnNone),
            Some(value) if value.kind() == "none" => Some(StubKind::ReturnNone),
            Some(value) if is_constant(value) => Some(StubKind::ReturnConstant),
            Some(value) => is_constant_response(value, source).then_some(StubKind::ConstantResponse),
        },
        _ => None,
    }
}

fn is_constant_response(value: Node<'_>, source: &str) -> bool {
    let is_response =
        value.kind() == "call" && called_name(value, source).is_some_and(|name| name.ends_with("Response"));
    is_response
        && field(value, "arguments").into_iter().flat_map(parts).all(|argument| match argument.kind() {
            "keyword_argument" => {
                field(argument, "value").is_some_and(|it| is_constant(it) || it.kind() == "attribute")
            }
            _ => is_constant(argument),
        })
}

fn is_log(statement: Node<'_>, source: &str) -> bool {
    let call = parts(statement).next().filter(|it| statement.kind() == "expression_statement" && it.kind() == "call");
    let Some(call) = call else { return false };
    let is_logging = arrears_syntax::python::receiver(call).is_some_and(|object| is_logger(object, source))
        && called_name(call, source).is_some_and(is_log_method);
    is_logging || called_name(call, source) == Some("print") || text(call, source).starts_with("self.stdout.write(")
}

fn is_explained(definition: Node<'_>, source: &str) -> bool {
    explains_emptiness(spoken(definition, source))
}

/// Returns the placeholder at which a body with real statements stops: a trailing `pass`, or a comment that admits it.
fn unfinished_at(definition: Node<'_>, source: &str) -> Option<Admission> {
    let body = field(definition, "body")?;
    let statements = body_statements(definition);
    let last = statements.last()?;
    if statements.len() > 1 && last.kind() == "pass_statement" {
        return Some(Admission { range: range(*last), words: "pass".to_owned() });
    }
    let tail = children(body).filter(|node| node.kind() == "comment").last()?;
    let is_after = tail.start_byte() >= last.end_byte()
        || matches!(last.kind(), "return_statement")
            && statements.len() > 1
            && tail.start_byte() >= statements[statements.len() - 2].end_byte();
    let words = admission(text(tail, source))?;
    is_after.then(|| Admission { range: range(tail), words: words.to_owned() })
}
