//! The names of a module: what it imports, what it binds, what a dotted name stands for.

use std::borrow::Cow;

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// One imported name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Import {
    /// The name in this module.
    pub local: String,
    /// What it stands for: `celery.shared_task`, or `..tasks.send` with leading dots where the import is relative.
    pub target: String,
    /// The function around the import; the whole file at the top.
    pub scope: TextRange,
    /// The imported name in the statement.
    pub range: TextRange,
}

/// A name that the module binds by an assignment at its top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// What it is bound to.
    pub value: Value,
    /// The name in the statement.
    pub range: TextRange,
}

/// As much of an assigned value as names need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Another name: `E = Exception`.
    Name(String),
    /// A tuple or list of names, as far as its members are names: `ERRORS = (KeyError, Exception)`.
    Tuple(Vec<String>),
    /// The result of calling a name: `app = Celery("shop")`.
    Call(String),
    /// Anything else.
    Other,
}

/// The names of one module.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Names {
    /// Sorted by local name.
    imports: Vec<Import>,
    /// Modules whose names are all imported: `from .base import *`.
    pub stars: Vec<String>,
    /// Assignments at the top of the module, in source order.
    pub assignments: Vec<Assignment>,
}

impl Names {
    /// Takes what was collected.
    pub fn new(mut imports: Vec<Import>, stars: Vec<String>, assignments: Vec<Assignment>) -> Self {
        imports.sort();
        Self { imports, stars, assignments }
    }

    /// Returns all imports, sorted by local name.
    pub fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// Returns the import that a name means at an offset: the one of the nearest function around it.
    pub fn import(&self, local: &str, at: u32) -> Option<&Import> {
        let first = self.imports.partition_point(|import| import.local.as_str() < local);
        let same = self.imports[first..].iter().take_while(|import| import.local == local);
        same.filter(|import| import.scope.start() <= at && at <= import.scope.end())
            .min_by_key(|import| import.scope.len())
    }

    /// Returns the last assignment to a name.
    pub fn assignment(&self, name: &str) -> Option<&Assignment> {
        self.assignments.iter().rfind(|assignment| assignment.name == name)
    }

    /// Returns what a dotted name stands for: `celery.shared_task` for `task` after `from celery import shared_task as task`.
    ///
    /// Names that are bound to another name are followed. A relative import keeps its leading dots. A name that
    /// the module does not import comes back as it is: a builtin, a local, or a name from a star import.
    pub fn canonical<'n>(&'n self, path: &'n str, at: u32) -> Cow<'n, str> {
        let mut path = Cow::Borrowed(path);
        for _ in 0..4 {
            let (head, rest) = path.split_once('.').map_or((path.as_ref(), None), |(head, rest)| (head, Some(rest)));
            if let Some(import) = self.import(head, at) {
                path = match rest {
                    None => Cow::Borrowed(import.target.as_str()),
                    Some(rest) => Cow::Owned(join(&import.target, rest)),
                };
                break;
            }
            let Some(Value::Name(next)) = self.assignment(head).map(|it| &it.value) else { break };
            if next == head {
                break;
            }
            path = match rest {
                None => Cow::Borrowed(next),
                Some(rest) => Cow::Owned(join(next, rest)),
            };
        }
        match path.strip_prefix("builtins.") {
            Some(builtin) => Cow::Owned(builtin.to_owned()),
            None => path,
        }
    }

    /// Returns the members that a name bound to a tuple stands for.
    pub fn tuple(&self, name: &str) -> Option<&[String]> {
        match &self.assignment(name)?.value {
            Value::Tuple(members) => Some(members),
            Value::Name(_) | Value::Call(_) | Value::Other => None,
        }
    }
}

/// Joins two parts of a dotted name; nothing is put after the dots of a relative import.
pub fn join(module: &str, name: &str) -> String {
    if module.ends_with('.') || module.is_empty() { format!("{module}{name}") } else { format!("{module}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::{Assignment, Import, Names, Value};
    use arrears_core::text::TextRange;

    fn names() -> Names {
        let file = TextRange::new(0, 100);
        let import = |local: &str, target: &str, scope| Import {
            local: local.into(),
            target: target.into(),
            scope,
            range: file,
        };
        Names::new(
            vec![
                import("log", "logging", file),
                import("log", "structlog", TextRange::new(40, 60)),
                import("E", "builtins.Exception", file),
            ],
            vec![],
            vec![Assignment { name: "Oops".into(), value: Value::Name("Exception".into()), range: file }],
        )
    }

    #[test]
    fn an_import_inside_a_function_hides_the_one_of_the_module() {
        assert_eq!(
            (names().canonical("log.x", 10), names().canonical("log.x", 50)),
            ("logging.x".into(), "structlog.x".into())
        );
    }

    #[test]
    fn a_name_bound_to_a_name_is_followed() {
        assert_eq!(names().canonical("Oops", 0), "Exception");
    }
}
