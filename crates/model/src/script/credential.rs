//! Which names mean something that lets its holder in.

/// Returns whether a name, a key or a member chain means an access token or another secret.
///
/// Tokens of designs, of languages and of forms are none; neither is what is only said *about* a token.
pub fn names_token(name: &str) -> bool {
    let words = words(name);
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    let pairs = |first: &[&str], second: &[&str]| {
        words.windows(2).any(|pair| first.contains(&pair[0].as_str()) && second.contains(&pair[1].as_str()))
    };
    let is_harmless = has(&[
        "csrf",
        "xsrf",
        "csrftoken",
        "fcm",
        "push",
        "device",
        "design",
        "color",
        "colors",
        "theme",
        "font",
        "spacing",
        "count",
        "counts",
        "limit",
        "limits",
        "max",
        "min",
        "usage",
        "used",
        "budget",
        "cost",
        "price",
        "expiry",
        "expires",
        "expire",
        "expiration",
        "exp",
        "type",
        "length",
        "size",
        "time",
        "timestamp",
        "at",
        "page",
        "next",
        "cursor",
        "analytics",
        "anonymous",
        "visitor",
        "mapbox",
        "map",
        "is",
        "has",
        "should",
        "nft",
        "erc20",
        "symbol",
        "address",
        "balance",
        "contract",
        "public",
        "publishable",
        "name",
        "error",
        "status",
        "valid",
        "url",
        "date",
        "sync",
        "pagination",
        "continuation",
        "syntax",
        "lexer",
        "parser",
        "prompt",
        "completion",
        "model",
        "total",
        "remaining",
        "list",
        "version",
        "state",
        "nonce",
        "idempotency",
        "cancel",
        "hint",
        "visible",
        "show",
        "dismissed",
        "seen",
    ]);
    if is_harmless || words.is_empty() {
        return false;
    }
    has(&["jwt", "token", "apikey", "accesstoken", "refreshtoken", "authtoken", "idtoken", "password", "passphrase"])
        || pairs(&["api", "secret", "private"], &["key"])
        || pairs(&["access", "refresh", "auth", "id", "bearer", "session"], &["token", "tokens"])
        || has(&["secret"]) && !has(&["santa", "menu", "mode"])
        || pairs(&["client", "auth"], &["secret"])
}

/// Returns the words of a name in small letters: `authToken`, `AUTH_TOKEN`, `app:auth-token` are `auth`, `token`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    let letters: Vec<char> = name.chars().take(200).collect();
    for (at, letter) in letters.iter().copied().enumerate() {
        let next_is_small = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        let starts = !before.is_ascii_alphanumeric()
            || letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit())
            || letter.is_ascii_uppercase() && before.is_ascii_uppercase() && next_is_small;
        if letter.is_ascii_alphanumeric() {
            match words.last_mut() {
                Some(word) if !starts => word.push(letter.to_ascii_lowercase()),
                _ => words.push(letter.to_ascii_lowercase().to_string()),
            }
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::names_token;

    #[test]
    fn a_token_lets_somebody_in() {
        for (name, expected) in [
            ("AUTH_REFRESH_TOKEN_KEY", true),
            ("response.accessToken", true),
            ("token", true),
            ("app:jwt", true),
            ("csrfToken", false),
            ("tokenCount", false),
            ("designTokens", false),
            ("nextPageToken", false),
            ("fcmToken", false),
            ("theme", false),
        ] {
            assert_eq!(names_token(name), expected, "{name}");
        }
    }
}
