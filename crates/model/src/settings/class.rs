//! Settings that are classes, and settings that are put together of files.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrears_core::source::RelPath;

use super::call::any_of;
use super::run::{Evaluator, Frame};
use super::scope::Scope;
use crate::django::module::Module;
use crate::project::ClassRef;
use crate::project::resolve::Symbol;
use crate::python::body::{Expr, ExprId, List, Stmt};

/// How many classes stand above a class of settings.
const BASES: usize = 24;

impl<'m, 'p> Evaluator<'m, 'p> {
    /// Returns the settings that a class holds: its attributes and properties, and those of the classes above.
    ///
    /// `around` is what the module of the class has bound so far, where it is being evaluated.
    pub(super) fn class_scope(&mut self, class: ClassRef<'p>, around: Option<&Scope<'p>>) -> Scope<'p> {
        let mut order = Vec::new();
        self.order(class, &mut order, &mut BTreeSet::new());
        let mut settings = Scope::default();
        let ancestry = self.project.ancestry(class);
        let is_plain =
            |name: &String| matches!(name.as_str(), "object" | "abc.ABC") || name.starts_with("configurations.");
        if !ancestry.is_whole || !ancestry.outside.iter().all(is_plain) {
            let name = self.project.python(class.path).and_then(|it| it.class(class.id)).map(|it| it.name_range);
            settings.open.extend(name.map(|range| crate::flow::Place { path: class.path, range }));
        }
        for owner in order.into_iter().rev() {
            let outer = match (self.module(owner.path), around) {
                (Some(outer), _) => outer,
                (None, Some(around)) => Arc::new(around.clone()),
                (None, None) => continue,
            };
            self.add_class(owner, outer, &mut settings);
        }
        settings
    }

    /// Lists a class and the classes above it, the nearest first.
    fn order(&self, class: ClassRef<'p>, order: &mut Vec<ClassRef<'p>>, seen: &mut BTreeSet<ClassRef<'p>>) {
        if order.len() >= BASES || !seen.insert(class) {
            return;
        }
        order.push(class);
        for base in self.project.bases(class) {
            if let Symbol::Class(base) = base {
                self.order(base, order, seen);
            }
        }
    }

    fn add_class(&mut self, class: ClassRef<'p>, outer: Arc<Scope<'p>>, settings: &mut Scope<'p>) {
        let Some(module) = Module::of(self.project, class.path) else { return };
        let Some(body) = module.class_body(class) else { return };
        let mut frame = Frame { outer: Some(Arc::clone(&outer)), ..Frame::new(module) };
        frame.object = Some(Arc::new(settings.clone()));
        self.block(&mut frame, body.block);
        settings.take(&frame.scope);
        for statement in module.bodies.block(body.block) {
            let Stmt::Function(id) = module.bodies.stmt(*statement) else { continue };
            let (Some(facts), Some(function)) = (module.facts.function(id), module.bodies.function(id)) else {
                continue;
            };
            let is_property = facts.decorators.iter().any(|it| it.path.ends_with("property"));
            if !is_property || facts.name.starts_with('_') || facts.name.contains(|it: char| it.is_ascii_lowercase()) {
                continue;
            }
            let mut inner = Frame { outer: Some(Arc::clone(&outer)), ..Frame::new(module) };
            inner.object = Some(Arc::new(settings.clone()));
            inner.returned = Some(Vec::new());
            self.block(&mut inner, function.block);
            let place = frame.place_of(facts.name_range);
            let value = any_of(inner.returned.unwrap_or_default(), place);
            settings.names.insert(facts.name.clone(), value.given_by(vec![place]));
        }
    }

    /// Runs `include("base.py", optional("local.py"))` of django-split-settings.
    pub(super) fn include(&mut self, frame: &mut Frame<'m, 'p>, args: List) {
        let bodies = frame.module.bodies;
        for arg in bodies.args(args) {
            let (file, is_optional) = match bodies.expr(arg.value) {
                Expr::Call { args, .. } => (bodies.positional(args, 0), true),
                _ => (Some(arg.value), false),
            };
            let place = frame.place(arg.value);
            let Some(name) = file.and_then(|file| self.file_name(frame, file)) else {
                frame.scope.open_at(place);
                continue;
            };
            let found = self.included(frame.module.path, &name);
            if found.is_empty() {
                if is_optional { frame.scope.miss_at(place) } else { frame.scope.open_at(place) }
            }
            for path in found {
                self.stars.push((place, path));
                match self.module(path) {
                    Some(scope) => frame.scope.take(&scope),
                    None => frame.scope.open_at(place),
                }
            }
        }
    }

    fn file_name(&mut self, frame: &mut Frame<'m, 'p>, file: ExprId) -> Option<String> {
        super::eval::key_of(&self.eval(frame, file)).filter(|name| name.ends_with(".py"))
    }

    /// Returns the modules that a path beside a module names; a star stands for any name.
    fn included(&self, from: &RelPath, name: &str) -> Vec<&'p RelPath> {
        let folder = from.folder();
        let wanted = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let (start, end) = wanted.split_once('*').unwrap_or((&wanted, ""));
        let is_wanted = |path: &str| {
            if wanted.contains('*') {
                path.strip_prefix(start)
                    .and_then(|rest| rest.strip_suffix(end))
                    .is_some_and(|rest| !rest.contains('/') && rest != "__init__")
            } else {
                path == wanted
            }
        };
        self.project
            .python_files()
            .map(|(file, _)| &file.source.path)
            .filter(|path| *path != from && is_wanted(path.as_str()))
            .collect()
    }
}
