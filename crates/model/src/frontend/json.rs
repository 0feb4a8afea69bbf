//! JSON as tools read it: with comments and trailing commas.

use serde_json::Value;

/// Parses JSON that may hold comments and trailing commas.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&plain(text))).ok()
}

/// Takes comments and trailing commas away.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '"' => {
                out.push('"');
                while let Some(inner) = rest.next() {
                    out.push(inner);
                    match inner {
                        '\\' => out.extend(rest.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|it| *it != '\n').is_some() {},
            '/' if rest.peek() == Some(&'*') => {
                let mut last = ' ';
                rest.next();
                for inner in rest.by_ref() {
                    if last == '*' && inner == '/' {
                        break;
                    }
                    last = inner;
                }
            }
            ']' | '}' => {
                let end = out.trim_end().len();
                if out.get(..end).is_some_and(|kept| kept.ends_with(',')) {
                    out.truncate(end - 1);
                }
                out.push(next);
            }
            _ => out.push(next),
        }
    }
    out
}

/// Collects the strings in a value, whatever its shape, up to a depth.
pub(crate) fn strings<'v>(value: &'v Value, depth: u32, found: &mut Vec<&'v str>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, depth, found)),
        Value::Object(map) => map.values().for_each(|item| strings(item, depth, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
