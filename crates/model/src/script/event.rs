//! Where handlers of events are given: attributes of elements, properties of the objects that describe them.

use arrears_syntax::node::{ancestors, children, descendants, field, parts, text};
use arrears_syntax::script::{element_name, string_value, unwrapped};
use arrears_syntax::script_jsx::{attribute, attribute_name, attribute_value, tag_of};
use tree_sitter::Node;

/// How much of an element is searched for its label.
const MAX_NODES: usize = 60;

/// A handler that is given to something: `onPress={f}`, `onPress: f`.
#[derive(Debug, Clone, Copy)]
pub struct Given<'t, 's> {
    /// The name: `onPress`.
    pub name: &'s str,
    /// The attribute or the pair.
    pub node: Node<'t>,
    /// What handles it.
    pub value: Node<'t>,
}

impl<'t, 's> Given<'t, 's> {
    /// Reads an attribute of an element or a pair of an object.
    pub fn read(node: Node<'t>, source: &'s str) -> Option<Self> {
        let (name, value) = match node.kind() {
            "jsx_attribute" => (attribute_name(node, source), attribute_value(node)?),
            "pair" => {
                let key = field(node, "key").filter(|key| key.kind() == "property_identifier")?;
                (text(key, source), unwrapped(field(node, "value")?))
            }
            _ => return None,
        };
        let is_event = name.strip_prefix("on").is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_uppercase()));
        is_event.then_some(Self { name, node, value })
    }

    /// Returns whether it answers what a person does to start something.
    pub fn is_action(&self) -> bool {
        matches!(
            self.name,
            "onClick"
                | "onPress"
                | "onLongPress"
                | "onTap"
                | "onDoubleClick"
                | "onDoublePress"
                | "onSubmit"
                | "onSelect"
        )
    }

    /// Returns whether it is given to an element.
    pub fn is_of_element(&self) -> bool {
        self.node.kind() == "jsx_attribute"
    }

    /// Returns it with what it is given to. That is searched for from the root: ask seldom.
    pub fn event(self) -> Option<Event<'t, 's>> {
        let owner = if self.is_of_element() { tag_of(self.node) } else { self.node.parent() };
        owner.map(|owner| Event { given: self, owner })
    }
}

/// A handler, and what it is given to.
#[derive(Debug, Clone, Copy)]
pub struct Event<'t, 's> {
    /// The handler.
    pub given: Given<'t, 's>,
    /// What it is given to: the opening tag, or the object.
    pub owner: Node<'t>,
}

impl<'t, 's> Event<'t, 's> {
    /// Returns the element's name, its last part where it is dotted.
    pub fn element_name(&self, source: &'s str) -> Option<&'s str> {
        let name = if self.given.is_of_element() { element_name(self.owner, source)? } else { return None };
        name.rsplit('.').next()
    }

    /// Returns an attribute or a property of the owner.
    pub fn sibling(&self, name: &str, source: &str) -> Option<Node<'t>> {
        if self.given.is_of_element() {
            return attribute(self.owner, name, source);
        }
        property(self.owner, name, source)
    }

    /// Returns what people read on the control.
    pub fn label(&self, source: &'s str) -> Option<&'s str> {
        const NAMES: [&str; 8] =
            ["title", "label", "text", "name", "aria-label", "accessibilityLabel", "tooltip", "children"];
        let given = NAMES.iter().find_map(|name| {
            let holder = self.sibling(name, source)?;
            let value = if self.given.is_of_element() { attribute_value(holder)? } else { unwrapped(holder) };
            quoted(value, source)
        });
        given.or_else(|| self.given.is_of_element().then(|| written(self.owner, source)).flatten())
    }

    /// Returns the elements and objects around the owner.
    pub fn around(&self) -> impl Iterator<Item = Node<'t>> {
        // An opening tag lies in its own element.
        ancestors(self.owner).skip(usize::from(self.owner.kind() == "jsx_opening_element"))
    }
}

/// Returns the value of a property of an object.
pub fn property<'t>(object: Node<'t>, name: &str, source: &str) -> Option<Node<'t>> {
    parts(object).find_map(|pair| {
        let key = field(pair, "key")?;
        let key = string_value(key, source).map_or_else(|| text(key, source).to_owned(), std::borrow::Cow::into_owned);
        if key == name { field(pair, "value") } else { None }
    })
}

/// Returns the text between quotes, without escapes.
fn quoted<'s>(value: Node<'_>, source: &'s str) -> Option<&'s str> {
    let is_plain = value.kind() == "string"
        || value.kind() == "template_string" && !children(value).any(|part| part.kind() == "template_substitution");
    let whole = text(value, source);
    let inner = whole.get(1..whole.len().saturating_sub(1))?;
    (is_plain && !inner.trim().is_empty()).then_some(inner)
}

/// Returns the first text that is written in an element.
fn written<'s>(tag: Node<'_>, source: &'s str) -> Option<&'s str> {
    let element = tag.parent().filter(|it| it.kind() == "jsx_element" && tag.kind() == "jsx_opening_element")?;
    let mut nodes = descendants(element).take(MAX_NODES);
    let found = nodes.find(|it| it.kind() == "jsx_text" && text(*it, source).contains(char::is_alphabetic))?;
    let line = text(found, source).lines().map(str::trim).find(|line| !line.is_empty())?;
    (line.len() <= 60).then_some(line)
}
