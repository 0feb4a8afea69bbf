//! Invented data in production code: what is known by its name or by a comment to be made up.

use arrears_core::text::TextRange;
use arrears_syntax::node::{ancestors, children, descendants, field, parts, range, text};
use arrears_syntax::python::called_name;
use tree_sitter::Node;

use crate::invention::{admits_invention, is_invented_name};
use crate::python::PythonFacts;
use crate::python::entry::{Entry, entry};
use crate::python::function::Function;

/// How many nodes of a literal are looked at.
const MAX_NODES: usize = 2_000;

/// How far up is looked.
const MAX_STEPS: usize = 40;

/// How many lines a comment goes on at most before what it speaks of.
const MAX_COMMENTS: usize = 6;

/// Something made up.
#[derive(Debug, Clone)]
pub struct Invented {
    /// Where.
    pub place: TextRange,
    /// What is wrong.
    pub message: String,
    /// The name of what a URL has to lead to for the finding to stand.
    pub routed: Option<String>,
    /// The name of the function that has to be called for the finding to stand.
    pub called: Option<TextRange>,
    /// Whether a flag of development has to be set.
    pub is_guarded: bool,
}

/// Returns what a node shows to be made up: a comment about what follows, an assignment.
pub fn invented(node: Node<'_>, facts: &PythonFacts, source: &str) -> Option<Invented> {
    let speaks = match node.kind() {
        "comment" => admits_invention(text(node, source)),
        "assignment" => field(node, "left").is_some_and(|left| is_invented_name(text(left, source))),
        _ => false,
    };
    let function = if speaks { innermost(facts, range(node))? } else { return None };
    if is_invented_name(&function.name) || is_of_mock(facts, function) {
        None
    } else if node.kind() == "comment" {
        commented(node, facts, function, source)
    } else {
        named(node, facts, function, source)
    }
}

/// Returns the functions that make something up, by their names: `get_mock_session`, `generate_fake_scores`.
pub fn makers(facts: &PythonFacts) -> impl Iterator<Item = Invented> + '_ {
    facts.functions.iter().filter(|it| it.outer.is_none() && !is_of_mock(facts, it)).filter_map(|function| {
        const VERBS: [&str; 9] = ["get", "create", "generate", "build", "make", "fetch", "load", "return", "simulate"];
        let name = function.name.trim_start_matches('_');
        let first = name.split('_').next().unwrap_or("");
        let has = |all: &[&str]| name.split('_').any(|word| all.contains(&word));
        // A fake user takes the place of a deleted one, a dummy request renders a page: only a mock is a promise.
        let is_tool = has(&["obj", "object", "instance", "request", "headers", "context", "event"]);
        let is_maker = VERBS.contains(&first)
            && is_invented_name(name)
            && has(&["mock", "mocked", "mocks"])
            && !is_tool
            && function.decorators.is_empty();
        is_maker.then(|| Invented {
            place: function.name_range,
            message: format!("`{}` makes up what production code takes for real", function.name),
            routed: None,
            called: Some(function.name_range),
            is_guarded: false,
        })
    })
}

