//! Settings that code reads and nobody defines.

use std::collections::BTreeMap;

use arrears_core::source::{Language, Roles};
use arrears_core::text::TextRange;

use super::names::has_default;
use crate::flow::Place;
use crate::project::{ProjectFile, ProjectModel};
use crate::python::body::Expr;
use crate::python::{FunctionId, PythonFacts};

/// A setting that is read although nothing gives it a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndefinedSetting<'p> {
    /// Its name.
    pub name: &'p str,
    /// Where it is read: `settings.NAME`, in the order of files and lines.
    pub places: Vec<Place<'p>>,
}

/// Words of code that gives settings names which are not written down, or completes Django's settings.
const REGISTRIES: [&str; 8] = [
    "setattr(settings",
    "setattr(django_settings",
    "settings.__dict__",
    "vars(settings)",
    "settings._wrapped",
    "appconf",
    "dynaconf",
    "settings.configure(**",
];

impl<'p> ProjectModel<'p> {
    /// Returns the settings that code of a served project reads and that nothing in the repository gives a value.
    ///
    /// Empty where settings may come from somewhere that is not seen.
    pub fn undefined_settings(&self) -> Vec<UndefinedSetting<'p>> {
        let settings = self.settings();
        let is_whole = |path| self.file(path).is_some_and(|file| !file.facts.has_errors);
        let is_complete =
            settings.modules().iter().all(|it| it.is_complete() && it.missing.is_empty() && is_whole(it.path));
        let roots: Vec<&str> = settings.serving(self).iter().map(|it| it.root).collect();
        if roots.is_empty() || !is_complete || self.has_registry() {
            return Vec::new();
        }
        let mut reads: BTreeMap<&'p str, Vec<Place<'p>>> = BTreeMap::new();
        for (file, facts) in self.python_files() {
            let skipped = Roles::TEST | Roles::VENDORED | Roles::MIGRATION | Roles::GENERATED | Roles::SEEDER;
            let is_ours = || settings.root_of(&file.source.path).is_some_and(|root| roots.contains(&root));
            if file.source.roles.intersects(skipped) || !file.facts.words.may_contain("settings") || !is_ours() {
                continue;
            }
            for (name, range) in reads_of(file, facts) {
                reads.entry(name).or_default().push(Place { path: &file.source.path, range });
            }
        }
        let is_defined = |name: &str| {
            has_default(name) || settings.modules().iter().any(|it| it.get(name).is_some()) || self.binds_setting(name)
        };
        let undefined = reads.into_iter().filter(|(name, _)| !is_defined(name));
        undefined.map(|(name, places)| UndefinedSetting { name, places }).collect()
    }

    /// Returns whether code gives settings names that are not written down.
    fn has_registry(&self) -> bool {
        self.python_files().any(|(file, _)| {
            let text: &str = &file.source.text;
            file.facts.words.may_contain("settings") && REGISTRIES.iter().any(|mark| text.contains(mark))
        })
    }

    /// Returns whether some file may give a setting its value, or asks for it with a default: the name stands there in
    /// another way than `settings.NAME`.
    fn binds_setting(&self, name: &str) -> bool {
        self.files_with_word(name).any(|file| match file.source.language {
            Language::Python => binds(&file.source.text, name),
            Language::Text => matches!(file.source.path.extension(), "toml" | "ini" | "cfg" | "json"),
            _ => false,
        })
    }
}

/// Returns the settings that a file reads by `settings.NAME`, without those under a guard.
fn reads_of<'p>(file: ProjectFile<'p>, facts: &'p PythonFacts) -> Vec<(&'p str, TextRange)> {
    let text: &'p str = &file.source.text;
    let Some(bodies) = facts.bodies.as_deref() else { return Vec::new() };
    let mut found = Vec::new();
    for id in bodies.ids() {
        let Expr::Attr { object, name } = bodies.expr(id) else { continue };
        let name = name.slice(text);
        if !is_setting(name) {
            continue;
        }
        let Some(owner) = bodies.dotted(object, text) else { continue };
        let range = bodies.span(id);
        if facts.names.canonical(owner, range.start()) == "django.conf.settings"
            && !is_guarded(facts, text, owner, range)
        {
            found.push((name, range));
        }
    }
    found.sort_by_key(|(_, range)| range.start());
    found
}

fn is_setting(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_uppercase())
        && name.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
}

/// Returns whether a read is none of Django's settings, or fails on purpose: `settings` is a parameter, or a handler
/// waits for the error.
fn is_guarded(facts: &PythonFacts, text: &str, owner: &str, range: TextRange) -> bool {
    let mut function: Option<FunctionId> = facts.function_at(range);
    for _ in 0..8 {
        let Some(one) = function.and_then(|id| facts.function(id)) else { break };
        let own = one.range.slice(text);
        let header = own.split_once("):").map_or(own, |(header, _)| header);
        let is_parameter = header.split(|it: char| !(it.is_alphanumeric() || it == '_')).skip(2).any(|it| it == owner);
        if is_parameter || own.contains("AttributeError") || own.contains("ImproperlyConfigured") {
            return true;
        }
        function = one.outer;
    }
    facts.function_at(range).is_none() && text.contains("except AttributeError")
}

/// Returns whether a Python file holds a name otherwise than as `settings.NAME`, comments left out.
fn binds(text: &str, name: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + name.len()..).unwrap_or(""));
        if before.ends_with(is_word) || after.starts_with(is_word) {
            return false;
        }
        let line = before.rsplit('\n').next().unwrap_or("");
        if line.trim_start().starts_with('#') {
            return false;
        }
        let rest = after.trim_start();
        let is_assigned = rest.starts_with('=') && !rest.starts_with("==");
        // `Role.ADMIN` is another thing; `self.settings.NAME = …` is not.
        is_assigned || !before.ends_with('.')
    })
}

#[cfg(test)]
mod tests {
    use super::binds;

    #[test]
    fn a_name_is_bound_where_it_stands_without_settings() {
        let found = [
            "print(settings.SHOP_URL)",
            "# SHOP_URL = 1",
            "x = settings.SHOP_URL == 1",
            "settings.SHOP_URL = 1",
            "getattr(settings, 'SHOP_URL', None)",
            "override_settings(SHOP_URL=1)",
            "Shops.SHOP_URL",
            "SHOP_URLS = 1",
        ]
        .map(|text| binds(text, "SHOP_URL"));
        assert_eq!(found, [false, false, false, true, true, true, false, false]);
    }
}
