//! Where the text of a queryset can be extended, and how to write what is added as the code around it is written.

use std::collections::BTreeSet;

use arrears_core::diagnostic::Edit;
use arrears_core::text::TextRange;
use arrears_model::django::{ModelId, Models};
use arrears_model::flow::{LazyLoad, QueryText};

/// How many calls of one chain are read.
const LINKS: usize = 60;

/// How many relations a plan loads.
const PATHS: usize = 8;

/// How many relations a help names.
const TOLD: usize = 4;

/// What a queryset has to load.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// For `select_related`.
    pub(super) joins: BTreeSet<String>,
    /// For `prefetch_related`.
    pub(super) prefetches: BTreeSet<String>,
}

impl Plan {
    /// Plans what loads all that is read of the rows.
    pub(super) fn of(load: &LazyLoad<'_>, models: &Models<'_>) -> Self {
        let all: BTreeSet<&str> = load.paths.iter().chain([&load.relation]).map(String::as_str).collect();
        let plan = Self::of_paths(&all, load, models);
        // Whoever reads that much gets the first step; the rest is reported when that is done.
        let is_much = plan.joins.len() + plan.prefetches.len() > PATHS;
        if is_much { Self::of_paths(&BTreeSet::from([load.relation.as_str()]), load, models) } else { plan }
    }

    fn of_paths(all: &BTreeSet<&str>, load: &LazyLoad<'_>, models: &Models<'_>) -> Self {
        let mut plan = Self::default();
        let is_prefix = |path: &str, other: &str| other.strip_prefix(path).is_some_and(|rest| rest.starts_with("__"));
        for path in all.iter().filter(|path| !all.iter().any(|other| is_prefix(path, other))) {
            // Where the relation cannot be joined, what leads to it is loaded already.
            let joined = match models.of_label(&load.model) {
                _ if !load.joins => "",
                Some(model) => single_prefix(path, model, models),
                None => load.relation.as_str(),
            };
            if !joined.is_empty() {
                plan.joins.insert(joined.to_owned());
            }
            if joined.len() < path.len() {
                plan.prefetches.insert((*path).to_owned());
            }
        }
        let joins = plan.joins.clone();
        plan.joins.retain(|path| !joins.iter().any(|other| is_prefix(path, other)));
        plan
    }

    /// Writes the calls: `.select_related("customer")`.
    pub(super) fn calls(&self, quote: char) -> Vec<String> {
        let call = |method: &str, paths: &BTreeSet<String>| format!(".{method}({})", quoted(paths, quote));
        let mut calls = Vec::new();
        if !self.joins.is_empty() {
            calls.push(call("select_related", &self.joins));
        }
        if !self.prefetches.is_empty() {
            calls.push(call("prefetch_related", &self.prefetches));
        }
        calls
    }
}

/// Returns the beginning of a path that leads to one row at each step.
fn single_prefix<'a>(path: &'a str, model: ModelId, models: &Models<'_>) -> &'a str {
    let (mut model, mut end) = (model, 0);
    for name in path.split("__") {
        let Some(field) = models.field(model, name) else { break };
        let (true, Some(target)) = (field.kind.is_single(), field.target) else { break };
        end += name.len() + if end == 0 { 0 } else { 2 };
        model = target;
    }
    &path[..end]
}

impl Plan {
    /// Names what to add, the first few of it where it is much.
    pub(super) fn told(&self) -> String {
        let few = |paths: &BTreeSet<String>| paths.iter().take(TOLD).cloned().collect::<BTreeSet<_>>();
        let is_much = self.joins.len() > TOLD || self.prefetches.len() > TOLD;
        let told = Self { joins: few(&self.joins), prefetches: few(&self.prefetches) }.calls('"').join("");
        if is_much { told.replace("\")", "\", …)") } else { told }
    }
}

fn quoted(paths: &BTreeSet<String>, quote: char) -> String {
    paths.iter().map(|path| format!("{quote}{path}{quote}")).collect::<Vec<_>>().join(", ")
}

