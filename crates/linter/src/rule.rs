//! What a rule is: metadata and a check.

use std::any::Any;
use std::sync::Arc;

use arrears_core::rule::RuleMeta;
use arrears_core::source::Family;
use arrears_model::project::ProjectModel;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use tree_sitter::Node;

use crate::context::{FileContext, ProjectContext};
use crate::custom::QueryCheck;

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Everything about it but its check.
    pub meta: RuleMeta,
    /// How it looks for its debt.
    pub check: Check,
    /// What can be configured, if anything.
    pub options: Option<OptionsSpec>,
}

/// All the shapes a check can have.
#[derive(Debug, Clone)]
pub enum Check {
    /// Is shown each node of some kinds, once the facts of the file are known.
    Node {
        /// The languages it is for.
        language: Family,
        /// The node kinds; grammars of the family that lack one are passed over.
        kinds: &'static [&'static str],
        /// The check.
        run: NodeCheck,
    },
    /// Is run once for each file.
    File {
        /// The languages it is for.
        language: Family,
        /// The node kinds that [`FileContext::noted`] returns.
        kinds: &'static [&'static str],
        /// The check.
        run: FileCheck,
    },
    /// Is run once for each file, whatever its language.
    AnyFile {
        /// The node kinds that [`FileContext::noted`] returns, of any grammar.
        kinds: &'static [&'static str],
        /// The check.
        run: FileCheck,
    },
    /// Is run once over the whole project.
    Project {
        /// The check.
        run: ProjectCheck,
    },
    /// Flags what a tree-sitter query captures as `@match`.
    Query(Arc<QueryCheck>),
    /// Is made by the engine itself: suppressions that do not suppress, files that cannot be read.
    Engine,
}

/// A check of one node.
pub type NodeCheck = for<'t> fn(Node<'t>, &mut FileContext<'_, 't>);
/// A check of one file.
pub type FileCheck = fn(&mut FileContext<'_, '_>);
/// A check of the project.
pub type ProjectCheck = fn(&ProjectModel<'_>, &mut ProjectContext<'_>);

/// The options of a rule: how to read them, and what they look like.
#[derive(Debug, Clone, Copy)]
pub struct OptionsSpec {
    /// Reads a table of the configuration.
    pub parse: fn(toml::Table) -> Result<Arc<dyn Any + Send + Sync>, toml::de::Error>,
    /// Describes the table.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

impl OptionsSpec {
    /// Describes options by their type.
    pub const fn of<T: DeserializeOwned + JsonSchema + Send + Sync + 'static>() -> Self {
        Self {
            parse: |table| {
                let options: T = table.try_into()?;
                Ok(Arc::new(options))
            },
            schema: |generator| generator.subschema_for::<T>(),
        }
    }
}

/// Declares a rule: its page as a doc comment, then code, summary and check, then its other metadata.
///
/// `options: Type` after the check names the options, where there are any. Metadata that is left out is
/// [`arrears_core::rule::RuleTraits::DEFAULT`]'s.
#[macro_export]
macro_rules! rule {
    (
        $(#[doc = $doc:expr])+
        $vis:vis const $name:ident = {
            code: $code:expr,
            summary: $summary:expr,
            check: $check:expr,
            options: $options:ty,
            $($key:ident: $value:expr,)*
        }
    ) => {
        $(#[doc = $doc])+
        $vis const $name: $crate::rule::Rule = $crate::rule::Rule {
            meta: $crate::rule!(@meta [$($doc),+] $code, $summary, $($key: $value,)*),
            check: $check,
            options: Some($crate::rule::OptionsSpec::of::<$options>()),
        };
    };
    (
        $(#[doc = $doc:expr])+
        $vis:vis const $name:ident = {
            code: $code:expr,
            summary: $summary:expr,
            check: $check:expr,
            $($key:ident: $value:expr,)*
        }
    ) => {
        $(#[doc = $doc])+
        $vis const $name: $crate::rule::Rule = $crate::rule::Rule {
            meta: $crate::rule!(@meta [$($doc),+] $code, $summary, $($key: $value,)*),
            check: $check,
            options: None,
        };
    };
    (@meta [$($doc:expr),+] $code:expr, $summary:expr, $($key:ident: $value:expr,)*) => {
        arrears_core::rule::RuleMeta::of(
            arrears_core::rule::RuleCode::literal($code),
            std::borrow::Cow::Borrowed($summary),
            std::borrow::Cow::Borrowed(concat!($($doc, "\n"),+)),
            arrears_core::rule::RuleTraits {
                $($key: $crate::rule!(@value $key $value),)*
                ..arrears_core::rule::RuleTraits::DEFAULT
            },
        )
    };
    (@value fix $value:expr) => { Some($value) };
    (@value security_severity $value:expr) => { Some($value) };
    (@value $other:ident $value:expr) => { $value };
}

impl Rule {
    /// Returns the language family of a rule that looks at single files.
    pub fn family(&self) -> Option<Family> {
        match &self.check {
            Check::Node { language, .. } | Check::File { language, .. } => Some(*language),
            Check::Query(query) => Some(query.language),
            Check::AnyFile { .. } | Check::Project { .. } | Check::Engine => None,
        }
    }
}
