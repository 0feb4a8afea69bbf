//! Where components are rendered, and what is around them.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use rustc_hash::FxHashSet;

use super::Frontend;
use super::entry::EntryKind;
use super::files::stem;
use crate::project::ProjectFile;
use crate::script::ScriptFacts;

/// How many components lie between a component and the root at most.
const DEEPEST: u32 = 12;

/// A place where a component is used: as an element, or as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use<'p> {
    /// The module.
    pub path: &'p RelPath,
    /// The name.
    pub range: TextRange,
}

/// Whether something is around an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// On some path from the root there is.
    Yes,
    /// On no path.
    No,
    /// Not all paths are known.
    Unknown,
}

impl<'p> Frontend<'p> {
    /// Returns where the product uses a component of a module, its own body left out.
    pub fn uses(&self, path: &RelPath, name: &str) -> Vec<Use<'p>> {
        let Some(own) = self.files.get(path.as_str()) else { return Vec::new() };
        let words = self.names_of(own, name);
        let mut found = Vec::new();
        for (file, facts) in self.scripts() {
            let user = &file.source.path;
            let is_own = user == path;
            let may = is_own || words.iter().any(|word| file.facts.words.may_contain(word));
            if !may || !self.is_reachable(user) {
                continue;
            }
            let mut known: Vec<(&str, bool)> = Vec::new();
            for range in mentions(facts, &file.source.text) {
                let written = range.slice(&file.source.text);
                let is_it = known.iter().find(|(it, _)| *it == written).map(|(_, is_it)| *is_it).unwrap_or_else(|| {
                    let is_it = self.definition(user, written).is_some_and(|(file, local)| {
                        file == path && (local == name || local.is_empty() && is_default(own, name))
                    });
                    known.push((written, is_it));
                    is_it
                });
                let is_inside = || is_own && facts.outer_owner_at(range).is_some_and(|(owner, _)| owner == name);
                if is_it && !is_inside() {
                    found.push(Use { path: user, range });
                }
            }
        }
        found
    }

    /// Returns whether a component may be rendered on some path from where the product starts.
    ///
    /// What is used in a way that cannot be followed counts as rendered.
    pub fn rendered(&self, path: &RelPath, name: &str) -> bool {
        self.is_live(path, name, DEEPEST, &mut FxHashSet::default())
    }

    fn is_live(&self, path: &RelPath, name: &str, steps: u32, seen: &mut FxHashSet<(&'p str, String)>) -> bool {
        let (Some(own), Some(steps)) = (self.files.get(path.as_str()), steps.checked_sub(1)) else { return true };
        if !seen.insert((own.source.path.as_str(), name.to_owned())) {
            return false;
        }
        if self.is_offered(own, name) {
            return true;
        }
        self.uses(path, name).into_iter().any(|it| {
            let Some(facts) = self.script(it.path) else { return true };
            match facts.outer_owner_at(it.range) {
                Some((owner, _)) if is_component_name(owner) && owner != name => {
                    self.is_live(it.path, owner, steps, seen)
                }
                Some((owner, _)) => owner != name,
                None => true,
            }
        })
    }

    /// Returns whether a framework, or whoever uses a package, takes what a module exports.
    fn is_offered(&self, file: ProjectFile<'p>, name: &str) -> bool {
        let kind = self.entries().get(&file.source.path).copied();
        let is_exported =
            file.facts.script().is_some_and(|facts| facts.exports.iter().any(|it| it.local == name || it.name == name));
        match kind {
            Some(EntryKind::Route | EntryKind::App | EntryKind::Tool) => is_exported,
            _ => is_exported && self.is_published(&file.source.path, name),
        }
    }

    /// Returns whether a package that others may install exports a name.
    fn is_published(&self, path: &RelPath, name: &str) -> bool {
        let Some(package) = self.package_of(path) else { return true };
        let is_private = package.manifest.get("private").and_then(serde_json::Value::as_bool) == Some(true);
        if is_private || package.name.is_none() || package.manifest.get("version").is_none() {
            return false;
        }
        let own = self.entries().iter().filter(|(_, kind)| **kind == EntryKind::Library).map(|(path, _)| *path);
        own.filter(|it| super::paths::is_below(it.as_str(), package.folder))
            .any(|entry| self.export(entry, name).is_some_and(|(file, local)| file == path && local == name))
    }

    /// Returns the words of which a module that uses a component holds one: its name, those it is passed on under, and
    /// the name of its file.
    fn names_of(&self, own: ProjectFile<'p>, name: &str) -> Vec<String> {
        let mut words = vec![name.to_owned()];
        words.extend(file_word(&own.source.path).map(str::to_owned));
        for _ in 0..2 {
            let before = words.len();
            for (file, facts) in self.scripts() {
                let path = &file.source.path;
                if facts.exports.is_empty() || !words.iter().any(|word| file.facts.words.may_contain(word)) {
                    continue;
                }
                for export in facts.exports.iter().filter(|it| it.name != it.local && it.name != "*") {
                    let is_it = || {
                        self.export(path, &export.name)
                            .is_some_and(|(file, local)| file == &own.source.path && local == name)
                    };
                    if words.contains(&export.name) || !is_it() {
                        continue;
                    }
                    let word = if export.name == "default" { file_word(path) } else { Some(export.name.as_str()) };
                    words.extend(word.filter(|it| !words.iter().any(|known| known == it)).map(str::to_owned));
                }
            }
            if words.len() == before {
                break;
            }
        }
        words
    }

    /// Returns whether an element for which `is_wanted` holds is around a place on some path from the root.
    ///
    /// It is given the name as it is written, and where it stands.
    pub fn cover(&self, path: &RelPath, range: TextRange, is_wanted: &dyn Fn(&RelPath, &str) -> bool) -> Cover {
        self.covered(path, range, is_wanted, DEEPEST, &mut FxHashSet::default())
    }

    fn covered(
        &self,
        path: &RelPath,
        range: TextRange,
        is_wanted: &dyn Fn(&RelPath, &str) -> bool,
        steps: u32,
        seen: &mut FxHashSet<(String, u32)>,
    ) -> Cover {
        let (Some(file), Some(steps)) = (self.files.get(path.as_str()), steps.checked_sub(1)) else {
            return Cover::Unknown;
        };
        let Some(facts) = file.facts.script() else { return Cover::Unknown };
        let text = &file.source.text;
        let around = facts.elements.iter().filter(|it| it.range.contains(range) && it.name != range);
        for element in around {
            let name = element.name.slice(text);
            if is_wanted(path, name) || self.body_holds(path, name, is_wanted, 3) {
                return Cover::Yes;
            }
        }
        let Some((owner, _)) = facts.outer_owner_at(range) else {
            let is_root = super::mount::is_mount(file);
            return if is_root { Cover::No } else { Cover::Unknown };
        };
        if !is_component_name(owner) {
            return Cover::Unknown;
        }
        if !seen.insert((path.to_string(), range.start())) {
            return Cover::No;
        }
        let uses = self.uses(path, owner);
        if uses.is_empty() {
            return Cover::Unknown;
        }
        let mut worst = Cover::No;
        for it in uses {
            match self.covered(it.path, it.range, is_wanted, steps, seen) {
                Cover::Yes => return Cover::Yes,
                Cover::Unknown => worst = Cover::Unknown,
                Cover::No => {}
            }
        }
        worst
    }

    /// Returns whether the component of that name renders such an element itself, around its children as we must assume.
    pub fn body_holds(
        &self,
        path: &RelPath,
        name: &str,
        is_wanted: &dyn Fn(&RelPath, &str) -> bool,
        steps: u32,
    ) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        let Some((path, local)) = self.definition(path, name) else { return false };
        let Some(file) = self.files.get(path.as_str()) else { return false };
        let Some(facts) = file.facts.script() else { return true };
        let body = body_of(facts, local);
        let inner = facts.elements.iter().filter(|it| body.is_none_or(|body| body.contains(it.range)));
        inner
            .map(|it| it.name.slice(&file.source.text))
            .any(|inner| is_wanted(path, inner) || inner != local && self.body_holds(path, inner, is_wanted, steps))
    }
}

