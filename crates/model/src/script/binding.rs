//! What the names of a script module are bound to, by the scope that a place lies in.

use std::collections::BTreeMap;

use arrears_core::text::TextRange;
use arrears_syntax::node::{descendants, field, parts, range, text};
use arrears_syntax::script::{is_function, unwrapped};
use tree_sitter::Node;

/// How many bindings of one name are looked at: a file with more of them is not written by hand.
const MAX_CANDIDATES: usize = 128;

/// What a name is bound to.
#[derive(Debug, Clone, Copy)]
pub enum Binding<'t> {
    /// `const name = value`, or a function or class declared under the name.
    Value(Node<'t>),
    /// `const { name } = value`, `const [name] = value`
    Part(Node<'t>),
    /// A parameter, or a part of one.
    Parameter,
    /// An import.
    Import,
}

/// The bindings of a file.
#[derive(Debug, Default)]
pub struct Bindings<'t, 's> {
    names: BTreeMap<&'s str, Vec<(TextRange, Binding<'t>)>>,
}

impl<'t, 's> Bindings<'t, 's> {
    /// Reads the bindings of a tree in one traversal.
    pub fn read(root: Node<'t>, source: &'s str) -> Self {
        let mut found = Self::default();
        let mut scopes = vec![range(root)];
        for node in descendants(root) {
            let place = range(node);
            while scopes.len() > 1 && scopes.last().is_some_and(|scope| scope.end() <= place.start()) {
                scopes.pop();
            }
            let scope = scopes.last().copied().unwrap_or(place);
            match node.kind() {
                "variable_declarator" => found.declarator(node, scope, source),
                "function_declaration" | "generator_function_declaration" | "class_declaration" => {
                    if let Some(name) = field(node, "name") {
                        found.add(text(name, source), scope, Binding::Value(node));
                    }
                }
                "import_specifier" => {
                    let local = field(node, "alias").or_else(|| field(node, "name"));
                    found.add(local.map_or("", |local| text(local, source)), scope, Binding::Import);
                }
                "import_clause" | "namespace_import" => {
                    for name in parts(node).filter(|part| part.kind() == "identifier") {
                        found.add(text(name, source), scope, Binding::Import);
                    }
                }
                "formal_parameters" => found.pattern(node, scope, Binding::Parameter, source),
                "arrow_function" => {
                    if let Some(name) = field(node, "parameter") {
                        found.add(text(name, source), place, Binding::Parameter);
                    }
                }
                _ => {}
            }
            if is_function(node) || matches!(node.kind(), "statement_block" | "class_body" | "for_statement") {
                scopes.push(place);
            }
        }
        found
    }

    /// Returns what a name means at a place.
    pub fn of(&self, name: &str, place: TextRange) -> Option<Binding<'t>> {
        let candidates = self.names.get(name).filter(|all| all.len() <= MAX_CANDIDATES)?;
        let around = candidates.iter().filter(|(scope, _)| scope.contains(place));
        around.min_by_key(|(scope, _)| scope.len()).map(|(_, binding)| *binding)
    }

    /// Returns the value that an expression stands for: itself, or what its name was given where it is one.
    pub fn resolved(&self, node: Node<'t>, source: &str) -> Option<Node<'t>> {
        let node = unwrapped(node);
        if node.kind() != "identifier" {
            return Some(node);
        }
        self.resolved_at(text(node, source), range(node))
    }

    /// Returns the value that a name was given, as it is seen from a place.
    pub fn resolved_at(&self, name: &str, place: TextRange) -> Option<Node<'t>> {
        match self.of(name, place) {
            Some(Binding::Value(value)) => Some(unwrapped(value)),
            Some(Binding::Part(_) | Binding::Parameter | Binding::Import) | None => None,
        }
    }

    fn declarator(&mut self, node: Node<'t>, scope: TextRange, source: &'s str) {
        let (Some(name), Some(value)) = (field(node, "name"), field(node, "value")) else { return };
        if name.kind() == "identifier" {
            self.add(text(name, source), scope, Binding::Value(value));
        } else {
            self.pattern(name, scope, Binding::Part(value), source);
        }
    }

    fn pattern(&mut self, pattern: Node<'t>, scope: TextRange, binding: Binding<'t>, source: &'s str) {
        let mut nodes = descendants(pattern);
        while let Some(node) = nodes.next() {
            match node.kind() {
                "identifier" | "shorthand_property_identifier_pattern" => {
                    self.add(text(node, source), scope, binding);
                }
                "type_annotation" | "object" => nodes.skip_children(),
                _ if is_function(node) => nodes.skip_children(),
                _ => {}
            }
        }
    }

    fn add(&mut self, name: &'s str, scope: TextRange, binding: Binding<'t>) {
        if !name.is_empty() {
            self.names.entry(name).or_default().push((scope, binding));
        }
    }
}
