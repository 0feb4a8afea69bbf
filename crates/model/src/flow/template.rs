//! Templates: functions of the values in their context.

use std::collections::BTreeMap;
use std::rc::Rc;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_syntax::template::{Arg, Binding, FilterExpr, Node, Operand};

use super::Engine;
use super::call::Args;
use super::class::Kind;
use super::effect::{Step, Via};
use super::frame::{Frame, Loop};
use super::value::{Place, Query, Val, Value};
use super::view::first_of;
use crate::project::ClassRef;
use crate::project::templates::{Inheritance, Placed};
use crate::python::body::ExprId;

/// How deep templates include each other.
const INCLUDES: u32 = 8;

/// How deep blocks lie in blocks: one that is written twice may lie in itself.
const BLOCKS: u32 = 40;

/// A template with those that it extends, and the nodes that are rendered.
pub(super) type Whole<'p> = (Inheritance<'p>, Vec<Placed<'p>>);

/// The names that a template sees.
type Scope<'p> = BTreeMap<Rc<str>, Val<'p>>;

/// One template while it is rendered.
struct Rendering<'a, 'p> {
    inheritance: &'a Inheritance<'p>,
    path: &'p RelPath,
    /// The block that is rendered, and how many of its bodies lie below.
    block: Option<(&'a str, usize)>,
    depth: u32,
    /// How many blocks it lies in.
    blocks: u32,
}

impl<'p> Engine<'_, 'p> {
    /// `render(request, "orders.html", context)` and its like.
    pub(crate) fn rendered(&mut self, frame: &mut Frame<'p>, function: &str, args: &Args<'p>, id: ExprId) {
        let shift = usize::from(!matches!(function, "render_to_string" | "render_to_response"));
        let name = args.get(shift, if function == "render" || shift == 0 { "template_name" } else { "template" });
        let names = name.map(|it| it.value.clone()).unwrap_or_default();
        let context = args.get(shift + 1, "context").cloned().unwrap_or_default();
        let place = frame.place(id);
        self.render_names(frame, &names, &context, place);
    }

    fn render_names(&mut self, frame: &mut Frame<'p>, names: &Value<'p>, context: &Val<'p>, place: Place<'p>) {
        let first = match names {
            Value::Tuple(all) => all.first().cloned().unwrap_or_default(),
            other => other.clone(),
        };
        for name in first.each() {
            let Value::Str(name) = name else { continue };
            for context in context.value.each().to_vec() {
                let Value::Dict(fields) = &context else { continue };
                let scope = fields.iter().map(|(name, value)| (Rc::clone(name), Val::new(value.clone(), 0))).collect();
                self.render(frame, name, scope, place);
            }
        }
    }

    fn render(&mut self, frame: &mut Frame<'p>, name: &str, mut scope: Scope<'p>, place: Place<'p>) {
        let Some(path) = self.project.templates().find(name, frame.module.path) else { return };
        let user = self.someone();
        let request = Value::Dict(Rc::new(BTreeMap::from([(Rc::from("user"), user.clone())])));
        scope.entry(Rc::from("request")).or_insert_with(|| Val::new(request, 0));
        scope.entry(Rc::from("user")).or_insert_with(|| Val::new(user, 0));
        self.around.push(Step { place, what: format!("rendered by `{name}`") });
        self.whole(frame, path, 0, &mut scope);
        self.around.pop();
    }

    /// Renders a template with those that it extends.
    fn whole(&mut self, frame: &mut Frame<'p>, path: &'p RelPath, depth: u32, scope: &mut Scope<'p>) {
        let known = match self.templates.get(path) {
            Some(known) => known.clone(),
            None => {
                let read = self.project.inheritance(path).map(|it| {
                    let entry = it.entry();
                    Rc::new((it, entry))
                });
                self.templates.insert(path, read.clone());
                read
            }
        };
        let Some(known) = known else { return };
        let (inheritance, entry): &Whole<'p> = &known;
        // Django refuses to render what it cannot read.
        if inheritance.chain.iter().any(|(_, template)| template.has_errors) {
            return;
        }
        for (path, nodes) in entry {
            let rendering = Rendering { inheritance, path, block: None, depth, blocks: 0 };
            self.nodes(frame, &rendering, nodes, scope);
        }
    }

