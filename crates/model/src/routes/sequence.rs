//! What lists and strings do.

use std::rc::Rc;

use super::call::Args;
use super::evaluate::braces;
use super::heap::{ListId, Value};
use super::interpret::Interpreter;
use super::text::Text;

impl<'p> Interpreter<'_, 'p> {
    pub(super) fn list_method(&mut self, id: ListId, name: &str, args: &Args<'p>) -> Value<'p> {
        let place = args.place;
        match (name, args.positional.as_slice()) {
            ("append", [value]) => {
                let item = self.item(value.clone(), Some(place));
                self.heap.push(id, item);
            }
            ("insert", [at, value]) => {
                let item = self.item(value.clone(), Some(place));
                let at = if *at == Value::Int(0) { 0 } else { usize::MAX };
                if let Some(list) = self.heap.lists.get_mut(id.0) {
                    list.insert(at.min(list.len()), item);
                }
            }
            ("extend", [value]) => self.extend(id, value, place),
            ("copy", []) => {
                let items = self.heap.items(id).to_vec();
                return self.heap.list(items);
            }
            _ => {}
        }
        Value::None
    }

    pub(super) fn relisted(&mut self, args: &Args<'p>) -> Value<'p> {
        match args.positional.as_slice() {
            [] => self.heap.list(Vec::new()),
            [Value::Dict(pairs)] => {
                let keys = pairs.iter().map(|(key, _)| self.item(key.clone(), None)).collect();
                self.heap.list(keys)
            }
            [first] => first.clone(),
            [first, second @ ..] if second.iter().all(|it| !matches!(it, Value::List(_) | Value::Urls(_))) => {
                first.clone()
            }
            several => {
                let made = self.heap.list(Vec::new());
                if let Value::List(id) = made {
                    for value in several {
                        self.extend(id, value, args.place);
                    }
                }
                made
            }
        }
    }

    /// `sum(lists, [])`, `reduce(add, lists)`
    pub(super) fn summed(&mut self, lists: Option<&Value<'p>>, args: &Args<'p>) -> Value<'p> {
        let Some(Value::List(lists)) = lists else { return Value::Unknown };
        let lists = self.heap.items(*lists).to_vec();
        let made = self.heap.list(Vec::new());
        if let Value::List(id) = made {
            for item in lists {
                let conditions = self.conditions;
                self.conditions = u32::from(item.is_conditional);
                self.extend(id, &item.value, item.place.unwrap_or(args.place));
                self.conditions = conditions;
            }
        }
        made
    }

    pub(super) fn numbered(&mut self, args: &Args<'p>) -> Value<'p> {
        let Some(members) = args.positional.first().and_then(|it| self.members(it)) else { return Value::Unknown };
        let rows = members.into_iter().zip(0..).map(|(member, at)| {
            let row = vec![self.item(Value::Int(at), None), self.item(member, None)];
            let row = self.heap.list(row);
            self.item(row, None)
        });
        let rows = rows.collect();
        self.heap.list(rows)
    }
}

/// A method of a string.
pub(super) fn text_method<'p>(text: &Rc<Text>, name: &str, args: &Args<'p>) -> Value<'p> {
    let whole = (**text).clone();
    let chars = args.text(0, "chars");
    let is_stripped = |it: char| chars.as_deref().map_or(it.is_whitespace(), |chars| chars.contains(it));
    Value::Text(Rc::new(match name {
        "format" => {
            let positional: Vec<Text> = args.positional.iter().map(|value| value.as_text("value")).collect();
            let keywords: Vec<(String, Text)> =
                args.keywords.iter().map(|(name, value)| (name.clone(), value.as_text(name))).collect();
            braces(&whole, &positional, &keywords)
        }
        "strip" => whole
            .map_start(|it| it.trim_start_matches(is_stripped).to_owned())
            .map_end(|it| it.trim_end_matches(is_stripped).to_owned()),
        "lstrip" => whole.map_start(|it| it.trim_start_matches(is_stripped).to_owned()),
        "rstrip" => whole.map_end(|it| it.trim_end_matches(is_stripped).to_owned()),
        "lower" => whole.map_start(str::to_lowercase),
        "replace" => match (args.text(0, "old"), args.text(1, "new")) {
            (Some(old), Some(new)) => whole.map_start(|it| it.replace(&old, &new)),
            _ => Text::hole("text"),
        },
        _ => return Value::Unknown,
    }))
}
