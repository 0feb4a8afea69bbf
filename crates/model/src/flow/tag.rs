//! Tags and filters of templates that functions of the project are.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Engine;
use crate::project::FunctionRef;
use crate::python::FunctionId;
use crate::python::body::Expr;

/// A function that templates call as a tag.
#[derive(Debug, Clone)]
pub(crate) struct Tag<'p> {
    pub(crate) function: FunctionRef<'p>,
    /// Whether its first argument is the context.
    pub(crate) takes_context: bool,
    /// The template that it renders with what it returns.
    pub(crate) template: Option<Rc<str>>,
}

/// The tags and filters of the project, by name. A name that two libraries have belongs to neither.
#[derive(Debug, Default)]
pub(crate) struct Tags<'p> {
    pub(crate) tags: FxHashMap<String, Tag<'p>>,
    pub(crate) filters: FxHashMap<String, FunctionRef<'p>>,
}

impl<'p> Engine<'_, 'p> {
    /// Returns the tags and filters of the project.
    pub(crate) fn tags(&mut self) -> Rc<Tags<'p>> {
        if let Some(known) = &self.tags {
            return Rc::clone(known);
        }
        let tags = Rc::new(self.find_tags());
        self.tags = Some(Rc::clone(&tags));
        tags
    }

    fn find_tags(&self) -> Tags<'p> {
        let mut tags = Tags::default();
        let (mut seen_tags, mut seen_filters) = (FxHashMap::default(), FxHashMap::default());
        for (file, facts) in self.project.python_files() {
            let is_library = file.source.path.folders().any(|folder| folder == "templatetags");
            let Some(module) = self.module(&file.source.path).filter(|_| is_library) else { continue };
            for (id, body) in (0..).map(FunctionId).zip(&module.bodies.functions) {
                let Some(function) = facts.function(id).filter(|it| it.class.is_none()) else { continue };
                for decorator in &body.decorators {
                    let bodies = module.bodies;
                    let (callee, args) = match bodies.expr(*decorator) {
                        Expr::Call { function, args } => (bodies.dotted(function, module.text), Some(args)),
                        _ => (bodies.dotted(*decorator, module.text), None),
                    };
                    let kind = callee.and_then(|it| it.rsplit('.').next()).unwrap_or("");
                    let string = |id| bodies.string(id, module.text);
                    let keyword = |name| args.and_then(|args| bodies.keyword(args, name, module.text));
                    let first = args.and_then(|args| bodies.positional(args, 0)).and_then(string);
                    let name = keyword("name").and_then(string).unwrap_or(&function.name).to_owned();
                    let reference = FunctionRef { path: module.path, id };
                    match kind {
                        "simple_tag" | "inclusion_tag" | "assignment_tag" => {
                            let takes = keyword("takes_context").is_some_and(|it| bodies.expr(it) == Expr::True);
                            let template = first.or_else(|| keyword("filename").and_then(string));
                            let tag = Tag {
                                function: reference,
                                takes_context: takes,
                                template: template.filter(|_| kind == "inclusion_tag").map(Rc::from),
                            };
                            *seen_tags.entry(name.clone()).or_insert(0) += 1;
                            tags.tags.insert(name, tag);
                        }
                        "filter" => {
                            let name = first.map_or(name, str::to_owned);
                            *seen_filters.entry(name.clone()).or_insert(0) += 1;
                            tags.filters.insert(name, reference);
                        }
                        _ => {}
                    }
                }
            }
        }
        tags.tags.retain(|name, _| seen_tags.get(name) == Some(&1));
        tags.filters.retain(|name, _| seen_filters.get(name) == Some(&1));
        tags
    }
}
