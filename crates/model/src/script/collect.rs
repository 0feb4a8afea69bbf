//! Collects the facts of a TypeScript or JavaScript module while its tree is traversed.

use std::sync::LazyLock;

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_syntax::grammar::{Grammar, KindTable};
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::script::{arguments, is_function, is_jsx, string_value, superclass};
use tree_sitter::Node;

use crate::facts::Defect;
use crate::outline::{Outline, ScopeId};
use crate::script::boundary::Catcher;
use crate::script::{Class, Export, Function, Import, ImportedName, ScriptFacts};
use crate::twin;

/// What the traversal does at a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Action {
    #[default]
    None,
    Comment,
    Import,
    Export,
    Class,
    Function,
    Declarator,
    Call,
    /// A scope that holds no facts of its own.
    Scope,
    /// An element with a closing tag.
    Element,
    /// An element without one, a scope.
    Tag,
}

const NAMES: [(&str, Action); 30] = [
    ("comment", Action::Comment),
    ("html_comment", Action::Comment),
    ("import_statement", Action::Import),
    ("export_statement", Action::Export),
    ("class_declaration", Action::Class),
    ("abstract_class_declaration", Action::Class),
    ("class", Action::Class),
    ("function_declaration", Action::Function),
    ("generator_function_declaration", Action::Function),
    ("method_definition", Action::Function),
    ("variable_declarator", Action::Declarator),
    ("public_field_definition", Action::Declarator),
    ("call_expression", Action::Call),
    ("arrow_function", Action::Scope),
    ("function_expression", Action::Scope),
    ("generator_function", Action::Scope),
    ("if_statement", Action::Scope),
    ("else_clause", Action::Scope),
    ("for_statement", Action::Scope),
    ("for_in_statement", Action::Scope),
    ("while_statement", Action::Scope),
    ("do_statement", Action::Scope),
    ("try_statement", Action::Scope),
    ("catch_clause", Action::Scope),
    ("finally_clause", Action::Scope),
    ("switch_statement", Action::Scope),
    ("jsx_element", Action::Element),
    ("jsx_attribute", Action::Scope),
    ("jsx_opening_element", Action::Scope),
    ("jsx_self_closing_element", Action::Tag),
];

/// Returns the action of each node kind of a grammar.
pub(crate) fn actions(grammar: Grammar) -> &'static KindTable<Action> {
    static TYPESCRIPT: LazyLock<KindTable<Action>> =
        LazyLock::new(|| KindTable::from_names(Grammar::TypeScript, &NAMES));
    static TSX: LazyLock<KindTable<Action>> = LazyLock::new(|| KindTable::from_names(Grammar::Tsx, &NAMES));
    match grammar {
        Grammar::TypeScript => &TYPESCRIPT,
        Grammar::Tsx | Grammar::Python => &TSX,
    }
}

/// The facts while they are collected.
pub(crate) struct Collector<'s> {
    source: &'s str,
    facts: ScriptFacts,
    /// Where elements start, in source order.
    elements: Vec<u32>,
    /// Functions that are components where an element lies in their body.
    candidates: Vec<(usize, TextRange)>,
    bodies: twin::Reader,
}

