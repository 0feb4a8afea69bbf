//! The three grammars, and tables from node kinds to whatever somebody asks for.

use std::sync::LazyLock;

use arrears_core::source::Language;

/// A tree-sitter grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grammar {
    /// Python.
    Python,
    /// TypeScript without JSX, where `<T>x` is a cast.
    TypeScript,
    /// TypeScript with JSX; JavaScript is read with it too, so that both share node kinds.
    Tsx,
}

impl Grammar {
    /// All grammars.
    pub const ALL: [Self; 3] = [Self::Python, Self::TypeScript, Self::Tsx];

    /// Returns the grammar that reads a language; plain text has none.
    pub fn of(language: Language) -> Option<Self> {
        match language {
            Language::Python => Some(Self::Python),
            Language::TypeScript => Some(Self::TypeScript),
            Language::Tsx | Language::JavaScript => Some(Self::Tsx),
            Language::Text | Language::Markdown => None,
        }
    }

    /// Returns the tree-sitter language.
    pub fn language(self) -> &'static tree_sitter::Language {
        static PYTHON: LazyLock<tree_sitter::Language> = LazyLock::new(|| tree_sitter_python::LANGUAGE.into());
        static TYPESCRIPT: LazyLock<tree_sitter::Language> =
            LazyLock::new(|| tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into());
        static TSX: LazyLock<tree_sitter::Language> = LazyLock::new(|| tree_sitter_typescript::LANGUAGE_TSX.into());
        match self {
            Self::Python => &PYTHON,
            Self::TypeScript => &TYPESCRIPT,
            Self::Tsx => &TSX,
        }
    }

    /// Returns the ids of a named node kind; a grammar may give one name several ids.
    pub fn kind_ids(self, kind: &str) -> Vec<u16> {
        let language = self.language();
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        (0..count)
            .filter(|id| language.node_kind_is_named(*id) && language.node_kind_for_id(*id) == Some(kind))
            .collect()
    }

    /// Returns whether the grammar has a named node kind of this name.
    pub fn has_kind(self, kind: &str) -> bool {
        self.language().id_for_node_kind(kind, true) != 0
    }
}

/// A value for every node kind of a grammar, found by the kind's id.
#[derive(Debug, Clone)]
pub struct KindTable<T> {
    values: Vec<T>,
}

impl<T: Copy + Default> KindTable<T> {
    /// Creates a table that holds the default everywhere.
    pub fn new(grammar: Grammar) -> Self {
        Self { values: vec![T::default(); grammar.language().node_kind_count()] }
    }

    /// Creates a table from names; names that the grammar lacks are passed over.
    pub fn from_names(grammar: Grammar, names: &[(&str, T)]) -> Self {
        let mut table = Self::new(grammar);
        let language = grammar.language();
        for (id, value) in table.values.iter_mut().enumerate() {
            let id = u16::try_from(id).unwrap_or(u16::MAX);
            let named = language.node_kind_is_named(id).then(|| language.node_kind_for_id(id)).flatten();
            if let Some((_, wanted)) = named.and_then(|kind| names.iter().find(|(name, _)| *name == kind)) {
                *value = *wanted;
            }
        }
        table
    }

    /// Returns the value of a kind; the error kind, whose id lies outside the grammar, has the default.
    pub fn get(&self, kind_id: u16) -> T {
        self.values.get(kind_id as usize).copied().unwrap_or_default()
    }

    /// Changes the value of a kind.
    pub fn set(&mut self, kind_id: u16, value: T) {
        if let Some(slot) = self.values.get_mut(kind_id as usize) {
            *slot = value;
        }
    }
}

impl Grammar {
    /// Returns the family of languages that the grammar reads.
    pub fn family(self) -> arrears_core::source::Family {
        match self {
            Self::Python => arrears_core::source::Family::Python,
            Self::TypeScript | Self::Tsx => arrears_core::source::Family::Script,
        }
    }
}
