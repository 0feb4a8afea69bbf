//! Which file a template's name means, and which blocks a rendered template is made of.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use arrears_core::source::{Language, RelPath};
use arrears_syntax::template::{FilterExpr, Node, Operand, Template, visit};
use rustc_hash::FxHashMap;

use super::ProjectModel;

/// How many templates a chain of `{% extends %}` has at most.
const LONGEST_CHAIN: usize = 20;

/// The templates of a repository by the names that Django's loaders give them.
///
/// The folders of the loaders are found, not configured: every folder called `templates`, in an app or not.
#[derive(Debug)]
pub struct Templates<'p> {
    by_path: FxHashMap<&'p str, &'p RelPath>,
    by_name: FxHashMap<&'p str, Vec<&'p RelPath>>,
    /// The names below a folder of a theme: `templates/<theme>/<name>`.
    by_themed_name: FxHashMap<&'p str, Vec<&'p RelPath>>,
}

/// A template and those that it extends.
#[derive(Debug, Clone, PartialEq)]
pub struct Inheritance<'p> {
    /// The templates, the rendered one first.
    pub chain: Vec<(&'p RelPath, &'p Template)>,
    /// Whether the last one extends nothing; otherwise it extends what is not known.
    pub is_whole: bool,
    /// The bodies of each block, the child-most first.
    blocks: FxHashMap<&'p str, Vec<Placed<'p>>>,
}

/// Nodes, and the file they stand in.
pub type Placed<'p> = (&'p RelPath, &'p [Node]);

impl<'p> Templates<'p> {
    /// Finds the templates among the paths of the text files.
    pub fn find_all(paths: impl IntoIterator<Item = &'p RelPath>) -> Self {
        let (mut by_path, mut by_name, mut by_themed_name) =
            (FxHashMap::default(), FxHashMap::<_, Vec<_>>::default(), FxHashMap::<_, Vec<_>>::default());
        for path in paths {
            for name in names(path.as_str()) {
                by_path.insert(path.as_str(), path);
                by_name.entry(name).or_default().push(path);
                if let Some((_, themed)) = name.split_once('/') {
                    by_themed_name.entry(themed).or_default().push(path);
                }
            }
        }
        Self { by_path, by_name, by_themed_name }
    }

    /// Returns the file that a name means in `from`, a module or a template.
    ///
    /// Where several apps have the name, the nearest one wins, then the shortest path. A `#partial` is left aside.
    pub fn find(&self, name: &str, from: &RelPath) -> Option<&'p RelPath> {
        self.find_but(name, from, &[])
    }

    /// Returns the file that a name means, passing over templates that extend one of their own name.
    fn find_but(&self, name: &str, from: &RelPath, passed: &[&RelPath]) -> Option<&'p RelPath> {
        let name = name.split('#').next().unwrap_or(name);
        let is_left = |path: &&&RelPath| !passed.contains(*path);
        if name.starts_with("./") || name.starts_with("../") {
            let path = beside(from.folder(), name)?;
            return self.by_path.get(path.as_str()).filter(is_left).copied();
        }
        let named = self.by_name.get(name).into_iter().flatten().filter(is_left);
        let nearest = named.min_by_key(|path| distance(path, from)).copied();
        nearest.or_else(|| match self.by_themed_name.get(name)?.as_slice() {
            [only] => Some(only).filter(is_left).copied(),
            _ => None,
        })
    }
}

impl<'p> ProjectModel<'p> {
    /// Returns the templates of the project, by name.
    pub fn templates(&self) -> &Templates<'p> {
        self.templates.get_or_init(|| {
            let texts = self.files().filter(|file| file.source.language == Language::Text);
            Templates::find_all(texts.map(|file| &file.source.path))
        })
    }

    /// Returns what a template holds; `None` where it was not read.
    pub fn template(&self, path: &RelPath) -> Option<&'p Template> {
        self.file(path)?.facts.template()
    }

    /// Returns a template and those that it extends; `None` where it was not read.
    pub fn inheritance(&self, path: &RelPath) -> Option<Inheritance<'p>> {
        let mut next = self.file(path)?;
        let mut chain: Vec<(&'p RelPath, &'p Template)> = Vec::new();
        while let Some(template) = next.facts.template().filter(|_| chain.len() < LONGEST_CHAIN) {
            let path = &next.source.path;
            chain.push((path, template));
            let Some(parent) = template.parent() else { return Some(Inheritance::new(chain, true)) };
            let passed: Vec<&RelPath> = chain.iter().map(|(path, _)| *path).collect();
            let found = parent_name(parent).and_then(|name| self.templates().find_but(name, path, &passed));
            let Some(file) = found.and_then(|path| self.file(path)) else { break };
            next = file;
        }
        (!chain.is_empty()).then(|| Inheritance::new(chain, false))
    }
}

