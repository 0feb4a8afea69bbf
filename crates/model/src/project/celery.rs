//! The Celery tasks of a project, the names they go by, and the schedules that run them.

use std::collections::BTreeMap;

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::{ClassRef, FunctionRef, ProjectModel};
use crate::project::resolve::Symbol;
use crate::python::celery::TaskRef;
use crate::python::function::{Decorator, Function};
use crate::python::names::Value;
use crate::python::{ClassId, FunctionId};

/// All tasks and schedules.
#[derive(Debug, Default)]
pub struct Tasks {
    /// The tasks, sorted by path and place.
    pub tasks: Vec<Task>,
    /// The entries of all schedules, sorted by path and place.
    pub entries: Vec<ScheduledTask>,
    by_name: BTreeMap<String, usize>,
    by_function: BTreeMap<(RelPath, FunctionId), usize>,
}

/// One task.
#[derive(Debug, Clone)]
pub struct Task {
    /// The file.
    pub path: RelPath,
    /// The function that runs.
    pub function: FunctionId,
    /// The name to show: the function's, or the class's.
    pub name: String,
    /// Where that name stands.
    pub range: TextRange,
    /// The names it is registered under.
    pub registered: Vec<String>,
    /// Keyword arguments of its decorator.
    pub options: Vec<(String, String)>,
}

/// One entry of a schedule.
#[derive(Debug, Clone)]
pub struct ScheduledTask {
    /// The file of the schedule.
    pub path: RelPath,
    /// The entry's key.
    pub entry: String,
    /// The task's name, as it is written.
    pub task: TaskRef,
    /// Where the task is named.
    pub range: TextRange,
    /// When it runs, in words.
    pub when: Option<String>,
    /// The task it runs, if it exists.
    pub target: Option<usize>,
}

impl Tasks {
    /// Finds all tasks and schedules.
    pub fn find(model: &ProjectModel<'_>) -> Self {
        let mut found = Self::default();
        for (file, facts) in model.python_files() {
            for (id, function) in facts.functions_with_ids() {
                found.add_function(model, &file.source.path, id, function);
            }
        }
        for (at, task) in found.tasks.iter().enumerate() {
            found.by_function.insert((task.path.clone(), task.function), at);
            for name in &task.registered {
                found.by_name.insert(name.clone(), at);
            }
        }
        found.add_entries(model);
        found
    }

    /// Returns the task of a registered name.
    pub fn named(&self, name: &str) -> Option<&Task> {
        self.by_name.get(name).and_then(|at| self.tasks.get(*at))
    }

    /// Returns the task that a function is.
    pub fn of_function(&self, path: &RelPath, function: FunctionId) -> Option<&Task> {
        self.by_function.get(&(path.clone(), function)).and_then(|at| self.tasks.get(*at))
    }

    /// Returns the schedule entries that run a task.
    pub fn schedules_of<'a>(&'a self, task: &'a Task) -> impl Iterator<Item = &'a ScheduledTask> {
        self.entries.iter().filter(move |entry| {
            entry
                .target
                .and_then(|at| self.tasks.get(at))
                .is_some_and(|it| it.path == task.path && it.function == task.function)
        })
    }

