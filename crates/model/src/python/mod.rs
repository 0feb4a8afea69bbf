//! What is known of one Python module.

pub mod body;
pub mod celery;
pub mod collect;
mod compile;
pub mod entry;
pub mod function;
pub mod handler;
pub mod handling;
pub mod invented;
pub mod markup;
pub mod names;
pub mod placeholder;
pub mod response;
pub mod task;

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

use crate::facts::Defect;
use body::Bodies;
use celery::Schedule;
use function::Function;
use handler::Handler;
use names::Names;
use response::ErrorResponse;

use crate::twin::Body;

/// The index of a function among [`PythonFacts::functions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FunctionId(pub u32);

/// The index of a class among [`PythonFacts::classes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClassId(pub u32);

/// The facts of one Python module.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PythonFacts {
    /// Imports, and the names that the module binds itself.
    pub names: Names,
    /// Functions and methods, in source order, nested ones after their outer one.
    pub functions: Vec<Function>,
    /// Classes, in source order.
    pub classes: Vec<Class>,
    /// Calls of plain dotted names, in source order.
    pub calls: Vec<Call>,
    /// `except` clauses, in source order.
    pub handlers: Vec<Handler>,
    /// Celery's periodic schedules written in this module.
    pub schedules: Vec<Schedule>,
    /// Responses that tell of an error, in source order.
    pub error_responses: Vec<ErrorResponse>,
    /// What the grammar takes but the compiler does not.
    pub defects: Vec<Defect>,
    /// What the statements say, where a rule of the run follows values.
    pub bodies: Option<Box<Bodies>>,
    /// The bodies of its longer functions, for comparison.
    pub prints: Vec<Body>,
}

impl PythonFacts {
    /// Returns a function.
    pub fn function(&self, id: FunctionId) -> Option<&Function> {
        self.functions.get(id.0 as usize)
    }

    /// Returns a class.
    pub fn class(&self, id: ClassId) -> Option<&Class> {
        self.classes.get(id.0 as usize)
    }

    /// Returns the functions with their ids.
    pub fn functions_with_ids(&self) -> impl Iterator<Item = (FunctionId, &Function)> {
        (0..).map(FunctionId).zip(&self.functions)
    }

    /// Returns the function of this name at the top of the module, the last one where it is defined again.
    pub fn top_function(&self, name: &str) -> Option<FunctionId> {
        let found =
            self.functions_with_ids().filter(|(_, it)| it.name == name && it.class.is_none() && it.outer.is_none());
        found.map(|(id, _)| id).last()
    }

    /// Returns the class of this name at the top of the module.
    pub fn top_class(&self, name: &str) -> Option<ClassId> {
        (0..)
            .map(ClassId)
            .zip(&self.classes)
            .filter(|(_, it)| it.name == name && !it.is_nested)
            .map(|(id, _)| id)
            .last()
    }

    /// Returns the method of a class, not looking at its bases.
    pub fn method(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        let found = self.functions_with_ids().filter(|(_, it)| it.class == Some(class) && it.name == name);
        found.map(|(id, _)| id).last()
    }

    /// Returns the calls made by a function, nested functions left out.
    pub fn calls_of(&self, function: FunctionId) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(move |call| call.function == Some(function))
    }

    /// Returns the innermost function around a place.
    pub fn function_at(&self, range: TextRange) -> Option<FunctionId> {
        self.functions_with_ids().filter(|(_, it)| it.range.contains(range)).map(|(id, _)| id).last()
    }

    /// Returns the name of what is around a place: `Class.method`, a function, a class, or nothing.
    pub fn symbol_at(&self, range: TextRange) -> String {
        let class = self.classes.iter().rfind(|it| it.range.contains(range));
        let function = self.function_at(range).and_then(|id| self.function(id));
        match (class, function) {
            (Some(class), Some(function)) if class.range.contains(function.range) => {
                format!("{}.{}", class.name, function.name)
            }
            (_, Some(function)) => function.name.clone(),
            (Some(class), None) => class.name.clone(),
            (None, None) => String::new(),
        }
    }
}

/// A class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// The whole class, decorators left out.
    pub range: TextRange,
    /// The bases as they are written, where they are dotted names; `Generic[T]` counts as `Generic`.
    pub bases: Vec<String>,
    /// Whether a base is computed, so that the bases are not all known.
    pub has_dynamic_bases: bool,
    /// Whether it lies inside a function or another class.
    pub is_nested: bool,
}

/// A call of a plain dotted name such as `tasks.send.delay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The text of the name.
    pub callee: TextRange,
    /// The innermost function that makes the call.
    pub function: Option<FunctionId>,
}
