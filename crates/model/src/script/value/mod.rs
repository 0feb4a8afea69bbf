//! What the values of a script are made of, owned: enough to read the URLs that a client asks for.
//!
//! Nodes live in arenas and are named by ids; names and strings are ranges of the file's text. Constants, what
//! functions return, classes and the calls that may ask a server are kept; all else is [`Expr::Opaque`].

mod class;
pub(crate) mod lower;
mod need;
mod read;
mod site;

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// The index of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExprId(pub u32);

/// The index of a function, whatever its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LambdaId(pub u32);

/// The index of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClassId(pub u32);

/// A run of entries in one of the lists of [`Values`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    start: u32,
    len: u32,
}

impl List {
    fn of<T>(self, all: &[T]) -> &[T] {
        let start = self.start as usize;
        all.get(start..start.saturating_add(self.len as usize)).unwrap_or(&[])
    }
}

/// An expression. What is awaited, cast or put in parentheses is itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expr {
    /// A name; its text is the expression's range.
    Name,
    /// `this`
    This,
    /// A string or a fixed part of a template; the range is its content, escapes as they are written.
    Str(TextRange),
    /// A template: fixed parts and values by turns, see [`Values::list`].
    Template(List),
    /// A number; its text is the expression's range.
    Number,
    /// A regular expression; its text is the expression's range.
    Regex,
    /// `true`, `false`
    Bool(bool),
    /// `null`, `undefined`, `void …`
    Nothing,
    /// `object.name`, `object?.name`
    Member {
        /// Before the dot.
        object: ExprId,
        /// After the dot.
        name: TextRange,
    },
    /// `object[index]`
    Index {
        /// Before the bracket.
        object: ExprId,
        /// In the brackets.
        index: ExprId,
    },
    /// A call.
    Call {
        /// What is called.
        function: ExprId,
        /// The arguments, see [`Values::list`].
        args: List,
        /// The type arguments with their brackets; empty where there are none.
        types: TextRange,
    },
    /// `new Class(…)`
    New {
        /// What is made.
        class: ExprId,
        /// The arguments, see [`Values::list`].
        args: List,
    },
    /// `{…}`, see [`Values::props`].
    Object(List),
    /// `[…]`, see [`Values::list`].
    Array(List),
    /// `...value` in an array or among arguments.
    Spread(ExprId),
    /// `a + b + c`, see [`Values::list`].
    Sum(List),
    /// `a || b`, `a ?? b`
    Or {
        /// The value, if it is one.
        left: ExprId,
        /// The value otherwise.
        right: ExprId,
    },
    /// `a && b`
    And {
        /// The test.
        left: ExprId,
        /// The value where it holds.
        right: ExprId,
    },
    /// `!a`
    Not(ExprId),
    /// `test ? then : other`
    Ternary {
        /// The test.
        test: ExprId,
        /// Its value where the test holds.
        then: ExprId,
        /// Its value otherwise.
        other: ExprId,
    },
    /// A comparison for equality.
    Equal {
        /// One side.
        left: ExprId,
        /// The other side.
        right: ExprId,
        /// Whether it asks for a difference.
        is_negated: bool,
    },
    /// A function on the spot.
    Lambda(LambdaId),
    /// A class on the spot.
    Class(ClassId),
    /// Anything else.
    Opaque,
}

/// One entry of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prop {
    /// Its name, quotes left out; empty for `...value` and for a name that is computed.
    pub key: TextRange,
    /// Whether `value` is spread into the object.
    pub is_spread: bool,
    /// Its value.
    pub value: ExprId,
}

/// A function, whatever its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lambda {
    /// The whole function.
    pub range: TextRange,
    /// Its name; empty where it has none of its own.
    pub name: TextRange,
    /// The function around it.
    pub owner: Option<LambdaId>,
    /// The class whose method it is.
    pub class: Option<ClassId>,
    /// Whether `this` in it is the `this` around it.
    pub is_arrow: bool,
    /// Its parameters.
    pub params: Vec<Param>,
    /// What it returns, where that was read.
    pub returns: Vec<ExprId>,
    /// The type it is said to return; empty where nothing is said.
    pub return_type: TextRange,
}

