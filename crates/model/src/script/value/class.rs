//! Reads functions and classes.

use arrears_core::text::TextRange;
use arrears_syntax::node::{children, field, parts, range, text};
use tree_sitter::Node;

use super::lower::Lowering;
use super::need::pattern_names;
use super::read::key_range;
use super::{ClassId, Expr, ExprId, LambdaId, List, Member, Origin};

impl<'t> Lowering<'_, 't> {
    /// Returns the id of a function that an expression holds, which is needed then.
    pub(super) fn lambda_value(&mut self, node: Node<'t>) -> LambdaId {
        let id = self.lambda(node);
        self.need(id);
        id
    }

    /// Reads the parameters and the results of a function.
    pub(super) fn read_lambda(&mut self, id: LambdaId, returns: Vec<Node<'t>>) {
        let Some(node) = self.lambdas.get(id.0 as usize).copied() else { return };
        let outer = std::mem::replace(&mut self.open, vec![id]);
        let params = self.params(node, id);
        if let Some(lambda) = self.values.lambdas.get_mut(id.0 as usize) {
            lambda.params = params;
            lambda.name = field(node, "name").map(range).unwrap_or_default();
            let said = field(node, "return_type").and_then(|it| parts(it).next());
            lambda.return_type = said.map(range).unwrap_or_default();
        }
        for value in returns.into_iter().filter_map(|it| parts(it).next()) {
            self.add_return(value, id);
        }
        if let Some(body) = field(node, "body").filter(|body| body.kind() != "statement_block") {
            self.add_return(body, id);
        }
        self.open = outer;
    }

    /// Binds the names of a parameter.
    pub(super) fn bind_param(&mut self, pattern: Node<'t>, id: LambdaId, index: u32, default: Option<ExprId>) {
        let block = self.values.lambda(id).map_or(self.whole, |it| it.range);
        match pattern.kind() {
            "identifier" => {
                let origin = Origin::Param { index, key: TextRange::default(), default };
                self.bind(range(pattern), block, origin, true);
            }
            "object_pattern" => {
                for (name, key, default) in pattern_names(pattern) {
                    let default = default.map(|value| self.expr(value));
                    let origin = if key.is_empty() { Origin::Unknown } else { Origin::Param { index, key, default } };
                    self.bind(name, block, origin, true);
                }
            }
            _ => {}
        }
    }

    /// Reads the members of a class.
    pub(super) fn read_class(&mut self, id: ClassId) {
        let Some(node) = self.classes.get(id.0 as usize).copied() else { return };
        let owner = self.values.class(id).and_then(|it| it.owner);
        let outer = std::mem::replace(&mut self.open, owner.into_iter().collect());
        let heritage = children(node).find(|child| child.kind() == "class_heritage");
        let extended = heritage.and_then(|heritage| {
            let clause = children(heritage).find(|it| it.kind() == "extends_clause");
            clause.map_or_else(|| parts(heritage).next(), |clause| field(clause, "value"))
        });
        let extends = extended.map(|it| self.expr(it));
        let (mut constructor, mut super_args) = (None, None);
        for part in field(node, "body").into_iter().flat_map(parts) {
            let is_method = part.kind() == "method_definition";
            if is_method && field(part, "name").is_some_and(|it| text(it, self.source) == "constructor") {
                let function = self.lambda_value(part);
                self.belongs(function, id);
                constructor = Some(function);
                super_args = self.within(constructor, |it| it.super_args(part));
            } else {
                self.read_member(part, id);
            }
        }
        self.open = outer;
        if let Some(class) = self.values.classes.get_mut(id.0 as usize) {
            class.extends = extends;
            class.constructor = constructor;
            class.super_args = super_args;
        }
    }

    pub(super) fn read_member(&mut self, part: Node<'t>, id: ClassId) {
        let Some(name) = field(part, "name") else { return };
        let value = match part.kind() {
            "method_definition" => Some(part),
            "public_field_definition" => field(part, "value"),
            _ => None,
        };
        let Some(value) = value.map(|it| self.expr(it)) else { return };
        if let Expr::Lambda(function) = self.values.expr(value) {
            self.belongs(function, id);
        }
        let mut cursor = part.walk();
        let mut tokens = part.children(&mut cursor);
        let (mut is_static, mut is_getter) = (false, false);
        tokens.by_ref().for_each(|token| match token.kind() {
            "static" => is_static = true,
            "get" => is_getter = true,
            _ => {}
        });
        if let Some(class) = self.values.classes.get_mut(id.0 as usize) {
            class.members.push(Member { name: key_range(name), value, set_in: None, is_static, is_getter });
        }
    }

    pub(super) fn belongs(&mut self, function: LambdaId, class: ClassId) {
        if let Some(lambda) = self.values.lambdas.get_mut(function.0 as usize) {
            lambda.class = Some(class);
        }
    }

    pub(super) fn super_args(&mut self, constructor: Node<'t>) -> Option<List> {
        let body = field(constructor, "body")?;
        let call = parts(body).filter(|it| it.kind() == "expression_statement").find_map(|it| {
            parts(it).next().filter(|it| {
                it.kind() == "call_expression" && field(*it, "function").is_some_and(|it| it.kind() == "super")
            })
        })?;
        let id = self.call_once(call);
        match self.values.expr(id) {
            Expr::Call { args, .. } => Some(args),
            _ => None,
        }
    }
}
