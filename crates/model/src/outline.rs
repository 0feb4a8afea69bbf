//! What one traversal leaves behind for the rules of the file: the scopes, and the nodes that rules asked for.

use arrears_syntax::grammar::{Grammar, KindTable};
use arrears_syntax::node::text;
use tree_sitter::Node;

/// The index of a scope; the root is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScopeId(u32);

impl ScopeId {
    /// The whole file.
    pub const ROOT: Self = Self(0);
}

/// A node that others lie in: a function, class, loop, `try`, handler, `with`, branch.
#[derive(Debug, Clone, Copy)]
struct Scope<'t> {
    node: Node<'t>,
    parent: Option<ScopeId>,
}

/// A node that a rule asked for.
#[derive(Debug, Clone, Copy)]
pub struct Note<'t> {
    /// The node.
    pub node: Node<'t>,
    /// The innermost scope around it, never itself.
    pub scope: ScopeId,
}

/// The kinds of nodes that the rules of a run asked for.
#[derive(Debug, Clone)]
pub struct Interest {
    /// True for the kinds to note.
    pub kinds: KindTable<bool>,
    /// Whether a rule follows values through the statements of the project.
    pub bodies: bool,
    /// Whether a rule compares the bodies of functions.
    pub twins: bool,
    /// What may be passed over.
    pub(crate) flat: KindTable<Flat>,
}

/// Which nodes of a kind hold nothing that anybody asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Flat {
    /// None of them.
    #[default]
    Never,
    /// Texts without expressions in them.
    Text,
    /// Names with dots, and nothing else.
    Path,
}

impl Flat {
    /// The kinds of nodes that come in such texts and paths.
    const PARTS: [(Flat, &'static [&'static str]); 2] = [
        (Flat::Text, &["string_start", "string_content", "string_end", "string_fragment", "escape_sequence"]),
        (Flat::Path, &["identifier", "attribute"]),
    ];

    /// Returns whether a node with this text is one.
    pub(crate) fn is_flat(self, text: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Text => {
                let mut prefix = text.bytes().take_while(|byte| !matches!(byte, b'"' | b'\''));
                !prefix.any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))
            }
            Self::Path => text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | 0x80..)),
        }
    }
}

impl Interest {
    /// Asks for nothing.
    pub fn none(grammar: Grammar) -> Self {
        Self::new(grammar, KindTable::new(grammar))
    }

    /// Asks for nodes of some kinds.
    pub fn new(grammar: Grammar, kinds: KindTable<bool>) -> Self {
        let is_asked = |wanted: Flat| {
            let parts = Flat::PARTS.iter().filter(|(flat, _)| *flat == wanted).flat_map(|(_, parts)| *parts);
            parts.flat_map(|part| grammar.kind_ids(part)).any(|id| kinds.get(id))
        };
        let of = |flat: Flat| if is_asked(flat) { Flat::Never } else { flat };
        let flat = match grammar {
            Grammar::Python => {
                KindTable::from_names(grammar, &[("string", of(Flat::Text)), ("attribute", of(Flat::Path))])
            }
            // The names of scripts are collected, wherever they stand.
            Grammar::TypeScript | Grammar::Tsx => KindTable::from_names(grammar, &[("string", of(Flat::Text))]),
        };
        Self { kinds, bodies: false, twins: false, flat }
    }

    /// Returns whether nobody asks for what lies in a node of some kind.
    pub(crate) fn is_flat(&self, kind: u16, node: Node<'_>, source: &str) -> bool {
        let flat = self.flat.get(kind);
        flat != Flat::Never && flat.is_flat(text(node, source))
    }
}

/// Scopes and noted nodes of one tree, in source order.
#[derive(Debug, Default)]
pub struct Outline<'t> {
    scopes: Vec<Scope<'t>>,
    notes: Vec<Note<'t>>,
}

impl<'t> Outline<'t> {
    /// Starts an outline with the root as its only scope.
    pub(crate) fn new(root: Node<'t>) -> Self {
        Self { scopes: vec![Scope { node: root, parent: None }], notes: Vec::new() }
    }

    pub(crate) fn open(&mut self, node: Node<'t>, parent: ScopeId) -> ScopeId {
        let id = ScopeId(u32::try_from(self.scopes.len()).unwrap_or(u32::MAX));
        self.scopes.push(Scope { node, parent: Some(parent) });
        id
    }

    pub(crate) fn note(&mut self, node: Node<'t>, scope: ScopeId) {
        self.notes.push(Note { node, scope });
    }

    /// Returns the noted nodes, in source order, outer before inner.
    pub fn notes(&self) -> &[Note<'t>] {
        &self.notes
    }

    /// Returns the scopes from `scope` outwards, itself first, the root last.
    pub fn enclosing(&self, scope: ScopeId) -> impl Iterator<Item = Node<'t>> {
        let at = |id: ScopeId| self.scopes.get(id.0 as usize);
        std::iter::successors(at(scope), move |inner| inner.parent.and_then(at)).map(|scope| scope.node)
    }
}
