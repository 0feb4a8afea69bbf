//! Hooks that throw outside of a provider, and whether the provider is rendered.

use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;

use super::Frontend;
use super::render::Use;
use crate::python::placeholder::find_word;

/// A hook that reads a context and throws where no provider is above.
#[derive(Debug, Clone)]
pub struct OrphanHook<'p> {
    /// The module of the hook.
    pub path: &'p RelPath,
    /// Its name.
    pub name: &'p str,
    /// Where the name stands.
    pub range: TextRange,
    /// The context it reads.
    pub context: &'p str,
    /// A place where it is called.
    pub call: Use<'p>,
}

impl<'p> Frontend<'p> {
    /// Returns the hooks that throw without a provider, are called by the product, and whose provider nothing renders.
    pub fn orphan_hooks(&self) -> Vec<OrphanHook<'p>> {
        let mut found = Vec::new();
        let kept = Roles::TEST | Roles::STORY | Roles::GENERATED | Roles::VENDORED;
        for (file, facts) in self.scripts().filter(|(file, _)| !file.source.roles.intersects(kept)) {
            let path = &file.source.path;
            if !file.facts.words.may_contain("useContext") || !self.is_reachable(path) || !self.is_whole_around(path) {
                continue;
            }
            for hook in facts.functions.iter().filter(|it| it.name.starts_with("use")) {
                let body = hook.range.slice(&file.source.text);
                let Some(context) = read_context(body).filter(|_| body.contains("throw ")) else { continue };
                if self.provides(path, context) {
                    continue;
                }
                if let Some(call) = self.call_of(path, &hook.name) {
                    let range = hook.name_range;
                    found.push(OrphanHook { path, name: &hook.name, range, context, call });
                }
            }
        }
        found
    }

    /// Whether something that is rendered provides a context.
    fn provides(&self, path: &RelPath, context: &str) -> bool {
        let Some((home, own)) = self.definition(path, context) else { return true };
        if self.files.get(home.as_str()).is_none_or(|file| has_default(&file.source.text, own)) {
            return true;
        }
        let mut is_passed_on = false;
        for (file, facts) in self.scripts() {
            let user = &file.source.path;
            let text = &file.source.text;
            if !file.facts.words.may_contain(own) && !file.facts.words.may_contain(context) {
                continue;
            }
            for element in &facts.elements {
                let written = element.name.slice(text);
                let name = written.strip_suffix(".Provider").unwrap_or(written);
                let is_it = (name == own || name == context || written.ends_with(".Provider"))
                    && self.definition(user, name).is_some_and(|(file, local)| file == home && local == own);
                if !is_it {
                    continue;
                }
                let is_live = self.is_reachable(user)
                    && facts.outer_owner_at(element.name).is_none_or(|(owner, _)| {
                        !owner.starts_with(|first: char| first.is_ascii_uppercase()) || self.rendered(user, owner)
                    });
                if is_live {
                    return true;
                }
            }
            // `createElement(Context.Provider, …)`, `const { Provider } = Context`, a factory: it cannot be followed.
            let uses = facts.mentions.iter().filter(|it| it.slice(text) == own || it.slice(text) == context);
            let plain = uses.filter(|it| {
                let before = text.get(..it.to_usize().start).unwrap_or("");
                let is_known =
                    ["useContext(", "use(", "<", "</", "const ", "let "].iter().any(|known| before.ends_with(known));
                !is_known
            });
            is_passed_on |= plain.count() > 0;
        }
        is_passed_on
    }

    fn call_of(&self, home: &RelPath, hook: &str) -> Option<Use<'p>> {
        for (file, facts) in self.scripts() {
            let user = &file.source.path;
            let text = &file.source.text;
            let kept = Roles::TEST | Roles::STORY;
            if !file.facts.words.may_contain(hook) || file.source.roles.intersects(kept) || !self.is_reachable(user) {
                continue;
            }
            if user == home || self.definition(user, hook).is_none_or(|(file, _)| file != home) {
                continue;
            }
            let call = format!("{hook}(");
            let at = text.match_indices(&call).map(|(at, _)| at).find(|at| {
                let range = TextRange::of(*at..*at + hook.len());
                find_word(text.get(*at..*at + hook.len() + 1).unwrap_or(""), hook).is_some()
                    && facts.outer_owner_at(range).is_some_and(|(owner, _)| {
                        owner.starts_with(|first: char| first.is_ascii_uppercase()) && self.rendered(user, owner)
                    })
            });
            if let Some(at) = at {
                return Some(Use { path: user, range: TextRange::of(at..at + hook.len()) });
            }
        }
        None
    }
}

/// Returns the context that a hook reads.
fn read_context(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("useContext(").or_else(|| body.split_once("useContext<")?.1.split_once(">("))?;
    let rest = rest.trim_start();
    let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_')?;
    let name = rest.get(..end)?;
    (name.starts_with(|first: char| first.is_ascii_uppercase()) && rest.get(end..)?.trim_start().starts_with(')'))
        .then_some(name)
}

/// Whether a context is made with a value that the hook is content with.
fn has_default(text: &str, context: &str) -> bool {
    let made = text.match_indices("createContext").find(|(at, _)| {
        let before =
            text.get(..*at).unwrap_or("").trim_end_matches("React.").trim_end().trim_end_matches('=').trim_end();
        let line = before.rsplit(['\n', ';']).next().unwrap_or("");
        find_word(line, context).is_some()
    });
    let Some((at, _)) = made else { return true };
    let call = text.get(at..).unwrap_or("");
    let given = call.split_once('(').map_or("", |(_, rest)| rest.trim_start());
    !(given.starts_with("null") || given.starts_with("undefined") || given.starts_with(')'))
}
