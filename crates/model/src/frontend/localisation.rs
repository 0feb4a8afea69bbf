//! Libraries of translations: declared, imported, initialised.

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::paths::is_below;
use super::{Frontend, Package, Use};
use crate::project::ProjectFile;

/// A family of packages that work together.
struct Library {
    packages: &'static [&'static str],
    /// The words of which a module that initialises it holds one; none, where it is not known how it is done.
    starts: &'static [&'static str],
}

const LIBRARIES: [Library; 6] = [
    Library {
        packages: &["i18next", "react-i18next"],
        starts: &["initReactI18next", "I18nextProvider", "createInstance", "appWithTranslation", "init"],
    },
    Library { packages: &["react-intl"], starts: &["IntlProvider", "RawIntlProvider", "createIntl", "IntlContext"] },
    Library {
        packages: &["@lingui/core", "@lingui/react"],
        starts: &["I18nProvider", "activate", "loadAndActivate", "setupI18n"],
    },
    Library {
        packages: &["next-intl"],
        starts: &["NextIntlClientProvider", "getRequestConfig", "IntlProvider", "createNextIntlPlugin"],
    },
    Library { packages: &["i18n-js"], starts: &[] },
    Library { packages: &["typesafe-i18n"], starts: &[] },
];

/// A library of translations that does nothing.
#[derive(Debug, Clone)]
pub struct IdleLibrary<'p> {
    /// The `package.json` that declares it.
    pub manifest: &'p RelPath,
    /// Where the first of its packages stands there.
    pub range: TextRange,
    /// Its packages, as far as they are declared.
    pub packages: Vec<&'static str>,
    /// What is missing.
    pub missing: Missing<'p>,
}

/// What keeps a library of translations from working.
#[derive(Debug, Clone)]
pub enum Missing<'p> {
    /// Nothing imports it; whether there is any code beside the manifest.
    Import {
        /// Whether there is.
        has_code: bool,
    },
    /// It is used here, but nothing initialises it.
    Start(Use<'p>),
    /// It is used here, and a module initialises it that nothing leads to.
    Reach(Use<'p>, &'p RelPath),
}

impl<'p> Frontend<'p> {
    /// Returns the libraries of translations that manifests declare and that do nothing.
    pub fn idle_libraries(&self) -> Vec<IdleLibrary<'p>> {
        let mut found = Vec::new();
        for package in self.packages() {
            for library in &LIBRARIES {
                let declared: Vec<&'static str> =
                    library.packages.iter().copied().filter(|it| package.needs(it)).collect();
                let Some(first) = declared.first() else { continue };
                let Some(missing) = self.missing(package, library) else { continue };
                let Some(text) = self.files.get(package.path.as_str()).map(|it| &it.source.text) else { continue };
                let key = format!("\"{first}\"");
                let at = text.find(&key).unwrap_or(0);
                let range = TextRange::of(at..at + key.len());
                found.push(IdleLibrary { manifest: package.path, range, packages: declared, missing });
            }
        }
        found
    }

    fn missing(&self, package: &Package<'p>, library: &Library) -> Option<Missing<'p>> {
        let is_named = |file: &ProjectFile<'p>| {
            let text = &file.source.text;
            library
                .packages
                .iter()
                .any(|name| text.contains(&format!("\"{name}")) || text.contains(&format!("'{name}")))
        };
        let is_own =
            |file: &ProjectFile<'p>| super::is_script(*file) && is_below(file.source.path.as_str(), package.folder);
        let users: Vec<ProjectFile<'p>> =
            self.files.all().iter().copied().filter(|it| is_own(it) && is_named(it)).collect();
        if users.is_empty() {
            return Some(Missing::Import { has_code: self.files.all().iter().any(is_own) });
        }
        let all = || self.files.all().iter().filter(|it| super::is_script(**it));
        let starts = |file: &&ProjectFile<'p>| {
            library.starts.iter().any(|word| file.facts.words.may_contain(word)) && is_named(file)
                || file.facts.words.may_contain("i18n") && file.source.text.contains(".init(")
        };
        let kept = Roles::TEST | Roles::STORY;
        let mut starting = all().filter(|it| !it.source.roles.intersects(kept)).filter(starts).peekable();
        // What a package outside does is not known.
        let first = users.iter().find_map(|file| self.first_use(*file, library))?;
        if library.starts.is_empty() || !self.is_whole_around(first.path) {
            return None;
        }
        if starting.peek().is_none() {
            return Some(Missing::Start(first));
        }
        let mut unused = None;
        for file in starting {
            if !self.is_unused(&file.source.path) {
                return None;
            }
            unused = unused.or(Some(&file.source.path));
        }
        unused.map(|path| Missing::Reach(first, path))
    }

    /// Returns where a module that the product reaches imports a hook or a component of the library.
    fn first_use(&self, file: ProjectFile<'p>, library: &Library) -> Option<Use<'p>> {
        let path = &file.source.path;
        let facts = file.facts.script().filter(|_| self.is_reachable(path))?;
        let import =
            facts.imports.iter().find(|it| library.packages.contains(&it.module.as_str()) && !it.names.is_empty())?;
        Some(Use { path, range: import.range })
    }
}
