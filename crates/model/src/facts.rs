//! Everything worth knowing about one file, owned and ready to be stored.

use arrears_core::text::TextRange;
use arrears_syntax::document::Document;
use arrears_syntax::template::Template;
use serde::{Deserialize, Serialize};

use crate::python::PythonFacts;
use crate::script::ScriptFacts;
use crate::words::WordSet;

/// The facts of one file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// What the code says, by language.
    pub code: Code,
    /// The words of the text.
    pub words: WordSet,
    /// Whether some part did not parse: claims about what the file does *not* hold are off.
    pub has_errors: bool,
    /// The comments that mention `arrears:`.
    pub directives: Vec<TextRange>,
    /// The first reason why the file cannot be run at all.
    pub defect: Option<Defect>,
}

/// What keeps a module from being imported: it does not parse, or the compiler refuses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// Where.
    pub range: TextRange,
    /// What.
    pub message: String,
}

/// The facts that depend on the language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Code {
    /// No code, or none that is read.
    #[default]
    None,
    /// A Python module.
    Python(Box<PythonFacts>),
    /// A TypeScript or JavaScript module.
    Script(Box<ScriptFacts>),
    /// A template of Django's, read only where a rule follows values.
    Template(Box<Template>),
    /// Configuration, or a text for people.
    Document(Box<Document>),
}

impl Facts {
    /// Returns the facts of a Python module.
    pub fn python(&self) -> Option<&PythonFacts> {
        match &self.code {
            Code::Python(facts) => Some(facts),
            Code::Script(_) | Code::Template(_) | Code::Document(_) | Code::None => None,
        }
    }

    /// Returns the facts of a TypeScript or JavaScript module.
    pub fn script(&self) -> Option<&ScriptFacts> {
        match &self.code {
            Code::Script(facts) => Some(facts),
            Code::Python(_) | Code::Template(_) | Code::Document(_) | Code::None => None,
        }
    }

    /// Returns a template, where it is one of Django's.
    pub fn template(&self) -> Option<&Template> {
        match &self.code {
            Code::Template(template) => Some(template),
            Code::Python(_) | Code::Script(_) | Code::Document(_) | Code::None => None,
        }
    }

    /// Returns configuration, or a text for people.
    pub fn document(&self) -> Option<&Document> {
        match &self.code {
            Code::Document(document) => Some(document),
            Code::Python(_) | Code::Script(_) | Code::Template(_) | Code::None => None,
        }
    }
}
