//! Collects the facts of a Python module while its tree is traversed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_syntax::grammar::{Grammar, KindTable};
use arrears_syntax::node::{children, field, parts, range, text};
use arrears_syntax::python::{called_name, dotted};
use tree_sitter::Node;

use crate::outline::{Outline, ScopeId};
use crate::python::celery::{read_entry, read_periodic_call};
use crate::python::function::{self, Traits};
use crate::python::handling::{Outcome, of_call};
use crate::python::names::{Assignment, Import, Names, Value, join};
use crate::python::{Call, Class, ClassId, FunctionId, PythonFacts, compile, handler, response};
use crate::twin;

/// What the traversal does at a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Action {
    #[default]
    None,
    Comment,
    Import,
    ImportFrom,
    Function,
    Class,
    Assignment,
    Call,
    Handler,
    Pair,
    /// A scope that holds no facts of its own.
    Scope,
    /// A scope that the compiler may refuse.
    Form,
    /// No scope, and the compiler may refuse it.
    Leaf,
    Return,
    Yield,
}

/// The action of each node kind.
pub(crate) static ACTIONS: LazyLock<KindTable<Action>> = LazyLock::new(|| {
    KindTable::from_names(
        Grammar::Python,
        &[
            ("comment", Action::Comment),
            ("import_statement", Action::Import),
            ("import_from_statement", Action::ImportFrom),
            ("function_definition", Action::Function),
            ("class_definition", Action::Class),
            ("assignment", Action::Assignment),
            ("call", Action::Call),
            ("except_clause", Action::Handler),
            ("pair", Action::Pair),
            ("await", Action::Leaf),
            ("named_expression", Action::Leaf),
            ("raise_statement", Action::Leaf),
            ("print_statement", Action::Leaf),
            ("exec_statement", Action::Leaf),
            ("return_statement", Action::Return),
            ("yield", Action::Yield),
            ("decorated_definition", Action::Form),
            ("if_statement", Action::Scope),
            ("elif_clause", Action::Scope),
            ("else_clause", Action::Scope),
            ("for_statement", Action::Form),
            ("while_statement", Action::Scope),
            ("try_statement", Action::Form),
            ("finally_clause", Action::Scope),
            ("with_statement", Action::Form),
            ("match_statement", Action::Scope),
            ("lambda", Action::Scope),
            ("list_comprehension", Action::Scope),
            ("set_comprehension", Action::Scope),
            ("dictionary_comprehension", Action::Scope),
            ("generator_expression", Action::Scope),
        ],
    )
});

/// Opened definitions, innermost last.
#[derive(Debug, Clone, Copy)]
enum Definition {
    Function(FunctionId),
    Class(ClassId),
}

/// The facts while they are collected.
pub(crate) struct Collector<'s, 't> {
    source: &'s str,
    facts: PythonFacts,
    imports: Vec<Import>,
    stars: Vec<String>,
    assignments: Vec<Assignment>,
    open: Vec<Definition>,
    handlers: Vec<(Node<'t>, ScopeId, Option<FunctionId>)>,
    generators: BTreeSet<FunctionId>,
    /// The `return`s with a value in asynchronous functions.
    returns: Vec<(FunctionId, TextRange)>,
    prints: Option<twin::Reader>,
}

impl<'s, 't> Collector<'s, 't> {
    pub(crate) fn new(source: &'s str) -> Self {
        Self {
            source,
            facts: PythonFacts::default(),
            imports: Vec::new(),
            stars: Vec::new(),
            assignments: Vec::new(),
            open: Vec::new(),
            handlers: Vec::new(),
            generators: BTreeSet::new(),
            returns: Vec::new(),
            prints: None,
        }
    }

    /// Reads the bodies of functions as fingerprints too.
    pub(crate) fn with_twins(self, reads: bool) -> Self {
        Self { prints: reads.then(|| twin::Reader::new(Family::Python, self.source)), ..self }
    }

    /// Looks at a node; returns whether it opens a scope.
    pub(crate) fn enter(&mut self, action: Action, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) -> bool {
        match action {
            Action::None | Action::Comment => false,
            Action::Scope => true,
            Action::Form | Action::Leaf => {
                self.facts.defects.extend(compile::check(node, outline, scope, self.source));
                action == Action::Form
            }
            Action::Return => self.returned(node),
            Action::Yield => self.yielded(outline, scope),
            Action::Import => self.import(node, outline, scope),
            Action::ImportFrom => self.import_from(node, outline, scope),
            Action::Function => self.function(node, outline, scope),
            Action::Class => self.class(node),
            Action::Assignment => self.assignment(node),
            Action::Call => self.call(node),
            Action::Pair => self.pair(node),
            Action::Handler => {
                self.handlers.push((node, scope, self.current_function()));
                true
            }
        }
    }

    /// Closes a definition.
    pub(crate) fn leave(&mut self, action: Action) {
        if matches!(action, Action::Function | Action::Class) {
            self.open.pop();
        }
    }

