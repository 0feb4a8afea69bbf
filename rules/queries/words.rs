//! How these rules name things.

use arrears_core::source::RelPath;
use arrears_linter::finding::Finding;
use arrears_model::flow::Place;
use arrears_model::flow::effect::Step;

/// Returns the name in a label: `Order` of `shop.Order`.
pub(super) fn model_name(label: &str) -> &str {
    label.rsplit('.').next().unwrap_or(label)
}

/// Returns what one row is called: `order item` of `shop.OrderItem`.
pub(super) fn row_name(label: &str) -> String {
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

/// Labels the way from a queryset to where its rows are read, places that are labelled already left out.
pub(super) fn label_way(finding: &mut Finding, steps: &[Step<'_>], access: Place<'_>, what: &str) {
    let way: Vec<&Step<'_>> = steps.iter().filter(|step| step.place != access).collect();
    // Of a long way its beginning and its end, and where the queryset was made: what lies between tells nothing new.
    let made = usize::from(way.first().is_some_and(|step| step.what == "made here"));
    let between = way.len().saturating_sub(1).max(made + 1);
    for step in way.iter().take(made + 1).chain(way.iter().skip(between)) {
        label_once(finding, step.place.path, step.place, &step.what);
    }
    label_once(finding, access.path, access, what);
}

/// Labels a place unless it is labelled.
pub(super) fn label_once(finding: &mut Finding, path: &RelPath, place: Place<'_>, what: &str) {
    let known = std::iter::once(&finding.diagnostic.primary).chain(&finding.diagnostic.labels);
    if !known.into_iter().any(|it| it.path == *path && it.range == place.range) {
        finding.label_in(path, place.range, what);
    }
}

/// How many turns of a loop are few.
const FEW: usize = 10;

/// Returns whether what is iterated is written as a few literals, a short range, or the members of an enumeration.
pub(super) fn is_short(iterated: &str) -> bool {
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
