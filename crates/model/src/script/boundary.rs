//! Error boundaries of React: what a class does with an error of its children.

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_syntax::node::{descendants, field, parts, range, text};
use arrears_syntax::script::{
    Member, arguments, body, call_path, called_name, element_name, is_class, is_jsx, members, returned, superclass,
    unwrapped,
};
use serde::{Deserialize, Serialize};
use tree_sitter::Node;

use crate::script::ScriptFacts;
use crate::twin::token::{Names, print};

/// A class component, or the object given to `createReactClass`, with what it has to do with errors.
#[derive(Debug)]
pub struct Boundary<'t, 's> {
    /// The name that it is known by.
    pub name: &'s str,
    /// Where the name stands.
    pub name_node: Node<'t>,
    /// Where members go.
    pub body: Node<'t>,
    /// Its members and those it inherits from a class of the same file, its own first.
    pub(super) members: Vec<Member<'t, 's>>,
    pub(super) source: &'s str,
}

/// What `getDerivedStateFromError` gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// There is no such method.
    Missing,
    /// It is no static method: React does not call it.
    NotStatic,
    /// It returns no state.
    Nothing,
    /// It returns a state, throws, or is no function that can be read.
    State,
}

/// What `componentDidCatch` can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DidCatch {
    /// There is no such method.
    Missing,
    /// It changes nothing that is rendered.
    Inert,
    /// It tells the parent, or leaves the page: somebody else may show something.
    Delegates,
    /// It sets state.
    SetsState,
}

/// What `render` shows when a child has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// It shows the same, whatever the state.
    SameAsBefore,
    /// It shows nothing.
    Empty,
    /// It shows something, or it cannot be read.
    Something,
}

/// A class that catches the errors of what it renders, as other files may ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catcher {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// The tokens of its body.
    pub hash: u64,
    /// How many lines of code its body has.
    pub lines: u32,
}

impl Catcher {
    /// Reads a class that has a name and one of the methods that only boundaries have.
    pub fn read(class: Node<'_>, source: &str) -> Option<Self> {
        superclass(class, source).filter(|it| it.ends_with("Component"))?;
        let name = field(class, "name")?;
        let is_sign = |name: &str| matches!(name, "componentDidCatch" | "getDerivedStateFromError");
        members(class, source).iter().find(|member| is_sign(member.name))?;
        let printed = print(text(body(class)?, source), Family::Script, Names::Kept);
        Some(Self {
            name: text(name, source).to_owned(),
            name_range: range(name),
            hash: printed.hash,
            lines: printed.lines,
        })
    }
}

impl<'t, 's> Boundary<'t, 's> {
    /// Reads a class component that has a name; `None` where it is none, or inherits from what is not in the file.
    pub fn of_class(class: Node<'t>, root: Node<'t>, facts: &ScriptFacts, source: &'s str) -> Option<Self> {
        Self::named(field(class, "name")?, class, root, facts, source)
    }

    /// Reads `const Name = class extends Component {…}` and `const Name = createReactClass({…})`.
    ///
    /// The declaration is asked for its value, since a value that is asked for its parent searches from the root.
    pub fn of_declarator(declarator: Node<'t>, root: Node<'t>, facts: &ScriptFacts, source: &'s str) -> Option<Self> {
        let name_node = field(declarator, "name").filter(|name| name.kind() == "identifier")?;
        let value = field(declarator, "value")?;
        if value.kind() == "call_expression" {
            Self::created(name_node, value, source)
        } else if is_class(value) && field(value, "name").is_none() {
            Self::named(name_node, value, root, facts, source)
        } else {
            None
        }
    }

