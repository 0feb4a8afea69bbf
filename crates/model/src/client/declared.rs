//! Tables of endpoints: objects whose entries are URLs.

use super::ask::Used;
use super::eval::Eval;
use super::modules::File;
use super::text;
use super::url::{self, Read};
use super::value::{FileId, Piece, Value};
use super::{ClientUrl, DeclaredUrl};
use crate::script::value::{Binding, Expr, ExprId, Origin, Prop};

/// How deep tables are nested.
const DEPTH: usize = 5;
/// How many entries of one table are read.
const ENTRIES: usize = 1_000;

/// Returns the entries of the tables of the project.
pub(super) fn find<'p>(eval: &Eval<'_, 'p>) -> Vec<DeclaredUrl<'p>> {
    let mut found = Vec::new();
    let used = eval.used.borrow().clone();
    for (id, file) in (0..).zip(&eval.modules.files) {
        for binding in file.values.bindings.iter().filter(|it| it.owner.is_none() && it.declares) {
            let (Some(kind), Origin::Value(value)) = (Kind::of(binding.name.slice(file.text)), binding.origin) else {
                continue;
            };
            eval.refuel();
            let mut entries = table(eval, id, file, binding, value, &used);
            let is_api = |it: &DeclaredUrl<'_>| super::ask::shown(&it.url).contains("/api");
            if entries.len() >= 2 && (kind == Kind::Endpoints || entries.iter().any(is_api)) {
                found.append(&mut entries);
            }
        }
    }
    found.sort_by(|left, right| (left.path, left.range).cmp(&(right.path, right.range)));
    found.dedup_by(|later, first| (later.path, later.range) == (first.path, first.range));
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A table of what a server offers.
    Endpoints,
    /// A table that may be of pages too.
    Routes,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        if lower.contains("endpoint") || lower.contains("api") {
            Some(Self::Endpoints)
        } else if lower.contains("url") || lower.contains("route") || lower.contains("path") {
            Some(Self::Routes)
        } else {
            None
        }
    }
}

fn table<'p>(
    eval: &Eval<'_, 'p>,
    id: FileId,
    file: &File<'p>,
    binding: &Binding,
    value: ExprId,
    used: &Used,
) -> Vec<DeclaredUrl<'p>> {
    let mut found = Vec::new();
    let Expr::Object(list) = file.values.expr(value) else { return found };
    let mut left: Vec<(Vec<&str>, Prop)> = Vec::new();
    let push = |before: &[&'p str], props: &[Prop], left: &mut Vec<(Vec<&'p str>, Prop)>| {
        for prop in props.iter().rev().filter(|it| !it.is_spread) {
            let mut names = before.to_vec();
            names.push(prop.key.slice(file.text));
            left.push((names, *prop));
        }
    };
    push(&[], file.values.props(list), &mut left);
    while let Some((names, prop)) = left.pop() {
        if found.len() >= ENTRIES {
            break;
        }
        let span = match file.values.expr(prop.value) {
            Expr::Object(list) => {
                if names.len() < DEPTH {
                    push(&names, file.values.props(list), &mut left);
                }
                continue;
            }
            Expr::Lambda(lambda) => match file.values.lambda(lambda).and_then(|it| it.returns.first()) {
                Some(returned) => file.values.span(*returned),
                None => continue,
            },
            _ => file.values.span(prop.value),
        };
        eval.refuel();
        if let Some(url) = entry(eval, id, prop.value) {
            let is_used = used
                .range((id, span)..)
                .take_while(|it| it.0 == id && it.1.start() < span.end())
                .any(|it| span.contains(it.1))
                || used.iter().any(|it| it.0 == id && span.contains(it.1));
            found.push(DeclaredUrl {
                path: file.path,
                range: span,
                table: binding.name.slice(file.text).to_owned(),
                entry: names.join("."),
                url,
                is_used,
            });
        }
    }
    found
}

/// Reads an entry as a URL, where it looks like one.
fn entry(eval: &Eval<'_, '_>, id: FileId, value: ExprId) -> Option<ClientUrl> {
    let value = match eval.eval(id, value, None) {
        Value::Function(closure) => eval.unasked_result(&closure),
        value => value,
    };
    text::texts(&value).iter().find_map(|text| {
        let looks_right = match text.first()? {
            Piece::Fixed(start, _) => start.starts_with('/') || start.starts_with("http"),
            Piece::Env(..) | Piece::Origin => text.len() > 1,
            _ => false,
        };
        match url::read(text, &|_| false) {
            Read::Url(url, _) if looks_right && url.says_something() => Some(url),
            _ => None,
        }
    })
}
