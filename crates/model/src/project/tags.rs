//! The elements of JSX in a text, read without a tree: the project keeps the text of a file, not its tree.

/// How far a tag is read.
const MAX_TAG: usize = 8_000;

/// The opening tag of an element: what stands after its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'s> {
    attributes: &'s str,
}

/// What an element gives a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'s> {
    /// It does not name it.
    Nothing,
    /// It spreads an object, which may hold it, or cannot be read.
    Unknown,
    /// This, without its braces or quotes; `true` where it has no value.
    Value(&'s str),
}

/// Returns the elements of a component in a text. Those in comments are left out.
pub fn tags<'s>(text: &'s str, name: &str) -> Vec<Tag<'s>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('<') {
        let Some(rest) = text[at + 1..].strip_prefix(name) else { continue };
        let is_whole = rest.starts_with(|it: char| it.is_whitespace() || matches!(it, '/' | '>'));
        let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let before = text[line..at].trim_start();
        if is_whole && !before.starts_with('*') && !before.contains("//") && !before.starts_with("/*") {
            found.push(Tag { attributes: opening(rest) });
        }
    }
    found
}

/// Returns the text up to the `>` that ends a tag.
fn opening(rest: &str) -> &str {
    let mut scan = Scan::default();
    for (at, byte) in rest.bytes().enumerate().take(MAX_TAG) {
        if scan.is_outside() && byte == b'>' {
            return rest.get(..at).unwrap_or("");
        }
        scan.step(byte);
    }
    let end = rest.floor_char_boundary(MAX_TAG.min(rest.len()));
    &rest[..end]
}

/// Where a scan is: how many braces deep, and in which quotes.
#[derive(Default)]
struct Scan {
    depth: u32,
    quote: Option<u8>,
}

impl Scan {
    fn is_outside(&self) -> bool {
        self.depth == 0 && self.quote.is_none()
    }

    fn step(&mut self, byte: u8) {
        match (self.quote, byte) {
            (Some(quote), _) if quote == byte => self.quote = None,
            // An apostrophe of prose ends with its line.
            (Some(b'\'' | b'"'), b'\n') if self.depth > 0 => self.quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => self.quote = Some(byte),
            (None, b'{') => self.depth += 1,
            (None, b'}') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

impl<'s> Tag<'s> {
    /// Returns what the element gives a property.
    pub fn given(&self, prop: &str) -> Given<'s> {
        let mut scan = Scan::default();
        let mut starts_word = true;
        for (at, byte) in self.attributes.bytes().enumerate() {
            if scan.is_outside() {
                let rest = self.attributes.get(at..).unwrap_or("");
                if rest.starts_with("{...") || rest.starts_with("{ ...") {
                    return Given::Unknown;
                }
                let after = rest.strip_prefix(prop).filter(|_| starts_word);
                if let Some(after) = after.filter(|it| !it.starts_with(|it: char| it.is_alphanumeric() || it == '-')) {
                    return value(after);
                }
            }
            starts_word = byte.is_ascii_whitespace();
            scan.step(byte);
        }
        Given::Nothing
    }
}

fn value(after: &str) -> Given<'_> {
    let Some(rest) = after.trim_start().strip_prefix('=') else { return Given::Value("true") };
    let rest = rest.trim_start();
    let mut scan = Scan::default();
    for (at, byte) in rest.bytes().enumerate() {
        scan.step(byte);
        if at > 0 && scan.is_outside() {
            return rest.get(1..at).map_or(Given::Unknown, |inner| Given::Value(inner.trim()));
        }
    }
    Given::Unknown
}

#[cfg(test)]
mod tests {
    use super::{Given, tags};

    #[test]
    fn a_property_is_read_whatever_stands_before_it() {
        let text =
            "<Page a={x > 1 ? '}' : \"{\"} level=\"page\" onError={(e) => { log(e); }} on>\n<Pages onError={a}/>";
        let found = tags(text, "Page");
        let given = |prop| found.first().map(|tag| tag.given(prop));
        assert_eq!(found.len(), 1);
        assert_eq!(given("onError"), Some(Given::Value("(e) => { log(e); }")));
        assert_eq!(given("level"), Some(Given::Value("page")));
        assert_eq!(given("on"), Some(Given::Value("true")));
        assert_eq!(given("Error"), Some(Given::Nothing));
    }

    #[test]
    fn a_spread_may_hold_every_property() {
        let found = tags("<Page {...rest} />", "Page");
        assert_eq!(found.first().map(|tag| tag.given("onError")), Some(Given::Unknown));
    }
}