    /// Reads what needs all names, and returns the facts.
    pub(crate) fn finish(mut self, outline: &Outline<'t>) -> PythonFacts {
        self.facts.names = Names::new(self.imports, self.stars, self.assignments);
        let names = &self.facts.names;
        let read = |(node, scope, function): &(Node<'t>, ScopeId, Option<FunctionId>)| {
            if node.has_error() {
                None
            } else {
                handler::read(*node, outline.enclosing(*scope), *function, names, self.source)
            }
        };
        self.facts.handlers = self.handlers.iter().filter_map(read).collect();
        let in_generator = self.returns.iter().filter(|(function, _)| self.generators.contains(function));
        let message = "syntax error: `return` with a value in an asynchronous generator";
        self.facts.defects.extend(in_generator.map(|(_, range)| compile::defect(*range, message.to_owned())));
        self.facts.defects.sort_by_key(|defect| defect.range);
        self.facts.prints = self.prints.map(twin::Reader::finish).unwrap_or_default();
        self.facts
    }

    fn returned(&mut self, node: Node<'t>) -> bool {
        let keyword = TextRange::new(range(node).start(), range(node).start().saturating_add(6));
        match self.open.last() {
            Some(Definition::Function(id)) => {
                let is_async = self.facts.function(*id).is_some_and(|function| function.traits.contains(Traits::ASYNC));
                if is_async && parts(node).next().is_some() {
                    self.returns.push((*id, keyword));
                }
            }
            Some(Definition::Class(_)) | None => {
                let message = "syntax error: `return` outside a function".to_owned();
                self.facts.defects.push(compile::defect(keyword, message));
            }
        }
        false
    }

    fn yielded(&mut self, outline: &Outline<'t>, scope: ScopeId) -> bool {
        let mut around = outline.enclosing(scope);
        let function = around.find(|node| matches!(node.kind(), "function_definition" | "lambda"));
        if function.is_some_and(|node| node.kind() == "lambda") {
            return false;
        }
        if let Some(Definition::Function(id)) = self.open.last() {
            self.generators.insert(*id);
        }
        false
    }

    fn current_function(&self) -> Option<FunctionId> {
        self.open.iter().rev().find_map(|it| match it {
            Definition::Function(id) => Some(*id),
            Definition::Class(_) => None,
        })
    }

    fn import_scope(outline: &Outline<'t>, scope: ScopeId) -> TextRange {
        let function = outline.enclosing(scope).find(|node| node.kind() == "function_definition");
        function.map_or(TextRange::new(0, u32::MAX), range)
    }

    fn import(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) -> bool {
        let scope = Self::import_scope(outline, scope);
        for item in parts(node) {
            let (name, alias) = if item.kind() == "aliased_import" {
                (field(item, "name"), field(item, "alias"))
            } else {
                (Some(item), None)
            };
            let Some(name) = name else { continue };
            let module = text(name, self.source);
            // `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
            let (local, target) = match alias {
                Some(alias) => (text(alias, self.source), module),
                None => module.split_once('.').map_or((module, module), |(head, _)| (head, head)),
            };
            self.imports.push(Import { local: local.to_owned(), target: target.to_owned(), scope, range: range(name) });
        }
        false
    }

    fn import_from(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) -> bool {
        let scope = Self::import_scope(outline, scope);
        let Some(module) = field(node, "module_name") else { return false };
        let module_text: String = text(module, self.source).split_whitespace().collect();
        for item in parts(node).filter(|item| item.id() != module.id()) {
            match item.kind() {
                "wildcard_import" => self.stars.push(module_text.clone()),
                "aliased_import" => {
                    if let (Some(name), Some(alias)) = (field(item, "name"), field(item, "alias")) {
                        let target = join(&module_text, text(name, self.source));
                        self.imports.push(Import {
                            local: text(alias, self.source).to_owned(),
                            target,
                            scope,
                            range: range(name),
                        });
                    }
                }
                _ => {
                    let name = text(item, self.source);
                    self.imports.push(Import {
                        local: name.to_owned(),
                        target: join(&module_text, name),
                        scope,
                        range: range(item),
                    });
                }
            }
        }
        false
    }

    fn function(&mut self, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) -> bool {
        let mut around = outline.enclosing(scope);
        let decorated = around.next().filter(|it| it.kind() == "decorated_definition");
        let class = match self.open.last() {
            Some(Definition::Class(id)) => Some(*id),
            Some(Definition::Function(_)) | None => None,
        };
        let read = function::read(node, decorated, class, self.current_function(), self.source);
        if let Some(mut function) = read {
            let is_fallback =
                outline.enclosing(scope).any(|it| it.kind() == "except_clause" || it.kind() == "try_statement");
            function.traits.set(Traits::FALLBACK, is_fallback);
            let class_facts = class.and_then(|id| self.facts.class(id));
            if class_facts.is_some_and(is_placeholder_class) {
                function.traits |= Traits::ABSTRACT;
            }
            if let (Some(prints), Some(body)) = (&mut self.prints, field(node, "body")) {
                prints.read(function.name_range, body, self.source);
            }
            self.facts.functions.push(function);
            self.parameters(node);
        } else {
            return false;
        }
        let id = FunctionId(u32::try_from(self.facts.functions.len() - 1).unwrap_or(u32::MAX));
        self.open.push(Definition::Function(id));
        true
    }

