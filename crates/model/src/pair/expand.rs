//! The fields of a type, those of what it extends and picks from too.

use std::cell::Cell;
use std::collections::BTreeMap;

use arrears_core::source::{RelPath, Roles};

use crate::project::ProjectModel;
use crate::script::ScriptFacts;
use crate::script::types::{Declaration, Field, Form, Type};

/// How many types are followed from one to the next.
const DEPTH: u32 = 12;
/// How many types are looked at for one.
const STEPS: u32 = 2_000;
/// How many fields a type has.
const FIELDS: usize = 2_000;

/// The declared types of all modules.
pub(super) struct Types<'m, 'p> {
    project: &'m ProjectModel<'p>,
    by_name: BTreeMap<&'p str, Vec<(&'p RelPath, &'p Declaration)>>,
    steps: Cell<u32>,
}

/// The fields of a type.
#[derive(Debug, Clone, Default)]
pub(super) struct Expanded<'p> {
    /// Each name once.
    pub(super) fields: Vec<Member<'p>>,
    /// Whether there may be others.
    pub(super) is_open: bool,
}

/// A field, and the module that declares it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'p> {
    pub(super) path: &'p RelPath,
    pub(super) field: &'p Field,
    pub(super) is_optional: bool,
}

impl<'p> Expanded<'p> {
    /// Returns the field of a name.
    pub(super) fn field(&self, name: &str) -> Option<&Member<'p>> {
        self.fields.iter().find(|it| it.field.name == name)
    }

    /// Returns whether it holds functions, as no JSON does.
    pub(super) fn has_functions(&self) -> bool {
        self.fields.iter().any(|it| it.field.value == Type::Function)
    }

    fn put(&mut self, member: Member<'p>) {
        let is_full = self.fields.len() >= FIELDS;
        match self.fields.iter_mut().find(|it| it.field.name == member.field.name) {
            Some(before) => *before = member,
            None if is_full => self.is_open = true,
            None => self.fields.push(member),
        }
    }
}

impl<'m, 'p> Types<'m, 'p> {
    pub(super) fn of(project: &'m ProjectModel<'p>) -> Self {
        let mut by_name: BTreeMap<&'p str, Vec<_>> = BTreeMap::new();
        for file in project.files() {
            let Some(script) = file.facts.script() else { continue };
            if file.source.roles.intersects(Roles::TEST | Roles::VENDORED) {
                continue;
            }
            for declaration in &script.types {
                by_name.entry(&declaration.name).or_default().push((&file.source.path, declaration));
            }
        }
        Self { project, by_name, steps: Cell::new(0) }
    }