/// Returns the edits that make a queryset load what is planned; none where its text does not allow it.
pub(super) fn extend(text: &str, chain: &QueryText<'_>, plan: &Plan) -> Option<Vec<Edit>> {
    let read = Chain::read(text, chain.range.to_usize().start, chain.range.to_usize().end)?;
    // Rows of chosen columns cannot be joined to others, and `select_related()` follows what it is not told.
    if read.has(text, "only") || read.has(text, "defer") || read.links.iter().any(|it| it.is_bare_select(text)) {
        return None;
    }
    let quote = quote_of(text, read.start);
    let mut edits = Vec::new();
    let mut rest = Plan::default();
    let ways = [(&plan.joins, chain.select, "select_related"), (&plan.prefetches, chain.prefetch, "prefetch_related")];
    for (paths, known, method) in ways {
        if paths.is_empty() {
            continue;
        }
        let inside = known.or_else(|| read.arguments(text, method)).filter(|it| takes_more(text, *it));
        match inside {
            Some(inside) => edits.push(argument(text, inside, paths, quote)),
            None if method == "select_related" => rest.joins.clone_from(paths),
            None => rest.prefetches.clone_from(paths),
        }
    }
    let between = read.separator(text);
    let added: String = rest.calls(quote).iter().map(|call| format!("{between}{call}")).collect();
    if !added.is_empty() {
        edits.push(Edit::insert(u32::try_from(read.end).ok()?, added));
    }
    Some(edits)
}

/// Returns whether arguments can be followed by another one.
fn takes_more(text: &str, inside: TextRange) -> bool {
    let written = text.get(inside.to_usize()).unwrap_or("").trim();
    !written.is_empty() && written != "None" && !written.starts_with('*')
}

fn argument(text: &str, inside: TextRange, paths: &BTreeSet<String>, quote: char) -> Edit {
    let range = inside.to_usize();
    let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line..range.start];
    // The first argument stands on a line of its own: the others do too.
    let is_alone =
        text[range.start..range.end].split('\n').all(|it| it.trim_end_matches(',').matches(',').count() == 0);
    let between =
        if indent.trim().is_empty() && line > 0 && is_alone { format!(",\n{indent}") } else { ", ".to_owned() };
    let added: String = paths.iter().map(|path| format!("{between}{quote}{path}{quote}")).collect();
    Edit::insert(inside.end(), added)
}

/// Returns the quotation mark that is written nearest before and after a place.
pub(super) fn quote_of(text: &str, at: usize) -> char {
    let mark = |it: char| matches!(it, '"' | '\'');
    let (before, after) = (text.get(..at).unwrap_or(""), text.get(at..).unwrap_or(""));
    let line = after.lines().take(4).flat_map(str::chars).find(|it| mark(*it));
    let count = |quote: char| text.matches(quote).count();
    line.or_else(|| before.chars().rev().take(2000).find(|it| mark(*it))).unwrap_or(if count('\'') > count('"') {
        '\''
    } else {
        '"'
    })
}

/// A queryset as it is written in one expression, up to where it stops being one.
#[derive(Debug)]
struct Chain {
    start: usize,
    end: usize,
    links: Vec<Link>,
}

/// `.name`, with what stands between its brackets if it is called.
#[derive(Debug)]
struct Link {
    dot: usize,
    name: std::ops::Range<usize>,
    arguments: Option<std::ops::Range<usize>>,
}

impl Link {
    fn is_bare_select(&self, text: &str) -> bool {
        let inside = self.arguments.clone().and_then(|it| text.get(it));
        text.get(self.name.clone()) == Some("select_related") && inside.is_some_and(|it| it.trim().is_empty())
    }
}

