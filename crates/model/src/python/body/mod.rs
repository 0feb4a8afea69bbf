//! What the statements of a Python module say, owned: enough to follow values through functions and files.
//!
//! Nodes live in arenas and are named by ids; names and strings are ranges of the file's text, so nothing is
//! allocated for a node. What the analysis has no use for is [`Expr::Opaque`], with its parts.

mod lower;
mod walk;

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

use super::{ClassId, FunctionId};
pub(crate) use lower::lower;

/// The index of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExprId(pub u32);

/// The index of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StmtId(pub u32);

/// A run of entries in one of the lists of [`Bodies`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    start: u32,
    len: u32,
}

impl List {
    /// Returns whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Returns how many entries it has.
    pub fn len(self) -> usize {
        self.len as usize
    }

    fn of<T>(self, all: &[T]) -> &[T] {
        let start = self.start as usize;
        all.get(start..start + self.len as usize).unwrap_or(&[])
    }
}

/// An expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expr {
    /// A name; its text is the expression's range.
    Name,
    /// `object.name`
    Attr {
        /// Before the dot.
        object: ExprId,
        /// After the dot.
        name: TextRange,
    },
    /// A call.
    Call {
        /// What is called.
        function: ExprId,
        /// The arguments, see [`Bodies::args`].
        args: List,
    },
    /// A string without interpolation, of one piece; the range is its content, escapes as they are written.
    Str(TextRange),
    /// A whole number; its text is the expression's range.
    Int,
    /// `True`
    True,
    /// `False`
    False,
    /// `None`
    None,
    /// `[a, b]`
    List(List),
    /// `(a, b)` and `a, b`
    Tuple(List),
    /// `{a, b}`
    Set(List),
    /// `{a: b}`: keys and values by turns; the key of `**rest` is [`Expr::Opaque`] without parts.
    Dict(List),
    /// `object[index]`
    Subscript {
        /// Before the bracket.
        object: ExprId,
        /// In the brackets.
        index: ExprId,
    },
    /// `a:b:c`, the parts that are there
    Slice {
        /// Before the first colon.
        lower: Option<ExprId>,
        /// After it.
        upper: Option<ExprId>,
    },
    /// A comprehension or a generator.
    Comprehension {
        /// What it makes.
        kind: ComprehensionKind,
        /// The element; for a dictionary a tuple of key and value.
        element: ExprId,
        /// The clauses, see [`Bodies::clauses`].
        clauses: List,
    },
    /// `lambda a, b: body`
    Lambda {
        /// The names, as expressions.
        params: List,
        /// The value.
        body: ExprId,
    },
    /// `then if test else other`
    Conditional {
        /// The test.
        test: ExprId,
        /// Its value where the test holds.
        then: ExprId,
        /// Its value otherwise.
        other: ExprId,
    },
    /// `a and b`, `a or b`
    Bool {
        /// The left side.
        left: ExprId,
        /// The right side.
        right: ExprId,
    },
    /// `not a`
    Not(ExprId),
    /// A comparison: its operands.
    Compare(List),
    /// `a + b`, `a | b`: the operator is the byte.
    Binary {
        /// The first byte of the operator.
        op: u8,
        /// The left side.
        left: ExprId,
        /// The right side.
        right: ExprId,
    },
    /// `*a`
    Star(ExprId),
    /// `await a`
    Await(ExprId),
    /// `(a := b)`
    Walrus {
        /// The name.
        target: ExprId,
        /// The value.
        value: ExprId,
    },
    /// `yield a`, `yield from a`
    Yield(Option<ExprId>),
    /// A string with interpolations: these.
    Format(List),
    /// Anything else: its parts.
    Opaque(List),
}

/// What a comprehension makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComprehensionKind {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `{k: v …}`
    Dict,
    /// `(…)`
    Generator,
}

/// A clause of a comprehension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clause {
    /// `for target in iter`
    For {
        /// What is bound.
        target: ExprId,
        /// What is iterated.
        iter: ExprId,
    },
    /// `if test`
    If(ExprId),
}

/// An argument of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arg {
    /// The keyword, if there is one.
    pub name: Option<TextRange>,
    /// The value.
    pub value: ExprId,
    /// 0 for a plain argument, 1 for `*a`, 2 for `**a`.
    pub stars: u8,
}

