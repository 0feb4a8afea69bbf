//! Which functions run inside a transaction, as far as names tell.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use arrears_core::source::Roles;
use rustc_hash::FxHashMap;

use super::lineage::Lineage;
use super::module::Module;
use crate::project::{ClassRef, FunctionRef, ProjectModel};

/// How many callers of callers are asked.
const DEPTH: u32 = 4;

/// What a function with a transaction has in its text.
const MARKS: [&str; 3] = ["atomic", "set_autocommit", "with transaction"];

/// The transactions of a project.
pub struct Transactions<'a, 'p> {
    project: &'a ProjectModel<'p>,
    /// The functions that call something of a name.
    callers: OnceCell<FxHashMap<&'p str, Vec<FunctionRef<'p>>>>,
    /// What functions say themselves, their classes left out.
    said: RefCell<FxHashMap<FunctionRef<'p>, bool>>,
    lineages: RefCell<FxHashMap<ClassRef<'p>, Rc<Lineage<'p>>>>,
}

impl<'a, 'p> Transactions<'a, 'p> {
    /// Begins without any.
    pub fn new(project: &'a ProjectModel<'p>) -> Self {
        Self { project, callers: OnceCell::new(), said: RefCell::default(), lineages: RefCell::default() }
    }

    /// Returns whether every request is a transaction: `ATOMIC_REQUESTS`.
    pub fn has_all_requests(&self) -> bool {
        self.project.files_with_word("ATOMIC_REQUESTS").next().is_some()
    }

    /// Returns whether a function may run inside a transaction: of its own, of its class, of one that may call it.
    pub fn may_hold(&self, function: FunctionRef<'p>) -> bool {
        let mut seen = BTreeSet::new();
        self.holds(function, &mut seen, DEPTH)
    }

    fn holds(&self, function: FunctionRef<'p>, seen: &mut BTreeSet<FunctionRef<'p>>, steps: u32) -> bool {
        if !seen.insert(function) {
            return false;
        }
        let Some(facts) = self.project.function(function) else { return true };
        if self.says_so(function) || self.class_says_so(function) {
            return true;
        }
        let Some(steps) = steps.checked_sub(1) else { return false };
        let callers = self.callers().get(facts.name.as_str());
        callers.into_iter().flatten().any(|caller| self.holds(*caller, seen, steps))
    }

    /// `@transaction.atomic`, `with transaction.atomic():`, a wrapper that has the word in its name.
    fn says_so(&self, function: FunctionRef<'p>) -> bool {
        if let Some(said) = self.said.borrow().get(&function) {
            return *said;
        }
        let says = self.reads_so(function);
        self.said.borrow_mut().insert(function, says);
        says
    }

    fn reads_so(&self, function: FunctionRef<'p>) -> bool {
        let Some((facts, file)) = self.project.function(function).zip(self.project.file(function.path)) else {
            return true;
        };
        let is_marked = |text: &str| {
            if !MARKS.iter().any(|mark| text.contains(mark)) {
                return false;
            }
            let mut code = text.lines().map(|line| line.split_once('#').map_or(line, |(code, _)| code));
            code.any(|line| MARKS.iter().any(|mark| line.contains(mark)))
        };
        is_marked(facts.range.slice(&file.source.text))
            || facts.decorators.iter().any(|it| is_marked(&it.path) || it.argument.as_deref().is_some_and(is_marked))
    }

    /// A decorated class, or a method of it through which all others are called.
    fn class_says_so(&self, function: FunctionRef<'p>) -> bool {
        let Some(class) = self.project.function(function).and_then(|facts| facts.class) else { return false };
        let lineage = self.lineage(ClassRef { path: function.path, id: class });
        lineage.classes.iter().any(|class| {
            let Some(module) = Module::of(self.project, class.path) else { return false };
            let decorators = module.class_body(*class).into_iter().flat_map(|body| &body.decorators);
            let mut texts = decorators.map(|id| module.bodies.span(*id).slice(module.text));
            let by_methods = || {
                let entries = ["dispatch", "mutate", "perform_mutation", "__call__", "run"];
                let methods = entries.iter().filter_map(|name| module.facts.method(class.id, name));
                methods.into_iter().any(|id| id != function.id && self.says_so(FunctionRef { path: class.path, id }))
            };
            texts.any(|text| text.contains("atomic")) || by_methods()
        })
    }

    fn lineage(&self, class: ClassRef<'p>) -> Rc<Lineage<'p>> {
        let mut lineages = self.lineages.borrow_mut();
        Rc::clone(lineages.entry(class).or_insert_with(|| Rc::new(Lineage::of(self.project, class))))
    }

    fn callers(&self) -> &FxHashMap<&'p str, Vec<FunctionRef<'p>>> {
        self.callers.get_or_init(|| {
            let mut callers: FxHashMap<&'p str, Vec<FunctionRef<'p>>> = FxHashMap::default();
            let files = self.project.python_files();
            for (file, facts) in files.filter(|(file, _)| !file.source.roles.intersects(Roles::TEST | Roles::MIGRATION))
            {
                for call in &facts.calls {
                    let Some(id) = call.function else { continue };
                    let name = call.callee.slice(&file.source.text).rsplit('.').next().unwrap_or("");
                    let list = callers.entry(name.trim()).or_default();
                    let caller = FunctionRef { path: &file.source.path, id };
                    if list.last().is_none_or(|last| *last < caller) {
                        list.push(caller);
                    } else if let Err(at) = list.binary_search(&caller) {
                        list.insert(at, caller);
                    }
                }
            }
            callers
        })
    }
}
