//! What is known of one TypeScript or JavaScript module.

pub mod binding;
pub mod boundary;
pub mod collect;
pub mod credential;
pub mod deed;
pub mod effort;
pub mod event;
pub mod failure;
pub mod guard;
pub mod invented;
pub(crate) mod linkage;
pub mod markup;
pub mod react;
pub mod reporting;
pub mod request;
pub mod retry;
pub mod storage;
pub mod types;
pub mod value;
pub mod wording;

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

use crate::facts::Defect;
use crate::i18n::catalogue::Texts;
use crate::i18n::keys::KeyUse;
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
    /// The elements of components, in the order in which they end their opening tags.
    pub elements: Vec<Element>,
    /// Where names that start with a capital are used as values or elements; constants are not among them.
    pub mentions: Vec<TextRange>,
    /// Modules that it loads by a name that is computed.
    pub dynamic: Vec<DynamicImport>,
    /// What the grammar takes but no compiler does.
    pub defects: Vec<Defect>,
    /// What its values are made of, where a rule follows values.
    pub values: Option<Box<value::Values>>,
    /// The types it declares, in source order, where a rule of the run follows values.
    pub types: Vec<types::Declaration>,
    /// Its classes that catch the errors of what they render.
    pub catchers: Vec<Catcher>,
    /// The bodies of its longer functions, for comparison.
    pub prints: Vec<Body>,
    /// Where it asks catalogues for texts, in source order.
    pub keys: Vec<KeyUse>,
    /// The texts of languages that it holds.
    pub texts: Vec<Texts>,
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
    /// How it is written.
    pub form: ImportForm,
}

/// How an import is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportForm {
    /// `import x from "y"`
    Static,
    /// `import type { X } from "y"`, also where every single name is marked so.
    Type,
    /// `import "y"`
    SideEffect,
    /// `require("y")`
    Require,
    /// `import("y")`
    Dynamic,
    /// `lazy(() => import("y"))` of React: it suspends.
    Lazy,
    /// `dynamic(() => import("y"))`, `loadable(…)`: it brings its own fallback.
    Loadable,
    /// `new URL("y", import.meta.url)`: a worker, or some other file.
    Url,
}

/// A module, or many, whose name is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamicImport {
    /// The name with `*` for what is computed; a glob where it is one; `None` where nothing of it is written.
    pub pattern: Option<String>,
    /// The call.
    pub range: TextRange,
}

/// An element of a component: `<Name …>`, `<ns.Name …>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// The name.
    pub name: TextRange,
    /// The whole element, its children included.
    pub range: TextRange,
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

    /// Returns the innermost named function, method or class around a place, by its name and range.
    pub fn owner_at(&self, range: TextRange) -> Option<(&str, TextRange)> {
        let functions = self.functions.iter().map(|it| (it.name.as_str(), it.range));
        let classes = self.classes.iter().map(|it| (it.name.as_str(), it.range));
        let around = functions.chain(classes).filter(|(name, it)| it.contains(range) && !name.is_empty());
        around.min_by_key(|(_, it)| it.len())
    }

    /// Returns the outermost named function or class around a place: what an export or an import can name.
    pub fn outer_owner_at(&self, range: TextRange) -> Option<(&str, TextRange)> {
        let functions = self.functions.iter().map(|it| (it.name.as_str(), it.range));
        let classes = self.classes.iter().map(|it| (it.name.as_str(), it.range));
        let around = functions.chain(classes).filter(|(name, it)| it.contains(range) && !name.is_empty());
        around.max_by_key(|(_, it)| it.len())
    }

    /// Returns the name of what is around a place: a class, a function, or nothing.
    pub fn symbol_at(&self, range: TextRange) -> String {
        let functions = self.functions.iter().map(|it| (it.range, &it.name));
        let classes = self.classes.iter().map(|it| (it.range, &it.name));
        let around = functions.chain(classes).filter(|(it, name)| it.contains(range) && !name.is_empty());
        around.min_by_key(|(it, _)| it.len()).map(|(_, name)| name.clone()).unwrap_or_default()
    }
}
