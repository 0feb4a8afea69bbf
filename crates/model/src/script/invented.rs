//! Invented data that a component shows: what is known by its name or by a comment to be made up.

use std::cell::OnceCell;

use arrears_core::text::TextRange;
use arrears_syntax::node::{ancestors, children, descendants, field, parts, range, text};
use arrears_syntax::script::{arguments, call_path, called_name, chain_root, is_comment, is_function, unwrapped};
use tree_sitter::Node;

use crate::invention::{admits_invention, is_invented_name, is_sample_name};
use crate::script::ScriptFacts;
use crate::script::binding::{Binding, Bindings};
use crate::script::failure::function_name;
use crate::script::guard::{is_behind_flag, is_flag};

/// How far up is looked.
const MAX_STEPS: usize = 40;

/// How many lines a comment goes on at most before what it speaks of.
const MAX_COMMENTS: usize = 6;

/// How invented data gets in front of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It becomes the state: `setOrders(mockOrders)`.
    State,
    /// It stands in for what is missing: `orders ?? mockOrders`.
    Fallback,
    /// It is rendered: `{mockOrders.map(…)}`.
    Rendered,
    /// It is what a function answers: `return mockOrders`.
    Answered,
}

/// One place where invented data is shown.
#[derive(Debug, Clone)]
pub struct Shown<'t> {
    /// The place.
    pub place: Node<'t>,
    /// What is shown, in the words of the code.
    pub name: String,
    /// How.
    pub how: How,
    /// Where it is made up, if in this file.
    pub origin: Option<TextRange>,
    /// Whether a flag of development has to be set.
    pub is_guarded: bool,
}

/// Reads places where invented data may be shown.
#[derive(Debug)]
pub struct Reader<'a, 't, 's> {
    /// The imports of the file.
    pub facts: &'a ScriptFacts,
    /// The tree.
    pub root: Node<'t>,
    /// Its bindings, once they are asked for.
    pub bindings: OnceCell<Bindings<'t, 's>>,
    /// Its text.
    pub source: &'s str,
}

impl<'t> Reader<'_, 't, '_> {
    /// Returns what a node shows: a call, a `return`, an expression in JSX, a choice, a comment about what follows.
    pub fn shown(&self, node: Node<'t>) -> Option<Shown<'t>> {
        let (value, how) = match node.kind() {
            "comment" => return self.commented(node),
            "call_expression" => (self.given(node)?, How::State),
            "return_statement" => (parts(node).next()?, How::Answered),
            "jsx_expression" => (parts(node).next()?, How::Rendered),
            "ternary_expression" => {
                let mut sides = field(node, "consequence").into_iter().chain(field(node, "alternative"));
                (sides.find(|side| self.invented(*side).is_some())?, How::Fallback)
            }
            "binary_expression" => {
                let operator = field(node, "operator").map(|it| it.kind());
                (field(node, "right").filter(|_| matches!(operator, Some("||" | "??")))?, How::Fallback)
            }
            _ => return None,
        };
        let (name, origin) = match self.invented(value) {
            Some(found) => found,
            None if how == How::State => self.literal_in_catch(node, value)?,
            None => return None,
        };
        let in_mock = ancestors(node)
            .take(MAX_STEPS)
            .filter(|it| is_function(*it))
            .filter_map(|it| function_name(it, self.source))
            .any(is_invented_name);
        let chosen = field(node, "condition").is_some_and(|it| is_flag(text(it, self.source)));
        let is_guarded = chosen || is_behind_flag(node, self.source) || self.follows_flag(node);
        (!in_mock).then_some(Shown { place: node, name, how, origin, is_guarded })
    }

    /// Returns what a call makes the state.
    fn given(&self, call: Node<'t>) -> Option<Node<'t>> {
        let name = called_name(call, self.source)?;
        let is_setter =
            name.strip_prefix("set").is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_uppercase()));
        let is_answer = matches!(name, "useState" | "resolve" | "useReducer" | "signal" | "createSignal");
        (is_answer || is_setter && name != "setTimeout").then(|| arguments(call).next()).flatten()
    }

