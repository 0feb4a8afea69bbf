//! The set of words of a file: the cheapest proof that a name is *not* used somewhere.

use serde::{Deserialize, Serialize};

/// The words of a text (letters, digits, `_`), as hashes. A collision can only make an unused name look used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordSet {
    hashes: Vec<u32>,
}

impl WordSet {
    /// Reads the words of a text, wherever they stand: code, strings, comments.
    pub fn read(text: &str) -> Self {
        // A word that was seen a moment ago is met again most of the time; the small table spares sorting it.
        let mut recent = [0_u32; 1024];
        let mut hashes = Vec::with_capacity(text.len() / 32);
        let mut hash = START;
        for byte in text.bytes().chain([b' ']) {
            if is_word(byte) {
                hash = step(hash, byte);
            } else if hash != START {
                let word = finish(hash);
                let slot = &mut recent[word as usize % 1024];
                if *slot != word {
                    *slot = word;
                    hashes.push(word);
                }
                hash = START;
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
        hashes.shrink_to_fit();
        Self { hashes }
    }

    /// Returns whether the text may hold the word.
    pub fn may_contain(&self, word: &str) -> bool {
        self.hashes.binary_search(&finish(word.bytes().fold(START, step))).is_ok()
    }
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of FNV-1a, which needs no second look at the word.
fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

fn finish(hash: u64) -> u32 {
    // Both halves have seen every byte.
    // 0 stands for an empty slot of the table above.
    u32::try_from((hash ^ (hash >> 32)) & u64::from(u32::MAX)).unwrap_or(u32::MAX).max(1)
}

fn is_word(byte: u8) -> bool {
    WORD[byte as usize]
}

/// Which bytes are part of words: letters, digits, `_`, and all of a character beyond ASCII.
const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let plain = byte as u8;
        table[byte] = plain.is_ascii_alphanumeric() || plain == b'_' || byte >= 0x80;
        byte += 1;
    }
    table
};

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