/// A statement. Blocks are lists, see [`Bodies::block`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stmt {
    /// An expression.
    Expr(ExprId),
    /// `target = value`; `a = b = c` is two of them.
    Assign {
        /// What is bound.
        target: ExprId,
        /// The value.
        value: ExprId,
    },
    /// `target: annotation = value`
    Annotated {
        /// What is bound.
        target: ExprId,
        /// Its type.
        annotation: ExprId,
        /// The value, if there is one.
        value: Option<ExprId>,
    },
    /// `target += value`
    Augmented {
        /// What changes.
        target: ExprId,
        /// The first byte of the operator.
        op: u8,
        /// By what.
        value: ExprId,
    },
    /// `return value`
    Return(Option<ExprId>),
    /// `raise value`
    Raise(Option<ExprId>),
    /// `for target in iter`
    For {
        /// What is bound.
        target: ExprId,
        /// What is iterated.
        iter: ExprId,
        /// The body.
        body: List,
        /// `else:`
        other: List,
    },
    /// `while test`
    While {
        /// The test.
        test: ExprId,
        /// The body.
        body: List,
    },
    /// `if test`; an `elif` is an `if` in the other branch.
    If {
        /// The test.
        test: ExprId,
        /// The body.
        then: List,
        /// `else:`
        other: List,
    },
    /// `try:`
    Try {
        /// The body.
        body: List,
        /// The handlers: one [`Stmt::Block`] each.
        handlers: List,
        /// `else:` and `finally:`
        rest: List,
    },
    /// `with a as b:`; the items are the first statements of the body: assignments or expressions.
    With {
        /// The context managers as [`Stmt::Expr`] and [`Stmt::Assign`].
        items: List,
        /// The body.
        body: List,
    },
    /// Branches of which one is taken: the cases of a `match`, each a [`Stmt::Block`].
    Match {
        /// What is looked at.
        subject: ExprId,
        /// The cases.
        cases: List,
    },
    /// Statements one after the other.
    Block(List),
    /// A function defined here.
    Function(FunctionId),
    /// A class defined here.
    Class(ClassId),
    /// `from module import *`: the module, leading dots too.
    Star(TextRange),
    /// `continue`
    Jump,
    /// `break`
    Break,
    /// Anything else: its expressions.
    Other(List),
}

/// A parameter of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// The name, without stars.
    pub name: TextRange,
    /// The annotation.
    pub annotation: Option<ExprId>,
    /// The default.
    pub default: Option<ExprId>,
    /// 0 for a plain parameter, 1 for `*a`, 2 for `**a`.
    pub stars: u8,
}

/// What a function's body says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionBody {
    /// The parameters, in order.
    pub params: Vec<Param>,
    /// The decorators, from the top.
    pub decorators: Vec<ExprId>,
    /// The annotation of what it returns.
    pub returns: Option<ExprId>,
    /// The statements.
    pub block: List,
    /// Whether it yields.
    pub is_generator: bool,
}

/// What a class's body says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassBody {
    /// The bases and keywords, see [`Bodies::args`].
    pub args: List,
    /// The decorators, from the top.
    pub decorators: Vec<ExprId>,
    /// The statements.
    pub block: List,
}

/// The statements of a module, its functions and its classes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bodies {
    exprs: Vec<Expr>,
    spans: Vec<TextRange>,
    stmts: Vec<Stmt>,
    stmt_spans: Vec<TextRange>,
    expr_lists: Vec<ExprId>,
    stmt_lists: Vec<StmtId>,
    args: Vec<Arg>,
    clauses: Vec<Clause>,
    /// The statements of the module.
    pub top: List,
    /// The functions, by [`FunctionId`].
    pub functions: Vec<FunctionBody>,
    /// The classes, by [`ClassId`].
    pub classes: Vec<ClassBody>,
}