    /// Returns the name of invented data, and where it is made up.
    fn invented(&self, node: Node<'t>) -> Option<(String, Option<TextRange>)> {
        let node = unwrapped(node);
        let root = text(chain_root(node)?, self.source);
        if !is_invented_name(root) && !is_sample_name(root) && !self.is_imported_from_mocks(root) {
            return None;
        }
        let path = call_path(node, self.source);
        let is_asked = ["length", "push", "has", "includes", "some", "every"].iter().any(|end| path.ends_with(end));
        if is_asked {
            return None;
        }
        match self.bindings.get_or_init(|| Bindings::read(self.root, self.source)).of(root, range(node))? {
            Binding::Value(value) => {
                let value = unwrapped(value);
                let is_made = is_invented_name(root) && is_data(value, 1, self.source)
                    || is_sample_name(root) && is_data(value, 2, self.source);
                is_made.then(|| (root.to_owned(), Some(TextRange::empty(range(value).start()))))
            }
            Binding::Import => {
                let module = self.facts.imported(root).map_or("", |(module, _)| module);
                let is_data = path != root || node.kind() == "identifier" || is_invented_name(root);
                let is_code = root.starts_with("use") || module.contains("msw") || module.ends_with(".svg");
                (is_data && !is_code).then(|| (root.to_owned(), None))
            }
            Binding::Part(_) | Binding::Parameter => None,
        }
    }

    fn is_imported_from_mocks(&self, name: &str) -> bool {
        self.facts.imported(name).is_some_and(|(module, imported)| is_of_mocks(module) || is_invented_name(imported))
    }

    /// `catch { setOrders([{ id: 1, name: "…" }, …]) }`: rows where an error belongs.
    fn literal_in_catch(&self, call: Node<'t>, value: Node<'t>) -> Option<(String, Option<TextRange>)> {
        let name = called_name(call, self.source).filter(|name| name.starts_with("set"))?;
        let rows = unwrapped(value);
        let is_rows = rows.kind() == "array"
            && parts(rows).filter(|it| it.kind() == "object" && is_data(*it, 2, self.source)).count() >= 2
            && !parts(rows).any(|it| it.kind() == "spread_element");
        let in_catch = || {
            let around =
                ancestors(call).take(12).take_while(|it| !is_function(*it)).any(|it| it.kind() == "catch_clause");
            around || ancestors(call).take(12).find(|it| is_function(*it)).is_some_and(|it| self.is_catch_callback(it))
        };
        (is_rows && in_catch()).then(|| (name.to_owned(), None))
    }

    fn is_catch_callback(&self, function: Node<'t>) -> bool {
        let call = function.parent().and_then(|list| list.parent()).filter(|it| it.kind() == "call_expression");
        call.is_some_and(|it| called_name(it, self.source) == Some("catch"))
    }

