//! A module's text, facts and statements, held together.

use arrears_core::source::RelPath;

use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::PythonFacts;
use crate::python::body::{Bodies, ClassBody, ExprId, List, Stmt, StmtId};

/// How many variables, functions and bases are followed from one place to the next.
pub(crate) const STEPS: u32 = 12;

/// A module whose statements are known.
#[derive(Clone, Copy)]
pub(crate) struct Module<'a, 'p> {
    pub(crate) project: &'a ProjectModel<'p>,
    pub(crate) path: &'p RelPath,
    pub(crate) text: &'p str,
    pub(crate) facts: &'p PythonFacts,
    pub(crate) bodies: &'p Bodies,
}

/// The statements of a block and of its branches.
#[derive(Default)]
pub(crate) struct Flat {
    pub(crate) statements: Vec<StmtId>,
    /// Whether something runs more than once.
    pub(crate) has_loop: bool,
}

impl<'a, 'p> Module<'a, 'p> {
    /// Returns a module, if its statements are known.
    pub(crate) fn of(project: &'a ProjectModel<'p>, path: &RelPath) -> Option<Self> {
        let file = project.file(path)?;
        let facts = file.facts.python()?;
        let bodies = facts.bodies.as_deref()?;
        Some(Self { project, path: &file.source.path, text: &file.source.text, facts, bodies })
    }

    /// Returns the dotted name that an expression is.
    pub(crate) fn dotted(self, id: ExprId) -> Option<&'p str> {
        self.bodies.dotted(id, self.text)
    }

    /// Returns the value of a string.
    pub(crate) fn string(self, id: ExprId) -> Option<&'p str> {
        self.bodies.string(id, self.text)
    }

    /// Returns what the dotted name that an expression is means.
    pub(crate) fn symbol(self, id: ExprId) -> Option<Symbol<'p>> {
        self.project.resolve(self.path, self.dotted(id)?, self.bodies.span(id).start())
    }

    /// Returns the value of a keyword argument.
    pub(crate) fn keyword(self, args: List, name: &str) -> Option<ExprId> {
        self.bodies.keyword(args, name, self.text)
    }

    /// Returns the body of one of the module's classes.
    pub(crate) fn class_body(self, class: ClassRef<'p>) -> Option<&'p ClassBody> {
        self.bodies.class(class.id)
    }

    /// Returns the statements of a block and of its branches, in order.
    pub(crate) fn flat(self, block: List) -> Flat {
        let mut flat = Flat::default();
        self.flatten(block, &mut flat);
        flat
    }

    fn flatten(self, block: List, flat: &mut Flat) {
        for id in self.bodies.block(block) {
            match self.bodies.stmt(*id) {
                Stmt::If { then, other, .. } => {
                    self.flatten(then, flat);
                    self.flatten(other, flat);
                }
                Stmt::Try { body, handlers, rest } => {
                    self.flatten(body, flat);
                    self.flatten(rest, flat);
                    self.flatten(handlers, flat);
                }
                Stmt::With { body, .. } => self.flatten(body, flat),
                Stmt::Match { cases, .. } => self.flatten(cases, flat),
                Stmt::Block(inner) => self.flatten(inner, flat),
                Stmt::For { .. } | Stmt::While { .. } => flat.has_loop = true,
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
                | Stmt::Other(_) => flat.statements.push(*id),
            }
        }
    }

    /// Returns what a statement binds to a value.
    pub(crate) fn binding(self, statement: StmtId) -> Option<(ExprId, ExprId)> {
        match self.bodies.stmt(statement) {
            Stmt::Assign { target, value } | Stmt::Annotated { target, value: Some(value), .. } => {
                Some((target, value))
            }
            _ => None,
        }
    }

    /// Returns the value of a name in a block: of the last assignment, branches too.
    pub(crate) fn value_in(self, block: List, name: &str) -> Option<ExprId> {
        let flat = self.flat(block);
        let mut found = flat.statements.iter().rev().filter_map(|id| self.binding(*id));
        found.find(|(target, _)| self.dotted(*target) == Some(name)).map(|(_, value)| value)
    }

    /// Returns the value of a variable at the top of the module.
    pub(crate) fn value(self, name: &str) -> Option<ExprId> {
        self.value_in(self.bodies.top, name)
    }
}
