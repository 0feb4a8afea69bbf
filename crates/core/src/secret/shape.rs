//! Secrets that are known by their shape, whatever name they have.

use std::ops::Range;

/// How far a search for the end of something goes.
const LONGEST: usize = 16 << 10;
/// How long the part of a URL with user, password and host is at most.
const LONGEST_URL: usize = 512;

/// Beginnings of keys: what they belong to, and how many characters follow at least.
const TOKENS: [(&str, &str, usize); 26] = [
    ("AKIA", "access key of AWS", 16),
    ("ASIA", "access key of AWS", 16),
    ("ghp_", "token of GitHub", 30),
    ("gho_", "token of GitHub", 30),
    ("ghu_", "token of GitHub", 30),
    ("ghs_", "token of GitHub", 30),
    ("ghr_", "token of GitHub", 30),
    ("github_pat_", "token of GitHub", 30),
    ("glpat-", "token of GitLab", 16),
    ("sk_live_", "key of Stripe", 16),
    ("rk_live_", "key of Stripe", 16),
    ("sk_test_", "test key of Stripe", 16),
    ("rk_test_", "test key of Stripe", 16),
    ("whsec_", "webhook secret", 16),
    ("xoxb-", "token of Slack", 16),
    ("xoxa-", "token of Slack", 16),
    ("xoxp-", "token of Slack", 16),
    ("xoxr-", "token of Slack", 16),
    ("AIza", "key of Google", 35),
    ("SG.", "key of SendGrid", 40),
    ("sk-ant-", "key of Anthropic", 20),
    ("sk-proj-", "key of OpenAI", 20),
    ("sk-", "key of OpenAI", 40),
    ("npm_", "token of npm", 36),
    ("pypi-", "token of PyPI", 40),
    ("django-insecure-", "key of Django", 16),
];

/// Finds all of them.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    passwords_in_urls(text, found);
    tokens(text, found);
    private_keys(text, found);
    web_tokens(text, found);
    headers(text, found);
}

/// Returns what a value is a key of by its beginning.
pub fn token(value: &str) -> Option<&'static str> {
    let (_, what, _) = TOKENS.iter().find(|(start, _, least)| {
        value.strip_prefix(start).is_some_and(|rest| rest.bytes().take_while(|it| is_key_byte(*it)).count() >= *least)
    })?;
    Some(what)
}

/// Returns where the password of a URL lies in it: `postgres://user:PASSWORD@host`.
pub fn password_in_url(url: &str) -> Option<Range<usize>> {
    let start = url.find("://")? + 3;
    let rest = url.get(start..)?;
    let end = rest.find(|next: char| next.is_whitespace() || matches!(next, '"' | '\'' | '`' | '<' | '>' | '/' | '?'));
    let authority = rest.get(..end.unwrap_or(rest.len()))?;
    let at = authority.rfind('@')?;
    let user = authority.get(..at)?;
    let colon = user.find(':')?;
    (colon + 1 < at).then(|| start + colon + 1..start + at)
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn passwords_in_urls(text: &str, found: &mut Vec<Range<usize>>) {
    for at in memchr::memmem::find_iter(text.as_bytes(), "://") {
        let line = memchr::memchr(b'\n', &text.as_bytes()[at..]).unwrap_or(text.len() - at).min(LONGEST_URL);
        let end = (at..=at + line).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(at);
        // A `/` may be part of a password that is not encoded; then what follows it is hidden up to the `@`.
        let Some(password) = text.get(at..end).and_then(password_in_url) else { continue };
        let value = text.get(at + password.start..at + password.end).unwrap_or("");
        if !super::name::is_reference(value) && !value.starts_with('%') {
            found.push(at + password.start..at + password.end);
        }
    }
}

fn tokens(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    for (start, _, least) in TOKENS {
        for at in memchr::memmem::find_iter(bytes, start) {
            let is_inside = at > 0 && is_key_byte(bytes[at - 1]);
            let begins = at + start.len();
            let rest = &bytes[begins..(begins + LONGEST).min(bytes.len())];
            // Keys of Django hold punctuation; they end with the quote.
            let is_part = |byte: u8| {
                is_key_byte(byte)
                    || byte == b'.' && start == "SG."
                    || start == "django-insecure-" && byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`')
            };
            let length = rest.iter().take_while(|byte| is_part(**byte)).count();
            if !is_inside && length >= least {
                found.push(begins..begins + length);
            }
        }
    }
}

fn private_keys(text: &str, found: &mut Vec<Range<usize>>) {
    const BEGIN: &str = "-----BEGIN ";
    const END: &str = "-----END ";
    let mut at = 0;
    // A part of a file may begin inside of a key.
    let first_end = text.find(END).filter(|end| text.get(..*end).is_some_and(|head| !head.contains(BEGIN)));
    if let Some(end) = first_end.filter(|end| is_private(text, *end)) {
        let is_base64 = |line: &&str| {
            let line = line.trim().trim_matches(['"', '\'', ',', '+', '|']);
            !line.is_empty() && line.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'='))
        };
        let head = text.get(..end).unwrap_or("");
        let length: usize = head.split_inclusive('\n').rev().take_while(is_base64).map(str::len).sum();
        found.push(end - length..end);
    }
    while let Some(begin) = text.get(at..).and_then(|rest| rest.find(BEGIN)).map(|found| at + found) {
        let line_end = text.get(begin + BEGIN.len()..).and_then(|rest| rest.find("-----"));
        let body = line_end.map_or(text.len(), |end| begin + BEGIN.len() + end + 5);
        let body = body + text.get(body..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        if is_private(text, begin) {
            let end = text.get(body..).and_then(|rest| rest.find(END)).map_or(text.len(), |end| body + end);
            found.push(body..end);
        }
        at = body;
    }
}

fn is_private(text: &str, at: usize) -> bool {
    let line = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or("");
    line.chars().take(60).collect::<String>().contains("PRIVATE KEY")
}

/// `eyJ….….…`
fn web_tokens(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    for at in memchr::memmem::find_iter(bytes, "eyJ") {
        let rest = &bytes[at..(at + LONGEST).min(bytes.len())];
        let length = rest.iter().take_while(|byte| is_key_byte(**byte) || **byte == b'.').count();
        let is_inside = at > 0 && is_key_byte(bytes[at - 1]);
        if !is_inside && length >= 40 {
            found.push(at..at + length);
        }
    }
}

/// `Authorization: Bearer …`
fn headers(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    for scheme in ["Bearer ", "Token ", "Basic "] {
        for at in memchr::memmem::find_iter(bytes, scheme) {
            let begins = at + scheme.len();
            let rest = &bytes[begins..(begins + LONGEST).min(bytes.len())];
            let is_part = |byte: u8| is_key_byte(byte) || matches!(byte, b'.' | b'=' | b'+' | b'/');
            let length = rest.iter().take_while(|byte| is_part(**byte)).count();
            let has_digit = rest[..length].iter().any(u8::is_ascii_digit);
            if length >= 16 && has_digit {
                found.push(begins..begins + length);
            }
        }
    }
}