    fn nodes(&mut self, frame: &mut Frame<'p>, at: &Rendering<'_, 'p>, nodes: &'p [Node], scope: &mut Scope<'p>) {
        for node in nodes {
            let Some(rest) = self.budget.checked_sub(1) else {
                self.cuts += 1;
                return;
            };
            self.budget = rest;
            self.node(frame, at, node, scope);
        }
    }

    fn node(&mut self, frame: &mut Frame<'p>, at: &Rendering<'_, 'p>, node: &'p Node, scope: &mut Scope<'p>) {
        match node {
            Node::Variable(expr) => self.variable(frame, at, expr, scope),
            Node::For { targets, iter, body, empty, .. } => {
                self.template_loop(frame, at, (targets, iter, body), scope);
                self.nodes(frame, at, empty, scope);
            }
            Node::If { branches, otherwise } => {
                for (tests, body) in branches {
                    for test in tests {
                        let value = self.expression(frame, at, test, scope);
                        self.seen_whole(frame, &value, place_of(at, test.range));
                    }
                    self.nodes(frame, at, body, &mut scope.clone());
                }
                self.nodes(frame, at, otherwise, &mut scope.clone());
            }
            Node::With { bindings, body } | Node::BlockTranslate { bindings, body, .. } => {
                let mut inner = scope.clone();
                self.bindings(frame, at, bindings, scope, &mut inner);
                self.nodes(frame, at, body, &mut inner);
            }
            Node::Include { template, bindings, only, .. } => {
                let mut inner = if *only { Scope::new() } else { scope.clone() };
                self.bindings(frame, at, bindings, scope, &mut inner);
                self.include(frame, at, template, &mut inner);
            }
            Node::Block { name, body, .. } => self.block(frame, at, name, body, &mut scope.clone()),
            Node::Regroup { list, by, name, range } => self.regroup(frame, at, (list, by, name), *range, scope),
            Node::Cycle { values, .. } | Node::FirstOf { values, .. } => self.printed(frame, at, values, scope),
            Node::IfChanged { watched, body, otherwise } => {
                for value in watched {
                    self.expression(frame, at, value, scope);
                }
                self.nodes(frame, at, body, scope);
                self.nodes(frame, at, otherwise, scope);
            }
            Node::Url { args, as_name, .. } => {
                for (_, value) in args {
                    self.expression(frame, at, value, scope);
                }
                if let Some(name) = as_name {
                    scope.insert(Rc::from(name.as_str()), Val::default());
                }
            }
            Node::Simple { name, args, as_name, range } => {
                self.simple(frame, at, (name, args, as_name.as_deref()), *range, scope)
            }
            Node::Tag { args, body, as_name, .. } => {
                for (_, value) in args {
                    self.expression(frame, at, value, scope);
                }
                if let Some(name) = as_name {
                    scope.insert(Rc::from(name.as_str()), Val::default());
                }
                self.nodes(frame, at, body, scope);
            }
            Node::PartialDef { inline: true, body, .. } => self.nodes(frame, at, body, scope),
            Node::Partial { name } => self.partial(frame, at, name, scope),
            Node::PartialDef { .. } | Node::Extends { .. } => {}
        }
    }

    /// `{{ row.name }}`, `{{ block.super }}`
    fn variable(&mut self, frame: &mut Frame<'p>, at: &Rendering<'_, 'p>, expr: &'p FilterExpr, scope: &mut Scope<'p>) {
        if let Some(["block", "super"]) =
            expr.path().map(|path| [path[0].as_str(), path.get(1).map_or("", String::as_str)])
            && let Some((name, below)) = at.block
        {
            if let Some((path, body)) = at.inheritance.block(name).get(below + 1).copied() {
                let next = Rendering { path, block: Some((name, below + 1)), ..*at };
                self.nodes(frame, &next, body, scope);
            }
            return;
        }
        let value = self.expression(frame, at, expr, scope);
        self.print_at(frame, &value, place_of(at, expr.range));
    }