/// Returns the places of a module where a component may be used: names, and elements such as `<ui.Card>`.
fn mentions<'a>(facts: &'a ScriptFacts, text: &'a str) -> impl Iterator<Item = TextRange> + 'a {
    let is_note = |range: &TextRange| {
        // `Card.displayName = "Card"` is no use.
        let rest = text.get(range.to_usize().end..).unwrap_or("");
        [".displayName", ".propTypes", ".defaultProps", ".contextType"].iter().any(|it| rest.starts_with(it))
    };
    let plain = facts.mentions.iter().copied().filter(move |range| !is_note(range));
    plain.chain(facts.elements.iter().map(|it| it.name).filter(move |name| name.slice(text).contains('.')))
}

/// Returns where the function or class of a name stands; `None` for an expression.
pub(crate) fn body_of(facts: &ScriptFacts, name: &str) -> Option<TextRange> {
    let function = facts.functions.iter().find(|it| it.name == name).map(|it| it.range);
    function.or_else(|| facts.classes.iter().find(|it| it.name == name).map(|it| it.range))
}

/// Whether the default export, an expression such as `memo(Card)`, is made of a name.
fn is_default(own: ProjectFile<'_>, name: &str) -> bool {
    let text = &own.source.text;
    text.match_indices("export default").any(|(at, _)| {
        let value = text.get(at..text.floor_char_boundary((at + 300).min(text.len()))).unwrap_or("");
        let value = value.split(';').next().unwrap_or(value);
        crate::python::placeholder::find_word(value, name).is_some()
    })
}

fn file_word(path: &RelPath) -> Option<&str> {
    let bare = stem(path.as_str());
    let bare = bare.strip_suffix("/index").unwrap_or(bare);
    let name = bare.rsplit('/').next()?;
    name.rsplit(|it: char| !it.is_ascii_alphanumeric() && it != '_').next().filter(|it| !it.is_empty())
}

fn is_component_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
}
