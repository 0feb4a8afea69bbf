//! The words by which an interface tells people that something is not there yet.

use crate::python::placeholder::find_word;

/// Returns whether a text tells people that a feature is announced, not built.
pub fn announces_feature(text: &str) -> bool {
    const PHRASES: [&str; 20] = [
        "coming soon",
        "comming soon",
        "available soon",
        "coming in a future",
        "in a future update",
        "in a future release",
        "in a future version",
        "in the next version",
        "in the next release",
        "not implemented",
        "not yet implemented",
        "isn't implemented",
        "not available yet",
        "not yet available",
        "not supported yet",
        "to be implemented",
        "will be implemented",
        "under development",
        "lorem ipsum",
        "page is under construction",
    ];
    let lower = text.to_ascii_lowercase();
    let whole = lower.trim_matches(|it: char| !it.is_alphanumeric());
    matches!(whole, "under construction" | "work in progress" | "todo" | "tbd")
        || PHRASES.iter().any(|phrase| find_word(&lower, phrase).is_some())
        || (lower.contains("under construction")
            && ["page", "feature", "section", "site"].iter().any(|it| lower.contains(it)))
}

/// Returns whether a key of a catalogue of translations stands for such a text: `common.coming_soon`.
pub fn names_announcement(key: &str) -> bool {
    let key = key.trim_matches(['"', '\'', '`']);
    let last = key.rsplit(['.', ':']).next().unwrap_or(key);
    !key.contains(' ')
        && matches!(last, "coming_soon" | "comingSoon" | "coming-soon" | "notImplemented" | "not_implemented")
}
