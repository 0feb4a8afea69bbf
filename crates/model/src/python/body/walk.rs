//! Walks over statements and expressions, without recursion.

use super::{Bodies, Clause, Expr, ExprId, List, Stmt, StmtId};

impl Bodies {
    /// Returns all expressions, an expression after its parts.
    pub fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..u32::try_from(self.exprs.len()).unwrap_or(u32::MAX)).map(ExprId)
    }

    /// Returns the expressions that an expression is made of, in the order of the text.
    pub fn parts(&self, id: ExprId) -> Vec<ExprId> {
        let mut found = Vec::new();
        self.add_parts(id, &mut found);
        found
    }

    fn add_parts(&self, id: ExprId, to: &mut Vec<ExprId>) {
        match self.expr(id) {
            Expr::Name | Expr::Str(_) | Expr::Int | Expr::True | Expr::False | Expr::None => {}
            Expr::Attr { object, .. } => to.push(object),
            Expr::Call { function, args } => {
                to.push(function);
                to.extend(self.args(args).iter().map(|arg| arg.value));
            }
            Expr::List(list)
            | Expr::Tuple(list)
            | Expr::Set(list)
            | Expr::Dict(list)
            | Expr::Compare(list)
            | Expr::Format(list)
            | Expr::Opaque(list) => to.extend_from_slice(self.exprs(list)),
            Expr::Subscript { object, index } => to.extend([object, index]),
            Expr::Slice { lower, upper } => to.extend([lower, upper].into_iter().flatten()),
            Expr::Comprehension { element, clauses, .. } => {
                to.push(element);
                for clause in self.clauses(clauses) {
                    match *clause {
                        Clause::For { target, iter } => to.extend([target, iter]),
                        Clause::If(test) => to.push(test),
                    }
                }
            }
            Expr::Lambda { params, body } => {
                to.extend_from_slice(self.exprs(params));
                to.push(body);
            }
            Expr::Conditional { test, then, other } => to.extend([then, test, other]),
            Expr::Bool { left, right } | Expr::Binary { left, right, .. } => to.extend([left, right]),
            Expr::Not(inner) | Expr::Star(inner) | Expr::Await(inner) => to.push(inner),
            Expr::Walrus { target, value } => to.extend([target, value]),
            Expr::Yield(inner) => to.extend(inner),
        }
    }

    /// Returns an expression and all that it is made of, an expression before its parts.
    pub fn within(&self, id: ExprId) -> Vec<ExprId> {
        let (mut found, mut open) = (Vec::new(), vec![id]);
        while let Some(id) = open.pop() {
            found.push(id);
            let from = open.len();
            self.add_parts(id, &mut open);
            open[from..].reverse();
        }
        found
    }

    /// Returns the last part of the name that a call calls: `save` of `order.save()`.
    pub fn called<'s>(&self, id: ExprId, text: &'s str) -> Option<&'s str> {
        let Expr::Call { function, .. } = self.expr(id) else { return None };
        match self.expr(function) {
            Expr::Name => Some(self.span(function).slice(text)),
            Expr::Attr { name, .. } => Some(name.slice(text)),
            _ => None,
        }
    }

    /// Returns the expressions of a statement itself, those of the statements inside it left out.
    pub fn own(&self, id: StmtId) -> Vec<ExprId> {
        match self.stmt(id) {
            Stmt::Expr(value) | Stmt::While { test: value, .. } | Stmt::If { test: value, .. } => vec![value],
            Stmt::Match { subject, .. } => vec![subject],
            Stmt::Assign { target, value } | Stmt::Augmented { target, value, .. } => vec![target, value],
            Stmt::Annotated { target, value, .. } => [target].into_iter().chain(value).collect(),
            Stmt::Return(value) | Stmt::Raise(value) => value.into_iter().collect(),
            Stmt::For { target, iter, .. } => vec![target, iter],
            Stmt::Other(list) => self.exprs(list).to_vec(),
            Stmt::Try { .. }
            | Stmt::With { .. }
            | Stmt::Block(_)
            | Stmt::Function(_)
            | Stmt::Class(_)
            | Stmt::Star(_)
            | Stmt::Jump
            | Stmt::Break => Vec::new(),
        }
    }

    /// Returns the blocks inside a statement, in the order of the text; functions and classes have none.
    pub fn blocks(&self, id: StmtId) -> Vec<List> {
        match self.stmt(id) {
            Stmt::For { body, other, .. } => vec![body, other],
            Stmt::While { body, .. } => vec![body],
            Stmt::If { then, other, .. } => vec![then, other],
            Stmt::Try { body, handlers, rest } => vec![body, handlers, rest],
            Stmt::With { items, body } => vec![items, body],
            Stmt::Match { cases, .. } => vec![cases],
            Stmt::Block(block) => vec![block],
            Stmt::Expr(_)
            | Stmt::Assign { .. }
            | Stmt::Annotated { .. }
            | Stmt::Augmented { .. }
            | Stmt::Return(_)
            | Stmt::Raise(_)
            | Stmt::Function(_)
            | Stmt::Class(_)
            | Stmt::Star(_)
            | Stmt::Jump
            | Stmt::Break
            | Stmt::Other(_) => Vec::new(),
        }
    }

    /// Returns the statements of a block and of the blocks inside it, in the order of the text.
    pub fn statements(&self, block: List) -> Vec<StmtId> {
        let mut found = Vec::new();
        let mut open: Vec<StmtId> = self.block(block).iter().rev().copied().collect();
        while let Some(id) = open.pop() {
            found.push(id);
            for block in self.blocks(id).into_iter().rev() {
                open.extend(self.block(block).iter().rev());
            }
        }
        found
    }
}
