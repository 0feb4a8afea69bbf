//! Which declared distributions of Python are used, and which used ones are not declared.

use std::cell::RefCell;
use std::collections::BTreeMap;

use arrears_core::text::TextRange;

use super::companions::{COMPANIONS, Sign, is_tool};
use super::corpus::{Corpus, Module, parts};
use super::kits::is_kit;
use super::names::{imports_of, is_known, may_bring, normalised, telling_words};
use super::stdlib::is_standard;
use super::{Declaration, Dependencies, Ecosystem, Kind, Manifest, Set, Unused};
use crate::project::ProjectModel;

/// How many packages stand between one that is used and one that is used by it.
const STEPS: u32 = 3;

/// What is asked of one repository.
pub(super) struct Judge<'a, 'p> {
    pub(super) model: &'a ProjectModel<'p>,
    pub(super) dependencies: &'a Dependencies<'p>,
    pub(super) corpus: Corpus<'p>,
    known: RefCell<BTreeMap<(&'p str, String), bool>>,
}

impl<'a, 'p> Judge<'a, 'p> {
    pub(super) fn new(model: &'a ProjectModel<'p>, dependencies: &'a Dependencies<'p>) -> Self {
        let corpus = Corpus::find(model, dependencies);
        Self { model, dependencies, corpus, known: RefCell::default() }
    }

    /// Returns the declared distributions that nothing uses, in the order of the manifests.
    pub(super) fn unused(&self) -> Vec<Unused<'p>> {
        let mut found = Vec::new();
        for set in self.dependencies.sets().iter().filter(|it| it.ecosystem == Ecosystem::Python) {
            if self.corpus.modules_of(set.folder).next().is_none() {
                continue;
            }
            let has_notebooks = self.model.inventory().files_below(set.folder).any(|path| path.extension() == "ipynb");
            for manifest in set.members.iter().filter_map(|at| self.dependencies.manifests().get(*at)) {
                for declaration in manifest.declarations.iter().filter(|it| self.is_judged(manifest, it)) {
                    let is_open = has_notebooks && !declaration.key.contains("django");
                    let is_left =
                        self.is_left_to_settings(set, &declaration.key) || is_kit(Ecosystem::Python, &declaration.key);
                    if !is_open && !is_left && !self.is_used(set, declaration) {
                        let is_minor = kind_of(manifest, declaration) != Kind::Runtime;
                        let declaration = declaration.clone();
                        found.push(Unused {
                            ecosystem: Ecosystem::Python,
                            manifest: manifest.path,
                            declaration,
                            is_minor,
                            has_code: true,
                        });
                    }
                }
            }
        }
        found
    }

    pub(super) fn is_judged(&self, manifest: &Manifest<'p>, declaration: &Declaration) -> bool {
        is_judged(manifest, declaration)
    }

    /// Returns whether something names one of some distributions, or a command installs one.
    pub(super) fn is_any_named(&self, sets: &[&Set<'p>], keys: &[&str]) -> bool {
        let names: Vec<String> = keys.iter().flat_map(|key| imports_of(key)).collect();
        let imports = |set: &Set<'p>| {
            self.corpus.modules_of(set.folder).any(|module| names.iter().any(|name| module.imports(name)))
        };
        let words: Vec<&str> = keys.iter().copied().chain(names.iter().map(String::as_str)).collect();
        let debian: Vec<String> = keys.iter().map(|key| format!("python3-{key}")).collect();
        let debian: Vec<&str> = debian.iter().map(String::as_str).collect();
        sets.iter().any(|set| imports(set))
            || self.corpus.configured(&words).is_some()
            || self.corpus.configured(&debian).is_some()
    }

    /// Returns whether something uses a declared distribution.
    pub(super) fn is_used(&self, set: &Set<'p>, declaration: &Declaration) -> bool {
        self.is_key_used(set, &declaration.key, STEPS)
    }

    fn is_key_used(&self, set: &Set<'p>, key: &str, steps: u32) -> bool {
        let at = (set.folder, key.to_owned());
        if let Some(known) = self.known.borrow().get(&at) {
            return *known;
        }
        let is_used = self.is_named(set, key) || self.has_sign(set, key, steps);
        if steps == STEPS {
            self.known.borrow_mut().insert(at, is_used);
        }
        is_used
    }

