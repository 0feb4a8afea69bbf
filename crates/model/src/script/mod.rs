//! What is known of one TypeScript or JavaScript module.

pub mod boundary;
pub mod collect;
pub mod effort;
pub mod failure;
pub mod react;
pub mod reporting;
pub mod request;
pub mod retry;

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

use crate::facts::Defect;
use crate::script::boundary::Catcher;
use crate::twin::Body;

/// The facts of one TypeScript or JavaScript module.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ScriptFacts {
    /// What it imports, in source order.
    pub imports: Vec<Import>,
    /// What it exports, in source order.
    pub exports: Vec<Export>,
    /// Its classes, in source order.
    pub classes: Vec<Class>,
    /// Its named functions, methods and components, in source order.
    pub functions: Vec<Function>,
    /// What the grammar takes but no compiler does.
    pub defects: Vec<Defect>,
    /// Its classes that catch the errors of what they render.
    pub catchers: Vec<Catcher>,
    /// The bodies of its longer functions, for comparison.
    pub prints: Vec<Body>,
}

/// One import: `import`, `require` or `import()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The module, as it is written.
    pub module: String,
    /// The string that names the module.
    pub range: TextRange,
    /// What it binds.
    pub names: Vec<ImportedName>,
}

/// One name that an import binds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedName {
    /// The exported name; `default` for the default export, `*` for the whole module.
    pub imported: String,
    /// The name in this module.
    pub local: String,
}

/// One export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The exported name; `default`, or `*` for everything that `module` exports.
    pub name: String,
    /// The name in this module, or in `module`; empty where the export is an expression.
    pub local: String,
    /// The module it is passed on from.
    pub module: Option<String>,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Its name; empty where it has none.
    pub name: String,
    /// Where the name stands, or the word `class`.
    pub name_range: TextRange,
    /// The whole class.
    pub range: TextRange,
    /// What it extends, where that is a dotted name.
    pub superclass: Option<String>,
}

/// A function that has a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// The whole function.
    pub range: TextRange,
    /// Whether it returns JSX and its name starts with a capital.
    pub is_component: bool,
}

impl ScriptFacts {
    /// Returns what a local name stands for: the module and the exported name.
    pub fn imported(&self, local: &str) -> Option<(&str, &str)> {
        self.imports.iter().find_map(|import| {
            let name = import.names.iter().find(|name| name.local == local)?;
            Some((import.module.as_str(), name.imported.as_str()))
        })
    }

    /// Returns the name of what is around a place: a class, a function, or nothing.
    pub fn symbol_at(&self, range: TextRange) -> String {
        let functions = self.functions.iter().map(|it| (it.range, &it.name));
        let classes = self.classes.iter().map(|it| (it.range, &it.name));
        let around = functions.chain(classes).filter(|(it, name)| it.contains(range) && !name.is_empty());
        around.min_by_key(|(it, _)| it.len()).map(|(_, name)| name.clone()).unwrap_or_default()
    }
}
