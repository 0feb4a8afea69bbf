//! What a class descends from, in the project and outside.

use super::{ClassRef, FunctionRef, ProjectModel};
use crate::project::resolve::Symbol;
use crate::python::body::{Bodies, ExprId};

/// How deep bases are followed, and how many classes there may be.
const DEPTH: u32 = 20;
const CLASSES: usize = 60;

/// A class with all that it descends from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ancestry<'p> {
    /// The class and its ancestors in the project, in the order in which attributes are looked up.
    pub classes: Vec<ClassRef<'p>>,
    /// The bases from outside the project, by their dotted names.
    pub outside: Vec<String>,
    /// Whether all bases are known by name.
    pub is_whole: bool,
}

impl<'p> ProjectModel<'p> {
    /// Returns what a class descends from.
    pub fn ancestry(&self, class: ClassRef<'p>) -> Ancestry<'p> {
        let mut found = Ancestry { is_whole: true, ..Ancestry::default() };
        self.ascend(class, &mut found, 0);
        // An ancestor that is met twice counts where it is met last.
        let mut order: Vec<ClassRef<'p>> = Vec::with_capacity(found.classes.len());
        for class in found.classes.iter().rev() {
            if !order.contains(class) {
                order.push(*class);
            }
        }
        order.reverse();
        found.classes = order;
        found
    }

    fn ascend(&self, class: ClassRef<'p>, found: &mut Ancestry<'p>, depth: u32) {
        if depth > DEPTH || found.classes.len() > CLASSES {
            found.is_whole = false;
            return;
        }
        found.classes.push(class);
        let Some(facts) = self.python(class.path).and_then(|facts| facts.class(class.id)) else { return };
        found.is_whole &= !facts.has_dynamic_bases;
        let bases = self.bases(class);
        found.is_whole &= bases.len() == facts.bases.len();
        for base in bases {
            match base {
                Symbol::Class(base) if base != class => self.ascend(base, found, depth + 1),
                Symbol::External(name) => found.outside.push(name),
                Symbol::Class(_) | Symbol::Function(_) | Symbol::Variable(..) | Symbol::Module(_) => {
                    found.is_whole = false;
                }
            }
        }
    }

    /// Returns the statements of a class's file and its text.
    pub fn bodies(&self, class: ClassRef<'p>) -> Option<(&'p Bodies, &'p str)> {
        let file = self.file(class.path)?;
        Some((file.facts.python()?.bodies.as_deref()?, &file.source.text))
    }
}

impl<'p> Ancestry<'p> {
    /// Returns the method that the class has under a name.
    pub fn method(&self, project: &ProjectModel<'p>, name: &str) -> Option<FunctionRef<'p>> {
        self.classes.iter().find_map(|class| {
            let id = project.python(class.path)?.method(class.id, name)?;
            Some(FunctionRef { path: class.path, id })
        })
    }

    /// Returns the value that the class's body, or that of an ancestor, gives to a name: whose, and what.
    pub fn attribute(&self, project: &ProjectModel<'p>, name: &str) -> Option<(ClassRef<'p>, ExprId)> {
        self.classes.iter().find_map(|class| {
            let (bodies, text) = project.bodies(*class)?;
            let block = bodies.class(class.id)?.block;
            let found = bodies.assignments(block, text).filter(|(it, ..)| *it == name).last()?;
            Some((*class, found.2))
        })
    }

    /// Returns whether a base from outside ends with one of some names.
    pub fn is_below(&self, names: &[&str]) -> bool {
        self.outside.iter().any(|base| names.contains(&base.rsplit('.').next().unwrap_or(base)))
    }
}
