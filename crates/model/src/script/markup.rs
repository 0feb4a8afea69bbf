//! HTML that a component puts into the page as it is: whether somebody cleaned it.

use std::cell::Cell;

use arrears_syntax::node::{field, parts, range, text};
use arrears_syntax::script::{arguments, call_path, called_name, is_function, returned, unwrapped};
use tree_sitter::Node;

use crate::script::binding::{Binding, Bindings};
use crate::script::event::property;

/// How deep expressions are followed.
const MAX_DEPTH: u32 = 8;

/// How many expressions are looked at for one piece of HTML.
const MAX_STEPS: u32 = 500;

/// What is known of a piece of HTML.
#[derive(Debug, Clone, Copy)]
pub enum Markup<'t> {
    /// Written here, or cleaned.
    Clean,
    /// It cannot be told.
    Unknown,
    /// Data, as it came.
    Raw(Node<'t>),
}

impl Markup<'_> {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Raw(node), _) | (_, Self::Raw(node)) => Self::Raw(node),
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Clean, Self::Clean) => Self::Clean,
        }
    }
}

/// Returns what `dangerouslySetInnerHTML={value}` puts into the page.
pub fn injected<'t>(value: Node<'t>, bindings: &Bindings<'t, '_>, source: &str) -> Markup<'t> {
    let Some(object) = bindings.resolved(value, source).filter(|it| it.kind() == "object") else {
        return Markup::Unknown;
    };
    match property(object, "__html", source) {
        Some(html) => Reader { bindings, source, steps: Cell::new(0) }.judge(html, 0),
        None => Markup::Unknown,
    }
}

struct Reader<'a, 't, 's> {
    bindings: &'a Bindings<'t, 's>,
    source: &'a str,
    steps: Cell<u32>,
}

impl<'t> Reader<'_, 't, '_> {
    fn judge(&self, node: Node<'t>, depth: u32) -> Markup<'t> {
        let node = unwrapped(node);
        self.steps.set(self.steps.get() + 1);
        if depth > MAX_DEPTH || self.steps.get() > MAX_STEPS {
            return Markup::Unknown;
        }
        let all = |nodes: &mut dyn Iterator<Item = Node<'t>>| {
            nodes.fold(Markup::Clean, |seen, it| seen.and(self.judge(it, depth + 1)))
        };
        match node.kind() {
            "string" | "number" | "null" | "undefined" | "true" | "false" => Markup::Clean,
            "template_string" => {
                let holes = parts(node).filter(|it| it.kind() == "template_substitution");
                all(&mut holes.filter_map(|it| parts(it).next()))
            }
            "binary_expression" => match field(node, "operator").map(|it| it.kind()) {
                Some("&&") => field(node, "right").map_or(Markup::Unknown, |it| self.judge(it, depth + 1)),
                Some("+" | "||" | "??") => all(&mut field(node, "left").into_iter().chain(field(node, "right"))),
                _ => Markup::Unknown,
            },
            "ternary_expression" => all(&mut field(node, "consequence").into_iter().chain(field(node, "alternative"))),
            "identifier" => self.name(node, depth),
            "member_expression" => self.member(node),
            "call_expression" => self.call(node, depth),
            _ => Markup::Unknown,
        }
    }

    fn name(&self, node: Node<'t>, depth: u32) -> Markup<'t> {
        let name = text(node, self.source);
        match self.bindings.of(name, range(node)) {
            Some(Binding::Value(value)) => self.judge(value, depth + 1),
            Some(Binding::Parameter) if !is_clean_name(name) => Markup::Raw(node),
            Some(Binding::Parameter | Binding::Part(_) | Binding::Import) | None => Markup::Unknown,
        }
    }

    /// `video.description` is data; a member of an import or of a constant may be anything.
    fn member(&self, node: Node<'t>) -> Markup<'t> {
        let path = call_path(node, self.source);
        let root = path.split('.').next().unwrap_or("");
        let is_constant = |name: &str| name.chars().all(|it| !it.is_ascii_lowercase());
        let is_data = matches!(
            self.bindings.of(root, range(node)),
            Some(Binding::Parameter | Binding::Part(_) | Binding::Value(_))
        );
        if is_constant(root) || path.ends_with("HTML") || path.split('.').any(is_clean_name) || !is_data {
            return Markup::Unknown;
        }
        Markup::Raw(node)
    }

    fn call(&self, node: Node<'t>, depth: u32) -> Markup<'t> {
        const PASSING: [&str; 9] =
            ["trim", "toString", "replace", "replaceAll", "concat", "substring", "slice", "String", "join"];
        let path = call_path(node, self.source);
        let name = called_name(node, self.source).unwrap_or("");
        if path.split('.').any(is_clean_name) {
            return Markup::Clean;
        }
        if matches!(name, "useMemo" | "useCallback") {
            let made = arguments(node).next().filter(|it| is_function(*it));
            return made.map_or(Markup::Unknown, |it| {
                returned(it).into_iter().fold(Markup::Clean, |seen, value| seen.and(self.judge(value, depth + 1)))
            });
        }
        let makes_markdown =
            matches!(path.as_str(), "marked" | "marked.parse" | "snarkdown" | "micromark" | "md.render")
                || matches!(name, "makeHtml" | "markdownToHtml");
        if makes_markdown {
            return match arguments(node).next().map(|it| self.judge(it, depth + 1)) {
                Some(Markup::Clean) => Markup::Clean,
                _ => Markup::Raw(node),
            };
        }
        if PASSING.contains(&name)
            && let Some(object) = field(node, "function").and_then(|it| field(it, "object"))
        {
            return self.judge(object, depth + 1);
        }
        Markup::Unknown
    }
}

/// Returns whether a name promises that its value is fit for a page.
fn is_clean_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["saniti", "purif", "escape", "xss", "clean", "safe", "encode", "strip", "highlight", "svg", "icon", "trusted"]
        .iter()
        .any(|word| lower.contains(word))
}