/// A parameter of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// Its name; empty where it is taken apart.
    pub name: TextRange,
    /// Its value where none is given.
    pub default: Option<ExprId>,
    /// Its type; empty where none is said.
    pub kind: TextRange,
    /// Whether it takes the rest of the arguments.
    pub is_rest: bool,
    /// Whether it is a field of the class too.
    pub is_field: bool,
}

/// Where a name gets its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// `const name = value`, `name = value`
    Value(ExprId),
    /// `const { key: name = default } = value`
    Part {
        /// What is taken apart.
        of: ExprId,
        /// The name of the part; empty where it is more than one step away.
        key: TextRange,
        /// The value where there is no such part.
        default: Option<ExprId>,
    },
    /// A parameter of the function that the name belongs to.
    Param {
        /// Its place among the parameters.
        index: u32,
        /// The part of it that the name stands for; empty for the whole.
        key: TextRange,
        /// The value where there is no such part.
        default: Option<ExprId>,
    },
    /// `name += value`
    Appended(ExprId),
    /// A function that is declared.
    Lambda(LambdaId),
    /// A class that is declared.
    Class(ClassId),
    /// Something that is not read.
    Unknown,
}

/// A name and where it gets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The name.
    pub name: TextRange,
    /// The function in which it is bound.
    pub owner: Option<LambdaId>,
    /// The block in which it holds.
    pub block: TextRange,
    /// Its value.
    pub origin: Origin,
    /// Whether it declares the name; an assignment does not.
    pub declares: bool,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// The whole class.
    pub range: TextRange,
    /// Its name; empty where it has none.
    pub name: TextRange,
    /// The function around it.
    pub owner: Option<LambdaId>,
    /// What it extends.
    pub extends: Option<ExprId>,
    /// Its constructor.
    pub constructor: Option<LambdaId>,
    /// What its constructor hands to the constructor of the class that it extends.
    pub super_args: Option<List>,
    /// Its members, those that are set in methods too.
    pub members: Vec<Member>,
}

/// A member of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: TextRange,
    /// Its value; a method is [`Expr::Lambda`].
    pub value: ExprId,
    /// The function in which `this.name = value` stands.
    pub set_in: Option<LambdaId>,
    /// Whether it belongs to the class itself.
    pub is_static: bool,
    /// Whether it is read without being called.
    pub is_getter: bool,
}

/// A call that may ask a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallSite {
    /// The call, or what is made by `new`.
    pub expr: ExprId,
    /// The function around it.
    pub owner: Option<LambdaId>,
}

/// An assignment to a member at the end of a chain: `axios.defaults.baseURL = value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The chain.
    pub target: ExprId,
    /// The value.
    pub value: ExprId,
    /// The function around it.
    pub owner: Option<LambdaId>,
}

/// The values of one module.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Values {
    exprs: Vec<Expr>,
    spans: Vec<TextRange>,
    lists: Vec<ExprId>,
    props: Vec<Prop>,
    /// The functions, in the order in which they were met.
    pub lambdas: Vec<Lambda>,
    /// The classes, in source order.
    pub classes: Vec<Class>,
    /// The names, in source order.
    pub bindings: Vec<Binding>,
    /// The calls that may ask a server, in source order.
    pub calls: Vec<CallSite>,
    /// What is set on members of what is not `this`.
    pub settings: Vec<Setting>,
    /// What `export default` or `module.exports` stands for, where that is an expression.
    pub default_export: Option<ExprId>,
}

impl Values {
    /// Returns an expression.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs.get(id.0 as usize).copied().unwrap_or(Expr::Opaque)
    }

    /// Returns the text range of an expression.
    pub fn span(&self, id: ExprId) -> TextRange {
        self.spans.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Returns the expressions of a list.
    pub fn list(&self, list: List) -> &[ExprId] {
        list.of(&self.lists)
    }

    /// Returns the entries of an object.
    pub fn props(&self, list: List) -> &[Prop] {
        list.of(&self.props)
    }

    /// Returns a function.
    pub fn lambda(&self, id: LambdaId) -> Option<&Lambda> {
        self.lambdas.get(id.0 as usize)
    }

    /// Returns a class.
    pub fn class(&self, id: ClassId) -> Option<&Class> {
        self.classes.get(id.0 as usize)
    }

    /// Returns all expressions with their ids.
    pub fn exprs(&self) -> impl Iterator<Item = (ExprId, Expr)> {
        (0..).map(ExprId).zip(self.exprs.iter().copied())
    }
}
