//! The Celery tasks of a project, the names they go by, and the schedules that run them.

use std::collections::BTreeMap;

use arrears_core::source::{Language, RelPath, Roles};
use arrears_core::text::TextRange;

use super::{ClassRef, FunctionRef, ProjectFile, ProjectModel};
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
    /// Whether its name is computed, so that `registered` is empty.
    pub has_computed_name: bool,
    /// Keyword arguments of its decorator.
    pub options: Vec<(String, String)>,
}

/// A place that sends a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The file.
    pub path: RelPath,
    /// The name that is called: `send_report.delay`.
    pub range: TextRange,
    /// The function, method or class around it; empty at the top of a module.
    pub symbol: String,
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
    /// The setting, variable or function that holds the schedule.
    pub holder: Option<String>,
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

    /// Returns the first place outside tests that sends or runs a task by its function.
    pub fn first_caller(&self, model: &ProjectModel<'_>, task: &Task) -> Option<Caller> {
        let files = model.files_with_word(&task.name).filter(|file| !file.source.roles.contains(Roles::TEST));
        for file in files {
            let Some(facts) = file.facts.python() else { continue };
            let path = &file.source.path;
            for call in &facts.calls {
                let callee = call.callee.slice(&file.source.text);
                let name = without_sending(callee);
                if name.rsplit('.').next() != Some(task.name.as_str()) {
                    continue;
                }
                let target = ProjectModel::as_function(model.resolve(path, name, call.callee.start()));
                if target.is_some_and(|it| *it.path == task.path && it.id == task.function) {
                    let symbol = facts.symbol_at(call.callee);
                    return Some(Caller { path: path.clone(), range: call.callee, symbol });
                }
            }
        }
        None
    }

    fn add_function<'p>(&mut self, model: &ProjectModel<'p>, path: &'p RelPath, id: FunctionId, function: &Function) {
        let place = function.range.start();
        let decorator = match function.class {
            Some(class) if function.name == "run" && is_task_class(model, ClassRef { path, id: class }) => {
                return self.add_class(model, path, id, class);
            }
            _ => function.decorators.iter().find(|it| is_task_decorator(model, path, it, place)),
        };
        let Some(decorator) = decorator else { return };
        let has_computed_name = decorator.computed.iter().any(|key| key == "name");
        let given = decorator.keywords.iter().find(|(key, _)| key == "name").map(|(_, name)| name.clone());
        let registered = match given {
            _ if has_computed_name => Vec::new(),
            Some(name) => vec![name],
            None => qualified(model, path, &function.name),
        };
        self.tasks.push(Task {
            path: path.clone(),
            function: id,
            name: function.name.clone(),
            range: function.name_range,
            registered,
            has_computed_name,
            options: decorator.keywords.clone(),
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
            has_computed_name: false,
            options: Vec::new(),
        });
    }

    fn add_entries(&mut self, model: &ProjectModel<'_>) {
        for (file, facts) in model.python_files().filter(|(file, _)| !file.source.roles.contains(Roles::TEST)) {
            let path = &file.source.path;
            let entries = facts.schedules.iter().flat_map(|it| it.entries.iter().map(move |entry| (it, entry)));
            for (schedule, entry) in entries {
                let target = match &entry.task {
                    TaskRef::Name(name) => self.by_name.get(name).copied(),
                    TaskRef::Path(name) => ProjectModel::as_function(model.resolve(path, name, entry.range.start()))
                        .and_then(|FunctionRef { path, id }| self.by_function.get(&(path.clone(), id)).copied()),
                };
                self.entries.push(ScheduledTask {
                    path: path.clone(),
                    entry: entry.name.clone(),
                    task: entry.task.clone(),
                    holder: schedule.holder.clone(),
                    range: entry.range,
                    when: entry.when.clone(),
                    target,
                });
            }
        }
    }
}

/// Returns the task in `send_report.delay`: what is left when the ways to send one are taken off.
pub fn without_sending(callee: &str) -> &str {
    const WAYS: [&str; 8] =
        [".delay", ".apply_async", ".delay_on_commit", ".apply_async_on_commit", ".s", ".si", ".signature", ".apply"];
    WAYS.iter().find_map(|way| callee.strip_suffix(way)).unwrap_or(callee)
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
        Some(Symbol::Function(function)) => returns_celery_app(model, function),
        _ => false,
    }
}