impl<'p> Inheritance<'p> {
    fn new(chain: Vec<(&'p RelPath, &'p Template)>, is_whole: bool) -> Self {
        let mut blocks: FxHashMap<&'p str, Vec<Placed<'p>>> = FxHashMap::default();
        for (path, template) in &chain {
            for (name, body) in template.blocks() {
                let bodies = blocks.entry(name).or_default();
                // A block that is there twice is refused by Django; the first counts.
                if bodies.last().is_none_or(|(last, _)| last != path) {
                    bodies.push((*path, body));
                }
            }
        }
        Self { chain, is_whole, blocks }
    }

    /// Returns the nodes that are rendered. Each [`Node::Block`] among them, or in one
    /// of them, is to be replaced by the first of [`Self::block`].
    ///
    /// That is the last template of the chain, or all blocks where what it extends is not known.
    pub fn entry(&self) -> Vec<Placed<'p>> {
        let Some((path, root)) = self.chain.last().filter(|_| self.is_whole) else { return self.outer_blocks() };
        vec![(path, root.nodes.as_slice())]
    }

    /// Returns the bodies of a block, the child-most first: `{{ block.super }}` in one of them means the next.
    pub fn block(&self, name: &str) -> &[Placed<'p>] {
        self.blocks.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the blocks that lie in no other block of the chain, each once.
    fn outer_blocks(&self) -> Vec<Placed<'p>> {
        let mut inner = BTreeSet::new();
        for (_, body) in self.chain.iter().flat_map(|(_, template)| template.blocks()) {
            visit(body, &mut |node| inner.extend(block_name(node)));
        }
        let mut found = Vec::new();
        for (path, template) in self.chain.iter().rev() {
            visit(&template.nodes, &mut |node| {
                if block_name(node).is_some_and(|name| inner.insert(name)) {
                    found.push((*path, std::slice::from_ref(node)));
                }
            });
        }
        found
    }
}

fn block_name(node: &Node) -> Option<&str> {
    match node {
        Node::Block { name, .. } => Some(name),
        _ => None,
    }
}

/// Returns the name of a parent: a string, or the string that a missing variable defaults to.
fn parent_name(parent: &FilterExpr) -> Option<&str> {
    let default = parent.filters.iter().find_map(|(filter, argument)| match argument {
        Some(Operand::Str(name)) if matches!(filter.as_str(), "default" | "default_if_none") => Some(name.as_str()),
        _ => None,
    });
    parent.literal().or(default)
}

/// Returns what follows each `templates/` of a path.
fn names(path: &str) -> impl Iterator<Item = &str> {
    const FOLDER: &str = "templates/";
    path.match_indices(FOLDER)
        .filter(|(at, _)| *at == 0 || path.as_bytes()[at - 1] == b'/')
        .map(|(at, _)| &path[at + FOLDER.len()..])
}

/// Orders the templates of one name, seen from a file.
fn distance(path: &RelPath, from: &RelPath) -> (bool, Reverse<usize>, usize, RelPath) {
    let is_test = |path: &RelPath| path.folders().any(|folder| matches!(folder, "test" | "tests" | "testing"));
    let shared = path.folders().zip(from.folders()).take_while(|(left, right)| left == right).count();
    (is_test(path) && !is_test(from), Reverse(shared), path.folders().count(), path.clone())
}

