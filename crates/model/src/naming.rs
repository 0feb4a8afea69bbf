//! The words that a name is made of.

/// How many characters of a name are looked at.
const MAX_LENGTH: usize = 200;

/// Returns the words of a name in small letters: `authToken`, `AUTH_TOKEN`, `app:auth-token` are `auth`, `token`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    let letters: Vec<char> = name.chars().take(MAX_LENGTH).collect();
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