    fn named(
        name_node: Node<'t>,
        class: Node<'t>,
        root: Node<'t>,
        facts: &ScriptFacts,
        source: &'s str,
    ) -> Option<Self> {
        let base = superclass(class, source)?;
        let mut all = members(class, source);
        if !facts.is_react_component(base) {
            let parent = facts.classes.iter().find(|class| class.name == base)?;
            facts.is_react_component(parent.superclass.as_deref()?).then_some(())?;
            let place = parent.range.start() as usize..parent.range.end() as usize;
            all.extend(members(root.descendant_for_byte_range(place.start, place.end)?, source));
        }
        Some(Self { name: text(name_node, source), name_node, body: body(class)?, members: all, source })
    }

    fn created(name_node: Node<'t>, call: Node<'t>, source: &'s str) -> Option<Self> {
        called_name(call, source).filter(|name| matches!(*name, "createReactClass" | "createClass"))?;
        let object = arguments(call).next().filter(|it| it.kind() == "object")?;
        let mut all = members(object, source);
        let has_mixins =
            parts(object).any(|it| it.kind() == "spread_element") || all.iter().any(|it| it.name == "mixins");
        if has_mixins {
            return None;
        }
        for pair in parts(object).filter(|it| field(*it, "key").is_some_and(|key| text(key, source) == "statics")) {
            let statics = field(pair, "value").map(|value| members(value, source)).unwrap_or_default();
            all.extend(statics.into_iter().map(|member| Member { is_static: true, ..member }));
        }
        Some(Self { name: text(name_node, source), name_node, body: object, members: all, source })
    }

    /// Returns whether it is meant to be a boundary: by its name, or by a method that only boundaries have.
    pub fn is_meant(&self) -> bool {
        is_boundary_name(self.name)
            || self.member("componentDidCatch").is_some()
            || self.member("getDerivedStateFromError").is_some()
    }

    /// Returns whether it puts its children into another boundary.
    pub fn renders_another(&self) -> bool {
        self.member("render").and_then(|it| it.function).is_some_and(|it| contains_boundary(it, self.name, self.source))
    }

    /// Returns a member by its name, its own before an inherited one.
    pub fn member(&self, name: &str) -> Option<Member<'t, 's>> {
        self.members.iter().find(|member| member.name == name).copied()
    }

    /// Returns what `getDerivedStateFromError` gives back.
    pub fn derived(&self) -> Derived {
        let Some(member) = self.member("getDerivedStateFromError") else { return Derived::Missing };
        if !member.is_static {
            return Derived::NotStatic;
        }
        let Some(function) = member.function else { return Derived::State };
        let values = returned(function);
        let throws = descendants(function).any(|node| node.kind() == "throw_statement");
        if throws || values.iter().any(|value| !is_nothing(unwrapped(*value), self.source)) {
            Derived::State
        } else {
            Derived::Nothing
        }
    }

    /// Returns what `componentDidCatch` can change. A method it calls is looked into once.
    pub fn did_catch(&self) -> DidCatch {
        let Some(member) = self.member("componentDidCatch") else { return DidCatch::Missing };
        let Some(function) = member.function else { return DidCatch::SetsState };
        let mut found = DidCatch::Inert;
        for node in self.reached(function) {
            let path = call_path(node, self.source);
            let change = match node.kind() {
                "call_expression" if path.ends_with("setState") || path.ends_with("forceUpdate") => DidCatch::SetsState,
                "call_expression" if self.is_handed_over(&path) => DidCatch::Delegates,
                "assignment_expression" | "throw_statement" => DidCatch::Delegates,
                "member_expression" if path == "this.props" => DidCatch::Delegates,
                _ => continue,
            };
            if found != DidCatch::SetsState {
                found = change;
            }
        }
        found
    }

    /// Whether a call gives the matter to the parent, to the page or to a method that is not in the file.
    fn is_handed_over(&self, path: &str) -> bool {
        path.contains("location")
            || path.contains("dispatch")
            || path.contains("navigat")
            || path.contains("istory")
            || path.starts_with("super.") && path != "super.componentDidCatch"
            || path.strip_prefix("this.").is_some_and(|rest| {
                let name = rest.split('.').next().unwrap_or(rest);
                self.member(name).is_none_or(|member| member.function.is_none())
            })
    }