/// Returns the path that `./name` or `../name` means in a folder.
fn beside(folder: &str, name: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in name.split('/') {
        match segment {
            "." | "" => {}
            ".." => drop(segments.pop()?),
            _ => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use arrears_core::source::{Language, RelPath, Roles, SourceFile};

    use super::{Inheritance, Templates};
    use crate::extract::template;
    use crate::facts::Facts;
    use crate::project::{ProjectFile, ProjectModel};

    #[track_caller]
    fn check(paths: &[&str], name: &str, from: &str, expected: Option<&str>) {
        let paths: Vec<RelPath> = paths.iter().map(|path| RelPath::new(path)).collect();
        let found = Templates::find_all(&paths).find(name, &RelPath::new(from)).map(RelPath::as_str);
        assert_eq!(found, expected);
    }

    #[test]
    fn a_name_is_what_follows_the_folder_of_templates() {
        let paths = ["shop/templates/shop/list.html", "templates/base.html", "docs/mytemplates/base.txt"];
        check(&paths, "shop/list.html", "shop/views.py", Some("shop/templates/shop/list.html"));
        check(&paths, "base.html", "shop/views.py", Some("templates/base.html"));
        check(&paths, "base.txt", "shop/views.py", None);
    }

    #[test]
    fn the_nearest_app_wins_then_the_shortest_path() {
        let paths = ["a/templates/x.html", "b/templates/x.html", "templates/x.html"];
        check(&paths, "x.html", "b/views/list.py", Some("b/templates/x.html"));
        check(&paths, "x.html", "c/views.py", Some("templates/x.html"));
    }

    #[test]
    fn a_template_of_tests_is_not_what_production_code_means() {
        let paths = ["a/tests/templates/x.html", "b/c/templates/x.html"];
        check(&paths, "x.html", "a/views.py", Some("b/c/templates/x.html"));
        check(&paths, "x.html", "a/tests/test_views.py", Some("a/tests/templates/x.html"));
    }

    #[test]
    fn a_theme_counts_where_it_is_the_only_one() {
        let paths = ["templates/dark/cart.html", "templates/dark/home.html", "templates/light/home.html"];
        check(&paths, "cart.html", "a/views.py", Some("templates/dark/cart.html"));
        check(&paths, "home.html", "a/views.py", None);
    }

    #[test]
    fn a_relative_name_is_searched_beside_the_template() {
        let paths = ["a/templates/a/x.html", "a/templates/y.html"];
        check(&paths, "../y.html", "a/templates/a/x.html", Some("a/templates/y.html"));
        check(&paths, "./x.html#part", "a/templates/a/z.html", Some("a/templates/a/x.html"));
        check(&paths, "../../../../../y.html", "a/templates/a/x.html", None);
    }

    fn with_chain(files: &[(&str, &str)], act: impl FnOnce(Inheritance<'_>)) {
        let read = |(path, text): &(&str, &str)| {
            let source = SourceFile::new(RelPath::new(path), *text, Language::Text, Roles::empty());
            let facts = template(&source);
            (source, facts)
        };
        let files: Vec<(SourceFile, Facts)> = files.iter().map(read).collect();
        let model = ProjectModel::join(files.iter().map(|(source, facts)| ProjectFile { source, facts }));
        act(model.inheritance(&files[0].0.path).expect("the first file is a template"));
    }

    /// Writes places as `folder: text` of the first node.
    fn places(list: &[(&RelPath, &[arrears_syntax::template::Node])]) -> Vec<String> {
        list.iter().map(|(path, nodes)| format!("{path} {}", nodes.len())).collect()
    }

    #[test]
    fn the_child_most_block_comes_first() {
        let child = "{% extends 'b.html' %}{% block x %}{{ a }}{{ block.super }}{% endblock %}";
        let base = "{% block y %}{% block x %}{{ b }}{% endblock %}{% endblock %}";
        with_chain(&[("templates/a.html", child), ("templates/b.html", base)], |chain| {
            assert!(chain.is_whole);
            assert_eq!(places(&chain.entry()), ["templates/b.html 1"]);
            assert_eq!(places(chain.block("x")), ["templates/a.html 2", "templates/b.html 1"]);
        });
    }

    #[test]
    fn all_outer_blocks_are_rendered_where_the_parent_is_not_known() {
        let child = "{% extends 'b.html' %}{{ a }}{% block x %}{{ a }}{% endblock %}{% block z %}{% endblock %}";
        let base = "{% extends 'admin/base.html' %}{% block y %}{% block x %}{% endblock %}{% endblock %}";
        with_chain(&[("templates/a.html", child), ("templates/b.html", base)], |chain| {
            assert!(!chain.is_whole);
            assert_eq!(places(&chain.entry()), ["templates/b.html 1", "templates/a.html 1"]);
        });
    }

    #[test]
    fn a_template_may_extend_one_of_its_own_name() {
        let child = "{% extends 'a.html' %}";
        with_chain(&[("a/templates/a.html", child), ("templates/a.html", "")], |chain| {
            assert!(chain.is_whole && chain.chain.len() == 2);
        });
    }

    #[test]
    fn a_default_names_the_parent() {
        let child = "{% extends layout|default:'b.html' %}";
        with_chain(&[("templates/a.html", child), ("templates/b.html", "")], |chain| assert!(chain.is_whole));
    }

    #[test]
    fn a_circle_of_parents_ends() {
        let files = [("templates/a.html", "{% extends 'b.html' %}"), ("templates/b.html", "{% extends 'a.html' %}")];
        with_chain(&files, |chain| assert!(!chain.is_whole && chain.chain.len() == 2));
    }
}
