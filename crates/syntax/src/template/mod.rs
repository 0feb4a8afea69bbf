//! Django's template language: an owned tree of what a template reads, loops over and includes.
//!
//! The reader sees what Django's own lexer sees: a tag does not span lines, and a string in a tag may not hold the
//! tag's end. It never fails; what cannot be read is left out, and [`Template::has_errors`] says so.

mod expression;
mod lexer;
mod parser;
mod tags;
#[cfg(test)]
mod tests;

use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

/// How deep nodes nest at most; what lies deeper belongs to the node at this depth.
pub const MAX_DEPTH: usize = 100;

/// A template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// What it holds, in order. Text between the tags is left out.
    pub nodes: Vec<Node>,
    /// Whether something is unclosed, stray or malformed, so that Django would refuse the template.
    pub has_errors: bool,
    /// Whether it holds syntax of Jinja2 that Django does not have.
    pub is_jinja: bool,
}

/// A value under a name of its own.
pub type Binding = (String, FilterExpr);

/// An argument of a tag: its keyword, if it has one, and its value.
pub type Arg = (Option<String>, FilterExpr);

/// One variable or tag.
///
/// The `range` of a tag is its opening tag, `{%` and `%}` included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Node {
    /// `{{ expression }}`
    Variable(FilterExpr),
    /// `{% for a, b in iter %} body {% empty %} empty {% endfor %}`
    For {
        /// The names of a row, one or several.
        targets: Vec<String>,
        /// What is looped over.
        iter: FilterExpr,
        /// Whether it is looped over backwards.
        reversed: bool,
        /// What is done for each row.
        body: Vec<Node>,
        /// What is done when there are none.
        empty: Vec<Node>,
        /// The opening tag.
        range: TextRange,
    },
    /// `{% if %}`, `{% elif %}`, `{% else %}`; also the old `{% ifequal %}` and `{% ifnotequal %}`.
    If {
        /// For each condition its operands, whatever stands between them, and what is done.
        branches: Vec<(Vec<FilterExpr>, Vec<Node>)>,
        /// What is done otherwise.
        otherwise: Vec<Node>,
    },
    /// `{% with a=b c=d %}`, `{% with b as a and d as c %}`
    With {
        /// The names; none of them sees another.
        bindings: Vec<Binding>,
        /// Where they hold.
        body: Vec<Node>,
    },
    /// `{% include template with a=b only %}`
    Include {
        /// The template's name, or a template.
        template: FilterExpr,
        /// What it sees besides.
        bindings: Vec<Binding>,
        /// Whether it sees nothing but the bindings.
        only: bool,
        /// The tag.
        range: TextRange,
    },
    /// `{% extends template %}`
    Extends {
        /// The template's name, or a template.
        template: FilterExpr,
        /// The tag.
        range: TextRange,
    },
    /// `{% block name %} body {% endblock %}`
    Block {
        /// The name.
        name: String,
        /// What it holds unless a child says otherwise.
        body: Vec<Node>,
        /// The opening tag.
        range: TextRange,
    },
    /// `{% regroup list by attribute as name %}`: a list of `grouper` and `list`.
    Regroup {
        /// What is grouped.
        list: FilterExpr,
        /// What is read of each row.
        by: Vec<String>,
        /// The name of the result.
        name: String,
        /// The tag.
        range: TextRange,
    },
    /// `{% cycle a b as name %}`; `{% cycle name %}` has the name as its only value.
    Cycle {
        /// The values.
        values: Vec<FilterExpr>,
        /// The name of the current value.
        as_name: Option<String>,
    },
    /// `{% firstof a b as name %}`
    FirstOf {
        /// The values.
        values: Vec<FilterExpr>,
        /// The name of the result.
        as_name: Option<String>,
    },
    /// `{% ifchanged a b %} body {% else %} otherwise {% endifchanged %}`
    IfChanged {
        /// What is watched; the body itself where there is nothing.
        watched: Vec<FilterExpr>,
        /// What is done on a change.
        body: Vec<Node>,
        /// What is done otherwise.
        otherwise: Vec<Node>,
    },
    /// `{% blocktranslate with a=b count c=d %} body {% plural %} body {% endblocktranslate %}`
    BlockTranslate {
        /// The names, of `with` and `count` alike.
        bindings: Vec<Binding>,
        /// Both bodies.
        body: Vec<Node>,
        /// The name of the result.
        as_name: Option<String>,
    },
    /// `{% url name a b=c as url %}`
    Url {
        /// The route's name.
        name: FilterExpr,
        /// The arguments.
        args: Vec<Arg>,
        /// The name of the result.
        as_name: Option<String>,
        /// The tag.
        range: TextRange,
    },
    /// `{% partialdef name inline %} body {% endpartialdef %}`
    PartialDef {
        /// The name.
        name: String,
        /// Whether it is rendered where it stands, too.
        inline: bool,
        /// What it holds.
        body: Vec<Node>,
    },
    /// `{% partial name %}`
    Partial {
        /// The name.
        name: String,
    },
    /// Any other tag without an end. Arguments that are no expressions of Django's are left out.
    Simple {
        /// The tag's name.
        name: String,
        /// The arguments; keywords without a value of the tag's own language look like paths.
        args: Vec<Arg>,
        /// The name of the result.
        as_name: Option<String>,
        /// The tag.
        range: TextRange,
    },
    /// Any other tag with an end: `{% cache %}`, `{% filter %}`, `{% language %}`, and custom ones.
    Tag {
        /// The tag's name.
        name: String,
        /// The arguments, as those of [`Node::Simple`].
        args: Vec<Arg>,
        /// The name of the result.
        as_name: Option<String>,
        /// What stands up to its end.
        body: Vec<Node>,
        /// The opening tag.
        range: TextRange,
    },
}

