//! Turns a Python tree into [`Bodies`].

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, fields, parts, range, text};
use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::{Arg, Bodies, ClassBody, Clause, ComprehensionKind, Expr, ExprId, FunctionBody, List, Param, Stmt, StmtId};
use crate::python::{ClassId, FunctionId, PythonFacts};

/// How deep expressions and statements are followed; what lies deeper is opaque.
const DEPTH: u32 = 120;

/// Reads the statements of a module whose functions and classes are known.
pub(crate) fn lower(root: Node<'_>, source: &str, facts: &PythonFacts) -> Bodies {
    let functions = (0..).map(FunctionId).zip(&facts.functions).map(|(id, it)| (it.range.start(), id)).collect();
    let classes = (0..).map(ClassId).zip(&facts.classes).map(|(id, it)| (it.range.start(), id)).collect();
    let bodies = Bodies {
        functions: vec![FunctionBody::default(); facts.functions.len()],
        classes: vec![ClassBody::default(); facts.classes.len()],
        ..Bodies::default()
    };
    let mut lower = Lower { source, bodies, functions, classes, depth: 0, generator: false };
    lower.bodies.top = lower.block(root);
    lower.bodies
}

struct Lower<'s> {
    source: &'s str,
    bodies: Bodies,
    functions: FxHashMap<u32, FunctionId>,
    classes: FxHashMap<u32, ClassId>,
    depth: u32,
    /// Whether a `yield` was seen in the function that is being read.
    generator: bool,
}

