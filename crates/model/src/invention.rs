//! Data that nobody measured: the names and the comments by which it is known.

use crate::naming::words;
use crate::python::placeholder::{find_word, plain};

/// Returns whether a name says that what it holds is made up: `mockUsers`, `DUMMY_ROWS`, `getFakeOrders`.
///
/// Mock exams and mock interviews are products.
pub fn is_invented_name(name: &str) -> bool {
    const INVENTED: [&str; 6] = ["mock", "mocks", "mocked", "dummy", "fake", "fakes"];
    const PRODUCTS: [&str; 14] = [
        "test",
        "tests",
        "exam",
        "exams",
        "interview",
        "interviews",
        "quiz",
        "paper",
        "papers",
        "attempt",
        "attempts",
        "up",
        "ups",
        "server",
    ];
    let words = words(name);
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1).map_or("", String::as_str);
        INVENTED.contains(&word.as_str()) && !PRODUCTS.contains(&next)
    })
}

/// Returns whether a name says that its data is a sample. Statistics and music have samples of their own: ask for more
/// than the name.
pub fn is_sample_name(name: &str) -> bool {
    let words = words(name);
    matches!(words.first().map(String::as_str), Some("sample" | "samples")) && words.len() > 1
}

/// Returns whether a comment says that what follows is made up.
pub fn admits_invention(comment: &str) -> bool {
    const ANYWHERE: [&str; 20] = [
        "mock data",
        "mock",
        "dummy",
        "fake",
        "replace with real",
        "replace with actual",
        "replace this with",
        "hard-coded",
        "hardcoded",
        "in a real app",
        "in real app",
        "in a real application",
        "in a real implementation",
        "in production, this",
        "in production this",
        "in production, these",
        "in production these",
        "placeholder data",
        "simulated data",
        "stub data",
    ];
    const AT_START: [&str; 8] =
        ["sample ", "example ", "demo ", "placeholder", "simulate", "simulated ", "stub ", "for demo"];
    const NOT: [&str; 10] = [
        "no mock",
        "not mock",
        "instead of",
        "no longer",
        "without mock",
        "never ",
        "remove",
        "not hard",
        "avoid",
        "not fake",
    ];
    let lower = plain(comment).to_ascii_lowercase();
    !NOT.iter().any(|words| lower.contains(words))
        && (ANYWHERE.iter().any(|words| find_word(&lower, words).is_some())
            || AT_START.iter().any(|words| lower.starts_with(words)))
}

/// Returns whether a comment says that a request is only played.
pub fn simulates(comment: &str) -> bool {
    const WORDS: [&str; 14] = [
        "simulate",
        "simulated",
        "simulating",
        "simulates",
        "mock api",
        "fake api",
        "mock delay",
        "fake delay",
        "replace with actual",
        "replace with real",
        "actual api call",
        "real api call",
        "call your api",
        "in a real app",
    ];
    let lower = plain(comment).to_ascii_lowercase();
    WORDS.iter().any(|word| find_word(&lower, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::{admits_invention, is_invented_name};

    #[test]
    fn a_mock_exam_is_a_product() {
        assert!(is_invented_name("mockUsers") && is_invented_name("INITIAL_MOCK_ROWS"));
        assert!(
            !is_invented_name("mockTests") && !is_invented_name("placeholderImage") && !is_invented_name("hammock")
        );
    }

    #[test]
    fn a_comment_admits_what_is_made_up() {
        assert!(admits_invention("# Example heuristics, replace with real analytics"));
        assert!(!admits_invention("// no mock data here") && !admits_invention("# Send an example to the customer"));
    }
}