    /// Returns the fields of a type that is written in a module; none where it is no object.
    pub(super) fn expand(&self, path: &'p RelPath, value: &'p Type) -> Option<Expanded<'p>> {
        self.steps.set(STEPS);
        self.expanded(path, value, DEPTH)
    }

    fn expanded(&self, path: &'p RelPath, value: &'p Type, depth: u32) -> Option<Expanded<'p>> {
        let depth = depth.checked_sub(1).filter(|_| self.may_step())?;
        match value {
            Type::Object(members) => {
                let mut found = Expanded { fields: Vec::new(), is_open: members.is_open };
                for field in &members.fields {
                    found.put(Member { path, field, is_optional: field.is_optional });
                }
                Some(found)
            }
            Type::All(parts) => {
                let mut found = Expanded::default();
                for part in parts {
                    let Some(part) = self.expanded(path, part, depth) else {
                        found.is_open = true;
                        continue;
                    };
                    found.is_open |= part.is_open;
                    part.fields.into_iter().for_each(|member| found.put(member));
                }
                Some(found).filter(|it| !it.fields.is_empty())
            }
            Type::Named(name, args) => self.named(path, name, args, depth),
            Type::ValueOf(name) => {
                let (path, declaration) = self.lookup(path, name, &[Form::Schema])?;
                self.expanded(path, &declaration.value, depth)
            }
            Type::Text
            | Type::Number
            | Type::Boolean
            | Type::Date
            | Type::Null
            | Type::Undefined
            | Type::Any
            | Type::Literal(_)
            | Type::List(_)
            | Type::Either(_)
            | Type::Function
            | Type::Unknown => None,
        }
    }

    fn named(&self, path: &'p RelPath, name: &str, args: &'p [Type], depth: u32) -> Option<Expanded<'p>> {
        let inner = || self.expanded(path, args.first()?, depth);
        let with = |is_optional: bool| {
            let mut found = inner()?;
            found.fields.iter_mut().for_each(|it| it.is_optional = is_optional);
            Some(found)
        };
        match name {
            "Partial" | "DeepPartial" => with(true),
            "Required" => with(false),
            "Readonly" | "z.infer" | "z.output" | "infer" | "TypeOf" | "Simplify" | "Prettify" => inner(),
            "Pick" | "Omit" => {
                let mut found = inner()?;
                let names = self.literals(path, args.get(1)?, depth)?;
                found.fields.retain(|it| names.contains(&it.field.name.as_str()) == (name == "Pick"));
                Some(found)
            }
            _ => {
                let (path, declaration) = self.lookup(path, name, &[Form::Interface, Form::Alias])?;
                self.expanded(path, &declaration.value, depth)
            }
        }
    }

    /// Returns the strings that a type is one of.
    fn literals(&self, path: &'p RelPath, value: &'p Type, depth: u32) -> Option<Vec<&'p str>> {
        let depth = depth.checked_sub(1).filter(|_| self.may_step())?;
        match value {
            Type::Literal(text) => Some(vec![text]),
            Type::Either(parts) => {
                let parts: Option<Vec<_>> = parts.iter().map(|part| self.literals(path, part, depth)).collect();
                Some(parts?.concat())
            }
            Type::Named(name, _) => {
                let (path, declaration) = self.lookup(path, name, &[Form::Alias])?;
                self.literals(path, &declaration.value, depth)
            }
            _ => None,
        }
    }

    /// Returns whether there is time for one more type.
    pub(super) fn may_step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// Starts counting anew.
    pub(super) fn refill(&self) {
        self.steps.set(STEPS);
    }

    /// Returns the declaration that a name means in a module: its own, else the imported one.
    pub(super) fn lookup(
        &self,
        path: &'p RelPath,
        name: &str,
        forms: &[Form],
    ) -> Option<(&'p RelPath, &'p Declaration)> {
        let fits = |it: &&(&'p RelPath, &'p Declaration)| forms.contains(&it.1.form);
        let here = self.by_name.get(name).into_iter().flatten().filter(fits).filter(|it| it.0 == path);
        let mut here = here.copied();
        if let Some(own) = here.next() {
            return Some(own).filter(|_| here.next().is_none());
        }
        let script: &'p ScriptFacts = self.project.file(path)?.facts.script()?;
        let (module, exported) = match script.imported(name) {
            Some((module, "default")) => (module, name),
            Some(imported) => imported,
            // A declaration file may declare it for all.
            None => ("", name),
        };
        let all: Vec<_> = self.by_name.get(exported)?.iter().filter(fits).copied().collect();
        let near: Vec<_> = all.iter().filter(|it| may_mean(path, module, it.0)).copied().collect();
        match (near.as_slice(), all.as_slice()) {
            ([only], _) | ([], [only]) => {
                Some(*only).filter(|_| !module.is_empty() || only.0.as_str().ends_with(".d.ts"))
            }
            _ => None,
        }
    }
}

/// Returns whether an import of a module may mean a file, or one that it passes on.
fn may_mean(from: &RelPath, module: &str, file: &RelPath) -> bool {
    let stem = |path: &str| -> String {
        let path =
            path.strip_suffix(".d.ts").or(path.rsplit_once('.').map(|(stem, _)| stem)).unwrap_or(path).to_owned();
        path.strip_suffix("/index").map(str::to_owned).unwrap_or(path)
    };
    let file = stem(file.as_str());
    if module.starts_with('.') {
        let mut folders: Vec<&str> = from.folders().collect();
        for part in module.split('/') {
            match part {
                "." | "" => {}
                ".." => {
                    folders.pop();
                }
                part => folders.push(part),
            }
        }
        let wanted = folders.join("/");
        let wanted = wanted.strip_suffix(".js").or(wanted.strip_suffix(".ts")).unwrap_or(&wanted);
        return file == wanted || file.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'));
    }
    let tail = module.split_once('/').map_or(module, |(_, tail)| tail);
    !tail.is_empty() && (file.ends_with(&format!("/{tail}")) || file.contains(&format!("/{tail}/")))
}