    /// Returns what `render` shows when a child has failed.
    pub fn fallback(&self) -> Fallback {
        let Some(render) = self.member("render").and_then(|it| it.function) else { return Fallback::Something };
        let mut values = Vec::new();
        for value in returned(render) {
            branches(value, &mut values);
        }
        let is_empty =
            |value: &Option<Node<'_>>| value.is_none_or(|it| is_nothing(it, self.source) || is_empty_fragment(it));
        let (empty, shown): (Vec<_>, Vec<_>) = values.into_iter().partition(is_empty);
        let only_children = !shown.is_empty() && shown.iter().flatten().all(|it| is_children(*it, self.source));
        if only_children && empty.is_empty() || !self.reads_state(render) {
            Fallback::SameAsBefore
        } else if only_children {
            Fallback::Empty
        } else {
            Fallback::Something
        }
    }

    /// Returns whether a person can leave the fallback: by a button or a link, by what a parent or another component
    /// shows, or because the class sets its state back itself.
    pub fn offers_a_way_out(&self) -> bool {
        const RETURNS: [&str; 3] = ["componentDidUpdate", "getDerivedStateFromProps", "componentWillReceiveProps"];
        let Some(render) = self.method("render") else { return true };
        RETURNS.iter().any(|name| self.member(name).is_some())
            || self.reached(render).into_iter().any(|node| match node.kind() {
                "jsx_attribute" => parts(node).next().is_some_and(|name| {
                    let name = text(name, self.source);
                    matches!(name, "href" | "to" | "action") || name.starts_with("on")
                }),
                // A component of its own may hold a button; `Container`s hold what is seen here.
                "jsx_self_closing_element" => {
                    element_name(node, self.source).is_some_and(|name| name.starts_with(char::is_uppercase))
                }
                "member_expression" => {
                    let path = call_path(node, self.source);
                    path.starts_with("this.props.") && path != "this.props.children"
                }
                "shorthand_property_identifier_pattern" => {
                    let name = text(node, self.source).to_ascii_lowercase();
                    name.contains("fallback") || name.contains("render")
                }
                "call_expression" => {
                    let path = call_path(node, self.source);
                    path.contains("createElement") || path.contains("reload") || path.contains("cloneElement")
                }
                _ => false,
            })
    }

    /// Whether a function, or a member it uses, looks at anything of `this` but its props.
    fn reads_state(&self, function: Node<'t>) -> bool {
        const HARMLESS: [&str; 5] = ["props", "setState", "forceUpdate", "context", "refs"];
        self.reached(function).into_iter().any(|node| match node.kind() {
            "member_expression" => {
                let path = call_path(node, self.source);
                let name = path.strip_prefix("this.").and_then(|rest| rest.split('.').next());
                name.is_some_and(|name| !HARMLESS.contains(&name) && self.method(name).is_none())
            }
            "variable_declarator" => {
                let pattern = field(node, "name").filter(|name| name.kind() == "object_pattern");
                let takes_state = pattern.is_some_and(|pattern| text(pattern, self.source).contains("state"));
                let is_this = field(node, "value").is_some_and(|value| text(value, self.source) == "this");
                is_this && (pattern.is_none() || takes_state)
            }
            "arguments" => parts(node).any(|argument| argument.kind() == "this"),
            "super" => true,
            _ => false,
        })
    }