impl Chain {
    /// Reads a chain; `known` is how far it was followed as a queryset.
    fn read(text: &str, start: usize, known: usize) -> Option<Self> {
        let mut links = Vec::new();
        let mut end = start + word(text, start)?;
        let is_known = |at: usize| at <= known;
        while let Some(bracket) = text.get(end..)?.starts_with('(').then_some(end).filter(|_| is_known(end)) {
            end = closing(text, bracket)?;
        }
        for _ in 0..LINKS {
            let dot = skip_blank(text, end);
            if !text.get(dot..)?.starts_with('.') {
                break;
            }
            let begin = skip_blank(text, dot + 1);
            let Some(length) = word(text, begin) else { break };
            let name = begin..begin + length;
            let is_call = text.get(name.end..)?.starts_with('(');
            let close = if is_call { closing(text, name.end)? } else { name.end };
            let written = text.get(name.clone())?;
            if is_terminal(written) || !(is_known(close) || is_call && keeps_rows(written)) {
                break;
            }
            links.push(Link { dot, arguments: is_call.then(|| name.end + 1..close - 1), name });
            end = close;
        }
        // `rows[0]` and `get(x)[…]` are no querysets to extend, `rows[:5]` is one up to the bracket.
        (!links.is_empty() || is_known(end)).then_some(Self { start, end, links })
    }

    fn has(&self, text: &str, method: &str) -> bool {
        self.links.iter().any(|it| it.arguments.is_some() && text.get(it.name.clone()) == Some(method))
    }

    /// Returns the arguments of the last call of a method, blanks and a last comma left out.
    fn arguments(&self, text: &str, method: &str) -> Option<TextRange> {
        let link = self.links.iter().rfind(|it| text.get(it.name.clone()) == Some(method))?;
        let range = link.arguments.clone()?;
        let inside = text.get(range.clone())?;
        if inside.contains(['#', '*']) {
            return None;
        }
        let start = range.start + (inside.len() - inside.trim_start().len());
        let end = range.start + inside.trim_end().trim_end_matches(',').trim_end().len();
        (start < end).then_some(())?;
        Some(TextRange::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?))
    }

    /// Returns what stands before the dot of a new call: nothing, or a line break and the indentation of the others.
    fn separator(&self, text: &str) -> String {
        let Some(link) = self.links.iter().rfind(|it| it.arguments.is_some()) else { return String::new() };
        let line = text[..link.dot].rfind('\n').map_or(0, |at| at + 1);
        let indent = &text[line..link.dot];
        if line == 0 || !indent.trim().is_empty() {
            return String::new();
        }
        let is_continued = text[..line].trim_end_matches(['\n', '\r']).ends_with('\\');
        if is_continued { format!(" \\\n{indent}") } else { format!("\n{indent}") }
    }
}

/// Returns whether what a method returns is no queryset that could load more.
fn is_terminal(method: &str) -> bool {
    matches!(
        method,
        "iterator"
            | "aiterator"
            | "values"
            | "values_list"
            | "dates"
            | "datetimes"
            | "get"
            | "first"
            | "last"
            | "latest"
            | "earliest"
            | "count"
            | "exists"
            | "aggregate"
            | "in_bulk"
            | "update"
            | "delete"
            | "create"
            | "raw"
            | "union"
            | "intersection"
            | "difference"
            | "page"
            | "get_page"
            | "none"
    )
}

/// Returns whether a method returns rows that can load more.
fn keeps_rows(method: &str) -> bool {
    matches!(
        method,
        "all"
            | "filter"
            | "exclude"
            | "order_by"
            | "distinct"
            | "reverse"
            | "using"
            | "select_for_update"
            | "extra"
            | "annotate"
            | "alias"
            | "defer"
            | "only"
            | "select_related"
            | "prefetch_related"
            | "get_queryset"
    )
}

/// Returns the length of the name at a place.
fn word(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let length = rest.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(rest.len());
    (length > 0).then_some(length)
}

/// Skips blanks, line breaks, continuations and comments, as far as a dot may follow.
fn skip_blank(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut breaks = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\r' | b'\\') => at += 1,
            Some(b'\n') if breaks < 30 => {
                breaks += 1;
                at += 1;
            }
            Some(b'#') => at += bytes[at..].iter().position(|it| *it == b'\n').unwrap_or(bytes.len() - at),
            _ => return at,
        }
    }
}

