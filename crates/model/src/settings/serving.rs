//! Which settings serve people, and what can be said about them as a whole.

use arrears_core::source::{RelPath, Roles};

use super::condition::{is_service, is_workshop};
use super::value::{Setting, Value};
use super::{DjangoSettings, SettingsModule};
use crate::flow::Place;
use crate::project::ProjectModel;

/// The settings that a Django project serves people with.
#[derive(Debug)]
pub struct Serving<'s, 'p> {
    /// The folder of the project.
    pub root: &'p str,
    /// Its production settings.
    pub modules: Vec<&'s SettingsModule<'p>>,
    /// Whether something in the repository runs with them, and none takes names from where they are not seen.
    is_whole: bool,
}

/// What settings say of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch<'p> {
    /// It is on, or the environment or something computed decides.
    On,
    /// It is off: here.
    Off(Place<'p>),
    /// Nobody says anything.
    Missing,
}

impl<'p> DjangoSettings<'p> {
    /// Returns the settings of the Django projects that serve people: examples, templates and tests do not, nor does a
    /// project of which the repository has only the settings of a developer.
    pub fn serving(&self, project: &ProjectModel<'p>) -> Vec<Serving<'_, 'p>> {
        let of = |root: &'p str| {
            let mut modules = self.production(root);
            modules.retain(|module| serves(project, module));
            let all = || self.modules().iter().filter(|it| it.root == root);
            // Where the configuration names the modules, the others are not asked.
            let is_told = modules.iter().any(|it| it.is_configured);
            let is_asked = |it: &SettingsModule<'p>| if is_told { it.is_configured } else { it.serves() };
            let is_open = |it: &SettingsModule<'p>| is_asked(it) && !(it.is_complete() && it.missing.is_empty());
            let is_run = all().any(|it| it.is_configured || !it.entries.is_empty());
            let is_whole = is_run && !all().any(is_open) && !self.has_stranger(project, &modules);
            Serving { root, modules, is_whole }
        };
        self.roots().into_iter().map(of).filter(|it| !it.modules.is_empty()).collect()
    }

    /// Returns the modules of [`Self::serving`], those of all projects.
    pub fn served(&self, project: &ProjectModel<'p>) -> Vec<&SettingsModule<'p>> {
        self.serving(project).into_iter().flat_map(|it| it.modules).collect()
    }

    /// Returns whether beside some modules lies one that is named after production and could not be read as settings.
    fn has_stranger(&self, project: &ProjectModel<'p>, modules: &[&SettingsModule<'p>]) -> bool {
        let folders: Vec<&str> = modules.iter().map(|it| it.path.folder()).collect();
        project.python_files().any(|(file, _)| {
            let path = &file.source.path;
            let stem = path.file_name().strip_suffix(".py").unwrap_or("");
            file.source.roles.contains(Roles::SETTINGS)
                && is_service(stem)
                && folders.contains(&path.folder())
                && !self.modules().iter().any(|it| it.path == path)
        })
    }
}

fn serves(project: &ProjectModel<'_>, module: &SettingsModule<'_>) -> bool {
    const PLAYGROUNDS: [&str; 16] = [
        "example",
        "examples",
        "example_project",
        "demo",
        "demos",
        "sandbox",
        "playground",
        "docs",
        "doc",
        "tests",
        "test",
        "testproject",
        "test_project",
        "testing",
        "fixtures",
        "cookiecutter",
    ];
    let roles = project.file(module.path).map_or(Roles::empty(), |file| file.source.roles);
    module.serves()
        && !roles.intersects(Roles::TEST | Roles::VENDORED | Roles::GENERATED)
        && !module.path.folders().any(|it| PLAYGROUNDS.contains(&it) || it.contains("{{") || it.starts_with("test"))
        && (module.is_configured || !module.path.folders().any(is_workshop))
        && module.get("INSTALLED_APPS").is_some()
        && ["MIDDLEWARE", "ROOT_URLCONF", "DATABASES"].iter().any(|name| module.get(name).is_some())
}

