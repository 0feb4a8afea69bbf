//! Collects the facts of a TypeScript or JavaScript module while its tree is traversed.

use std::sync::LazyLock;

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_syntax::grammar::{Grammar, KindTable};
use arrears_syntax::node::{field, parts, range, text};
use arrears_syntax::script::{arguments, is_function, is_jsx, superclass};
use tree_sitter::Node;

use crate::facts::Defect;
use crate::i18n::keys::{Keys, may_ask};
use crate::outline::{Outline, ScopeId};
use crate::script::boundary::Catcher;
use crate::script::value::lower::Lowering;
use crate::script::{Class, Element, Function, ScriptFacts, linkage, types};
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
    New,
    Assignment,
    /// A name, worth a look where it starts with a capital.
    Name,
    /// `a += b`
    Sum,
    Return,
    Enum,
    /// A function on the spot.
    Lambda,
    Interface,
    Alias,
    /// A scope that holds no facts of its own.
    Scope,
    /// An element with a closing tag.
    Element,
    /// An element without one, a scope.
    Tag,
    /// An attribute of JSX, a scope.
    Attribute,
}

const NAMES: [(&str, Action); 38] = [
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
    ("interface_declaration", Action::Interface),
    ("type_alias_declaration", Action::Alias),
    ("new_expression", Action::New),
    ("assignment_expression", Action::Assignment),
    ("identifier", Action::Name),
    ("augmented_assignment_expression", Action::Sum),
    ("return_statement", Action::Return),
    ("enum_declaration", Action::Enum),
    ("arrow_function", Action::Lambda),
    ("function_expression", Action::Lambda),
    ("generator_function", Action::Lambda),
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
    ("jsx_attribute", Action::Attribute),
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
pub(crate) struct Collector<'s, 't> {
    source: &'s str,
    facts: ScriptFacts,
    /// Where elements start, in source order.
    elements: Vec<u32>,
    /// Functions that are components where an element lies in their body.
    candidates: Vec<(usize, TextRange)>,
    /// Where the import ends, or the list of exports, that the traversal is in: the names in it are no uses.
    linked_until: u32,
    /// What values are made of, where a rule follows them.
    lowering: Option<Lowering<'s, 't>>,
    /// Whether declared types are wanted.
    reads_types: bool,
    bodies: Option<twin::Reader>,
    /// Where texts are asked for, in a module that may do so.
    keys: Option<Keys>,
}

impl<'s, 't> Collector<'s, 't> {
    pub(crate) fn new(source: &'s str) -> Self {
        Self {
            source,
            facts: ScriptFacts::default(),
            elements: Vec::new(),
            candidates: Vec::new(),
            bodies: None,
            linked_until: 0,
            lowering: None,
            reads_types: false,
            keys: may_ask(source).then(Keys::default),
        }
    }

    /// Keeps what values are made of too.
    pub(crate) fn with_values(self, keeps: bool) -> Self {
        Self { lowering: keeps.then(|| Lowering::new(self.source)), ..self }
    }

    /// Collects the declared types too.
    pub(crate) fn with_types(self, reads_types: bool) -> Self {
        Self { reads_types, ..self }
    }

    /// Reads the bodies of functions as fingerprints too.
    pub(crate) fn with_twins(self, reads: bool) -> Self {
        Self { bodies: reads.then(|| twin::Reader::new(Family::Script, self.source)), ..self }
    }

    /// Looks at a node; returns whether it opens a scope.
    pub(crate) fn enter(&mut self, action: Action, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) -> bool {
        if let Some(lowering) = &mut self.lowering {
            lower(lowering, action, node, outline, scope);
        }
        match action {
            Action::None | Action::Comment => return false,
            Action::Scope | Action::Lambda | Action::Sum | Action::Return => {}
            Action::Import => {
                self.linked_until = range(node).end();
                linkage::import(node, self.source, &mut self.facts);
            }
            Action::Export => self.export(node),
            Action::Class => self.class(node),
            Action::Function => self.function(node, field(node, "name"), node),
            Action::Declarator => self.declarator(node),
            Action::Call => self.call(node),
            Action::Attribute => {
                if let Some(keys) = &mut self.keys {
                    keys.attribute(node, self.source);
                }
            }
            Action::New => linkage::new_url(node, self.source, &mut self.facts),
            Action::Assignment => linkage::assignment(node, self.source, &mut self.facts),
            Action::Name => self.mention(node),
            Action::Interface | Action::Alias | Action::Enum => self.declared_type(action, node),
            Action::Element => self.element(node),
            Action::Tag => self.tag(node, range(node)),
        }
        matches!(
            action,
            Action::Attribute | Action::Class | Action::Function | Action::Lambda | Action::Scope | Action::Tag
        )
    }

    /// Is told that a scope closes.
    pub(crate) fn leave(&mut self, action: Action) {
        if let Some(lowering) = &mut self.lowering {
            match action {
                Action::Function | Action::Lambda => lowering.close_function(),
                Action::Class => lowering.close_class(),
                _ => {}
            }
        }
    }

    pub(crate) fn finish(mut self) -> ScriptFacts {
        self.facts.values = self.lowering.take().map(|it| Box::new(it.finish()));
        for (function, body) in self.candidates {
            let next = self.elements.partition_point(|start| *start < body.start());
            if let Some(function) = self.facts.functions.get_mut(function) {
                function.is_component = self.elements.get(next).is_some_and(|start| body.contains_offset(*start));
            }
        }
        let functions = self.facts.functions.iter().map(|it| it.name_range.start());
        let mut declared: Vec<u32> =
            functions.chain(self.facts.classes.iter().map(|it| it.name_range.start())).collect();
        declared.sort_unstable();
        self.facts.mentions.retain(|it| declared.binary_search(&it.start()).is_err());
        self.facts.prints = self.bodies.take().map(twin::Reader::finish).unwrap_or_default();
        self.facts.keys = self.keys.map(Keys::finish).unwrap_or_default();
        self.facts
    }

    fn export(&mut self, node: Node<'_>) {
        if field(node, "declaration").is_none() && field(node, "value").is_none_or(|it| it.kind() == "identifier") {
            self.linked_until = range(node).end();
        }
        linkage::export(node, self.source, &mut self.facts);
    }

    /// Notes a name such as `OrderList`; constants such as `LIMIT` are none.
    fn mention(&mut self, node: Node<'_>) {
        let range = node.byte_range();
        let bytes = self.source.as_bytes();
        let is_capital = bytes.get(range.start).is_some_and(u8::is_ascii_uppercase);
        let is_constant =
            || range.len() > 1 && !bytes.get(range.clone()).unwrap_or(&[]).iter().any(u8::is_ascii_lowercase);
        if is_capital && !is_constant() && range.start >= self.linked_until as usize {
            self.facts.mentions.push(TextRange::of(range));
        }
    }

    /// Notes the element of a component; those of HTML are none.
    fn tag(&mut self, tag: Node<'_>, whole: TextRange) {
        self.elements.push(whole.start());
        let Some(name) = field(tag, "name") else { return };
        let written = text(name, self.source);
        if written.starts_with(|first: char| first.is_ascii_uppercase()) || written.contains('.') {
            self.facts.elements.push(Element { name: range(name), range: whole });
        }
    }

    fn declared_type(&mut self, action: Action, node: Node<'_>) {
        if !self.reads_types {
            return;
        }
        self.facts.types.extend(match action {
            Action::Interface => types::interface(node, self.source),
            Action::Enum => types::enumeration(node, self.source),
            _ => types::alias(node, self.source),
        });
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
        if let (Some(keys), Some(name)) = (&mut self.keys, name) {
            keys.declarator(name, value, self.source);
        }
        if let Some(function) = function_in(value) {
            self.function(node, name, function);
        }
        linkage::bound_module(node, value, self.source, &mut self.facts);
        if self.reads_types {
            self.facts.types.extend(types::schema(node, self.source));
        }
    }

    fn function(&mut self, whole: Node<'_>, name: Option<Node<'_>>, function: Node<'_>) {
        let Some(name) = name.filter(|name| name.kind().ends_with("identifier")) else { return };
        let text = text(name, self.source).to_owned();
        let may_be_component = text.starts_with(|first: char| first.is_ascii_uppercase());
        let body = field(function, "body");
        if let (Some(bodies), Some(block)) = (&mut self.bodies, body.filter(|it| it.kind() == "statement_block")) {
            bodies.read(range(name), block, self.source);
        }
        let body = body.filter(|_| may_be_component);
        let is_component = body.is_some_and(is_element);
        if let Some(block) = body.filter(|body| body.kind() == "statement_block") {
            self.candidates.push((self.facts.functions.len(), range(block)));
        }
        self.facts.functions.push(Function { name: text, name_range: range(name), range: range(whole), is_component });
    }

    /// The grammar lets `<Box>` be closed by `</Card>`.
    fn element(&mut self, node: Node<'_>) {
        let Some(open) = field(node, "open_tag") else { return self.elements.push(range(node).start()) };
        self.tag(open, range(node));
        let Some(close) = field(node, "close_tag") else { return };
        let name = |tag| field(tag, "name").map_or("", |name| text(name, self.source));
        let (opened, closed) = (name(open), name(close));
        if !opened.split_whitespace().eq(closed.split_whitespace()) && !node.has_error() {
            let message = format!("syntax error: `<{opened}>` is closed by `</{closed}>`");
            self.facts.defects.push(Defect { range: range(close), message });
        }
    }

    fn call(&mut self, call: Node<'_>) {
        if let Some(keys) = &mut self.keys {
            keys.call(call, self.source);
        }
        linkage::call(call, self.source, &mut self.facts);
    }
}

/// Hands a node to what keeps values.
fn lower<'t>(lowering: &mut Lowering<'_, 't>, action: Action, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) {
    match action {
        Action::Function | Action::Lambda => lowering.open_function(node, outline, scope),
        Action::Class => lowering.open_class(node, outline, scope),
        Action::Declarator => lowering.declarator(node, outline, scope),
        Action::Call | Action::New => lowering.call_site(node),
        Action::Assignment | Action::Sum => lowering.assignment(node, outline, scope),
        Action::Return => lowering.returned(node),
        Action::Enum => lowering.enumeration(node, outline, scope),
        Action::Export => lowering.default_export(node),
        Action::None
        | Action::Comment
        | Action::Import
        | Action::Name
        | Action::Attribute
        | Action::Interface
        | Action::Alias
        | Action::Scope
        | Action::Element
        | Action::Tag => {}
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