impl ProjectModel<'_> {
    /// Returns whether task messages may be pickled, so that any object can be sent.
    pub fn pickles_task_messages(&self) -> bool {
        const SETTINGS: [&str; 5] =
            ["task_serializer", "accept_content", "CELERY_TASK_SERIALIZER", "CELERY_ACCEPT_CONTENT", "serializer"];
        self.files_with_word("pickle").any(|file| SETTINGS.iter().any(|word| file.facts.words.may_contain(word)))
    }
}

/// Returns whether a function makes a `Celery()`, or says so by its name.
fn returns_celery_app(model: &ProjectModel<'_>, function: FunctionRef<'_>) -> bool {
    let (Some(file), Some(facts)) = (model.file(function.path), model.python(function.path)) else { return false };
    let is_named = facts.function(function.id).is_some_and(|it| it.name.contains("celery"));
    is_named
        || facts.calls_of(function.id).any(|call| {
            let callee = call.callee.slice(&file.source.text);
            facts.names.canonical(callee, call.callee.start()) == "celery.Celery"
        })
}

/// Why a name that a schedule gives is no task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// The module does not exist in a package of the repository.
    Module(String),
    /// The module exists and holds nothing of that name.
    Member(RelPath),
    /// The module holds that task, registered under another name.
    Renamed(RelPath, TextRange, String),
    /// The module holds a function of that name, which is no task.
    Function(RelPath, TextRange),
    /// No task of the repository has that name, which need not be one of the repository's.
    Name,
}

impl Tasks {
    /// Returns why no task goes by a name; `None` where one does, or where some file may hide it.
    pub fn absence(&self, model: &ProjectModel<'_>, name: &str, from: &RelPath) -> Option<Absence> {
        let (module, member) = name.rsplit_once('.').unwrap_or(("", name));
        if self.named(name).is_some() || may_be_hidden(model, name, member) {
            return None;
        }
        if let Some(path) = model.modules().module(from, module).filter(|_| !module.is_empty()) {
            let facts = model.python(path)?;
            let id = facts.top_function(member);
            if let Some(task) = id.and_then(|id| self.of_function(path, id)) {
                let registered = task.registered.first()?.clone();
                return Some(Absence::Renamed(path.clone(), task.range, registered));
            }
            if let Some(function) = id.and_then(|id| facts.function(id)) {
                let is_plain = function.decorators.is_empty() && facts.names.assignment(member).is_none();
                return is_plain.then(|| Absence::Function(path.clone(), function.name_range));
            }
            let is_bound = facts.top_class(member).is_some()
                || facts.names.assignment(member).is_some()
                || facts.names.imports().iter().any(|import| import.local == member)
                || !facts.names.stars.is_empty()
                || self.tasks.iter().any(|task| task.path == *path && task.has_computed_name);
            return (!is_bound).then(|| Absence::Member(path.clone()));
        }
        let head = module.split('.').next().unwrap_or("");
        let is_ours = !head.is_empty() && model.modules().is_package(head);
        if is_ours && head != module {
            return Some(Absence::Module(module.to_owned()));
        }
        let is_sibling = |known: &String| known.rsplit_once('.').map_or("", |(prefix, _)| prefix) == module;
        let has_siblings = self.tasks.iter().flat_map(|task| &task.registered).any(is_sibling);
        let any_computed = self.tasks.iter().any(|task| task.has_computed_name);
        (has_siblings && !any_computed).then_some(Absence::Name)
    }
}

/// Returns whether a file that cannot be read whole, or a name that is set in some other way, may hold the task.
fn may_be_hidden(model: &ProjectModel<'_>, name: &str, member: &str) -> bool {
    let names_tasks_itself = model.files_with_word("gen_task_name").next().is_some();
    let sets_name = |text: &str| {
        text.match_indices(name).any(|(at, _)| {
            let before = text[..at].trim_end_matches(['"', '\'']).trim_end();
            before.strip_suffix('=').is_some_and(|before| before.trim_end().ends_with("name"))
        })
    };
    let is_module =
        |file: &ProjectFile<'_>| file.source.language == Language::Python && !file.source.roles.contains(Roles::TEST);
    let mut files = model.files_with_word(member).filter(is_module);
    names_tasks_itself
        || files.any(|file| file.facts.has_errors || file.facts.python().is_none() || sets_name(&file.source.text))
}
