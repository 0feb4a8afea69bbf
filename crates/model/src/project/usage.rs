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

    /// Returns whether some code that is no test, or some configuration, uses a class: not only imports it, exports it, or
    /// lists it in `__all__`.
    ///
    /// Another class of the same name is another class, where the name can be followed.
    pub fn is_class_used(&self, class: ClassRef<'p>) -> bool {
        let Some(facts) = self.python(class.path).and_then(|facts| facts.class(class.id)) else { return true };
        self.files_with_word(&facts.name).any(|file| {
            let text = &file.source.text;
            let is_test = file.source.roles.contains(Roles::TEST) && tests_something(text);
            if is_test || file.source.roles.contains(Roles::MIGRATION) {
                return false;
            }
            let Some(python) = file.facts.python() else {
                // Documents tell of classes; code that is configured names them with their module.
                return words(text, &facts.name).any(|at| text[..at].ends_with(['.', ':']));
            };
            let is_own = file.source.path == *class.path;
            words(text, &facts.name).any(|at| {
                let place = TextRange::of(at..at + facts.name.len());
                if is_own && facts.range.contains(place) || is_listed(text, at, facts.name.len()) {
                    return false;
                }
                if python.names.imports().iter().any(|import| import.range.contains(place)) {
                    // An import under another name is followed by that name.
                    let renamed = python.names.imports().iter().find(|import| import.range.contains(place));
                    return renamed.is_some_and(|it| {
                        it.local != facts.name
                            && words(text, &it.local).any(|other| !it.range.contains_offset(offset(other)))
                            && words(text, &it.local).count() > 1
                    });
                }
                if is_in_comment(text, at) {
                    return false;
                }
                let dotted = dotted_before(text, at, facts.name.len());
                match self.resolve(&file.source.path, dotted, place.start()) {
                    Some(Symbol::Class(other)) => other == class,
                    Some(Symbol::External(_)) | None => {
                        // A string, or something that cannot be followed.
                        !is_own || !facts.range.contains(place)
                    }
                    Some(Symbol::Function(_) | Symbol::Variable(..) | Symbol::Module(_)) => false,
                }
            })
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

/// A folder called `test` may be an app: exams, laboratory tests.
fn tests_something(text: &str) -> bool {
    ["def test", "TestCase", "import unittest", "pytest", "factory", "assert "].iter().any(|mark| text.contains(mark))
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Returns where a word stands in a text.
fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_' || *it >= 0x80);
    let bytes = text.as_bytes();
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        !is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(at + word.len()))
    })
}

/// Returns whether a word is a whole string on its own, followed by a comma or the end of a list: an entry of `__all__`.
fn is_listed(text: &str, at: usize, len: usize) -> bool {
    let quote = |byte: Option<&u8>| byte.is_some_and(|it| matches!(it, b'"' | b'\''));
    quote(at.checked_sub(1).and_then(|it| text.as_bytes().get(it)))
        && quote(text.as_bytes().get(at + len))
        && text[..at].rfind("__all__").is_some_and(|all| !text[all..at].contains(']'))
}

fn is_in_comment(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
    text[line..at].trim_start().starts_with('#')
}

/// Returns the dotted name that ends with a word.
fn dotted_before(text: &str, at: usize, len: usize) -> &str {
    let is_name = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.');
    let start = text[..at].char_indices().rev().take_while(|(_, it)| is_name(*it)).last().map_or(at, |(from, _)| from);
    text[start..at + len].trim_start_matches('.')
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