fn id(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn put<T>(all: &mut Vec<T>, items: Vec<T>) -> List {
    let list = List { start: id(all.len()), len: id(items.len()) };
    all.extend(items);
    list
}

impl Lower<'_> {
    fn add(&mut self, expr: Expr, span: TextRange) -> ExprId {
        self.bodies.exprs.push(expr);
        self.bodies.spans.push(span);
        ExprId(id(self.bodies.exprs.len() - 1))
    }

    fn list(&mut self, items: Vec<ExprId>) -> List {
        put(&mut self.bodies.expr_lists, items)
    }

    fn exprs<'t>(&mut self, nodes: impl Iterator<Item = Node<'t>>) -> List {
        let items = nodes.map(|node| self.expr(node)).collect();
        self.list(items)
    }

    fn opaque(&mut self, span: TextRange) -> ExprId {
        self.add(Expr::Opaque(List::default()), span)
    }

    fn expr(&mut self, node: Node<'_>) -> ExprId {
        if self.depth >= DEPTH || node.is_error() || node.is_missing() {
            return self.opaque(range(node));
        }
        self.depth += 1;
        let expr = self.read(node);
        self.depth -= 1;
        match expr {
            Ok(expr) => self.add(expr, range(node)),
            Err(same) => same,
        }
    }

    fn field(&mut self, node: Node<'_>, name: &'static str) -> ExprId {
        match field(node, name) {
            Some(node) => self.expr(node),
            None => self.opaque(range(node)),
        }
    }

    fn two(&mut self, node: Node<'_>, left: &'static str, right: &'static str) -> (ExprId, ExprId) {
        (self.field(node, left), self.field(node, right))
    }

    /// Reads an expression; a pair of brackets is what is in it.
    fn read(&mut self, node: Node<'_>) -> Result<Expr, ExprId> {
        Ok(match node.kind() {
            "identifier" | "keyword_identifier" => Expr::Name,
            "attribute" => match field(node, "attribute") {
                Some(name) => Expr::Attr { object: self.field(node, "object"), name: range(name) },
                None => Expr::Opaque(List::default()),
            },
            "call" => self.call(node),
            "string" => self.string(node),
            "integer" => Expr::Int,
            "true" => Expr::True,
            "false" => Expr::False,
            "none" => Expr::None,
            "list" | "list_pattern" => Expr::List(self.exprs(parts(node))),
            "tuple" | "expression_list" | "pattern_list" | "tuple_pattern" => Expr::Tuple(self.exprs(parts(node))),
            "set" => Expr::Set(self.exprs(parts(node))),
            "dictionary" => self.dictionary(node),
            "subscript" => self.subscript(node),
            "slice" => self.slice(node),
            "list_comprehension" => self.comprehension(node, ComprehensionKind::List),
            "set_comprehension" => self.comprehension(node, ComprehensionKind::Set),
            "dictionary_comprehension" => self.comprehension(node, ComprehensionKind::Dict),
            "generator_expression" => self.comprehension(node, ComprehensionKind::Generator),
            "list_splat" | "list_splat_pattern" => match parts(node).next() {
                Some(inner) => Expr::Star(self.expr(inner)),
                None => Expr::Opaque(List::default()),
            },
            "yield" => {
                self.generator = true;
                Expr::Yield(parts(node).next().map(|value| self.expr(value)))
            }
            "parenthesized_expression" => match parts(node).next() {
                Some(inner) => return Err(self.expr(inner)),
                None => Expr::Opaque(List::default()),
            },
            // The name of a typed parameter or the type of an annotation.
            "type"
            | "typed_parameter"
            | "default_parameter"
            | "typed_default_parameter"
            | "dictionary_splat"
            | "as_pattern_target"
                if node.named_child_count() > 0 =>
            {
                return match parts(node).next() {
                    Some(inner) => Err(self.expr(inner)),
                    None => Ok(Expr::Opaque(List::default())),
                };
            }
            "as_pattern_target" => Expr::Name,
            "generic_type" => self.generic_type(node),
            "type_parameter" => Expr::Tuple(self.exprs(parts(node))),
            _ => self.operation(node),
        })
    }

    /// Reads what operators and keywords make of expressions; what is not known holds its parts.
    fn operation(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            "lambda" => {
                let params = field(node, "parameters").map(|list| self.exprs(parts(list))).unwrap_or_default();
                Expr::Lambda { params, body: self.field(node, "body") }
            }
            "conditional_expression" => {
                let mut sides = parts(node).map(|part| self.expr(part)).collect::<Vec<_>>().into_iter();
                match (sides.next(), sides.next(), sides.next()) {
                    (Some(then), Some(test), Some(other)) => Expr::Conditional { test, then, other },
                    _ => Expr::Opaque(List::default()),
                }
            }
            "boolean_operator" => {
                let (left, right) = self.two(node, "left", "right");
                Expr::Bool { left, right }
            }
            "not_operator" => Expr::Not(self.field(node, "argument")),
            "comparison_operator" => Expr::Compare(self.exprs(parts(node))),
            "binary_operator" => {
                let op = self.operator(node);
                let (left, right) = self.two(node, "left", "right");
                Expr::Binary { op, left, right }
            }
            "await" => match parts(node).next() {
                Some(inner) => Expr::Await(self.expr(inner)),
                None => Expr::Opaque(List::default()),
            },
            "named_expression" => {
                let (target, value) = self.two(node, "name", "value");
                Expr::Walrus { target, value }
            }
            _ => Expr::Opaque(self.exprs(parts(node))),
        }
    }

    /// Returns the first character of the operator of an expression or an augmented assignment.
    fn operator(&self, node: Node<'_>) -> u8 {
        field(node, "operator").and_then(|op| text(op, self.source).bytes().next()).unwrap_or(b'?')
    }

    fn subscript(&mut self, node: Node<'_>) -> Expr {
        let object = self.field(node, "value");
        let mut indexes = fields(node, "subscript");
        let index = match (indexes.pop(), indexes.is_empty()) {
            (Some(index), true) => self.expr(index),
            (Some(last), false) => {
                let list = self.exprs(indexes.into_iter().chain([last]));
                self.add(Expr::Tuple(list), range(node))
            }
            (None, _) => self.opaque(range(node)),
        };
        Expr::Subscript { object, index }
    }

    /// `QuerySet[Order]` in an annotation reads as a subscript.
    fn generic_type(&mut self, node: Node<'_>) -> Expr {
        let mut inner = parts(node);
        let (Some(name), Some(parameter)) = (inner.next(), inner.next()) else { return Expr::Opaque(List::default()) };
        let object = self.expr(name);
        let mut types: Vec<ExprId> = parts(parameter).map(|part| self.expr(part)).collect();
        let index = match (types.len(), types.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                types.push(last);
                let list = self.list(types);
                self.add(Expr::Tuple(list), range(parameter))
            }
            (_, None) => self.opaque(range(parameter)),
        };
        Expr::Subscript { object, index }
    }

    fn call(&mut self, node: Node<'_>) -> Expr {
        let function = self.field(node, "function");
        let args = match field(node, "arguments") {
            Some(list) if list.kind() == "argument_list" => self.args(list),
            // `sum(x for x in y)`: the generator is the argument list.
            Some(generator) => {
                let value = self.expr(generator);
                put(&mut self.bodies.args, vec![Arg { name: None, value, stars: 0 }])
            }
            None => List::default(),
        };
        Expr::Call { function, args }
    }

    fn args(&mut self, list: Node<'_>) -> List {
        let mut args = Vec::new();
        for part in parts(list) {
            let (name, value, stars) = match part.kind() {
                "keyword_argument" => (field(part, "name").map(range), field(part, "value").unwrap_or(part), 0),
                "list_splat" => (None, parts(part).next().unwrap_or(part), 1),
                "dictionary_splat" => (None, parts(part).next().unwrap_or(part), 2),
                _ => (None, part, 0),
            };
            let value = if value.id() == part.id() && part.kind() == "keyword_argument" {
                self.opaque(range(part))
            } else {
                self.expr(value)
            };
            args.push(Arg { name, value, stars });
        }
        put(&mut self.bodies.args, args)
    }

    fn string(&mut self, node: Node<'_>) -> Expr {
        let interpolations: Vec<Node<'_>> = parts(node).filter(|part| part.kind() == "interpolation").collect();
        if !interpolations.is_empty() {
            let values = interpolations.into_iter().filter_map(|part| field(part, "expression"));
            return Expr::Format(self.exprs(values));
        }
        let content = parts(node).find(|part| part.kind() == "string_content");
        Expr::Str(content.map_or_else(|| TextRange::empty(range(node).end().saturating_sub(1)), range))
    }

    fn dictionary(&mut self, node: Node<'_>) -> Expr {
        let mut items = Vec::new();
        for part in parts(node) {
            if part.kind() == "pair" {
                items.push(self.field(part, "key"));
                items.push(self.field(part, "value"));
            } else {
                items.push(self.opaque(range(part)));
                items.push(self.expr(part));
            }
        }
        Expr::Dict(self.list(items))
    }

    fn slice(&mut self, node: Node<'_>) -> Expr {
        let (mut lower, mut upper, mut colons) = (None, None, 0);
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            match (child.is_named(), colons) {
                (false, _) => colons += 1,
                (true, 0) => lower = Some(self.expr(child)),
                (true, 1) => upper = Some(self.expr(child)),
                (true, _) => {}
            }
        }
        Expr::Slice { lower, upper }
    }

    fn comprehension(&mut self, node: Node<'_>, kind: ComprehensionKind) -> Expr {
        let mut clauses = Vec::new();
        for part in parts(node) {
            match part.kind() {
                "for_in_clause" => {
                    let target = self.field(part, "left");
                    let mut iters = fields(part, "right").into_iter().filter(|it| it.is_named());
                    let iter = match iters.next() {
                        Some(iter) => self.expr(iter),
                        None => self.opaque(range(part)),
                    };
                    clauses.push(Clause::For { target, iter });
                }
                "if_clause" => {
                    if let Some(test) = parts(part).next() {
                        clauses.push(Clause::If(self.expr(test)));
                    }
                }
                _ => {}
            }
        }
        let element = match field(node, "body") {
            Some(pair) if pair.kind() == "pair" => {
                let (key, value) = self.two(pair, "key", "value");
                let list = self.list(vec![key, value]);
                self.add(Expr::Tuple(list), range(pair))
            }
            Some(body) => self.expr(body),
            None => self.opaque(range(node)),
        };
        let clauses = put(&mut self.bodies.clauses, clauses);
        Expr::Comprehension { kind, element, clauses }
    }

    fn block(&mut self, node: Node<'_>) -> List {
        if self.depth >= DEPTH {
            return List::default();
        }
        self.depth += 1;
        let mut statements = Vec::new();
        for part in parts(node) {
            self.statement(part, &mut statements);
        }
        self.depth -= 1;
        put(&mut self.bodies.stmt_lists, statements)
    }

    fn suite(&mut self, node: Node<'_>, name: &'static str) -> List {
        field(node, name).map(|block| self.block(block)).unwrap_or_default()
    }

    fn push(&mut self, into: &mut Vec<StmtId>, stmt: Stmt, span: TextRange) {
        self.bodies.stmts.push(stmt);
        self.bodies.stmt_spans.push(span);
        into.push(StmtId(id(self.bodies.stmts.len() - 1)));
    }

    fn statement(&mut self, node: Node<'_>, into: &mut Vec<StmtId>) {
        let span = range(node);
        let stmt = match node.kind() {
            "expression_statement" => {
                let Some(inner) = parts(node).next() else { return };
                match inner.kind() {
                    "assignment" => return self.assignment(inner, into),
                    "augmented_assignment" => {
                        let op = self.operator(inner);
                        let (target, value) = self.two(inner, "left", "right");
                        Stmt::Augmented { target, op, value }
                    }
                    // A docstring says nothing to the machine.
                    "string" | "concatenated_string" => return,
                    _ => Stmt::Expr(self.expr(inner)),
                }
            }
            "return_statement" => Stmt::Return(parts(node).next().map(|value| self.expr(value))),
            "raise_statement" => Stmt::Raise(parts(node).next().map(|value| self.expr(value))),
            "if_statement" => return self.branches(node, into),
            "for_statement" => {
                let (target, iter) = self.two(node, "left", "right");
                let body = self.suite(node, "body");
                let other = field(node, "alternative").map(|it| self.suite(it, "body")).unwrap_or_default();
                Stmt::For { target, iter, body, other }
            }
            "while_statement" => Stmt::While { test: self.field(node, "condition"), body: self.suite(node, "body") },
            "try_statement" => self.attempt(node),
            "with_statement" => self.with(node),
            "match_statement" => {
                let subject = self.field(node, "subject");
                let mut cases = Vec::new();
                for case in field(node, "body").into_iter().flat_map(parts) {
                    let block = self.suite(case, "consequence");
                    self.push(&mut cases, Stmt::Block(block), range(case));
                }
                Stmt::Match { subject, cases: put(&mut self.bodies.stmt_lists, cases) }
            }
            "decorated_definition" => {
                let decorators: Vec<Node<'_>> =
                    children(node).filter(|it| it.kind() == "decorator").filter_map(|it| parts(it).next()).collect();
                match field(node, "definition") {
                    Some(definition) => self.definition(definition, decorators),
                    None => return,
                }
            }
            "function_definition" | "class_definition" => self.definition(node, Vec::new()),
            "continue_statement" => Stmt::Jump,
            "break_statement" => Stmt::Break,
            "import_from_statement" => return self.star(node, into),
            "pass_statement"
            | "import_statement"
            | "future_import_statement"
            | "global_statement"
            | "nonlocal_statement"
            | "type_alias_statement"
            | "comment" => return,
            _ => Stmt::Other(self.exprs(parts(node))),
        };
        self.push(into, stmt, span);
    }

    /// Of imports only those of all names are statements: what they bind depends on where they stand.
    fn star(&mut self, node: Node<'_>, into: &mut Vec<StmtId>) {
        let is_star = parts(node).any(|it| it.kind() == "wildcard_import");
        if let Some(module) = field(node, "module_name").filter(|_| is_star) {
            self.push(into, Stmt::Star(range(module)), range(node));
        }
    }

    fn assignment(&mut self, node: Node<'_>, into: &mut Vec<StmtId>) {
        let span = range(node);
        let target = self.field(node, "left");
        let right = field(node, "right");
        if let Some(annotation) = field(node, "type") {
            let annotation = self.expr(annotation);
            let value = right.map(|value| self.expr(value));
            return self.push(into, Stmt::Annotated { target, annotation, value }, span);
        }
        let Some(mut right) = right else { return };
        let mut targets = vec![target];
        while right.kind() == "assignment" {
            targets.push(self.field(right, "left"));
            match field(right, "right") {
                Some(next) => right = next,
                None => return,
            }
        }
        let value = self.expr(right);
        for target in targets.into_iter().rev() {
            self.push(into, Stmt::Assign { target, value }, span);
        }
    }

    /// `elif`s are read from the last to the first, each the other branch of the one before.
    fn branches(&mut self, node: Node<'_>, into: &mut Vec<StmtId>) {
        let mut other = List::default();
        for alternative in fields(node, "alternative").into_iter().rev() {
            if alternative.kind() == "else_clause" {
                other = self.suite(alternative, "body");
            } else {
                let stmt = Stmt::If {
                    test: self.field(alternative, "condition"),
                    then: self.suite(alternative, "consequence"),
                    other,
                };
                let mut only = Vec::new();
                self.push(&mut only, stmt, range(alternative));
                other = put(&mut self.bodies.stmt_lists, only);
            }
        }
        let stmt = Stmt::If { test: self.field(node, "condition"), then: self.suite(node, "consequence"), other };
        self.push(into, stmt, range(node));
    }

    fn attempt(&mut self, node: Node<'_>) -> Stmt {
        let body = self.suite(node, "body");
        let (mut handlers, mut rest) = (Vec::new(), Vec::new());
        for part in parts(node) {
            let block = match part.kind() {
                "else_clause" => self.suite(part, "body"),
                "except_clause" | "finally_clause" => match parts(part).find(|it| it.kind() == "block") {
                    Some(block) => self.block(block),
                    None => continue,
                },
                _ => continue,
            };
            let into = if part.kind() == "except_clause" { &mut handlers } else { &mut rest };
            self.push(into, Stmt::Block(block), range(part));
        }
        let handlers = put(&mut self.bodies.stmt_lists, handlers);
        Stmt::Try { body, handlers, rest: put(&mut self.bodies.stmt_lists, rest) }
    }

    fn with(&mut self, node: Node<'_>) -> Stmt {
        let mut items = Vec::new();
        let clause = children(node).find(|it| it.kind() == "with_clause");
        for item in clause.into_iter().flat_map(parts) {
            let Some(value) = field(item, "value") else { continue };
            let alias = if value.kind() == "as_pattern" { field(value, "alias") } else { None };
            let stmt = match (alias, parts(value).next()) {
                (Some(alias), Some(context)) => {
                    let value = self.expr(context);
                    Stmt::Assign { target: self.expr(alias), value }
                }
                _ => Stmt::Expr(self.expr(value)),
            };
            self.push(&mut items, stmt, range(item));
        }
        let items = put(&mut self.bodies.stmt_lists, items);
        Stmt::With { items, body: self.suite(node, "body") }
    }

    fn definition(&mut self, node: Node<'_>, decorators: Vec<Node<'_>>) -> Stmt {
        let decorators: Vec<ExprId> = decorators.into_iter().map(|it| self.expr(it)).collect();
        let start = range(node).start();
        if let Some(id) = self.classes.get(&start).copied().filter(|_| node.kind() == "class_definition") {
            let args = field(node, "superclasses").map(|list| self.args(list)).unwrap_or_default();
            let block = self.suite(node, "body");
            if let Some(class) = self.bodies.classes.get_mut(id.0 as usize) {
                *class = ClassBody { args, decorators, block };
            }
            return Stmt::Class(id);
        }
        let Some(id) = self.functions.get(&start).copied() else { return Stmt::Jump };
        let outer = std::mem::replace(&mut self.generator, false);
        let params = field(node, "parameters").map(|list| self.params(list)).unwrap_or_default();
        let returns = field(node, "return_type").map(|it| self.expr(it));
        let block = self.suite(node, "body");
        let is_generator = std::mem::replace(&mut self.generator, outer);
        if let Some(function) = self.bodies.functions.get_mut(id.0 as usize) {
            *function = FunctionBody { params, decorators, returns, block, is_generator };
        }
        Stmt::Function(id)
    }

    fn params(&mut self, list: Node<'_>) -> Vec<Param> {
        let mut params = Vec::new();
        for node in parts(list) {
            let inner = parts(node).next();
            let (name, stars) = match node.kind() {
                "identifier" => (node, 0),
                "default_parameter" | "typed_default_parameter" => (field(node, "name").unwrap_or(node), 0),
                "list_splat_pattern" => (inner.unwrap_or(node), 1),
                "dictionary_splat_pattern" => (inner.unwrap_or(node), 2),
                "typed_parameter" => match inner {
                    Some(splat) if splat.kind() == "list_splat_pattern" => (parts(splat).next().unwrap_or(splat), 1),
                    Some(splat) if splat.kind() == "dictionary_splat_pattern" => {
                        (parts(splat).next().unwrap_or(splat), 2)
                    }
                    Some(name) => (name, 0),
                    None => continue,
                },
                _ => continue,
            };
            let annotation = field(node, "type").map(|it| self.expr(it));
            let default = field(node, "value").map(|it| self.expr(it));
            params.push(Param { name: range(name), annotation, default, stars });
        }
        params
    }
}
