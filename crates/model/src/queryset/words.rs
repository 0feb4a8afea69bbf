//! How querysets, their rows and their loops are named and written.

use arrears_core::text::TextRange;

/// Returns the name in a label: `Order` of `shop.Order`.
pub fn model_name(label: &str) -> &str {
    label.rsplit('.').next().unwrap_or(label)
}

/// Returns what one row is called: `order item` of `shop.OrderItem`.
pub fn row_name(label: &str) -> String {
    let name = model_name(label);
    let mut words = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for letter in name.chars() {
        if letter.is_uppercase() && was_lower {
            words.push(' ');
        }
        was_lower = letter.is_lowercase() || letter.is_ascii_digit();
        words.extend(letter.to_lowercase());
    }
    words.replace('_', " ")
}

/// How many turns of a loop are few.
const FEW: usize = 10;

/// Returns whether what is iterated is written as a few literals, a short range, or the members of an enumeration.
pub fn is_short(iterated: &str) -> bool {
    let text = iterated.trim();
    if let Some(rest) = text.strip_prefix("range(").and_then(|rest| rest.strip_suffix(')')) {
        return rest.trim().parse::<usize>().is_ok_and(|count| count < FEW);
    }
    if text.ends_with(".choices") || text.ends_with(".values") && !text.ends_with(").values") {
        return true;
    }
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let inner = inner.or_else(|| text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')));
    let inner = inner.or_else(|| text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')));
    inner.is_some_and(|inner| {
        let is_comprehension = inner.contains(" for ");
        let parts = inner.split(',').filter(|part| !part.trim().is_empty()).count();
        !is_comprehension && inner.contains(',') && parts < FEW * 3 && !inner.contains('*')
    })
}

/// Returns where the keyword `name` is written before its value.
pub fn keyword_before(text: &str, value: TextRange, name: &str) -> Option<TextRange> {
    let keyword = text.get(..value.to_usize().start)?.trim_end().strip_suffix('=')?.trim_end();
    let start = keyword.strip_suffix(name)?.len();
    Some(TextRange::new(u32::try_from(start).ok()?, u32::try_from(start + name.len()).ok()?))
}

/// Returns whether a method of a queryset writes, so that no prefetch could answer it.
pub fn is_write(method: &str) -> bool {
    matches!(method.strip_prefix('a').unwrap_or(method), "delete" | "update" | "create" | "bulk_create" | "bulk_update")
        || matches!(method, "get_or_create" | "update_or_create")
}
