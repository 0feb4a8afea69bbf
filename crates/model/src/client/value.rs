//! What an expression of a script may stand for.

use std::rc::Rc;

use arrears_core::text::TextRange;

use crate::endpoint::Methods;
use crate::script::value::{ClassId, ExprId, LambdaId};

/// How many values an expression may have; what has more is not known.
pub(super) const MOST: usize = 8;

/// The index of a file.
pub(super) type FileId = u32;

/// What an expression stands for.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A string, as far as it is known.
    Text(Rc<[Piece]>),
    /// An object or an array, read when it is asked for.
    Written(Written),
    /// A function.
    Function(Rc<Closure>),
    /// A class.
    Class(FileId, ClassId),
    /// An instance of a class.
    Instance(Rc<Instance>),
    /// A client for HTTP.
    Http(Rc<Http>),
    /// A method of such a client.
    Verb(Rc<Http>, Verb),
    /// A parameter of a function that nobody calls at the moment, or a part of one.
    Param(Rc<Param>),
    /// A variable of the environment.
    Env(Rc<str>),
    /// Something that the runtime offers: `process.env`, `window.location`.
    Global(Rc<str>),
    /// A module of the project.
    Module(FileId),
    /// Something of a package: its name and the way from there.
    Foreign(Rc<str>, Rc<str>),
    /// What stands behind `?` in a URL.
    Query,
    /// `true`, `false`
    Bool(bool),
    /// `null`, `undefined`
    Nothing,
    /// One of these.
    Any(Rc<[Value]>),
    /// Not known; a name for it.
    Unknown(Rc<str>),
}

/// A part of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A fixed text, and where it is written.
    Fixed(Rc<str>, Option<(FileId, TextRange)>),
    /// A value that is not known; a name for it.
    Hole(Rc<str>),
    /// A parameter of a function that nobody calls at the moment.
    Open(Rc<Param>),
    /// A variable of the environment, and its value where it is not set.
    Env(Rc<str>, Option<Rc<[Piece]>>),
    /// The scheme and host of the page.
    Origin,
    /// The host of the page.
    Host,
    /// What stands behind `?`.
    Query,
}

/// An expression that is read when it is asked for.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) file: FileId,
    pub(super) expr: ExprId,
    pub(super) frame: Option<Rc<Frame>>,
}

/// A function and what is around it.
#[derive(Debug, Clone)]
pub(super) struct Closure {
    pub(super) file: FileId,
    pub(super) id: LambdaId,
    pub(super) frame: Option<Rc<Frame>>,
    pub(super) this: Option<Value>,
}

/// A function at work.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) file: FileId,
    /// Nothing where fields of a class are initialised.
    pub(super) lambda: Option<LambdaId>,
    /// What it was given; nothing where nobody calls it.
    pub(super) args: Option<Vec<Value>>,
    pub(super) this: Option<Value>,
    pub(super) parent: Option<Rc<Frame>>,
}

/// An instance of a class.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) file: FileId,
    pub(super) class: ClassId,
    /// What its constructor was given; nothing where that is not known.
    pub(super) args: Option<Vec<Value>>,
}

/// A parameter of a function that nobody calls at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Param {
    pub(super) file: FileId,
    pub(super) lambda: LambdaId,
    pub(super) index: u32,
    /// The way from the parameter to the part that is meant.
    pub(super) path: Vec<Rc<str>>,
    /// What a reader would call it.
    pub(super) name: Rc<str>,
}

/// A client for HTTP.
#[derive(Debug)]
pub(super) struct Http {
    pub(super) library: Library,
    /// What its URLs are relative to.
    pub(super) base: Value,
}

/// The libraries that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Library {
    Fetch,
    Axios,
    Ky,
    Superagent,
    JQuery,
    Angular,
    Xhr,
    /// One that is not known, by the look of its calls.
    Guessed,
}

/// A method of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Asks with this method.
    Method(Methods),
    /// Asks with a form.
    Form(Methods),
    /// Asks as its argument says.
    Request,
    /// Makes another client.
    Create,
}

impl Value {
    pub(super) fn unknown(name: &str) -> Self {
        Self::Unknown(Rc::from(name))
    }

    pub(super) fn fixed(text: &str) -> Self {
        Self::Text(Rc::from([Piece::Fixed(Rc::from(text), None)]))
    }

    /// Returns one of several values; nothing known where there are too many.
    pub(super) fn any(values: Vec<Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        for value in values {
            match value {
                Self::Any(inner) => flat.extend(inner.iter().cloned()),
                other => flat.push(other),
            }
        }
        let mut kept: Vec<Self> = Vec::new();
        for value in flat {
            if !kept.iter().any(|it| it.is_same(&value)) {
                kept.push(value);
            }
        }
        kept.truncate(MOST);
        match (kept.len(), kept.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                kept.push(last);
                Self::Any(Rc::from(kept))
            }
            (_, None) => Self::Nothing,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::Nothing, Self::Nothing) => true,
            (Self::Unknown(left), Self::Unknown(right)) => left == right,
            (Self::Param(left), Self::Param(right)) => left == right,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            _ => false,
        }
    }

    /// Returns the values that it may be.
    pub(super) fn each(&self) -> &[Self] {
        match self {
            Self::Any(values) => values,
            other => std::slice::from_ref(other),
        }
    }

    /// Returns the text of a string without anything unknown in it.
    pub(super) fn plain(&self) -> Option<String> {
        let Self::Text(pieces) = self else { return None };
        let mut all = String::new();
        for piece in pieces.iter() {
            match piece {
                Piece::Fixed(text, _) => all.push_str(text),
                _ => return None,
            }
        }
        Some(all)
    }

    /// Returns whether a test of the value holds, where that is known.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Nothing => Some(false),
            Self::Text(pieces) => {
                let has_text = pieces.iter().any(|it| matches!(it, Piece::Fixed(text, _) if !text.is_empty()));
                let is_fixed = pieces.iter().all(|it| matches!(it, Piece::Fixed(..)));
                if has_text { Some(true) } else { is_fixed.then_some(false) }
            }
            Self::Written(_) | Self::Function(_) | Self::Class(..) | Self::Instance(_) | Self::Http(_) => Some(true),
            _ => None,
        }
    }

    /// Returns what a reader would call it.
    pub(super) fn hint(&self) -> Rc<str> {
        match self {
            Self::Unknown(name) | Self::Env(name) => name.clone(),
            Self::Param(param) => param.name.clone(),
            Self::Foreign(_, path) | Self::Global(path) => Rc::from(path.rsplit('.').next().unwrap_or("")),
            Self::Text(pieces) => match pieces.iter().rev().find(|it| !matches!(it, Piece::Fixed(..))) {
                Some(Piece::Hole(name) | Piece::Env(name, _)) => name.clone(),
                Some(Piece::Open(param)) => param.name.clone(),
                _ => Rc::from(""),
            },
            Self::Any(values) => values.first().map_or_else(|| Rc::from(""), Self::hint),
            _ => Rc::from(""),
        }
    }
}
