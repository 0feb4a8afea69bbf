//! The set of words of a file: the cheapest proof that a name is *not* used somewhere.

use std::hash::Hasher;

use rustc_hash::{FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};

/// The words of a text (letters, digits, `_`), as hashes. A collision can only make an unused name look used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordSet {
    hashes: Vec<u32>,
}

impl WordSet {
    /// Reads the words of a text, wherever they stand: code, strings, comments.
    pub fn read(text: &str) -> Self {
        let mut seen = FxHashSet::default();
        let bytes = text.as_bytes();
        let mut start = None;
        for (at, byte) in bytes.iter().enumerate() {
            match (is_word(*byte), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    seen.insert(hash(&bytes[from..at]));
                    start = None;
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
        if let Some(from) = start {
            seen.insert(hash(&bytes[from..]));
        }
        let mut hashes: Vec<u32> = seen.into_iter().collect();
        hashes.sort_unstable();
        Self { hashes }
    }

    /// Returns whether the text may hold the word.
    pub fn may_contain(&self, word: &str) -> bool {
        self.hashes.binary_search(&hash(word.as_bytes())).is_ok()
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn hash(word: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    // The upper half of the product is the well-mixed one.
    u32::try_from(hasher.finish() >> 32).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::WordSet;

    #[test]
    fn a_word_inside_a_string_is_a_word() {
        let words = WordSet::read("send('shop.tasks.send_summary') # é");
        assert!(words.may_contain("send_summary") && words.may_contain("é"));
    }

    #[test]
    fn a_part_of_a_word_is_not_a_word() {
        assert!(!WordSet::read("send_summary").may_contain("summary"));
    }
}
