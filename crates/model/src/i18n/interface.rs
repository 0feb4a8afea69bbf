//! In which letters the texts of a frontend are written.

use arrears_core::source::{Family, Roles};

use super::prose::{foreign_letters, is_latin_prose};
use crate::project::ProjectModel;

/// Returns whether at least as many texts between the tags of the frontend are written in Latin letters as in others.
///
/// Asked only where a text in other letters was found, so it reads the texts again instead of keeping facts of all.
pub(crate) fn interface_is_latin(model: &ProjectModel<'_>) -> bool {
    let (mut latin, mut foreign) = (0_usize, 0_usize);
    let scripts = model.files().filter(|file| file.source.language.family() == Some(Family::Script));
    for file in
        scripts.filter(|file| !file.source.roles.intersects(Roles::TEST.union(Roles::VENDORED).union(Roles::MINIFIED)))
    {
        for text in between_tags(&file.source.text) {
            if foreign_letters(text) >= 2 {
                foreign += 1;
            } else if is_latin_prose(text) {
                latin += 1;
            }
        }
    }
    latin > 0 && latin >= foreign
}

impl ProjectModel<'_> {
    /// Returns whether three modules of the backend, or its settings, have texts translated by `gettext`.
    pub(crate) fn marks_texts(&self) -> bool {
        let with = |word: &'static str| {
            self.files_with_word(word).filter(|file| {
                file.facts.python().is_some() && !file.source.roles.intersects(Roles::TEST.union(Roles::MIGRATION))
            })
        };
        with("LOCALE_PATHS").next().is_some() || with("gettext_lazy").chain(with("gettext")).nth(2).is_some()
    }
}

/// Returns what stands between `>` and `<`, as far as it can be text.
fn between_tags(source: &str) -> impl Iterator<Item = &str> {
    source.split('<').filter_map(|part| {
        let (_, text) = part.rsplit_once('>')?;
        let text = text.trim();
        (!text.is_empty() && !text.contains(['{', '}', ';', '=', '('])).then_some(text)
    })
}