    /// `// Mock data` above rows that are written out, or above a state that is set to them.
    fn commented(&self, comment: Node<'t>) -> Option<Shown<'t>> {
        if !admits_invention(text(comment, self.source)) {
            return None;
        }
        let next = std::iter::successors(comment.next_named_sibling(), |it| it.next_named_sibling())
            .take(MAX_COMMENTS)
            .find(|it| !is_comment(*it))
            .filter(|it| it.start_position().row <= comment.end_position().row + 4)?;
        let next = if next.kind() == "export_statement" { field(next, "declaration")? } else { next };
        let (place, value) = match next.kind() {
            "lexical_declaration" | "variable_declaration" => {
                let declarator = parts(next).next()?;
                (field(declarator, "name")?, field(declarator, "value")?)
            }
            "expression_statement" => {
                let call = parts(next).next().filter(|it| it.kind() == "call_expression")?;
                (call, self.given(call)?)
            }
            _ => return None,
        };
        let value = match unwrapped(value) {
            it if it.kind() == "call_expression"
                && matches!(called_name(it, self.source), Some("useState" | "useMemo")) =>
            {
                arguments(it).next().map(unwrapped)?
            }
            it => it,
        };
        let rows = match value.kind() {
            "array" => is_data(value, 2, self.source),
            "object" => is_data(value, 3, self.source),
            _ => false,
        };
        let name = text(place, self.source);
        let is_known_by_name = is_invented_name(name) || is_sample_name(name);
        let is_configuration = name.chars().all(|it| !it.is_ascii_lowercase()) && self.is_of_options(value);
        if !rows || is_known_by_name || is_configuration {
            return None;
        }
        let name = name.split(['(', '\n']).next().unwrap_or(name).trim_matches(['[', ']', ' ']).to_owned();
        let name = name.split(',').next().unwrap_or(&name).to_owned();
        let is_guarded = is_behind_flag(comment, self.source);
        Some(Shown { place, name, how: How::Rendered, origin: None, is_guarded })
    }

    /// `[{ label: "A", value: "a" }]` are options of a control, not data.
    fn is_of_options(&self, value: Node<'t>) -> bool {
        parts(value).next().is_some_and(|first| {
            let keys: Vec<&str> =
                parts(first).filter_map(|it| field(it, "key")).map(|it| text(it, self.source)).collect();
            keys.len() == 2 && keys.contains(&"label") && keys.contains(&"value")
        })
    }

    /// `if (!USE_MOCK) return …;` before it.
    fn follows_flag(&self, node: Node<'t>) -> bool {
        let Some(block) = ancestors(node).take(MAX_STEPS).find(|it| it.kind() == "statement_block") else {
            return false;
        };
        let before = children(block).take_while(|it| it.end_byte() <= node.start_byte()).take(200);
        before.filter(|it| it.kind() == "if_statement").any(|it| {
            let leaves = field(it, "consequence").is_some_and(|then| text(then, self.source).contains("return"));
            leaves && field(it, "condition").is_some_and(|condition| is_flag(text(condition, self.source)))
        })
    }
}

/// Returns whether a value is made of at least so many written values, or is computed from nothing but itself.
fn is_data(value: Node<'_>, least: usize, source: &str) -> bool {
    if matches!(value.kind(), "array" | "object") && !says_something(value, source) {
        return false;
    }
    match value.kind() {
        "array" => parts(value).count() >= least && parts(value).all(|it| it.kind() != "spread_element"),
        "object" => {
            let written = parts(value).filter(|it| {
                field(*it, "value").is_some_and(|it| {
                    matches!(it.kind(), "string" | "number" | "true" | "array" | "object" | "template_string")
                })
            });
            written.count() >= least && !parts(value).any(|it| field(it, "value").is_some_and(is_function))
        }
        "call_expression" => matches!(call_path(value, source).as_str(), "Array.from" | "Object.freeze"),
        _ => is_function(value),
    }
}

/// Returns whether data holds a word or a number: what is blank everywhere is a beginning, not an invention.
fn says_something(value: Node<'_>, source: &str) -> bool {
    descendants(value).any(|it| match it.kind() {
        "string_fragment" => text(it, source).chars().filter(|letter| letter.is_alphanumeric()).count() > 1,
        "number" => !matches!(text(it, source), "0" | "1"),
        "unary_expression" => false,
        "template_string" => true,
        _ => false,
    })
}

/// Returns whether a module is one of mocks: `./mockData`, `@/data/dummy-users`.
fn is_of_mocks(module: &str) -> bool {
    module.starts_with(['.', '@', '~'])
        && module.split('/').any(|part| {
            is_invented_name(part) || matches!(part, "__fixtures__" | "sampleData" | "sample-data" | "sample_data")
        })
}
