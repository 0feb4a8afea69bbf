//! Names of types and of serializers that mean the same thing.

/// What a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// Without what only says that it is a type or a serializer, in lower case: `orderdetail`.
    full: String,
    /// Without words of how much is shown: `order`.
    pub(super) base: String,
    /// Whether it is what the client sends.
    pub(super) is_request: bool,
}

/// Words that only say that something is a type.
const TYPE: &[&str] = &[
    "Type",
    "Types",
    "Response",
    "Interface",
    "Model",
    "Dto",
    "DTO",
    "Entity",
    "Schema",
    "Serializer",
    "Resource",
    "Api",
    "API",
];

/// Words of how much is shown.
const VARIANT: &[&str] = &[
    "Detail", "Details", "Detailed", "List", "Item", "Summary", "Full", "Lite", "Light", "Base", "Public", "Read",
    "Info", "Short", "Mini", "Basic", "Minimal", "Compact", "Simple", "Nested", "Retrieve",
];

/// Words of what the client sends, or keeps for itself.
const REQUEST: &[&str] = &[
    "Create",
    "Update",
    "New",
    "Add",
    "Edit",
    "Patch",
    "Upsert",
    "Write",
    "Save",
    "Submit",
    "Payload",
    "Input",
    "Form",
    "Request",
    "Params",
    "Param",
    "Props",
    "State",
    "Filters",
    "Filter",
    "Query",
    "Args",
    "Options",
    "Body",
    "Variables",
    "Context",
    "Store",
    "Draft",
];

impl Name {
    /// Reads the name of a type: `IOrder`, `TOrderDetail`, `orderSchema`.
    pub(super) fn of_type(name: &str) -> Self {
        let mut chars = name.chars();
        let is_marked = matches!(chars.next(), Some('I' | 'T'))
            && chars.next().is_some_and(char::is_uppercase)
            && chars.next().is_some_and(char::is_lowercase);
        Self::of(if is_marked { &name[1..] } else { name })
    }

    /// Reads the name of a serializer: `OrderDetailSerializer`.
    pub(super) fn of_serializer(name: &str) -> Self {
        Self::of(name)
    }

    fn of(name: &str) -> Self {
        let words = words(name);
        let is_kind = |word: &&str| !TYPE.contains(word);
        let full: Vec<&str> = words.iter().copied().filter(is_kind).collect();
        // A name that is nothing but such words is one.
        let full = if full.is_empty() { words.clone() } else { full };
        let base: Vec<&str> = full.iter().copied().filter(|word| !VARIANT.contains(word)).collect();
        let base = if base.is_empty() { full.clone() } else { base };
        Self {
            full: full.concat().to_lowercase(),
            base: base.concat().to_lowercase(),
            is_request: words.iter().any(|word| REQUEST.contains(word)),
        }
    }

    /// Returns how alike two names are: 2 where they mean the same, 1 where they show more or less of it, else 0.
    pub(super) fn likeness(&self, other: &Self) -> u8 {
        if self.full == other.full { 2 } else { u8::from(self.base == other.base) }
    }
}

/// Returns whether a name says that the type is what arrives, before the client makes something of it.
pub(super) fn is_raw(name: &str) -> bool {
    const RAW: &[&str] =
        &["Dto", "DTO", "Api", "API", "Raw", "Json", "JSON", "Response", "Serialized", "Server", "Backend"];
    words(name).iter().any(|word| RAW.contains(word))
}

/// Splits `OrderAPIToken` into its words, the first with a capital.
fn words(name: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let bytes = name.as_bytes();
    for at in 1..bytes.len() {
        let is_upper = bytes[at].is_ascii_uppercase();
        let begins =
            is_upper && (!bytes[at - 1].is_ascii_uppercase() || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase));
        if (begins || bytes[at] == b'_') && name.is_char_boundary(at) {
            found.push(name[start..at].trim_matches('_'));
            start = at;
        }
    }
    found.push(name[start..].trim_matches('_'));
    found.retain(|word| !word.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::Name;

    fn check(of_type: &str, of_serializer: &str, expected: u8) {
        let likeness = Name::of_type(of_type).likeness(&Name::of_serializer(of_serializer));
        assert_eq!(likeness, expected, "{of_type} {of_serializer}");
    }

    #[test]
    fn a_type_is_called_like_its_serializer() {
        check("Order", "OrderSerializer", 2);
        check("IOrder", "OrderSerializer", 2);
        check("TOrder", "OrderDetailSerializer", 1);
        check("OrderType", "OrderSerializer", 2);
        check("OrderResponse", "OrderListSerializer", 1);
        check("OrderDetail", "OrderDetailSerializer", 2);
        check("orderSchema", "OrderSerializer", 2);
        check("Invoice", "InvoiceSerializer", 2);
        check("Item", "ItemSerializer", 2);
        check("Title", "ItleSerializer", 0);
        check("OrderLine", "OrderSerializer", 0);
        check("UserAPIToken", "UserApiTokenSerializer", 2);
    }

    #[test]
    fn what_the_client_sends_is_called_so() {
        let found = ["CreateOrder", "OrderPayload", "OrderFormData", "OrderProps", "Order", "Newsletter"]
            .map(|name| Name::of_type(name).is_request);
        assert_eq!(found, [true, true, true, true, false, false]);
    }
}
