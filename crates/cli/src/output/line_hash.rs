//! GitHub's `primaryLocationLineHash`: a hash of a line and what follows it, without spaces and tabs.
//!
//! GitHub's own upload step computes the same value; a file that says something else gets a warning there, and a file
//! that says nothing cannot be uploaded by other means.

use std::collections::HashMap;

/// How many units a hash covers.
const BLOCK: usize = 100;
/// The base of the polynomial.
const BASE: u64 = 37;
/// Stands for the end of the file.
const END: u16 = 0xFFFF;

/// Returns the hash of each line: in lower-case hexadecimal digits, then how often this file had it up to there.
///
/// The lines are those of [`arrears_core::text::LineIndex`].
pub(crate) fn line_hashes(text: &str) -> Vec<String> {
    let (units, starts) = kept_units(text);
    let mut counts: HashMap<u64, u32> = HashMap::new();
    let hash_at = |start: usize| {
        let hash = units[start..start + BLOCK]
            .iter()
            .fold(0_u64, |hash, unit| hash.wrapping_mul(BASE).wrapping_add(u64::from(*unit)));
        let count = counts.entry(hash).and_modify(|count| *count += 1).or_insert(1);
        format!("{hash:x}:{count}")
    };
    starts.into_iter().map(hash_at).collect()
}

/// Returns the UTF-16 units that count, followed by a block of zeros, and where each line starts among them.
fn kept_units(text: &str) -> (Vec<u16>, Vec<usize>) {
    let mut units = Vec::with_capacity(text.len() + BLOCK + 1);
    let mut starts = Vec::new();
    let (mut is_line_start, mut is_after_return) = (true, false);
    for unit in text.encode_utf16().chain([END]) {
        let is_second_half = is_after_return && unit == u16::from(b'\n');
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || is_second_half {
            is_after_return = false;
            continue;
        }
        is_after_return = unit == u16::from(b'\r');
        let unit = if is_after_return { u16::from(b'\n') } else { unit };
        if is_line_start {
            starts.push(units.len());
        }
        is_line_start = unit == u16::from(b'\n');
        units.push(unit);
    }
    units.resize(units.len() + BLOCK, 0);
    (units, starts)
}

#[cfg(test)]
mod tests {
    use arrears_core::text::LineIndex;

    use super::line_hashes;

    #[test]
    fn an_empty_file_has_one_line() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn spaces_and_tabs_do_not_count() {
        let expected = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        assert_eq!(line_hashes(" a\nb\n  \t\tc\n d"), expected);
    }

    #[test]
    fn empty_lines_have_hashes_of_their_own() {
        let expected = [
            "8b7cf3e952e7aeb2:1",
            "b1ae1287ec4718d9:1",
            "bff680108adb0fcc:1",
            "c6805c5e1288b612:1",
            "b86d3392aea1be30:1",
            "e6ceba753e1a442:1",
        ];
        assert_eq!(line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"), expected);
    }

    #[test]
    fn every_kind_of_line_end_is_one() {
        let expected = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        assert_eq!(line_hashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n"), expected);
    }

    #[test]
    fn equal_hashes_are_numbered() {
        let expected = [
            "a7f2ff13bc495cf2:1",
            "a7f2ff13bc495cf2:2",
            "a7f2ff13bc495cf2:3",
            "a7f2ff13bc495cf2:4",
            "a7f2ff13bc495cf2:5",
            "a7f2ff13bc495cf2:6",
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ];
        assert_eq!(line_hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10)), expected);
    }

    #[test]
    fn what_follows_a_line_is_part_of_its_hash() {
        let expected = [
            "e54938cc54b302f1:1",
            "bb609acbe9138d60:1",
            "1131fd5871777f34:1",
            "5c482a0f8b35ea28:1",
            "54517377da7028d2:1",
            "2c644846cb18d53e:1",
            "f1b89f20de0d133:1",
            "c129715d7a2bc9a3:1",
        ];
        assert_eq!(line_hashes("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n"), expected);
    }

    #[test]
    fn marks_and_halves_of_characters_count() {
        let expected = ["11cc00a40685e82c:1", "5b5d4caf73a13177:1", "3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"];
        assert_eq!(line_hashes("\u{FEFF}é = '𝒳'\r \n\t\n"), expected);
        assert_eq!(line_hashes("a\u{2028}b\u{C}\n\u{FFFF}"), ["548b7f4e192c99bf:1", "9cde746dd76b3dca:1"]);
    }

    /// Tried with every text of four of these pieces.
    #[test]
    fn there_is_a_hash_for_each_line_of_the_index() {
        let pieces = ["", "\r", "\n", "\r\n", " ", "\t", "a", "\u{FEFF}", "𝒳", "\u{2028}", "\0", "\u{FFFF}"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}"))).collect();
            for text in &texts {
                assert_eq!(line_hashes(text).len(), LineIndex::new(text).line_count() as usize, "{text:?}");
            }
        }
    }
}