/// Returns the place after the bracket that closes the one at `open`.
fn closing(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = open;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' | b'\'' => at = string_end(bytes, at)?,
            b'#' => at += bytes[at..].iter().position(|it| *it == b'\n')?,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns the last byte of the string that begins at a quotation mark.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = *bytes.get(start)?;
    let is_long = bytes.get(start..start + 3)? == [quote; 3];
    let mut at = start + if is_long { 3 } else { 1 };
    loop {
        let byte = *bytes.get(at)?;
        if byte == b'\\' {
            at += 2;
            continue;
        }
        if byte == quote && (!is_long || bytes.get(at..at + 3) == Some(&[quote; 3])) {
            return Some(if is_long { at + 2 } else { at });
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrears_core::source::RelPath;

    fn extended(text: &str, until: &str, joins: &[&str], prefetches: &[&str]) -> Option<String> {
        let start = text.find("Order").unwrap_or(0);
        let end = text.find(until).map_or(0, |at| at + until.len());
        let range =
            |from: usize, to: usize| TextRange::new(u32::try_from(from).unwrap_or(0), u32::try_from(to).unwrap_or(0));
        let path = RelPath::new("shop/views.py");
        let chain = QueryText { path: &path, range: range(start, end), select: None, prefetch: None };
        let set = |paths: &[&str]| paths.iter().map(|it| (*it).to_owned()).collect();
        let plan = Plan { joins: set(joins), prefetches: set(prefetches) };
        let mut edits = extend(text, &chain, &plan)?;
        edits.sort();
        let mut result = text.to_owned();
        for edit in edits.iter().rev() {
            result.replace_range(edit.range.to_usize(), &edit.content);
        }
        Some(result)
    }

    #[test]
    fn a_call_is_appended_to_a_chain_of_one_line() {
        let after = extended("rows = Order.objects.all()\n", "all()", &["customer"], &[]);
        assert_eq!(after.as_deref(), Some("rows = Order.objects.all().select_related(\"customer\")\n"));
    }

    #[test]
    fn a_bare_manager_is_extended() {
        let after = extended("for order in Order.objects:\n    pass\n", "objects", &[], &["items"]);
        assert_eq!(after.as_deref(), Some("for order in Order.objects.prefetch_related(\"items\"):\n    pass\n"));
    }

    #[test]
    fn a_call_goes_on_its_own_line_where_the_others_do() {
        let text = "rows = (\n    Order.objects\n    .filter(is_open=True)\n    .order_by('number')\n)\n";
        let after = extended(text, "'number')", &["customer"], &[]);
        let expected = "rows = (\n    Order.objects\n    .filter(is_open=True)\n    .order_by('number')\n    .select_related('customer')\n)\n";
        assert_eq!(after.as_deref(), Some(expected));
    }

    #[test]
    fn a_continued_line_is_continued() {
        let text = "rows = Order.objects \\\n    .filter(is_open=True)\n";
        let after = extended(text, "True)", &["customer"], &[]);
        let expected = "rows = Order.objects \\\n    .filter(is_open=True) \\\n    .select_related(\"customer\")\n";
        assert_eq!(after.as_deref(), Some(expected));
    }

    #[test]
    fn an_existing_call_takes_another_argument() {
        let after = extended("rows = Order.objects.select_related('shop')[:5]\n", "'shop')", &["customer"], &["items"]);
        let expected = "rows = Order.objects.select_related('shop', 'customer').prefetch_related('items')[:5]\n";
        assert_eq!(after.as_deref(), Some(expected));
    }

    #[test]
    fn arguments_on_lines_of_their_own_get_another_line() {
        let text = "rows = Order.objects.prefetch_related(\n    \"items\",\n)\n";
        let after = extended(text, ",\n)", &[], &["notes"]);
        assert_eq!(
            after.as_deref(),
            Some("rows = Order.objects.prefetch_related(\n    \"items\",\n    \"notes\",\n)\n")
        );
    }

    #[test]
    fn what_ends_a_queryset_is_not_extended() {
        let after = extended("rows = Order.objects.filter(a='x').iterator()\n", "iterator()", &["customer"], &[]);
        assert_eq!(
            after.as_deref(),
            Some("rows = Order.objects.filter(a='x').select_related('customer').iterator()\n")
        );
    }

    #[test]
    fn chosen_columns_are_left_alone() {
        assert_eq!(extended("rows = Order.objects.only('number')\n", "'number')", &["customer"], &[]), None);
    }
}