    /// A parameter without a default after one with a default parses, and does not compile.
    fn parameters(&mut self, function: Node<'t>) {
        let Some(list) = field(function, "parameters") else { return };
        let mut has_default = false;
        for parameter in parts(list) {
            match parameter.kind() {
                "default_parameter" | "typed_default_parameter" => has_default = true,
                "identifier" | "typed_parameter" if has_default => {
                    // After `*args` or `*` the order is free.
                    if parameter.kind() == "typed_parameter"
                        && children(parameter).next().is_some_and(|it| it.kind().ends_with("splat_pattern"))
                    {
                        break;
                    }
                    let message = format!(
                        "syntax error: parameter `{}` without a default follows one with a default",
                        text(parameter, self.source)
                    );
                    self.facts.defects.push(compile::defect(range(parameter), message));
                    break;
                }
                "list_splat_pattern" | "keyword_separator" | "dictionary_splat_pattern" => break,
                _ => {}
            }
        }
    }

    fn class(&mut self, node: Node<'t>) -> bool {
        let Some(name) = field(node, "name") else { return false };
        let mut class = Class {
            name: text(name, self.source).to_owned(),
            name_range: range(name),
            range: range(node),
            bases: Vec::new(),
            has_dynamic_bases: false,
            is_nested: !self.open.is_empty(),
        };
        for base in field(node, "superclasses").into_iter().flat_map(parts).filter(|it| it.kind() != "keyword_argument")
        {
            let base = if base.kind() == "subscript" { field(base, "value").unwrap_or(base) } else { base };
            match dotted(base, self.source) {
                Some(path) => class.bases.push(path.to_owned()),
                None => class.has_dynamic_bases = true,
            }
        }
        self.facts.classes.push(class);
        let id = ClassId(u32::try_from(self.facts.classes.len() - 1).unwrap_or(u32::MAX));
        self.open.push(Definition::Class(id));
        true
    }

    fn assignment(&mut self, node: Node<'t>) -> bool {
        let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return false };
        if self.open.is_empty() && left.kind() == "identifier" {
            self.assignments.push(Assignment {
                name: text(left, self.source).to_owned(),
                value: self.value(right),
                range: range(left),
            });
        }
        if left.kind() == "subscript" {
            self.schedule_entry(left, right);
        }
        false
    }

    /// An entry of a schedule is known by its own keys, so a schedule may be built in a function or a class.
    fn schedule_entry(&mut self, key: Node<'t>, value: Node<'t>) {
        if matches!(value.kind(), "dictionary" | "call") && self.is_about_celery() {
            self.facts.schedules.extend(read_entry(key, value, self.source));
        }
    }

    fn is_about_celery(&self) -> bool {
        ["celery", "Celery", "CELERY", "beat_schedule"].iter().any(|word| self.source.contains(word))
    }

    fn value(&self, node: Node<'t>) -> Value {
        match node.kind() {
            "identifier" | "attribute" => {
                dotted(node, self.source).map_or(Value::Other, |path| Value::Name(path.to_owned()))
            }
            "call" => {
                let callee = field(node, "function").and_then(|function| dotted(function, self.source));
                callee.map_or(Value::Other, |path| Value::Call(path.to_owned()))
            }
            "tuple" | "list" => {
                Value::Tuple(parts(node).filter_map(|it| dotted(it, self.source)).map(str::to_owned).collect())
            }
            _ => Value::Other,
        }
    }

    fn pair(&mut self, node: Node<'t>) -> bool {
        let (Some(key), Some(value)) = (field(node, "key"), field(node, "value")) else { return false };
        // A dictionary of two or more items; most pairs hold something else.
        if matches!(value.kind(), "dictionary" | "call") && text(value, self.source).contains("schedule") {
            self.schedule_entry(key, value);
        }
        false
    }

    fn call(&mut self, node: Node<'t>) -> bool {
        let Some(callee) = field(node, "function") else { return false };
        let function = self.current_function();
        if dotted(callee, self.source).is_some() {
            self.facts.calls.push(Call { callee: range(callee), function });
        }
        let Some(name) = called_name(node, self.source) else { return false };
        if name.ends_with("Response") {
            self.facts.error_responses.extend(response::read(node, self.source));
        }
        if name == "add_periodic_task" {
            self.facts.schedules.extend(read_periodic_call(node, self.source));
        }
        let recorded = of_call(node, self.source) & Outcome::RECORDS;
        if !recorded.is_empty()
            && let Some(function) = function.and_then(|id| self.facts.functions.get_mut(id.0 as usize))
        {
            function.outcome |= recorded;
        }
        false
    }
}

/// Returns whether a class exists to be empty: a protocol, an abstract base, a null object.
fn is_placeholder_class(class: &Class) -> bool {
    let by_name = ["Mock", "Null", "Noop", "NoOp", "Dummy", "Fake", "Stub"]
        .iter()
        .any(|prefix| class.name.trim_start_matches('_').starts_with(prefix));
    let by_base = class.bases.iter().any(|base| matches!(base.rsplit('.').next(), Some("Protocol" | "ABC")));
    by_name || by_base
}