    fn block(
        &mut self,
        frame: &mut Frame<'p>,
        at: &Rendering<'_, 'p>,
        name: &'p str,
        body: &'p [Node],
        scope: &mut Scope<'p>,
    ) {
        if at.blocks >= BLOCKS {
            return;
        }
        match at.inheritance.block(name).first().copied() {
            Some((path, body)) => {
                let next = Rendering { path, block: Some((name, 0)), blocks: at.blocks + 1, ..*at };
                self.nodes(frame, &next, body, scope);
            }
            None => self.nodes(frame, at, body, scope),
        }
    }

    fn regroup(
        &mut self,
        frame: &mut Frame<'p>,
        at: &Rendering<'_, 'p>,
        (list, by, name): (&'p FilterExpr, &'p [String], &'p str),
        range: TextRange,
        scope: &mut Scope<'p>,
    ) {
        let rows = self.expression(frame, at, list, scope);
        let place = place_of(at, range);
        let element = self.iterate(frame, &rows, place, "regroup");
        let mut read = element.clone();
        for name in by {
            read = self.template_attribute(frame, &Val::new(read, rows.on), name, place).value;
        }
        let group =
            BTreeMap::from([(Rc::from("grouper"), read.clone()), (Rc::from("list"), Value::Items(Rc::new(element)))]);
        let groups = Value::Items(Rc::new(Value::Dict(Rc::new(group))));
        scope.insert(Rc::from(name), Val::new(groups.bounded(), rows.on));
    }

    fn printed(
        &mut self,
        frame: &mut Frame<'p>,
        at: &Rendering<'_, 'p>,
        values: &'p [FilterExpr],
        scope: &mut Scope<'p>,
    ) {
        for value in values {
            let value_read = self.expression(frame, at, value, scope);
            self.print_at(frame, &value_read, place_of(at, value.range));
        }
    }

    /// A tag with arguments and no body.
    fn simple(
        &mut self,
        frame: &mut Frame<'p>,
        at: &Rendering<'_, 'p>,
        (name, args, as_name): (&'p str, &'p [Arg], Option<&'p str>),
        range: TextRange,
        scope: &mut Scope<'p>,
    ) {
        let given: Vec<(Option<&str>, Val<'p>)> =
            args.iter().map(|(key, value)| (key.as_deref(), self.expression(frame, at, value, scope))).collect();
        let made = self.tag(frame, at, name, given, range, scope);
        if let Some(name) = as_name {
            scope.insert(Rc::from(name), made);
        }
    }

    fn partial(&mut self, frame: &mut Frame<'p>, at: &Rendering<'_, 'p>, name: &str, scope: &mut Scope<'p>) {
        let found = at.inheritance.chain.iter().find_map(|(path, template)| Some((*path, template.partial(name)?)));
        if let Some((path, body)) = found
            && at.depth < INCLUDES
        {
            let next = Rendering { path, depth: at.depth + 1, ..*at };
            self.nodes(frame, &next, body, scope);
        }
    }

    fn bindings(
        &mut self,
        frame: &mut Frame<'p>,
        at: &Rendering<'_, 'p>,
        bindings: &'p [Binding],
        scope: &mut Scope<'p>,
        inner: &mut Scope<'p>,
    ) {
        for (name, value) in bindings {
            let value = self.expression(frame, at, value, scope);
            inner.insert(Rc::from(name.as_str()), value);
        }
    }

    fn include(&mut self, frame: &mut Frame<'p>, at: &Rendering<'_, 'p>, template: &FilterExpr, scope: &mut Scope<'p>) {
        let name = match template.literal() {
            Some(name) => name.to_owned(),
            None => match self.expression(frame, at, template, scope).value {
                Value::Str(name) => name.to_string(),
                _ => return,
            },
        };
        if at.depth >= INCLUDES {
            return;
        }
        let Some(path) = self.project.templates().find(&name, at.path) else { return };
        self.whole(frame, path, at.depth + 1, scope);
    }

    fn template_loop(
        &mut self,
        frame: &mut Frame<'p>,
        at: &Rendering<'_, 'p>,
        (targets, iter, body): (&'p [String], &'p FilterExpr, &'p [Node]),
        scope: &mut Scope<'p>,
    ) {
        let rows = self.expression(frame, at, iter, scope);
        let place = place_of(at, iter.range);
        let element = self.iterate(frame, &rows, place, "iterate");
        let mut inner = scope.clone();
        let bit = frame.next_bit();
        match targets {
            [one] => {
                inner.insert(Rc::from(one.as_str()), Val::new(element, rows.on | bit));
            }
            several => {
                for (at, name) in several.iter().enumerate() {
                    let part = match &element {
                        Value::Tuple(values) => values.get(at).cloned().unwrap_or_default(),
                        _ => Value::Unknown,
                    };
                    inner.insert(Rc::from(name.as_str()), Val::new(part, rows.on | bit));
                }
            }
        }
        let query: Option<Rc<Query<'p>>> = rows.value.each().iter().find_map(|value| match value {
            Value::Query(query) | Value::Rows(query) => Some(Rc::clone(query)),
            _ => None,
        });
        frame.loops.push(Loop { place, rows: query, bit, shown: Some(Via::Template) });
        self.nodes(frame, at, body, &mut inner);
        frame.loops.pop();
    }

    /// A condition reads a queryset whole.
    fn seen_whole(&mut self, frame: &mut Frame<'p>, value: &Val<'p>, place: Place<'p>) {
        if matches!(value.value, Value::Query(_) | Value::Related(_)) {
            self.iterate(frame, value, place, "bool");
        }
    }

    fn expression(
        &mut self,
        frame: &mut Frame<'p>,
        at: &Rendering<'_, 'p>,
        expr: &FilterExpr,
        scope: &Scope<'p>,
    ) -> Val<'p> {
        self.budget = self.budget.saturating_sub(1);
        let place = place_of(at, expr.range);
        let mut value = match &expr.head {
            Operand::Path(path) => self.template_path(frame, path, scope, place),
            Operand::Str(text) => Val::new(Value::Str(Rc::from(text.as_str())), 0),
            Operand::Number(_) | Operand::Translated => Val::default(),
        };
        for (filter, argument) in &expr.filters {
            if let Some(Operand::Path(path)) = argument {
                self.template_path(frame, path, scope, place);
            }
            value = match filter.as_str() {
                "slice" => {
                    let bound = match argument {
                        Some(Operand::Str(text)) => text.strip_prefix(':').and_then(|it| it.parse::<u32>().ok()),
                        _ => None,
                    };
                    let sliced = value.value.map(|value| match value {
                        Value::Query(query) => Value::Query(Rc::new(Query { bound, ..(**query).clone() })),
                        other => other.clone(),
                    });
                    Val::new(sliced, value.on)
                }
                "dictsort" | "dictsortreversed" | "safe" | "default" | "default_if_none" => value,
                "first" | "last" => {
                    let element = self.iterate(frame, &value, place, filter);
                    Val::new(element, value.on)
                }
                "length" | "length_is" | "join" | "yesno" | "random" | "unordered_list" => {
                    self.iterate(frame, &value, place, filter);
                    Val::unknown(value.on)
                }
                "escape" | "force_escape" | "striptags" | "title" | "upper" | "lower" | "truncatechars"
                | "stringformat" | "linebreaks" | "urlize" | "capfirst" | "slugify" => {
                    self.print_at(frame, &value, place);
                    Val::unknown(value.on)
                }
                name => match self.tags().filters.get(name).copied() {
                    Some(function) => self.invoke(frame, function, vec![value], Vec::new(), place, "filtered here"),
                    None => Val::unknown(value.on),
                },
            };
        }
        value
    }

    /// Runs a tag that a function of the project is.
    fn tag(
        &mut self,
        frame: &mut Frame<'p>,
        at: &Rendering<'_, 'p>,
        name: &str,
        given: Vec<(Option<&str>, Val<'p>)>,
        range: TextRange,
        scope: &Scope<'p>,
    ) -> Val<'p> {
        let Some(tag) = self.tags().tags.get(name).cloned() else { return Val::default() };
        let mut positional: Vec<Val<'p>> = Vec::new();
        if tag.takes_context {
            let fields = scope.iter().map(|(name, value)| (Rc::clone(name), value.value.clone())).collect();
            positional.push(Val::new(Value::Dict(Rc::new(fields)), 0));
        }
        let mut keywords: Vec<(&str, Val<'p>)> = Vec::new();
        for (key, value) in given {
            match key {
                Some(key) => keywords.push((key, value)),
                None => positional.push(value),
            }
        }
        let place = place_of(at, range);
        let made = self.invoke(frame, tag.function, positional, keywords, place, "called here");
        if let (Some(template), Value::Dict(fields)) = (&tag.template, &made.value)
            && at.depth < INCLUDES
            && let Some(path) = self.project.templates().find(template, at.path)
        {
            let mut inner: Scope<'p> =
                fields.iter().map(|(name, value)| (Rc::clone(name), Val::new(value.clone(), made.on))).collect();
            self.whole(frame, path, at.depth + 1, &mut inner);
        }
        made
    }

    fn template_path(
        &mut self,
        frame: &mut Frame<'p>,
        path: &[String],
        scope: &Scope<'p>,
        place: Place<'p>,
    ) -> Val<'p> {
        let Some((head, rest)) = path.split_first() else { return Val::default() };
        let Some(first) = scope.get(head.as_str()) else { return Val::default() };
        let mut value = first.clone();
        for name in rest {
            value = self.template_attribute(frame, &value, name, place);
        }
        value
    }

    /// Reads a name as templates do: a key, an attribute, an index; what can be called is called.
    fn template_attribute(&mut self, frame: &mut Frame<'p>, owner: &Val<'p>, name: &str, place: Place<'p>) -> Val<'p> {
        let mut found = Value::Unknown;
        for one in owner.value.each().to_vec() {
            let read = match (&one, name) {
                (Value::Query(query), "all") => Value::Query(Rc::clone(query)),
                (Value::Query(_), "count" | "exists") => {
                    self.iterate(frame, &Val::new(one, owner.on), place, name);
                    Value::Unknown
                }
                (Value::Query(_) | Value::Rows(_), "first" | "last") => first_of(&one),
                (Value::Rows(_), "paginator") => Value::Unknown,
                (Value::Items(_) | Value::Mapping(_), _) => match (&one, name) {
                    (Value::Mapping(each), "items") => {
                        Value::Items(Rc::new(Value::Tuple(Rc::from(vec![Value::Unknown, (**each).clone()]))))
                    }
                    (Value::Mapping(each), "values") => Value::Items(Rc::clone(each)),
                    (Value::Items(each), _) if name.bytes().all(|it| it.is_ascii_digit()) => (**each).clone(),
                    _ => Value::Unknown,
                },
                (Value::Tuple(values), _) => match name.parse::<usize>() {
                    Ok(at) => values.get(at).cloned().unwrap_or_default(),
                    Err(_) => Value::Unknown,
                },
                (Value::Dict(fields), "items") if !fields.contains_key("items") => {
                    let all = fields.values().fold(Value::Unknown, |all, it| all.or(it.clone()));
                    Value::Items(Rc::new(Value::Tuple(Rc::from(vec![Value::Unknown, all]))))
                }
                (Value::Object(class, set), _) if !set.contains_key(name) => match self.find_method(*class, name) {
                    Some(function) if !self.is_property(function) => {
                        self.invoke(frame, function, vec![Val::new(one, owner.on)], Vec::new(), place, "called here")
                            .value
                    }
                    _ => self.attribute_of(frame, &one, name, place, owner.on),
                },
                _ => self.read_path_on(frame, one, name, place, owner.on),
            };
            found = found.or(read);
        }
        Val::new(found, owner.on)
    }

    /// The context of a class-based view.
    pub(crate) fn context(
        &mut self,
        frame: &mut Frame<'p>,
        view: &Value<'p>,
        class: ClassRef<'p>,
        args: &Args<'p>,
    ) -> Value<'p> {
        let kind = self.lineage(class).kind;
        let mut fields: BTreeMap<Rc<str>, Value<'p>> = BTreeMap::new();
        if let Value::Dict(extra) = self.class_value(class, "extra_context") {
            fields.extend(extra.iter().map(|(name, value)| (Rc::clone(name), value.clone())));
        }
        for (name, (value, _)) in &args.keywords {
            fields.insert(Rc::from(*name), value.value.clone());
        }
        fields.insert(Rc::from("view"), view.clone());
        let own_name = match self.class_value(class, "context_object_name") {
            Value::Str(name) => Some(name),
            _ => None,
        };
        if kind.contains(Kind::LIST_VIEW) {
            let rows = self.view_rows(frame, view, class);
            let page = self.page(&rows);
            let name = own_name.clone().or_else(|| self.model_name(&rows).map(|name| Rc::from(format!("{name}_list"))));
            for name in [Rc::from("object_list"), Rc::from("page_obj")].into_iter().chain(name) {
                fields.entry(name).or_insert_with(|| page.clone());
            }
        } else if kind.contains(Kind::DETAIL_VIEW) {
            let one = match self.find_method(class, "get_object") {
                Some(function) => {
                    let place = self.name_place(class);
                    self.invoke(frame, function, vec![Val::new(view.clone(), 0)], Vec::new(), place, "made here").value
                }
                None => first_of(&self.view_rows(frame, view, class)),
            };
            let name = own_name.or_else(|| self.model_name(&one).map(Rc::from));
            for name in [Some(Rc::from("object")), name].into_iter().flatten() {
                fields.entry(name).or_insert_with(|| one.clone());
            }
        }
        Value::Dict(Rc::new(fields))
    }

    fn model_name(&self, rows: &Value<'p>) -> Option<String> {
        rows.each().iter().find_map(|value| match value {
            Value::Query(query) | Value::Rows(query) => Some(self.models.get(query.model).name.to_lowercase()),
            Value::Row(row) => Some(self.models.get(row.model).name.to_lowercase()),
            _ => None,
        })
    }

    /// A class-based view whose own methods render its template.
    pub(crate) fn template_view(&mut self, class: ClassRef<'p>) {
        let kind = self.lineage(class).kind;
        if !kind.contains(Kind::TEMPLATE_VIEW) || self.find_method(class, "get").is_some() {
            return;
        }
        let Some(module) = self.module(class.path) else { return };
        let mut frame = self.frame(module, None);
        frame.class = Some(class);
        let view = self.filled_view(&mut frame, class);
        let place = self.name_place(class);
        let context = match self.find_method(class, "get_context_data") {
            Some(function) => {
                self.invoke(&mut frame, function, vec![Val::new(view, 0)], Vec::new(), place, "made here").value
            }
            None => self.context(&mut frame, &view, class, &Args::default()),
        };
        self.render_view(&mut frame, class, &context, place);
    }

    /// Returns a view after its `get`: with its rows.
    fn filled_view(&mut self, frame: &mut Frame<'p>, class: ClassRef<'p>) -> Value<'p> {
        let kind = self.lineage(class).kind;
        let view = Value::object(class);
        let rows = self.view_rows(frame, &view, class);
        let set = if kind.contains(Kind::LIST_VIEW) {
            BTreeMap::from([(Rc::from("object_list"), rows)])
        } else if kind.contains(Kind::DETAIL_VIEW) {
            BTreeMap::from([(Rc::from("object"), first_of(&rows))])
        } else {
            return view;
        };
        Value::Object(class, Rc::new(set))
    }