/// Returns the stores of a module of endpoints that stand for a database: `_mock_orders_db = {}`.
pub fn store(assignments: &[Node<'_>], facts: &PythonFacts, source: &str) -> Option<Invented> {
    let is_endpoint = |it: &Function| matches!(entry(facts, it, source), Some(Entry::Endpoint));
    let stores: Vec<&str> = assignments
        .iter()
        .filter(|it| is_store(**it, source) && innermost(facts, range(**it)).is_none())
        .filter_map(|it| field(*it, "left"))
        .map(|it| text(it, source))
        .collect();
    let first = *stores.first()?;
    let used = facts.functions.iter().any(|it| it.range.slice(source).contains(first));
    if !used || !facts.functions.iter().any(is_endpoint) {
        return None;
    }
    let place = assignments.iter().filter_map(|it| field(*it, "left")).find(|it| text(*it, source) == first)?;
    let more = match stores.len() {
        1 => String::new(),
        more => format!(" (and {} more like it)", more - 1),
    };
    let is_filled = place.parent().and_then(|it| field(it, "right")).is_some_and(|it| leaves(it, source) > 1);
    let message = if is_filled {
        format!("the endpoints of this module answer from `{first}`{more}, which is made up")
    } else {
        format!("the endpoints of this module keep their data in `{first}`{more}: it is gone with the process")
    };
    Some(Invented { place: range(place), message, routed: None, called: None, is_guarded: false })
}

fn is_store(assignment: Node<'_>, source: &str) -> bool {
    let name = field(assignment, "left").filter(|it| it.kind() == "identifier").map_or("", |it| text(it, source));
    let is_collection = field(assignment, "right").is_some_and(|it| {
        matches!(it.kind(), "dictionary" | "list")
            || it.kind() == "call" && matches!(called_name(it, source), Some("dict" | "list" | "defaultdict"))
    });
    is_collection && is_invented_name(name)
}

/// `# Sample rows`, then rows that are written out.
fn commented(comment: Node<'_>, facts: &PythonFacts, function: &Function, source: &str) -> Option<Invented> {
    let words = text(comment, source);
    let kind = entry(facts, function, source).filter(|it| matches!(it, Entry::View | Entry::Endpoint))?;
    let statement = described(comment)?;
    let inner = parts(statement).next()?;
    let (place, value) = match (statement.kind(), inner.kind()) {
        ("expression_statement", "assignment") => (field(inner, "left")?, field(inner, "right")?),
        ("return_statement", _) => (statement, inner),
        _ => return None,
    };
    let is_replaced =
        ["replace", "real", "mock", "dummy", "fake", "hard"].iter().any(|it| words.to_ascii_lowercase().contains(it));
    let is_scalar = matches!(value.kind(), "string" | "integer" | "float") && is_replaced && leaves(value, source) == 1;
    // Rows that are picked from others are no invention.
    let is_picked =
        value.kind() == "list_comprehension" && field(value, "body").is_none_or(|body| body.kind() != "dictionary");
    if is_picked || !is_scalar && leaves(value, source) < 2 {
        return None;
    }
    let line = crate::python::placeholder::plain(words);
    let shown: String = line.chars().take(80).collect();
    let what = if statement.kind() == "return_statement" { "the answer" } else { text(place, source) };
    let message = format!("`{}` answers with invented data: {what} is \"{shown}\"", function.name);
    let message =
        if what == "the answer" { message } else { message.replace(&format!("{what} is"), &format!("`{what}` is")) };
    Some(Invented {
        place: if what == "the answer" { header(statement) } else { range(place) },
        message,
        routed: (kind == Entry::View).then(|| routed_name(facts, function)),
        called: None,
        is_guarded: is_guarded(statement, source),
    })
}

/// `mock_rows = [{…}, {…}]` in a function of the product.
fn named(assignment: Node<'_>, facts: &PythonFacts, function: &Function, source: &str) -> Option<Invented> {
    let name = field(assignment, "left").filter(|it| it.kind() == "identifier")?;
    let value = field(assignment, "right")?;
    let is_rows = matches!(value.kind(), "dictionary" | "list" | "list_comprehension") && leaves(value, source) >= 2;
    if !is_rows || !is_invented_name(text(name, source)) {
        return None;
    }
    let kind = entry(facts, function, source);
    Some(Invented {
        place: range(name),
        message: format!("`{}` works with invented data: `{}`", function.name, text(name, source)),
        routed: (kind == Some(Entry::View)).then(|| routed_name(facts, function)),
        called: kind.is_none().then_some(function.name_range),
        is_guarded: is_guarded(assignment, source),
    })
}

/// Returns the statement that a comment speaks of: the one on its line, or the next.
fn described(comment: Node<'_>) -> Option<Node<'_>> {
    let row = comment.start_position().row;
    if let Some(before) =
        comment.prev_named_sibling().filter(|it| it.end_position().row == row && it.kind() != "comment")
    {
        return Some(before);
    }
    let next = std::iter::successors(comment.next_named_sibling(), |it| it.next_named_sibling())
        .take(MAX_COMMENTS)
        .find(|it| it.kind() != "comment")?;
    let next = if next.kind() == "block" { children(next).find(|it| it.kind() != "comment")? } else { next };
    (next.start_position().row <= row + 4).then_some(next)
}

/// Returns how many written values a literal holds; empty ones and zeros are the start of something real.
fn leaves(value: Node<'_>, source: &str) -> usize {
    let mut nodes = descendants(value).take(MAX_NODES);
    let mut found = 0;
    let mut in_keys = Vec::new();
    for node in nodes.by_ref() {
        match node.kind() {
            "pair" => in_keys.extend(field(node, "key").map(|key| key.id())),
            "string" => found += usize::from(text(node, source).len() > 3 && !in_keys.contains(&node.id())),
            "integer" | "float" => found += usize::from(!matches!(text(node, source), "0" | "0.0" | "1")),
            _ => {}
        }
    }
    found
}

fn header(statement: Node<'_>) -> TextRange {
    let start = range(statement).start();
    TextRange::new(start, start + 6)
}

fn is_guarded(node: Node<'_>, source: &str) -> bool {
    const FLAGS: [&str; 8] = ["mock", "debug", "testing", "demo", "sandbox", "dev", "dry_run", "fake"];
    ancestors(node).take(MAX_STEPS).take_while(|it| it.kind() != "function_definition").any(|it| {
        it.kind() == "if_statement"
            && field(it, "condition").is_some_and(|condition| {
                let lower = text(condition, source).to_ascii_lowercase();
                FLAGS.iter().any(|flag| lower.contains(flag))
            })
    })
}

fn routed_name(facts: &PythonFacts, function: &Function) -> String {
    function.class.and_then(|id| facts.class(id)).map_or_else(|| function.name.clone(), |class| class.name.clone())
}

fn is_of_mock(facts: &PythonFacts, function: &Function) -> bool {
    function.class.and_then(|id| facts.class(id)).is_some_and(|class| is_invented_name(&class.name))
}

fn innermost(facts: &PythonFacts, place: TextRange) -> Option<&Function> {
    facts.functions.iter().filter(|it| it.range.contains(place)).min_by_key(|it| it.range.len())
}
