//! What is written for people, and in which script.

use std::ops::RangeInclusive;

/// The scripts that have a name here; any other letter beyond Latin is of an unnamed one.
const SCRIPTS: &[(&str, RangeInclusive<u32>)] = &[
    ("Greek", 0x0370..=0x03FF),
    ("Cyrillic", 0x0400..=0x052F),
    ("Armenian", 0x0530..=0x058F),
    ("Hebrew", 0x0590..=0x05FF),
    ("Arabic", 0x0600..=0x077F),
    ("Devanagari", 0x0900..=0x097F),
    ("Bengali", 0x0980..=0x09FF),
    ("Gurmukhi", 0x0A00..=0x0A7F),
    ("Gujarati", 0x0A80..=0x0AFF),
    ("Tamil", 0x0B80..=0x0BFF),
    ("Telugu", 0x0C00..=0x0C7F),
    ("Kannada", 0x0C80..=0x0CFF),
    ("Malayalam", 0x0D00..=0x0D7F),
    ("Sinhala", 0x0D80..=0x0DFF),
    ("Thai", 0x0E00..=0x0E7F),
    ("Burmese", 0x1000..=0x109F),
    ("Georgian", 0x10A0..=0x10FF),
    ("Ethiopic", 0x1200..=0x137F),
    ("Khmer", 0x1780..=0x17FF),
    ("Japanese", 0x3040..=0x30FF),
    ("Chinese", 0x3400..=0x9FFF),
    ("Korean", 0xAC00..=0xD7AF),
];

/// Returns whether a character is a letter of another script than Latin. Signs of mathematics and Latin letters of
/// other shapes are none.
pub fn is_foreign(letter: char) -> bool {
    let code = u32::from(letter);
    code >= 0x0370
        && letter.is_alphabetic()
        && !matches!(code, 0x1D00..=0x1DBF | 0x1E00..=0x1EFF | 0x2000..=0x2BFF | 0x2C60..=0x2C7F | 0xA640..=0xA7FF
            | 0xAB30..=0xAB6F | 0xFB00..=0xFB06 | 0xFF00..=0xFF5E | 0x1D400..=0x1F9FF)
}

/// Returns how many letters of a text are of another script than Latin; Greek ones count in words of four.
pub fn foreign_letters(text: &str) -> usize {
    if text.is_ascii() {
        return 0;
    }
    text.split(|it: char| !it.is_alphanumeric())
        .map(|word| {
            let count = word.chars().filter(|it| is_foreign(*it)).count();
            let is_greek = word.chars().any(|it| matches!(u32::from(it), 0x0370..=0x03FF));
            if is_greek && count < 4 { 0 } else { count }
        })
        .sum()
}

/// Returns the script that the first foreign letter of a text is of.
pub fn script_of(text: &str) -> Option<&'static str> {
    let is_kana = |it: char| matches!(u32::from(it), 0x3040..=0x30FF);
    if text.chars().any(is_kana) {
        return Some("Japanese");
    }
    let letter = text.chars().find(|it| is_foreign(*it))?;
    SCRIPTS.iter().find(|(_, range)| range.contains(&u32::from(letter))).map(|(name, _)| *name)
}

/// Returns whether a text is written for people: words of another script, or Latin ones that can be no code.
pub fn is_prose(text: &str) -> bool {
    foreign_letters(text) >= 2 || is_latin_prose(text)
}

/// Returns whether a Latin text reads as a sentence, a phrase or a label: `Save changes`, `Save`; not as a name of code,
/// a path, a format or a list of classes.
pub fn is_latin_prose(text: &str) -> bool {
    let text = text.trim();
    let is_path = text.contains("://")
        || text.contains("sans-serif")
        || text.contains("monospace")
        || text.starts_with(['/', '.', '#', '@', '<', '{']);
    if is_path || text.contains(['\\', ';', '=', '<', '>']) {
        return false;
    }
    let mut words = 0;
    let mut is_capital = false;
    let (mut is_format, mut is_plain) = (true, true);
    for word in text.split_whitespace() {
        let word = word.trim_matches(|it: char| it.is_ascii_punctuation() || matches!(it, '…' | '“' | '”' | '’' | '—'));
        is_plain &= !word.contains(['_', ':', '/', '[', '%', '.', '@']) && !is_mixed(word);
        if word.chars().filter(|it| it.is_alphabetic()).count() < 2 || !word.chars().all(is_of_word) {
            continue;
        }
        if words == 0 {
            is_capital = is_capitalised(word);
        }
        words += 1;
        is_format &= word.chars().all(|it| "yYMmdDhHsSaAEeZzLQwo".contains(it));
    }
    match words {
        0 => false,
        1 => is_capital && is_plain && !is_format && !text.contains(char::is_whitespace),
        _ => !is_format && (is_plain && !text.contains('-') || is_capital),
    }
}

/// Returns whether a text is a sentence or a phrase of several Latin words, or of another script.
pub fn is_phrase(text: &str) -> bool {
    foreign_letters(text) >= 2 || is_latin_prose(text) && text.split_whitespace().nth(1).is_some()
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphabetic() || matches!(letter, '\'' | '’' | '-')
}

/// `h1`, `2xl`: letters and digits in one word.
fn is_mixed(word: &str) -> bool {
    word.bytes().any(|it| it.is_ascii_digit()) && word.bytes().any(|it| it.is_ascii_alphabetic())
}

/// `Save`, not `save`, `SAVE` or `SaveAll`.
fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && word.chars().count() >= 3
        && letters.all(|it| it.is_lowercase() || !it.is_alphabetic())
}

/// Returns the beginning of a text, on one line, for a message.
pub fn shown(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", flat[..end].trim_end()),
        None => flat,
    }
}

#[cfg(test)]
mod tests {
    use super::{foreign_letters, is_latin_prose, script_of};

    #[test]
    fn labels_and_sentences_are_prose() {
        for text in ["Save", "Save changes", "save all changes", "Don't stop!", "3 questions left", "Enregistré"] {
            assert!(is_latin_prose(text), "{text}");
        }
    }

    #[test]
    fn names_formats_paths_and_classes_are_none() {
        let none = [
            "save",
            "EN",
            "en-US",
            "ne-NP",
            "MMM d, yyyy",
            "DD MMM YYYY",
            "text-left ml-2",
            "/fr/home",
            "https://x.y/a b",
            "name_en",
            "titleNp",
            "#fff",
            "px 12",
            "common.save",
        ];
        for text in none {
            assert!(!is_latin_prose(text), "{text}");
        }
    }

    #[test]
    fn a_greek_sign_is_no_text() {
        assert_eq!(["Δx", "10 μs", "α", "é ü ñ", "Tiếng Việt"].map(foreign_letters), [0; 5]);
        assert!(foreign_letters("Αποθήκευση") > 2 && foreign_letters("लिडरबोर्ड") > 2);
    }

    #[test]
    fn scripts_have_names() {
        assert_eq!(script_of("A लि"), Some("Devanagari"));
        assert_eq!(script_of("日本語の"), Some("Japanese"));
        assert_eq!(script_of("abc"), None);
    }
}