    /// Returns whether code or configuration names a distribution or what it is imported as.
    fn is_named(&self, set: &Set<'p>, key: &str) -> bool {
        let names = imports_of(key);
        let names_it = |module: &Module<'p>| {
            let is_unread = module.file.facts.has_errors;
            names.iter().any(|name| {
                module.imports(name)
                    || module.quoted(name).is_some()
                    || is_unread && parts(name).all(|part| module.file.facts.words.may_contain(part))
            })
        };
        let mut words: Vec<&str> = names.iter().map(String::as_str).filter(|it| it.len() > 2).collect();
        let underscored = key.replace('-', "_");
        words.extend([key, underscored.as_str()]);
        self.corpus.modules_of(set.folder).any(names_it)
            || self.corpus.configured(&words).is_some()
            || self.is_meant(set, key)
    }

    /// Returns whether a distribution that is not known may be what an import or a text means that nothing else explains.
    fn is_meant(&self, set: &Set<'p>, key: &str) -> bool {
        let members = self.dependencies.members(set);
        let is_other = |head: &str| {
            let is_its = |it: &Declaration| {
                it.key != key && (it.key == normalised(head) || imports_of(&it.key).iter().any(|name| name == head))
            };
            is_standard(head) || members.iter().any(|manifest| manifest.declarations.iter().any(is_its))
        };
        let words: Vec<String> = telling_words(key).into_iter().filter(|word| !is_other(word)).collect();
        if words.is_empty() {
            return false;
        }
        self.corpus.modules_of(set.folder).any(|module| {
            let heads = module.imports.iter().map(|it| it.split('.').next().unwrap_or(it));
            let mut foreign = heads.filter(|head| may_bring(key, head) && !is_other(head));
            foreign.any(|head| !self.is_local(&module.file.source.path, head))
                || words
                    .iter()
                    .any(|word| word.len() > 4 && module.quoted(word).is_some_and(|at| is_dotted(module, at.range)))
        })
    }

    /// Returns whether there is a sign of what is used without being named.
    fn has_sign(&self, set: &Set<'p>, key: &str, steps: u32) -> bool {
        let Ok(at) = COMPANIONS.binary_search_by_key(&key, |(name, _)| name) else { return false };
        let signs = COMPANIONS.get(at).map_or(&[] as &[Sign], |(_, signs)| signs);
        signs.iter().any(|sign| match sign {
            Sign::Word(word) => self.corpus.modules_of(set.folder).any(|it| it.file.facts.words.may_contain(word)),
            Sign::Text(text) => self.has_text(set, text),
            Sign::Package(other) => {
                let members = self.dependencies.members(set);
                let is_declared = members.iter().any(|it| it.declaration(other).is_some());
                steps > 0 && is_declared && self.is_key_used(set, other, steps - 1)
            }
        })
    }

    fn has_text(&self, set: &Set<'p>, wanted: &str) -> bool {
        let holds = |text: &str| {
            text.match_indices(wanted).take(200).any(|(at, _)| {
                let line = text.get(..at).and_then(|it| it.rsplit('\n').next()).unwrap_or("").trim_start();
                !line.starts_with('#')
            })
        };
        self.corpus.modules_of(set.folder).any(|it| holds(&it.file.source.text))
            || self.corpus.configuration.iter().any(|it| holds(&it.source.text))
    }
}

/// Returns whether a text goes on with a dot: it names something of a module.
fn is_dotted(module: &Module<'_>, range: TextRange) -> bool {
    module.file.source.text.get(range.to_usize().end..).is_some_and(|rest| rest.starts_with('.'))
}

fn kind_of(manifest: &Manifest<'_>, declaration: &Declaration) -> Kind {
    if manifest.kind == Kind::Runtime { declaration.kind } else { manifest.kind }
}

/// Returns whether it can be said of a declaration that nothing uses it.
fn is_judged(manifest: &Manifest<'_>, declaration: &Declaration) -> bool {
    const KEPT: [&str; 13] = [
        "transitive",
        "cve-",
        "security",
        "vulnerab",
        "pin",
        "needed by",
        "needed for",
        "required by",
        "required for",
        "used by",
        "dependency of",
        "indirect",
        "via ",
    ];
    let comment = declaration.comment.to_ascii_lowercase();
    let is_for_pages = manifest.path.as_str().split(['/', '.', '-', '_']).any(|word| matches!(word, "doc" | "docs"));
    let is_plain = !declaration.name.is_empty()
        && !is_for_pages
        && !declaration.is_conditional
        && (!declaration.is_addressed || is_known(&declaration.key))
        && !is_tool(&declaration.key)
        && !KEPT.iter().any(|word| comment.contains(word));
    let is_asked_for =
        !manifest.is_lock || manifest.path.extension() == "txt" && is_root(&declaration.key) && comment.is_empty();
    let is_judged = match kind_of(manifest, declaration) {
        Kind::Runtime => true,
        Kind::Optional | Kind::Dev => is_known(&declaration.key),
        Kind::Peer | Kind::Build => false,
    };
    is_plain && is_asked_for && is_judged
}

/// Returns whether nothing else is known to need a distribution, so that who lists it asks for it.
fn is_root(key: &str) -> bool {
    const NEEDED: [&str; 12] = [
        "django-appconf",
        "django-classy-tags",
        "django-crispy-forms",
        "django-filter",
        "django-formtools",
        "django-ipware",
        "django-js-asset",
        "django-otp",
        "django-permissionedforms",
        "django-sekizai",
        "django-stubs-ext",
        "django-timezone-field",
    ];
    let is_app = ["django-", "djangorestframework-", "drf-"].iter().any(|start| key.starts_with(start));
    is_app && !NEEDED.contains(&key) && is_known(key)
        || matches!(key, "gunicorn" | "whitenoise" | "psycopg2-binary" | "channels-redis" | "python-decouple")
}
