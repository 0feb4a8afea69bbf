//! Reads the values that calls, classes and the names of a module need.

use arrears_syntax::node::{field, parts, range, text};
use arrears_syntax::script::{arguments, called_name, is_jsx};
use rustc_hash::FxHashMap;
use tree_sitter::Node;

use arrears_core::text::TextRange;

use super::lower::{Field, Lowering, Pending, index};
use super::read::{bare, key_range};
use super::{CallSite, ClassId, ExprId, LambdaId, Member, Origin, Prop, Setting, Values};

impl<'s, 't> Lowering<'s, 't> {
    /// Reads what is needed.
    pub(crate) fn finish(mut self) -> Values {
        for at in 0..self.classes.len() {
            self.read_class(ClassId(index(at)));
        }
        for field in std::mem::take(&mut self.fields) {
            self.within(field.owner, |it| it.read_field(field));
        }
        self.read_sites();
        let (own, inner): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.pending).into_iter().partition(|it| it.owner.is_none());
        for pending in own {
            self.within(None, |it| it.read_pending(pending));
        }
        self.read_needed(&inner);
        // A name may be bound out of order.
        self.values.bindings.sort_by_key(|it| it.name.start());
        self.values
    }

    fn read_sites(&mut self) {
        for (node, owner) in std::mem::take(&mut self.sites) {
            self.need_around(owner);
            let expr = self.within(owner, |it| it.call_once(node));
            self.values.calls.push(CallSite { expr, owner });
        }
        for (node, owner) in std::mem::take(&mut self.settings) {
            self.need_around(owner);
            let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { continue };
            let (target, value) = self.within(owner, |it| (it.expr(left), it.expr(right)));
            self.values.settings.push(Setting { target, value, owner });
        }
        if let Some(node) = self.default_export {
            let expr = self.within(None, |it| it.expr(node));
            self.values.default_export = Some(expr);
        }
    }

    /// Reads functions and names until nothing new is needed.
    fn read_needed(&mut self, pending: &[Pending<'t>]) {
        let mut returns: FxHashMap<LambdaId, Vec<Node<'t>>> = FxHashMap::default();
        for (owner, node) in std::mem::take(&mut self.returns) {
            returns.entry(owner).or_default().push(node);
        }
        let mut by_name: Option<FxHashMap<&'s str, Vec<Pending<'t>>>> = None;
        loop {
            if let Some(id) = self.needed.pop() {
                self.read_lambda(id, returns.remove(&id).unwrap_or_default());
            } else if let Some(name) = self.names.pop() {
                let index = by_name.get_or_insert_with(|| names_of(pending, self.source));
                for pending in index.remove(name).unwrap_or_default() {
                    self.within(pending.owner, |it| it.read_pending(pending));
                }
            } else {
                return;
            }
        }
    }

    pub(super) fn within<T>(&mut self, owner: Option<LambdaId>, run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.open, owner.into_iter().collect());
        let result = run(self);
        self.open = outer;
        result
    }

    /// Asks for the functions around a place.
    pub(super) fn need_around(&mut self, owner: Option<LambdaId>) {
        let mut at = owner;
        while let Some(id) = at {
            if !self.need(id) {
                return;
            }
            at = self.values.lambda(id).and_then(|it| it.owner);
        }
    }

    /// Asks for a function; returns whether it is new.
    pub(super) fn need(&mut self, id: LambdaId) -> bool {
        match self.is_needed.get_mut(id.0 as usize) {
            Some(needed) if !*needed => {
                *needed = true;
                self.needed.push(id);
                true
            }
            _ => false,
        }
    }

    /// Asks for a name.
    pub(super) fn need_name(&mut self, name: &'s str) {
        if self.known_names.insert(name) {
            self.names.push(name);
        }
    }

    pub(super) fn read_pending(&mut self, Pending { node, block, .. }: Pending<'t>) {
        if node.kind() == "variable_declarator" {
            self.read_declarator(node, block);
        } else if node.kind() == "enum_declaration" {
            self.read_enumeration(node, block);
        } else {
            self.read_assignment(node, block);
        }
    }

    pub(super) fn read_declarator(&mut self, node: Node<'t>, block: TextRange) {
        let Some(name) = field(node, "name") else { return };
        let Some(value) = field(node, "value") else {
            if name.kind() == "identifier" {
                self.bind(range(name), block, Origin::Unknown, true);
            }
            return;
        };
        match name.kind() {
            "identifier" => {
                let value = self.expr(value);
                self.bind(range(name), block, Origin::Value(value), true);
            }
            "object_pattern" => {
                let of = self.expr(value);
                for (name, key, default) in pattern_names(name) {
                    let default = default.map(|value| self.expr(value));
                    self.bind(name, block, Origin::Part { of, key, default }, true);
                }
            }
            "array_pattern" => {
                for (index, part) in parts(name).enumerate().filter(|(_, part)| part.kind() == "identifier") {
                    let of = if index == 0 { self.hook_state(value) } else { None };
                    self.bind(range(part), block, of.map_or(Origin::Unknown, Origin::Value), true);
                }
            }
            _ => {}
        }
    }

    /// `const [url, setUrl] = useState("/x")` starts as what is given.
    pub(super) fn hook_state(&mut self, value: Node<'t>) -> Option<ExprId> {
        let is_state = value.kind() == "call_expression" && called_name(value, self.source) == Some("useState");
        let first = arguments(value).next().filter(|_| is_state)?;
        matches!(first.kind(), "string" | "template_string").then(|| self.expr(first))
    }

    pub(super) fn read_assignment(&mut self, node: Node<'t>, block: TextRange) {
        let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return };
        let is_sum = node.kind() == "augmented_assignment_expression";
        let is_append = is_sum && field(node, "operator").is_some_and(|it| it.kind() == "+=");
        let value = self.expr(right);
        let origin = match (is_sum, is_append) {
            (false, _) => Origin::Value(value),
            (true, true) => Origin::Appended(value),
            (true, false) => Origin::Unknown,
        };
        self.bind(range(left), block, origin, false);
    }

    pub(super) fn read_field(&mut self, Field { class, owner, name, value }: Field<'t>) {
        self.need_around(owner);
        let value = self.expr(value);
        let member = Member { name, value, set_in: owner, is_static: false, is_getter: false };
        if let Some(class) = self.values.classes.get_mut(class.0 as usize) {
            class.members.push(member);
        }
    }

    pub(super) fn add_return(&mut self, value: Node<'t>, owner: LambdaId) {
        if is_jsx(bare(value)) {
            return;
        }
        let value = self.expr(value);
        if let Some(lambda) = self.values.lambdas.get_mut(owner.0 as usize) {
            lambda.returns.push(value);
        }
    }

    pub(super) fn read_enumeration(&mut self, node: Node<'t>, block: TextRange) {
        let (Some(name), Some(body)) = (field(node, "name"), field(node, "body")) else { return };
        let mut props = Vec::new();
        for part in parts(body).filter(|part| part.kind() == "enum_assignment") {
            let (Some(key), Some(value)) = (field(part, "name"), field(part, "value")) else { continue };
            props.push(Prop { key: key_range(key), is_spread: false, value: self.expr(value) });
        }
        let object = self.put_props(&props);
        let value = self.add(object, range(body));
        self.bind(range(name), block, Origin::Value(value), true);
    }
}

