//! Names and values: what sounds like a secret, and what stands for one.

/// Words that make a name the name of a secret where a name ends with them or a word of it is one.
const SECRETS: [&str; 8] =
    ["password", "passwd", "secret", "token", "apikey", "passphrase", "credential", "credentials"];
/// Keys that are secret; others sort, cache and translate.
const KEYS: [&str; 12] = [
    "api",
    "private",
    "access",
    "secret",
    "encryption",
    "signing",
    "fernet",
    "master",
    "account",
    "auth",
    "jwt",
    "crypto",
];
/// Last words that say that a name is about a secret, not one.
const ABOUT: [&str; 84] = [
    "url",
    "uri",
    "path",
    "name",
    "header",
    "headers",
    "field",
    "fields",
    "type",
    "types",
    "prefix",
    "suffix",
    "label",
    "placeholder",
    "help",
    "message",
    "error",
    "errors",
    "min",
    "max",
    "length",
    "lifetime",
    "expiry",
    "expires",
    "expiration",
    "age",
    "ttl",
    "timeout",
    "minutes",
    "seconds",
    "days",
    "hours",
    "algorithm",
    "backend",
    "backends",
    "class",
    "classes",
    "validators",
    "validator",
    "hashers",
    "hasher",
    "endpoint",
    "endpoints",
    "file",
    "dir",
    "location",
    "enabled",
    "required",
    "storage",
    "model",
    "permission",
    "serializer",
    "cookie",
    "param",
    "params",
    "format",
    "view",
    "form",
    "template",
    "rate",
    "count",
    "scope",
    "status",
    "title",
    "version",
    "limit",
    "id",
    "ids",
    "ref",
    "arn",
    "provider",
    "store",
    "regex",
    "pattern",
    "hint",
    "description",
    "text",
    "subject",
    "policy",
    "generator",
    "service",
    "action",
    "reset",
    "username",
];

/// Values that are placeholders.
const WHOLE: [&str; 22] = [
    "test",
    "testing",
    "tests",
    "dummy",
    "fake",
    "foo",
    "bar",
    "baz",
    "example",
    "sample",
    "none",
    "todo",
    "tbd",
    "secret",
    "token",
    "key",
    "unused",
    "redacted",
    "default",
    "string",
    "value",
    "undefined",
];
/// What a placeholder holds somewhere.
const PARTS: [&str; 34] = [
    "changeme",
    "change-me",
    "change_me",
    "change-this",
    "change_this",
    "changethis",
    "change_in",
    "change-in",
    "replace",
    "your-",
    "your_",
    "yourpass",
    "yoursecret",
    "placeholder",
    "xxx",
    "...",
    "…",
    "****",
    "example",
    "dummy",
    "fake",
    "insert",
    "todo",
    "not-a-",
    "not_a_",
    "notasecret",
    "not-secret",
    "fixme",
    "redacted",
    "insecure",
    "not_secure",
    "put-",
    "-here",
    "_here",
];

/// Returns the words of a name, in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` have the same two.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    let mut before = ' ';
    let mut rest = name.chars().peekable();
    while let Some(next) = rest.next() {
        if !next.is_alphanumeric() {
            is_open = false;
        } else {
            let begins_word = next.is_uppercase() && before.is_lowercase();
            let ends_capitals =
                next.is_uppercase() && before.is_uppercase() && rest.peek().is_some_and(|after| after.is_lowercase());
            if !is_open || begins_word || ends_capitals {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(next.to_lowercase());
            }
            is_open = true;
        }
        before = next;
    }
    words
}

/// Returns whether a value with this name is a secret.
pub fn is_secret(name: &str) -> bool {
    if name.len() > 100 {
        return false;
    }
    let words = words(name);
    let Some(last) = words.last() else { return false };
    let is_public = words.iter().any(|word| word == "public" || word == "publishable");
    if is_public && !words.iter().any(|word| word == "next" || word == "expo") || ABOUT.contains(&last.as_str()) {
        return false;
    }
    let has_word = words.iter().any(|word| SECRETS.iter().any(|secret| word.ends_with(secret)));
    let is_key = |pair: &[String]| pair[1] == "key" && KEYS.contains(&pair[0].as_str());
    has_word
        || matches!(last.as_str(), "pass" | "pwd" | "pw" | "requirepass" | "secrets")
        || words.windows(2).any(is_key)
}

/// Returns whether a value stands for one that is elsewhere: nothing, `${VAR}`, `{{ secret }}`, `<password>`, a file.
pub fn is_reference(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    value.is_empty()
        || value.starts_with(['$', '<', '@', '!', '{', '[', '*', '&', '(', '/'])
        || value.starts_with("./")
        || value.starts_with("%(")
        || value.starts_with("%{")
        || value.starts_with("vault:")
        || value.starts_with("#{")
        || value.contains("${")
        || value.contains("{{")
        || (lower.starts_with("http://") || lower.starts_with("https://")) && !value.contains('@')
        || matches!(
            lower.as_str(),
            "null"
                | "none"
                | "nil"
                | "true"
                | "false"
                | "~"
                | "undefined"
                | "yes"
                | "no"
                | "|"
                | ">"
                | "|-"
                | ">-"
                | "\\"
        )
}

/// Returns whether a value is there to be replaced, or to be seen: `changeme`, `xxx`, `your-api-key`, `test`.
pub fn is_placeholder(value: &str) -> bool {
    if is_reference(value) {
        return true;
    }
    let lower = value.trim().to_ascii_lowercase();
    let mut letters = lower.chars();
    let first = letters.next();
    let is_one_letter = letters.all(|next| Some(next) == first);
    let starts_so = ["test-", "test_", "ci-", "ci_", "mock", "build-", "build_", "for-", "temp-"];
    is_one_letter
        || WHOLE.contains(&lower.as_str())
        || PARTS.iter().any(|part| lower.contains(part))
        || starts_so.iter().any(|start| lower.starts_with(start))
        || ["-test", "_test", "-ci", "-testing", "-tests"].iter().any(|end| lower.ends_with(end))
        || [
            "for-test",
            "for_test",
            "only-for",
            "for-ci",
            "test-key",
            "test-secret",
            "testsecret",
            "testpass",
            "test_key",
            "test_secret",
            "for-build",
            "for-local",
            "for-dev",
            "docker-build",
            "only-used",
        ]
        .iter()
        .any(|part| lower.contains(part))
}
