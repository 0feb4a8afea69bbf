//! Which names mean something that lets its holder in.

use crate::naming::words;

/// What a name means, as far as secrets go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// An access token or another secret.
    Token,
    /// Something that is called a token and lets nobody in.
    Harmless,
    /// Something else.
    Other,
}

/// Words beside which a token lets nobody in: tokens of designs, of languages, of forms, and what is only said *about* a
/// token, such as when it expires.
const HARMLESS: [&str; 62] = [
    "address",
    "analytics",
    "anonymous",
    "at",
    "balance",
    "budget",
    "cancel",
    "color",
    "colors",
    "completion",
    "continuation",
    "contract",
    "cost",
    "count",
    "counts",
    "csrf",
    "csrftoken",
    "cursor",
    "design",
    "device",
    "dismissed",
    "error",
    "exp",
    "expiration",
    "expire",
    "expires",
    "expiry",
    "fcm",
    "font",
    "has",
    "hint",
    "idempotency",
    "is",
    "length",
    "lexer",
    "limit",
    "limits",
    "map",
    "mapbox",
    "max",
    "min",
    "nft",
    "nonce",
    "page",
    "pagination",
    "parser",
    "price",
    "prompt",
    "public",
    "publishable",
    "push",
    "remaining",
    "size",
    "spacing",
    "symbol",
    "syntax",
    "theme",
    "time",
    "timestamp",
    "type",
    "usage",
    "xsrf",
];

/// Returns what a name, a key or a member chain means.
pub fn meaning(name: &str) -> Meaning {
    const SECRETS: [&str; 10] = [
        "jwt",
        "token",
        "apikey",
        "accesstoken",
        "refreshtoken",
        "authtoken",
        "idtoken",
        "password",
        "passphrase",
        "secret",
    ];
    const KINDS: [&str; 6] = ["access", "refresh", "auth", "id", "bearer", "session"];
    let words = words(name);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    let pairs = |first: &[&str], second: &[&str]| {
        words.windows(2).any(|pair| first.contains(&pair[0].as_str()) && second.contains(&pair[1].as_str()))
    };
    let is_secret = has(&SECRETS) || pairs(&["api", "secret", "private"], &["key"]) || pairs(&KINDS, &["tokens"]);
    match (is_secret, has(&HARMLESS)) {
        (true, false) => Meaning::Token,
        (true, true) => Meaning::Harmless,
        (false, _) if has(&["csrf", "xsrf", "csrftoken", "tokens"]) => Meaning::Harmless,
        (false, _) => Meaning::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Meaning, meaning};

    #[test]
    fn a_token_lets_somebody_in() {
        for (name, expected) in [
            ("AUTH_REFRESH_TOKEN_KEY", Meaning::Token),
            ("response.accessToken", Meaning::Token),
            ("token", Meaning::Token),
            ("app:jwt", Meaning::Token),
            ("csrfToken", Meaning::Harmless),
            ("tokenCount", Meaning::Harmless),
            ("designTokens", Meaning::Harmless),
            ("nextPageToken", Meaning::Harmless),
            ("fcmToken", Meaning::Harmless),
            ("theme", Meaning::Other),
        ] {
            assert_eq!(meaning(name), expected, "{name}");
        }
    }
}
