//! One traversal of a tree: facts for everybody, an outline for the rules of the file.

use arrears_core::source::{Language, Roles, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::node::{range, text};
use arrears_syntax::{document, gaps, parse, template};
use tree_sitter::{Node, Tree};

use crate::facts::{Code, Defect, Facts};
use crate::i18n::catalogue::of_module;
use crate::outline::{Interest, Outline, ScopeId};
use crate::python;
use crate::script;
use crate::words::WordSet;

/// The kind of nodes that hold what does not parse, in every grammar.
const ERROR: u16 = u16::MAX;

/// Files through whose statements no value is followed.
const NO_BODIES: Roles = Roles::MIGRATION.union(Roles::TEST).union(Roles::GENERATED).union(Roles::VENDORED);

/// Files whose types nobody asks for. Those of generated files are asked for: others are made of them.
const NO_TYPES: Roles = Roles::TEST.union(Roles::VENDORED).union(Roles::MINIFIED);

/// Settings for tests are followed like any others: `settings/test.py`.
fn has_bodies(source: &SourceFile) -> bool {
    let is_settings = source.roles.contains(Roles::SETTINGS)
        && source.path.folder().ends_with("settings")
        && matches!(source.path.file_name(), "test.py" | "tests.py");
    let exempt = if is_settings { NO_BODIES.difference(Roles::TEST) } else { NO_BODIES };
    !source.roles.intersects(exempt)
}

/// Reads a tree once. The nodes whose kinds are of interest are noted, unless they hold a syntax error.
pub fn extract<'t>(source: &SourceFile, tree: &'t Tree, interest: &Interest) -> (Facts, Outline<'t>) {
    let words = WordSet::read(&source.text);
    let has_errors = tree.root_node().has_error();
    let mut walk =
        Walk { source, interest, has_errors, directives: Vec::new(), outline: Outline::new(tree.root_node()) };
    let code = match source.language {
        Language::Python => {
            let mut collector = python::collect::Collector::new(&source.text).with_twins(interest.twins);
            let actions = &*python::collect::ACTIONS;
            walk.run(tree, |kind| actions.get(kind), &mut collector);
            let mut facts = collector.finish(&walk.outline);
            if interest.bodies && has_bodies(source) {
                facts.bodies = Some(Box::new(python::body::lower(tree.root_node(), &source.text, &facts)));
            }
            Code::Python(Box::new(facts))
        }
        Language::TypeScript | Language::Tsx | Language::JavaScript => {
            let mut collector = script::collect::Collector::new(&source.text)
                .with_twins(interest.twins)
                .with_values(interest.bodies && has_values(source))
                .with_types(interest.bodies && !source.roles.intersects(NO_TYPES));
            let actions = script::collect::actions(Grammar::of(source.language).unwrap_or(Grammar::Tsx));
            walk.run(tree, |kind| actions.get(kind), &mut collector);
            let mut facts = collector.finish();
            facts.texts = of_module(tree.root_node(), &source.text, &source.path);
            Code::Script(Box::new(facts))
        }
        Language::Text | Language::Markdown => Code::None,
    };
    let defect = match (&code, has_errors) {
        (_, true) => first_error(tree.root_node(), source),
        (Code::Python(facts), false) => facts.defects.first().cloned(),
        (Code::Script(facts), false) => facts.defects.first().cloned(),
        (Code::Template(_) | Code::Document(_) | Code::None, false) => None,
    };
    let facts = Facts { code, words, has_errors, directives: walk.directives, defect };
    (facts, walk.outline)
}

/// Returns whether the values of a script are followed. A folder of tests may be one of pages: `app/tests/[id]/`.
fn has_values(source: &SourceFile) -> bool {
    const WORDS: [&str; 8] = ["describe(", "it(", "test(", "expect(", "jest.", "vi.", "cy.", "testing-library"];
    let is_test = source.roles.contains(Roles::TEST)
        && (WORDS.iter().any(|word| source.text.contains(word)) || source.path.as_str().contains("mock"));
    !is_test && !source.roles.intersects(NO_BODIES.difference(Roles::TEST))
}

/// Returns the first syntax error, unless it is the grammar that is wrong.
fn first_error(root: Node<'_>, source: &SourceFile) -> Option<Defect> {
    let error = parse::first_error(root, &source.text)?;
    let is_gap = source.language.family().is_some_and(|family| gaps::is_gap(family, error.range, &source.text));
    (!is_gap).then_some(Defect { range: error.range, message: error.message })
}

/// What is known of a file that is not parsed. What people read uses nothing.
pub fn words_only(source: &SourceFile) -> Facts {
    if source.language == Language::Markdown {
        return Facts::default();
    }
    Facts { words: WordSet::read(&source.text), ..Facts::default() }
}

