//! What a rule may see, and how it reports.

use arrears_core::rule::RuleMeta;
use arrears_core::source::{RelPath, SourceFile};
use arrears_core::text::TextRange;
use arrears_model::facts::Facts;
use arrears_model::outline::{Note, Outline, ScopeId};
use arrears_model::python::PythonFacts;
use arrears_model::script::ScriptFacts;
use arrears_syntax::grammar::{Grammar, KindTable};
use arrears_syntax::node;
use tree_sitter::Node;

use crate::finding::Finding;
use crate::settings::Settings;

/// One file, in front of one rule.
pub struct FileContext<'a, 't> {
    pub(crate) source: &'a SourceFile,
    pub(crate) root: Node<'t>,
    pub(crate) facts: &'a Facts,
    pub(crate) outline: &'a Outline<'t>,
    pub(crate) scope: ScopeId,
    pub(crate) rule: &'a RuleMeta,
    pub(crate) settings: &'a Settings,
    pub(crate) noted: Option<&'a KindTable<bool>>,
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl<'a, 't> FileContext<'a, 't> {
    /// Returns the file.
    pub fn source(&self) -> &'a SourceFile {
        self.source
    }

    /// Returns the whole text.
    pub fn text(&self) -> &'a str {
        &self.source.text
    }

    /// Returns the text of a node.
    pub fn slice(&self, node: Node<'_>) -> &'a str {
        node::text(node, &self.source.text)
    }

    /// Returns the root of the tree.
    pub fn root(&self) -> Node<'t> {
        self.root
    }

    /// Returns the facts of the file.
    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// Returns the facts of a Python file; empty ones for any other.
    pub fn python(&self) -> &'a PythonFacts {
        static EMPTY: std::sync::LazyLock<PythonFacts> = std::sync::LazyLock::new(PythonFacts::default);
        self.facts.python().unwrap_or(&EMPTY)
    }

    /// Returns the facts of a TypeScript or JavaScript file; empty ones for any other.
    pub fn script(&self) -> &'a ScriptFacts {
        static EMPTY: std::sync::LazyLock<ScriptFacts> = std::sync::LazyLock::new(ScriptFacts::default);
        self.facts.script().unwrap_or(&EMPTY)
    }

    /// Returns the scopes around the node that is being checked, the innermost first, the root last.
    pub fn enclosing(&self) -> impl Iterator<Item = Node<'t>> + use<'t, 'a> {
        self.outline.enclosing(self.scope)
    }

    /// Returns the nodes of the kinds that a [`crate::rule::Check::File`] asked for, in source order.
    pub fn noted(&self) -> Vec<Note<'t>> {
        let Some(noted) = self.noted else { return Vec::new() };
        self.outline.notes().iter().filter(|note| noted.get(note.node.kind_id())).copied().collect()
    }

    /// Returns the scopes around a noted node, the innermost first, the root last.
    pub fn enclosing_of(&self, note: Note<'t>) -> impl Iterator<Item = Node<'t>> + use<'t, 'a> {
        self.outline.enclosing(note.scope)
    }

    /// Returns the rule's options: the configured ones, or the default.
    pub fn options<T: Default + Clone + 'static>(&self) -> T {
        self.settings.options(&self.rule.code)
    }

    /// Reports a finding; what more there is to say is chained to it.
    pub fn report(&mut self, range: TextRange, message: impl Into<String>) -> &mut Finding {
        let finding =
            Finding::new(self.rule.code.clone(), self.rule.severity, self.source.path.clone(), range, message.into());
        push(self.findings, finding)
    }

    /// Returns the grammar of the file.
    pub fn grammar(&self) -> Option<Grammar> {
        Grammar::of(self.source.language)
    }
}

/// The project, in front of one rule.
pub struct ProjectContext<'a> {
    pub(crate) rule: &'a RuleMeta,
    pub(crate) settings: &'a Settings,
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl ProjectContext<'_> {
    /// Returns the rule's options: the configured ones, or the default.
    pub fn options<T: Default + Clone + 'static>(&self) -> T {
        self.settings.options(&self.rule.code)
    }

    /// Reports a finding; what more there is to say is chained to it.
    pub fn report(&mut self, path: &RelPath, range: TextRange, message: impl Into<String>) -> &mut Finding {
        let finding = Finding::new(self.rule.code.clone(), self.rule.severity, path.clone(), range, message.into());
        push(self.findings, finding)
    }
}

fn push(findings: &mut Vec<Finding>, finding: Finding) -> &mut Finding {
    let at = findings.len();
    findings.push(finding);
    &mut findings[at]
}