    /// Renders the template of a class-based view.
    pub(crate) fn render_view(
        &mut self,
        frame: &mut Frame<'p>,
        class: ClassRef<'p>,
        context: &Value<'p>,
        place: Place<'p>,
    ) {
        let mut names = self.class_value(class, "template_name");
        if names.is_plain() && !matches!(names, Value::Str(_)) {
            let kind = self.lineage(class).kind;
            let suffix = if kind.contains(Kind::LIST_VIEW) { "list" } else { "detail" };
            let rows = self.view_rows(frame, &Value::object(class), class);
            let Some(model) = rows.each().iter().find_map(|value| match value {
                Value::Query(query) | Value::Rows(query) => Some(query.model),
                _ => None,
            }) else {
                return;
            };
            let facts = self.models.get(model);
            names = Value::Str(Rc::from(format!("{}/{}_{suffix}.html", facts.app, facts.name.to_lowercase())));
        }
        self.render_names(frame, &names, &Val::new(context.clone(), 0), place);
    }
}

fn place_of<'p>(at: &Rendering<'_, 'p>, range: TextRange) -> Place<'p> {
    Place { path: at.path, range }
}

/// Whether a place lies in a template.
pub(crate) fn is_template(place: &Place<'_>) -> bool {
    !matches!(place.path.extension(), "py" | "pyi")
}