/// What is known of configuration and documents.
///
/// A file that is made into configuration first, by Helm, Jinja or Cookiecutter, is broken without being wrong.
pub fn document(source: &SourceFile) -> Facts {
    let facts = words_only(source);
    match document::read(source) {
        None => facts,
        Some(Ok(document)) => Facts { code: Code::Document(Box::new(document)), ..facts },
        Some(Err(_)) if is_pattern(source) => Facts { has_errors: true, ..facts },
        Some(Err(broken)) => {
            let defect = Some(Defect { range: broken.range, message: broken.message });
            Facts { has_errors: true, defect, ..facts }
        }
    }
}

/// Returns whether a file is a pattern that another program fills in.
fn is_pattern(source: &SourceFile) -> bool {
    let is_filled = |mark: &str| source.text.contains(mark) || source.path.as_str().contains(mark);
    is_filled("{{") || is_filled("{%") || is_filled("<%")
}

/// Returns whether a file may be a template of Django's: it lies among templates and holds a variable or a tag.
pub fn is_template(source: &SourceFile) -> bool {
    let is_among = |name| source.path.folders().any(|folder| folder == name);
    matches!(source.path.extension(), "html" | "htm" | "djhtml" | "txt" | "xml")
        && source.language == Language::Text
        && !source.roles.contains(Roles::VENDORED)
        && is_among("templates")
        && !is_among("jinja2")
        && (source.text.contains("{%") || source.text.contains("{{"))
}

/// What is known of a template; of one of Jinja2's only its words.
pub fn template(source: &SourceFile) -> Facts {
    let template = template::parse(&source.text);
    let code = if template.is_jinja { Code::None } else { Code::Template(Box::new(template)) };
    Facts { code, ..words_only(source) }
}

/// Collects facts of one language at the nodes that the traversal hands it.
trait Collect<'t> {
    type Action: Copy + Default + PartialEq;
    const COMMENT: Self::Action;

    /// Looks at a node; returns whether it opens a scope.
    fn enter(&mut self, action: Self::Action, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) -> bool;
    /// Is told that a scope closes.
    fn leave(&mut self, action: Self::Action);
}

impl<'t> Collect<'t> for python::collect::Collector<'_, 't> {
    type Action = python::collect::Action;
    const COMMENT: Self::Action = python::collect::Action::Comment;

    fn enter(&mut self, action: Self::Action, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) -> bool {
        Self::enter(self, action, node, outline, scope)
    }

    fn leave(&mut self, action: Self::Action) {
        Self::leave(self, action);
    }
}

impl<'t> Collect<'t> for script::collect::Collector<'_, 't> {
    type Action = script::collect::Action;
    const COMMENT: Self::Action = script::collect::Action::Comment;

    fn enter(&mut self, action: Self::Action, node: Node<'t>, outline: &Outline<'t>, scope: ScopeId) -> bool {
        Self::enter(self, action, node, outline, scope)
    }

    fn leave(&mut self, action: Self::Action) {
        Self::leave(self, action);
    }
}

struct Walk<'a, 't> {
    source: &'a SourceFile,
    interest: &'a Interest,
    has_errors: bool,
    directives: Vec<arrears_core::text::TextRange>,
    outline: Outline<'t>,
}

/// A scope that is still open: where it was opened, and what closes it.
struct Open<A> {
    depth: u32,
    scope: ScopeId,
    action: A,
}

impl<'t> Walk<'_, 't> {
    fn run<C: Collect<'t>>(&mut self, tree: &'t Tree, action_of: impl Fn(u16) -> C::Action, collector: &mut C) {
        let mut cursor = tree.walk();
        let mut open: Vec<Open<C::Action>> = Vec::new();
        let mut depth = 0_u32;
        loop {
            let node = cursor.node();
            let kind = node.kind_id();
            let scope = open.last().map_or(ScopeId::ROOT, |open| open.scope);
            let action = action_of(kind);
            if self.interest.kinds.get(kind) && !(self.has_errors && node.has_error()) {
                self.outline.note(node, scope);
            }
            if action != C::Action::default() {
                if action == C::COMMENT && text(node, &self.source.text).contains("arrears:") {
                    self.directives.push(range(node));
                }
                if collector.enter(action, node, &self.outline, scope) {
                    let scope = self.outline.open(node, scope);
                    open.push(Open { depth, scope, action });
                }
            }
            let is_passed = (kind == ERROR && depth > 0) || self.interest.is_flat(kind, node, &self.source.text);
            if !is_passed && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            loop {
                if open.last().is_some_and(|open| open.depth == depth)
                    && let Some(closed) = open.pop()
                {
                    collector.leave(closed.action);
                }
                if cursor.goto_next_sibling() {
                    break;
                }
                if !cursor.goto_parent() {
                    return;
                }
                depth -= 1;
            }
        }
    }
}
