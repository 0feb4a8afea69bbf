//! Questions that any tree answers, whatever its language.

use std::cell::RefCell;

use arrears_core::text::TextRange;
use rustc_hash::FxHashMap;
use tree_sitter::{Node, TreeCursor};

/// Returns the bytes of a node.
pub fn range(node: Node<'_>) -> TextRange {
    TextRange::of(node.byte_range())
}

/// Returns the text of a node.
pub fn text<'s>(node: Node<'_>, source: &'s str) -> &'s str {
    source.get(node.byte_range()).unwrap_or("")
}

/// Returns the named children, comments included.
pub fn children(node: Node<'_>) -> Children<'_> {
    let mut cursor = node.walk();
    let is_at_child = cursor.goto_first_child();
    Children { cursor, is_at_child }
}

/// The named children of a node, in order.
pub struct Children<'t> {
    cursor: TreeCursor<'t>,
    is_at_child: bool,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        while self.is_at_child {
            let node = self.cursor.node();
            self.is_at_child = self.cursor.goto_next_sibling();
            if node.is_named() {
                return Some(node);
            }
        }
        None
    }
}

/// Returns the named children that are not comments.
pub fn parts(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    children(node).filter(|child| !child.is_extra())
}

/// Returns every named node below `node`, itself first, in source order, whatever the depth.
pub fn descendants(node: Node<'_>) -> Descendants<'_> {
    Descendants { cursor: node.walk(), depth: 0, state: State::Fresh }
}

/// The named nodes of a subtree, in source order. [`Descendants::skip_children`] leaves a part out.
pub struct Descendants<'t> {
    cursor: TreeCursor<'t>,
    depth: u32,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Fresh,
    Descend,
    Skip,
    Done,
}

impl Descendants<'_> {
    /// Passes over everything below the node that was returned last.
    pub fn skip_children(&mut self) {
        if self.state == State::Descend {
            self.state = State::Skip;
        }
    }

    fn advance(&mut self) -> bool {
        if self.state != State::Skip && self.cursor.goto_first_child() {
            self.depth += 1;
            return true;
        }
        loop {
            if self.depth == 0 {
                return false;
            }
            if self.cursor.goto_next_sibling() {
                return true;
            }
            if !self.cursor.goto_parent() {
                return false;
            }
            self.depth -= 1;
        }
    }
}

impl<'t> Iterator for Descendants<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        match self.state {
            State::Fresh => {
                self.state = State::Descend;
                return Some(self.cursor.node());
            }
            State::Done => return None,
            State::Descend | State::Skip => {}
        }
        while self.advance() {
            self.state = State::Descend;
            let node = self.cursor.node();
            if node.is_named() {
                return Some(node);
            }
        }
        self.state = State::Done;
        None
    }
}

/// Returns the nodes around `node`, from the nearest to the root. Each step searches from the root: ask seldom.
pub fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(node.parent(), |at| at.parent())
}

/// Returns the child in a field.
pub fn field<'t>(node: Node<'t>, name: &'static str) -> Option<Node<'t>> {
    node.child_by_field_id(field_id(node, name)?)
}

/// Returns the id of a field. The library searches the names of the grammar one by one, at every call: a tenth of
/// the time of a traversal. A literal's address stands for its text, the number of fields for the grammar.
fn field_id(node: Node<'_>, name: &'static str) -> Option<u16> {
    thread_local! {
        static IDS: RefCell<FxHashMap<(usize, usize, usize), Option<u16>>> = RefCell::default();
    }
    let language = node.language();
    let key = (name.as_ptr().addr(), name.len(), language.field_count());
    IDS.with_borrow_mut(|ids| *ids.entry(key).or_insert_with(|| language.field_id_for_name(name).map(u16::from)))
}

/// Returns the children in a field that may repeat.
pub fn fields<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).collect()
}

#[cfg(test)]
mod tests {
    use crate::grammar::Grammar;

    #[test]
    fn the_number_of_fields_tells_the_grammars_apart() {
        let [python, typescript, tsx] = Grammar::ALL.map(|grammar| grammar.language().field_count());
        assert!(python != typescript && typescript != tsx && python != tsx);
    }
}