/// Returns where each name may get a value.
fn names_of<'s, 't>(pending: &[Pending<'t>], source: &'s str) -> FxHashMap<&'s str, Vec<Pending<'t>>> {
    let mut names: FxHashMap<&'s str, Vec<Pending<'t>>> = FxHashMap::default();
    for it in pending {
        let Some(name) = field(it.node, "name").or_else(|| field(it.node, "left")) else { continue };
        match name.kind() {
            "object_pattern" => {
                for (name, ..) in pattern_names(name) {
                    names.entry(name.slice(source)).or_default().push(*it);
                }
            }
            "array_pattern" => {
                for name in parts(name) {
                    names.entry(text(name, source)).or_default().push(*it);
                }
            }
            _ => names.entry(text(name, source)).or_default().push(*it),
        }
    }
    names
}

/// Returns the names that an object pattern binds: the name, the key it stands for, its value where there is none.
pub(super) fn pattern_names(pattern: Node<'_>) -> Vec<(TextRange, TextRange, Option<Node<'_>>)> {
    let mut found = Vec::new();
    for part in parts(pattern) {
        let (key, target, default) = match part.kind() {
            "shorthand_property_identifier_pattern" => (range(part), part, None),
            "object_assignment_pattern" => match (field(part, "left"), field(part, "right")) {
                (Some(left), right) => (range(left), left, right),
                (None, _) => continue,
            },
            "pair_pattern" => match (field(part, "key"), field(part, "value")) {
                (Some(key), Some(value)) if value.kind() == "assignment_pattern" => {
                    (key_range(key), field(value, "left").unwrap_or(value), field(value, "right"))
                }
                (_, Some(value)) if value.kind() == "object_pattern" => {
                    let inner = parts(value).filter(|it| it.kind() == "shorthand_property_identifier_pattern");
                    found.extend(inner.map(|name| (range(name), TextRange::default(), None)));
                    continue;
                }
                (Some(key), Some(value)) => (key_range(key), value, None),
                _ => continue,
            },
            _ => continue,
        };
        if target.kind().ends_with("identifier") || target.kind() == "shorthand_property_identifier_pattern" {
            found.push((range(target), key, default));
        }
    }
    found
}