/// A value and the filters that it passes through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterExpr {
    /// The value.
    pub head: Operand,
    /// The filters in order: names and arguments.
    pub filters: Vec<(String, Option<Operand>)>,
    /// All of it, filters included.
    pub range: TextRange,
}

/// A literal, or a path from a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operand {
    /// `a.b.0`, and `True`, `False`, `None`: never without a segment, none of them empty.
    Path(Vec<String>),
    /// A string, escapes undone.
    Str(String),
    /// A number, as it is written.
    Number(String),
    /// `_("text")`
    Translated,
}

/// Reads a template.
pub fn parse(text: &str) -> Template {
    parser::Parser::new(text).run()
}

impl Template {
    /// Returns the template that this one extends.
    pub fn parent(&self) -> Option<&FilterExpr> {
        self.nodes.iter().find_map(|node| match node {
            Node::Extends { template, .. } => Some(template),
            _ => None,
        })
    }

    /// Returns the blocks at any depth, outer before inner.
    pub fn blocks(&self) -> Vec<(&str, &[Node])> {
        let mut found = Vec::new();
        visit(&self.nodes, &mut |node| {
            if let Node::Block { name, body, .. } = node {
                found.push((name.as_str(), body.as_slice()));
            }
        });
        found
    }

    /// Returns the body of a `{% partialdef %}`.
    pub fn partial(&self, wanted: &str) -> Option<&[Node]> {
        let mut found = None;
        visit(&self.nodes, &mut |node| match node {
            Node::PartialDef { name, body, .. } if name == wanted && found.is_none() => found = Some(body.as_slice()),
            _ => {}
        });
        found
    }
}

impl Node {
    /// Returns the lists of nodes that lie in this one.
    pub fn bodies(&self) -> Vec<&[Node]> {
        match self {
            Self::For { body, empty, .. } => vec![body, empty],
            Self::If { branches, otherwise } => {
                branches.iter().map(|(_, body)| body.as_slice()).chain([otherwise.as_slice()]).collect()
            }
            Self::IfChanged { body, otherwise, .. } => vec![body, otherwise],
            Self::With { body, .. }
            | Self::Block { body, .. }
            | Self::BlockTranslate { body, .. }
            | Self::PartialDef { body, .. }
            | Self::Tag { body, .. } => vec![body],
            Self::Variable(_)
            | Self::Include { .. }
            | Self::Extends { .. }
            | Self::Regroup { .. }
            | Self::Cycle { .. }
            | Self::FirstOf { .. }
            | Self::Url { .. }
            | Self::Partial { .. }
            | Self::Simple { .. } => Vec::new(),
        }
    }
}

impl FilterExpr {
    /// Returns the path, where the head is one.
    pub fn path(&self) -> Option<&[String]> {
        match &self.head {
            Operand::Path(path) => Some(path),
            Operand::Str(_) | Operand::Number(_) | Operand::Translated => None,
        }
    }

    /// Returns the text of a string without filters.
    pub fn literal(&self) -> Option<&str> {
        match &self.head {
            Operand::Str(text) if self.filters.is_empty() => Some(text),
            Operand::Path(_) | Operand::Str(_) | Operand::Number(_) | Operand::Translated => None,
        }
    }
}

/// Visits nodes and all that lies in them, outer before inner; they nest [`MAX_DEPTH`] deep at most.
pub fn visit<'n>(nodes: &'n [Node], act: &mut impl FnMut(&'n Node)) {
    for node in nodes {
        act(node);
        for body in node.bodies() {
            visit(body, act);
        }
    }
}