impl<'s> Collector<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Self {
            source,
            facts: ScriptFacts::default(),
            elements: Vec::new(),
            candidates: Vec::new(),
            bodies: twin::Reader::new(Family::Script, source),
        }
    }

    /// Looks at a node; returns whether it opens a scope.
    pub(crate) fn enter<'t>(
        &mut self,
        action: Action,
        node: Node<'t>,
        _outline: &Outline<'t>,
        _scope: ScopeId,
    ) -> bool {
        match action {
            Action::None | Action::Comment => return false,
            Action::Scope => {}
            Action::Import => self.import(node),
            Action::Export => self.export(node),
            Action::Class => self.class(node),
            Action::Function => self.function(node, field(node, "name"), node),
            Action::Declarator => self.declarator(node),
            Action::Call => self.dynamic_import(node),
            Action::Element => self.element(node),
            Action::Tag => self.elements.push(range(node).start()),
        }
        !matches!(action, Action::Import | Action::Export | Action::Declarator | Action::Call | Action::Element)
    }

    pub(crate) fn finish(mut self) -> ScriptFacts {
        for (function, body) in self.candidates {
            let next = self.elements.partition_point(|start| *start < body.start());
            if let Some(function) = self.facts.functions.get_mut(function) {
                function.is_component = self.elements.get(next).is_some_and(|start| body.contains_offset(*start));
            }
        }
        self.facts.prints = self.bodies.finish();
        self.facts
    }

    fn import(&mut self, node: Node<'_>) {
        let Some(module) = field(node, "source") else { return };
        let mut names = Vec::new();
        for clause in children(node).filter(|child| child.kind() == "import_clause") {
            for part in parts(clause) {
                self.imported_names(part, &mut names);
            }
        }
        self.add_import(module, names);
    }

    fn imported_names(&self, part: Node<'_>, names: &mut Vec<ImportedName>) {
        let name = |imported: &str, local: Node<'_>| ImportedName {
            imported: imported.to_owned(),
            local: text(local, self.source).to_owned(),
        };
        match part.kind() {
            "identifier" => names.push(name("default", part)),
            "namespace_import" => names.extend(parts(part).next().map(|local| name("*", local))),
            "named_imports" => {
                for specifier in parts(part) {
                    let Some(imported) = field(specifier, "name") else { continue };
                    let local = field(specifier, "alias").unwrap_or(imported);
                    names.push(name(text(imported, self.source), local));
                }
            }
            _ => {}
        }
    }

    fn add_import(&mut self, module: Node<'_>, names: Vec<ImportedName>) {
        if let Some(name) = string_value(module, self.source) {
            self.facts.imports.push(Import { module: name.into_owned(), range: range(module), names });
        }
    }

    fn export(&mut self, node: Node<'_>) {
        let module = field(node, "source")
            .and_then(|source| string_value(source, self.source))
            .map(std::borrow::Cow::into_owned);
        let is_default = children_any(node, "default");
        if let Some(clause) = children(node).find(|child| child.kind() == "export_clause") {
            for specifier in parts(clause) {
                let Some(local) = field(specifier, "name") else { continue };
                let exported = field(specifier, "alias").unwrap_or(local);
                self.add_export(text(exported, self.source), text(local, self.source), module.clone());
            }
        } else if let Some(declaration) = field(node, "declaration") {
            for name in declared_names(declaration, self.source) {
                self.add_export(if is_default { "default" } else { name }, name, None);
            }
        } else if let Some(value) = field(node, "value") {
            let local = if value.kind() == "identifier" { text(value, self.source) } else { "" };
            self.add_export("default", local, None);
        } else if module.is_some() {
            self.add_export("*", "*", module);
        }
    }

    fn add_export(&mut self, name: &str, local: &str, module: Option<String>) {
        self.facts.exports.push(Export { name: name.to_owned(), local: local.to_owned(), module });
    }

    fn class(&mut self, node: Node<'_>) {
        let name = field(node, "name");
        let start = range(node).start();
        self.facts.catchers.extend(Catcher::read(node, self.source));
        self.facts.classes.push(Class {
            name: name.map_or("", |name| text(name, self.source)).to_owned(),
            name_range: name.map_or(TextRange::new(start, start + 5), range),
            range: range(node),
            superclass: superclass(node, self.source).map(str::to_owned),
        });
    }

    fn declarator(&mut self, node: Node<'_>) {
        let Some(value) = field(node, "value") else { return };
        let name = field(node, "name");
        if let Some(function) = function_in(value) {
            self.function(node, name, function);
        }
        self.required_module(node, value);
    }

    fn function(&mut self, whole: Node<'_>, name: Option<Node<'_>>, function: Node<'_>) {
        let Some(name) = name.filter(|name| name.kind().ends_with("identifier")) else { return };
        let text = text(name, self.source).to_owned();
        let may_be_component = text.starts_with(|first: char| first.is_ascii_uppercase());
        let body = field(function, "body");
        if let Some(block) = body.filter(|it| it.kind() == "statement_block") {
            self.bodies.read(range(name), block, self.source);
        }
        let body = body.filter(|_| may_be_component);
        let is_component = body.is_some_and(is_element);
        if let Some(block) = body.filter(|body| body.kind() == "statement_block") {
            self.candidates.push((self.facts.functions.len(), range(block)));
        }
        self.facts.functions.push(Function { name: text, name_range: range(name), range: range(whole), is_component });
    }

    /// `const x = require("y")` binds names as an import does.
    fn required_module(&mut self, declarator: Node<'_>, value: Node<'_>) {
        let is_require = value.kind() == "call_expression"
            && field(value, "function").is_some_and(|it| text(it, self.source) == "require");
        let (true, Some(module), Some(pattern)) = (is_require, arguments(value).next(), field(declarator, "name"))
        else {
            return;
        };
        let mut names = Vec::new();
        match pattern.kind() {
            "identifier" => {
                names.push(ImportedName { imported: "*".to_owned(), local: text(pattern, self.source).to_owned() })
            }
            _ => names.extend(parts(pattern).map(|part| {
                let (imported, local) = (field(part, "key").unwrap_or(part), field(part, "value").unwrap_or(part));
                ImportedName {
                    imported: text(imported, self.source).to_owned(),
                    local: text(local, self.source).to_owned(),
                }
            })),
        }
        self.add_import(module, names);
    }

    /// The grammar lets `<Box>` be closed by `</Card>`.
    fn element(&mut self, node: Node<'_>) {
        self.elements.push(range(node).start());
        let (Some(open), Some(close)) = (field(node, "open_tag"), field(node, "close_tag")) else { return };
        let name = |tag| field(tag, "name").map_or("", |name| text(name, self.source));
        let (opened, closed) = (name(open), name(close));
        if !opened.split_whitespace().eq(closed.split_whitespace()) && !node.has_error() {
            let message = format!("syntax error: `<{opened}>` is closed by `</{closed}>`");
            self.facts.defects.push(Defect { range: range(close), message });
        }
    }

    fn dynamic_import(&mut self, call: Node<'_>) {
        if field(call, "function").is_some_and(|it| it.kind() == "import")
            && let Some(module) = arguments(call).next()
        {
            self.add_import(module, Vec::new());
        }
    }
}

fn children_any(node: Node<'_>, kind: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == kind)
}

fn declared_names<'s>(declaration: Node<'_>, source: &'s str) -> Vec<&'s str> {
    match field(declaration, "name") {
        Some(name) => vec![text(name, source)],
        None => parts(declaration)
            .filter_map(|it| field(it, "name"))
            .filter(|it| it.kind() == "identifier")
            .map(|it| text(it, source))
            .collect(),
    }
}

/// Returns the function in a value, seen through wrappers such as `memo(…)` and `forwardRef(…)`.
fn function_in(value: Node<'_>) -> Option<Node<'_>> {
    if is_function(value) {
        return Some(value);
    }
    if value.kind() == "call_expression" {
        arguments(value).next().filter(|argument| is_function(*argument))
    } else {
        None
    }
}

/// Returns whether a body is an element, in parentheses or not.
fn is_element(body: Node<'_>) -> bool {
    let inner = if body.kind() == "parenthesized_expression" { parts(body).next().unwrap_or(body) } else { body };
    is_jsx(inner)
}
