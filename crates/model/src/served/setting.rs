//! What the settings say of all serializers.

use arrears_core::source::Roles;

use crate::project::ProjectModel;

/// What REST framework is told about the shape of JSON.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    /// Whether decimals are sent as strings.
    pub(super) decimals_are_text: bool,
    /// Whether names are sent in camel case.
    pub(super) is_camel: bool,
}

impl Settings {
    pub(super) fn of(project: &ProjectModel<'_>) -> Self {
        let is_off = |text: &str| {
            text.match_indices("COERCE_DECIMAL_TO_STRING").any(|(at, word)| {
                let rest = text[at + word.len()..].trim_start_matches(['"', '\'', ':', '=', ' ']);
                rest.starts_with("False")
            })
        };
        let is_setting =
            |roles: Roles| roles.contains(Roles::SETTINGS) && !roles.intersects(Roles::TEST | Roles::VENDORED);
        Self {
            decimals_are_text: !project
                .files_with_word("COERCE_DECIMAL_TO_STRING")
                .any(|file| !file.source.roles.contains(Roles::TEST) && is_off(&file.source.text)),
            is_camel: ["CamelCaseJSONRenderer", "CamelCaseORJSONRenderer"]
                .iter()
                .any(|word| project.files_with_word(word).any(|file| is_setting(file.source.roles))),
        }
    }
}

/// Returns a name in camel case, as `djangorestframework-camel-case` writes it.
pub(crate) fn camelize(name: &str) -> String {
    let mut made = String::with_capacity(name.len());
    let mut rest = name.chars().peekable();
    while let Some(char) = rest.next() {
        match rest.peek() {
            Some(next) if char == '_' && !made.is_empty() && next.is_ascii_alphanumeric() => {
                made.extend(next.to_uppercase());
                rest.next();
            }
            _ => made.push(char),
        }
    }
    made
}