    pub(super) fn method(&self, name: &str) -> Option<Node<'t>> {
        self.member(name).and_then(|member| member.function)
    }

    /// Returns the nodes of a function and of the methods of the class that it uses.
    pub(super) fn reached(&self, function: Node<'t>) -> Vec<Node<'t>> {
        let mut functions = vec![function];
        let mut at = 0;
        let mut found = Vec::new();
        while let Some(function) = functions.get(at).copied() {
            at += 1;
            for node in descendants(function) {
                found.push(node);
                let path = if node.kind() == "member_expression" { call_path(node, self.source) } else { continue };
                if let Some(method) = path.strip_prefix("this.").and_then(|name| self.method(name))
                    && !functions.contains(&method)
                {
                    functions.push(method);
                }
            }
        }
        found
    }
}

/// Returns whether a name claims to be an error boundary: `ErrorBoundary`, `ChartErrorBoundary`, `ErrorBoundaryClass`.
pub fn is_boundary_name(name: &str) -> bool {
    let stem = ["Component", "Class", "Base", "Inner", "Impl"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .unwrap_or(name);
    stem.ends_with("ErrorBoundary") && name.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Returns whether some code puts elements into a boundary other than `own`, or makes one.
pub fn contains_boundary(code: Node<'_>, own: &str, source: &str) -> bool {
    let is_other = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        name != own
            && last != "QueryErrorResetBoundary"
            && ["Boundary", "Catch", "Guard", "ErrorHandler", "ErrorWrapper"].iter().any(|word| last.contains(word))
    };
    descendants(code).any(|node| match node.kind() {
        "jsx_element" | "jsx_self_closing_element" => element_name(node, source).is_some_and(is_other),
        "call_expression" => {
            let path = call_path(node, source);
            path.contains("withErrorBoundary")
                || path.ends_with("useErrorBoundary")
                || path.ends_with("createElement")
                    && arguments(node).next().is_some_and(|element| is_other(text(element, source)))
        }
        _ => is_class(node) && node.id() != code.id(),
    })
}

/// Returns whether a value is the children that a component was given, with nothing around but fragments.
pub fn is_children(value: Node<'_>, source: &str) -> bool {
    let value = unwrapped(value);
    match value.kind() {
        "identifier" => text(value, source) == "children",
        "member_expression" => matches!(text(value, source), "this.props.children" | "props.children"),
        "jsx_element" | "jsx_fragment" if element_name(value, source).is_none_or(|name| name.ends_with("Fragment")) => {
            let mut inner = parts(value).filter(|it| match it.kind() {
                "jsx_text" => !text(*it, source).trim().is_empty(),
                kind => !matches!(kind, "jsx_opening_element" | "jsx_closing_element"),
            });
            let only = inner.next().filter(|it| it.kind() == "jsx_expression");
            let shown = only.and_then(|it| parts(it).next());
            inner.next().is_none() && shown.is_some_and(|it| is_children(it, source))
        }
        _ => false,
    }
}

fn is_empty_fragment(value: Node<'_>) -> bool {
    is_jsx(value)
        && field(value, "open_tag").is_some_and(|tag| field(tag, "name").is_none())
        && parts(value).all(|it| matches!(it.kind(), "jsx_opening_element" | "jsx_closing_element"))
}

fn is_nothing(value: Node<'_>, source: &str) -> bool {
    matches!(value.kind(), "null" | "undefined" | "false")
        || value.kind() == "identifier" && text(value, source) == "undefined"
        || value.kind() == "object" && parts(value).next().is_none()
        || value.kind() == "unary_expression"
}

/// Collects the values that an expression may have; `None` is the falsy left of `a && b`.
fn branches<'t>(value: Node<'t>, found: &mut Vec<Option<Node<'t>>>) {
    let value = unwrapped(value);
    let sides: &[&str] = match value.kind() {
        "ternary_expression" => &["consequence", "alternative"],
        "binary_expression" => {
            if field(value, "operator").is_some_and(|operator| operator.kind() == "&&") {
                found.push(None);
                &["right"]
            } else {
                &["left", "right"]
            }
        }
        _ => {
            found.push(Some(value));
            return;
        }
    };
    for side in sides.iter().filter_map(|side| field(value, side)) {
        branches(side, found);
    }
}