    fn add_function<'p>(&mut self, model: &ProjectModel<'p>, path: &'p RelPath, id: FunctionId, function: &Function) {
        let place = function.range.start();
        let options = match function.class {
            Some(class) if function.name == "run" && is_task_class(model, ClassRef { path, id: class }) => {
                return self.add_class(model, path, id, class);
            }
            _ => function
                .decorators
                .iter()
                .find(|it| is_task_decorator(model, path, it, place))
                .map(|it| it.keywords.clone()),
        };
        let Some(options) = options else { return };
        let given = options.iter().find(|(key, _)| key == "name").map(|(_, name)| name.clone());
        let registered = given.map_or_else(|| qualified(model, path, &function.name), |name| vec![name]);
        self.tasks.push(Task {
            path: path.clone(),
            function: id,
            name: function.name.clone(),
            range: function.name_range,
            registered,
            options,
        });
    }

    fn add_class(&mut self, model: &ProjectModel<'_>, path: &RelPath, id: FunctionId, class: ClassId) {
        let Some(class) = model.python(path).and_then(|facts| facts.class(class)) else { return };
        let registered = qualified(model, path, &class.name);
        self.tasks.push(Task {
            path: path.clone(),
            function: id,
            name: class.name.clone(),
            range: class.name_range,
            registered,
            options: Vec::new(),
        });
    }

    fn add_entries(&mut self, model: &ProjectModel<'_>) {
        for (file, facts) in model.python_files().filter(|(file, _)| !file.source.roles.contains(Roles::TEST)) {
            let path = &file.source.path;
            for entry in facts.schedules.iter().flat_map(|schedule| &schedule.entries) {
                let target = match &entry.task {
                    TaskRef::Name(name) => self.by_name.get(name).copied(),
                    TaskRef::Path(name) => ProjectModel::as_function(model.resolve(path, name, entry.range.start()))
                        .and_then(|FunctionRef { path, id }| self.by_function.get(&(path.clone(), id)).copied()),
                };
                self.entries.push(ScheduledTask {
                    path: path.clone(),
                    entry: entry.name.clone(),
                    task: entry.task.clone(),
                    range: entry.range,
                    when: entry.when.clone(),
                    target,
                });
            }
        }
    }
}

fn qualified(model: &ProjectModel<'_>, path: &RelPath, name: &str) -> Vec<String> {
    model.modules().names_of(path).into_iter().map(|module| format!("{module}.{name}")).collect()
}

fn is_task_class(model: &ProjectModel<'_>, class: ClassRef<'_>) -> bool {
    let Some(path) = model.file(class.path).map(|file| &file.source.path) else { return false };
    model.descends_from(ClassRef { path, id: class.id }, &|name| {
        matches!(name, "celery.Task" | "celery.app.task.Task" | "celery.task.Task")
    })
}

/// Returns whether a decorator makes a function a Celery task.
fn is_task_decorator<'p>(model: &ProjectModel<'p>, path: &'p RelPath, decorator: &Decorator, at: u32) -> bool {
    if let Some(app) = decorator.path.strip_suffix(".task") {
        return is_celery_app(model, path, app, at);
    }
    match model.resolve(path, &decorator.path, at) {
        Some(Symbol::External(name)) => matches!(
            name.as_str(),
            "celery.shared_task"
                | "celery.task.task"
                | "celery.task"
                | "celery.task.periodic_task"
                | "celery.decorators.task"
                | "celery.decorators.periodic_task"
        ),
        _ => false,
    }
}

fn is_celery_app<'p>(model: &ProjectModel<'p>, path: &'p RelPath, name: &str, at: u32) -> bool {
    match model.resolve(path, name, at) {
        Some(Symbol::Variable(file, variable)) => {
            let Some(facts) = model.python(file) else { return false };
            match facts.names.assignment(&variable).map(|it| &it.value) {
                Some(Value::Call(callee)) => makes_celery_app(model, file, callee),
                _ => false,
            }
        }
        // An app from outside the project, or one that the names cannot follow, goes by its usual names.
        Some(Symbol::External(name)) => {
            matches!(name.rsplit('.').next(), Some("celery" | "celery_app"))
                || name == "current_app"
                || name == "celery.current_app"
        }
        Some(Symbol::Module(_)) | None => matches!(name.rsplit('.').next(), Some("celery" | "celery_app" | "app")),
        Some(Symbol::Class(_) | Symbol::Function(_)) => false,
    }
}

fn makes_celery_app<'p>(model: &ProjectModel<'p>, file: &'p RelPath, callee: &str) -> bool {
    match model.resolve(file, callee, u32::MAX) {
        Some(Symbol::External(name)) => {
            name == "celery.Celery" || name == "celery.app.base.Celery" || name.ends_with(".Celery")
        }
        Some(Symbol::Class(class)) => model.descends_from(class, &|name| name == "celery.Celery"),
        Some(Symbol::Function(function)) => model.function(function).is_some_and(|it| it.name.contains("celery")),
        _ => false,
    }
}
