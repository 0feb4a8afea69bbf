//! Who uses a definition: callers, subclasses, routes.

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;
use rustc_hash::FxHashSet;

use super::{ClassRef, ProjectModel};
use crate::project::resolve::Symbol;
use crate::python::ClassId;

impl<'p> ProjectModel<'p> {
    /// Returns whether code that is no test calls the function whose name stands at a place.
    pub fn is_called(&self, path: &RelPath, name: TextRange) -> bool {
        let Some(file) = self.file(path) else { return false };
        let Some(facts) = file.facts.python() else { return false };
        let Some(function) = facts.functions.iter().find(|it| it.name_range == name) else { return false };
        let class = function.class.and_then(|id| facts.class(id));
        let callers = self.files_with_word(&function.name).filter(|it| !it.source.roles.contains(Roles::TEST));
        for caller in callers {
            let Some(calls) = caller.facts.python().map(|facts| &facts.calls) else { continue };
            let is_own_file = caller.source.path == *path;
            for call in calls {
                if is_own_file && function.range.contains(call.callee) {
                    continue;
                }
                let callee = call.callee.slice(&caller.source.text);
                let (object, last) = callee.rsplit_once('.').unwrap_or(("", callee));
                if last != function.name {
                    continue;
                }
                // A method that is called on `self` elsewhere is another class's, unless a class inherits it.
                let is_it = match class {
                    Some(class) => match object {
                        "" => false,
                        "self" | "cls" => is_own_file && class.range.contains(call.callee),
                        _ => !is_common(last),
                    },
                    None => object.is_empty() || !matches!(object, "self" | "cls") && !is_common(last),
                };
                if is_it {
                    return true;
                }
            }
        }
        false
    }

    /// Returns whether no class below writes the method anew, and it takes no base's body away on purpose.
    pub fn is_final(&self, path: &RelPath, name: TextRange) -> bool {
        let Some(file) = self.file(path) else { return true };
        let Some(facts) = file.facts.python() else { return true };
        let Some(function) = facts.functions.iter().find(|it| it.name_range == name) else { return true };
        let Some(class) = function.class else { return true };
        let own = ClassRef { path: &file.source.path, id: class };
        let takes_away = self.bases(own).into_iter().any(|base| match base {
            Symbol::Class(base) => self
                .method(base, &function.name, 8)
                .and_then(|it| self.function(it))
                .is_some_and(|it| it.stub.is_none()),
            _ => false,
        });
        !takes_away && !self.is_overridden(own, &function.name)
    }

    fn is_overridden(&self, class: ClassRef<'_>, method: &str) -> bool {
        self.files_with_word(method).any(|file| {
            let Some(facts) = file.facts.python() else { return false };
            let same_name = facts.functions.iter().filter(|it| it.name == method);
            same_name.filter_map(|it| it.class).any(|id| {
                let other = ClassRef { path: &file.source.path, id };
                (other.path, other.id) != (class.path, class.id)
                    && self.is_below(other, class, 8, &mut FxHashSet::default())
            })
        })
    }

    fn is_below(
        &self,
        class: ClassRef<'_>,
        ancestor: ClassRef<'_>,
        steps: u32,
        seen: &mut FxHashSet<ClassRef<'p>>,
    ) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        let Some(file) = self.file(class.path) else { return false };
        self.bases(ClassRef { path: &file.source.path, id: ClassId(class.id.0) }).into_iter().any(|base| match base {
            Symbol::Class(base) => {
                (base.path, base.id) == (ancestor.path, ancestor.id)
                    || seen.insert(base) && self.is_below(base, ancestor, steps, seen)
            }
            _ => false,
        })
    }

    /// Returns whether a module that makes URL patterns or registers routes mentions a name.
    pub fn is_routed(&self, name: &str) -> bool {
        const MARKS: [&str; 5] = ["urlpatterns", "register", "DefaultRouter", "SimpleRouter", "include_router"];
        self.files_with_word(name).any(|file| {
            file.facts.python().is_some()
                && !file.source.roles.contains(Roles::TEST)
                && (file.source.path.as_str().contains("url")
                    || MARKS.iter().any(|mark| file.facts.words.may_contain(mark)))
        })
    }
}

/// Names that objects of every kind have: a call on some object proves nothing.
fn is_common(name: &str) -> bool {
    const NAMES: [&str; 30] = [
        "get", "set", "add", "save", "update", "delete", "create", "close", "open", "read", "write", "send", "run",
        "clear", "copy", "pop", "start", "stop", "flush", "commit", "refresh", "clean", "validate", "process",
        "execute", "filter", "remove", "append", "setup", "handle",
    ];
    NAMES.contains(&name)
}