impl Bodies {
    /// Returns an expression.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs.get(id.0 as usize).copied().unwrap_or(Expr::Opaque(List { start: 0, len: 0 }))
    }

    /// Returns where an expression stands.
    pub fn span(&self, id: ExprId) -> TextRange {
        self.spans.get(id.0 as usize).copied().unwrap_or(TextRange::empty(0))
    }

    /// Returns a statement.
    pub fn stmt(&self, id: StmtId) -> Stmt {
        self.stmts.get(id.0 as usize).copied().unwrap_or(Stmt::Jump)
    }

    /// Returns where a statement stands.
    pub fn stmt_span(&self, id: StmtId) -> TextRange {
        self.stmt_spans.get(id.0 as usize).copied().unwrap_or(TextRange::empty(0))
    }

    /// Returns the expressions of a list.
    pub fn exprs(&self, list: List) -> &[ExprId] {
        list.of(&self.expr_lists)
    }

    /// Returns the statements of a block.
    pub fn block(&self, list: List) -> &[StmtId] {
        list.of(&self.stmt_lists)
    }

    /// Returns the arguments of a call or a class.
    pub fn args(&self, list: List) -> &[Arg] {
        list.of(&self.args)
    }

    /// Returns the clauses of a comprehension.
    pub fn clauses(&self, list: List) -> &[Clause] {
        list.of(&self.clauses)
    }

    /// Returns a function's body.
    pub fn function(&self, id: FunctionId) -> Option<&FunctionBody> {
        self.functions.get(id.0 as usize)
    }

    /// Returns a class's body.
    pub fn class(&self, id: ClassId) -> Option<&ClassBody> {
        self.classes.get(id.0 as usize)
    }

    /// Returns the dotted name that an expression is: `models.ForeignKey`.
    pub fn dotted<'s>(&self, id: ExprId, text: &'s str) -> Option<&'s str> {
        let mut at = id;
        for _ in 0..12 {
            match self.expr(at) {
                Expr::Name => {
                    let dotted = self.span(id).slice(text);
                    return (!dotted.contains(char::is_whitespace)).then_some(dotted);
                }
                Expr::Attr { object, .. } => at = object,
                _ => return None,
            }
        }
        None
    }

    /// Returns the value of a string.
    pub fn string<'s>(&self, id: ExprId, text: &'s str) -> Option<&'s str> {
        match self.expr(id) {
            Expr::Str(content) => Some(content.slice(text)),
            _ => None,
        }
    }

    /// Returns the value of a whole number.
    pub fn int(&self, id: ExprId, text: &str) -> Option<i64> {
        match self.expr(id) {
            Expr::Int => self.span(id).slice(text).replace('_', "").parse().ok(),
            _ => None,
        }
    }

    /// Returns the members of a list, tuple or set.
    pub fn members(&self, id: ExprId) -> Option<&[ExprId]> {
        match self.expr(id) {
            Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) => Some(self.exprs(list)),
            _ => None,
        }
    }

    /// Returns the value of a keyword argument.
    pub fn keyword(&self, args: List, name: &str, text: &str) -> Option<ExprId> {
        self.args(args).iter().find(|arg| arg.name.is_some_and(|it| it.slice(text) == name)).map(|arg| arg.value)
    }

    /// Returns a positional argument; none after a `*splat`.
    pub fn positional(&self, args: List, at: usize) -> Option<ExprId> {
        let mut plain = self.args(args).iter().filter(|arg| arg.name.is_none()).take_while(|arg| arg.stars == 0);
        plain.nth(at).map(|arg| arg.value)
    }

    /// Returns the name of a plain call and its arguments: `("models.CharField", …)`.
    pub fn call<'s>(&self, id: ExprId, text: &'s str) -> Option<(&'s str, List)> {
        match self.expr(id) {
            Expr::Call { function, args } => Some((self.dotted(function, text)?, args)),
            _ => None,
        }
    }

    /// Returns the assignments at the top of a block, annotated ones too: name, its expression, the value.
    pub fn assignments<'a>(&'a self, block: List, text: &'a str) -> impl Iterator<Item = (&'a str, ExprId, ExprId)> {
        self.block(block).iter().filter_map(move |id| {
            let (target, value) = match self.stmt(*id) {
                Stmt::Assign { target, value } | Stmt::Annotated { target, value: Some(value), .. } => (target, value),
                _ => return None,
            };
            matches!(self.expr(target), Expr::Name).then(|| (self.span(target).slice(text), target, value))
        })
    }
}
