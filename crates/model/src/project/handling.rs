//! Which functions take care of an exception: they raise on every path, record a traceback, or call one that does.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;

use super::{FunctionRef, ProjectModel};
use crate::project::resolve::Symbol;
use crate::python::handler::{Breadth, plain_breadth};
use crate::python::handling::Outcome;
use crate::python::names::Value;

/// How many calls deep a wrapper may hide what it does.
const DEPTH: u32 = 2;

impl<'p> ProjectModel<'p> {
    /// Returns whether one of the called names is a function of the project that takes care of an exception.
    pub fn any_call_handles(&self, path: &RelPath, callees: &[TextRange]) -> bool {
        let Some(file) = self.file(path) else { return false };
        callees.iter().any(|callee| self.call_handles(&file.source.path, *callee, DEPTH))
    }

    /// Returns whether one of the called names is a function of the project that raises on every path.
    pub fn any_call_raises(&self, path: &RelPath, callees: &[TextRange]) -> bool {
        let Some(file) = self.file(path) else { return false };
        callees.iter().any(|callee| {
            let name = callee.slice(&file.source.text);
            let function = Self::as_function(self.resolve(&file.source.path, name, callee.start()));
            function
                .and_then(|function| self.function(function))
                .is_some_and(|it| it.outcome.contains(Outcome::ALWAYS_RAISES))
        })
    }

    /// Returns whether all called names are functions of the project that do not take care of the exception they get.
    pub fn all_are_given_in_vain(&self, path: &RelPath, callees: &[TextRange]) -> bool {
        let Some(file) = self.file(path) else { return false };
        callees.iter().all(|callee| {
            let symbol = self.resolve(&file.source.path, callee.slice(&file.source.text), callee.start());
            Self::as_function(symbol).is_some_and(|function| !self.function_handles(function, DEPTH))
        })
    }

    fn call_handles(&self, path: &'p RelPath, callee: TextRange, depth: u32) -> bool {
        let Some(file) = self.file(path) else { return false };
        let name = callee.slice(&file.source.text);
        Self::as_function(self.resolve(path, name, callee.start()))
            .is_some_and(|function| self.function_handles(function, depth))
    }

    fn function_handles(&self, function: FunctionRef<'p>, depth: u32) -> bool {
        let Some(facts) = self.python(function.path) else { return false };
        let Some(own) = facts.function(function.id) else { return false };
        if own.outcome.intersects(Outcome::RECORDS | Outcome::ALWAYS_RAISES) {
            return true;
        }
        depth > 1 && facts.calls_of(function.id).any(|call| self.call_handles(function.path, call.callee, depth - 1))
    }

    /// Returns how much the named types catch, constants of other modules included.
    pub fn breadth(&self, path: &RelPath, types: &[TextRange]) -> Breadth {
        let Some(file) = self.file(path) else { return Breadth::Narrow };
        let path = &file.source.path;
        types
            .iter()
            .map(|range| self.breadth_of(path, range.slice(&file.source.text), range.start()))
            .max()
            .unwrap_or(Breadth::Narrow)
    }

    fn breadth_of(&self, path: &'p RelPath, name: &str, at: u32) -> Breadth {
        match self.resolve(path, name, at) {
            Some(Symbol::External(name)) => plain_breadth(name.strip_prefix("builtins.").unwrap_or(&name)),
            Some(Symbol::Variable(file, variable)) => {
                let value = self.python(file).and_then(|facts| facts.names.assignment(&variable)).map(|it| &it.value);
                let Some(Value::Tuple(members)) = value else { return Breadth::Narrow };
                let members = members.iter().map(|member| match self.resolve(file, member, u32::MAX) {
                    Some(Symbol::External(name)) => plain_breadth(&name),
                    _ => Breadth::Narrow,
                });
                members.max().unwrap_or(Breadth::Narrow)
            }
            _ => Breadth::Narrow,
        }
    }
}
