//! What a change list of the admin has to be told: `list_select_related`.

use std::collections::BTreeSet;

use arrears_core::diagnostic::Edit;
use arrears_core::text::TextRange;

use super::extension::quote_of;
use super::plan::Plan;
use crate::django::FieldKind;
use crate::flow::LazyLoad;
use crate::project::ProjectModel;

/// Returns whether a place is the value of `list_display` or the name of the class, and no queryset.
pub fn is_columns(text: &str, site: TextRange) -> bool {
    let range = site.to_usize();
    let written = text.get(range.clone()).unwrap_or("");
    written.starts_with(['(', '['])
        || text.get(..range.start).is_some_and(|before| before.trim_end().ends_with("class"))
}

/// Says what to add to the class.
pub fn help(load: &LazyLoad<'_>, plan: &Plan, model: &ProjectModel<'_>, text: &str) -> String {
    let mut parts = Vec::new();
    if !plan.joins.is_empty() {
        parts.push(format!("add `list_select_related = {}` to the class", tuple(&keys(load, plan, model, text), '"')));
    }
    if !plan.prefetches.is_empty() {
        let rest = Plan { joins: BTreeSet::new(), prefetches: plan.prefetches.clone() };
        parts.push(format!("give the class a `get_queryset` with `{}`", rest.told()));
    }
    parts.join(", and ")
}

/// Returns the line that joins the relations to the rows, where the class has none yet.
pub fn edit(load: &LazyLoad<'_>, plan: &Plan, model: &ProjectModel<'_>, text: &str) -> Option<Edit> {
    let range = load.site.range.to_usize();
    if plan.joins.is_empty() || !text.get(range.clone())?.starts_with(['(', '[']) {
        return None;
    }
    let classes = &model.python(load.site.path)?.classes;
    let class = classes.iter().rfind(|it| it.range.contains(load.site.range))?;
    let own = text.get(class.range.to_usize())?;
    let quote = quote_of(text, range.start);
    if let Some(at) = own.find("list_select_related") {
        return extend(own, at, class.range.start(), &plan.joins, quote);
    }
    let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let statement = &text[line..range.start];
    let indent = &statement[..statement.len() - statement.trim_start().len()];
    let is_plain = statement.trim_start().starts_with("list_display") && statement.trim_end().ends_with('=');
    let rest = text.get(range.end..)?.lines().next().unwrap_or("");
    let is_alone = rest.trim().is_empty() || rest.trim_start().starts_with('#');
    if !is_plain || !is_alone {
        return None;
    }
    let value = tuple(&keys(load, plan, model, text), quote);
    let end = u32::try_from(range.end + rest.len()).ok()?;
    Some(Edit::insert(end, format!("\n{indent}list_select_related = {value}")))
}

/// Adds to a `list_select_related` that is a tuple or list of strings in one line.
fn extend(own: &str, at: usize, start: u32, joins: &BTreeSet<String>, quote: char) -> Option<Edit> {
    let rest = own.get(at + "list_select_related".len()..)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let close = match value.chars().next()? {
        '(' => value.find(')')?,
        '[' => value.find(']')?,
        _ => return None,
    };
    let inside = value.get(1..close)?;
    if inside.contains(['\n', '(', '[', '*']) || inside.trim().is_empty() {
        return None;
    }
    let is_open = inside.trim_end().ends_with(',');
    let added = joins.iter().map(|path| format!("{quote}{path}{quote}")).collect::<Vec<_>>().join(", ");
    let place = own.len() - value.len() + close;
    let offset = start + u32::try_from(place).ok()?;
    Some(Edit::insert(offset, if is_open { format!(" {added}") } else { format!(", {added}") }))
}

/// Returns what has to be joined. Django joins the keys among the columns by itself only until it is told what to join.
fn keys(load: &LazyLoad<'_>, plan: &Plan, model: &ProjectModel<'_>, text: &str) -> BTreeSet<String> {
    let mut keys = plan.joins.clone();
    let Some(of) = model.models().of_label(&load.model) else { return keys };
    let columns = text.get(load.site.range.to_usize()).unwrap_or("");
    for name in columns.split(['"', '\'']).skip(1).step_by(2) {
        let field = model.models().field(of, name);
        let is_key = field.is_some_and(|it| matches!(it.kind, FieldKind::ForeignKey | FieldKind::OneToOne));
        let is_known =
            keys.iter().any(|key| key == name || key.strip_prefix(name).is_some_and(|it| it.starts_with("__")));
        if is_key && !is_known {
            keys.insert(name.to_owned());
        }
    }
    keys
}

fn tuple(names: &BTreeSet<String>, quote: char) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("{quote}{name}{quote}")).collect();
    if let [one] = all.as_slice() { format!("({one},)") } else { format!("({})", all.join(", ")) }
}