impl<'p> Serving<'_, 'p> {
    /// Returns whether all that is set is seen: neither a file that is not there nor one that only whoever runs the
    /// program has may complete the settings.
    pub fn is_complete(&self) -> bool {
        self.is_whole
    }

    /// Returns whether some module may set a name.
    pub fn sets(&self, name: &str) -> bool {
        self.modules.iter().any(|it| it.may_set(name))
    }

    /// Returns whether some module may set a name that begins so.
    pub fn sets_any(&self, prefixes: &[&str]) -> bool {
        let mut names = self.modules.iter().flat_map(|it| it.all()).map(|(name, _)| name);
        names.any(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
    }

    /// Returns what the most careful module says of a switch.
    pub fn switch(&self, name: &str) -> Switch<'p> {
        let all: Vec<Switch<'p>> = self.modules.iter().map(|it| it.switch(name)).collect();
        let is_on = all.contains(&Switch::On);
        let off = all.iter().find(|it| matches!(it, Switch::Off(_)));
        if is_on { Switch::On } else { off.copied().unwrap_or(Switch::Missing) }
    }

    /// Returns whether a list, such as `MIDDLEWARE`, may name something that satisfies `is_it`; what is not seen may.
    pub fn may_list(&self, name: &str, is_it: &dyn Fn(&str) -> bool) -> bool {
        self.modules.iter().filter_map(|it| it.get(name)).any(|list| {
            let may_be = |item: &&Setting<'_>| item.text().map_or(item.is_open(), is_it);
            list.is_open() || list.items().iter().any(may_be)
        })
    }

    /// Returns where to speak of what is missing in the settings: where `MIDDLEWARE` is assigned first.
    pub fn anchor(&self) -> Option<Place<'p>> {
        let first = |name: &&str| {
            let chains = self.modules.iter().filter_map(|it| it.get(name)).map(|it| it.chain.first());
            chains.flatten().next().copied()
        };
        ["MIDDLEWARE", "INSTALLED_APPS", "ROOT_URLCONF"].iter().find_map(first)
    }

    /// Returns a place in the production module itself: where one of these names is assigned in it, else the first
    /// setting of it.
    pub fn own_anchor(&self, names: &[&str]) -> Option<Place<'p>> {
        let module = self.modules.first()?;
        let is_own = |place: &&Place<'p>| place.path == module.path;
        let own = |name: &&str| module.get(name).and_then(|it| it.chain.iter().find(is_own)).copied();
        let first = || {
            let all = module.all().flat_map(|(_, setting)| setting.chain.iter()).filter(is_own).copied();
            all.min_by_key(|place| place.range.start())
        };
        names.iter().find_map(own).or_else(first).or_else(|| self.anchor())
    }

    /// Returns the file that is named to the reader.
    pub fn path(&self) -> Option<&'p RelPath> {
        self.modules.first().map(|it| it.path)
    }
}

impl<'p> SettingsModule<'p> {
    /// Returns whether a setting has a value in production, or may have one.
    pub fn may_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|it| it.in_production().iter().any(|it| !matches!(it.value, Value::Unset)))
    }

    /// Returns what the module says of a switch.
    pub fn switch(&self, name: &str) -> Switch<'p> {
        let Some(setting) = self.get(name) else { return Switch::Missing };
        let (mut found, mut open, mut left) = (Switch::Missing, vec![setting], 64_u32);
        while let Some(one) = open.pop() {
            left = left.saturating_sub(1);
            match &one.value {
                Value::Unset => {}
                Value::Bool(false) | Value::None | Value::Int(0) => found = Switch::Off(one.place),
                Value::Text(text) if text.is_empty() => found = Switch::Off(one.place),
                // What a condition decides that does not speak of production is a choice that somebody has.
                Value::Either(either) if left > 0 => match either.test.in_production() {
                    Some(true) => open.push(&either.then),
                    Some(false) => open.push(&either.other),
                    None => open.extend([&*either.other, &*either.then]),
                },
                _ => return Switch::On,
            }
        }
        found
    }
}
