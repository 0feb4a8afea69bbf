//! What React, and what follows its shape, is called in a module.

use arrears_syntax::node::{descendants, field, parts, text};
use arrears_syntax::script::call_path;
use tree_sitter::Node;

use crate::script::ScriptFacts;
use crate::script::effort::starts_word;

/// The packages that offer `Component` as React does.
const REACT: [&str; 6] = ["react", "preact", "preact/compat", "react-dom", "inferno", "@wordpress/element"];

impl ScriptFacts {
    /// Returns whether a class that extends `name` is a component of React itself, seen through import aliases.
    ///
    /// A name that nothing in the module binds is taken by its word: scripts that load React as a global have it.
    pub fn is_react_component(&self, name: &str) -> bool {
        let is_base = |word: &str| matches!(word, "Component" | "PureComponent");
        match name.split_once('.') {
            Some((object, base)) => match self.imported(object) {
                Some((module, imported)) => {
                    is_base(base) && REACT.contains(&module) && matches!(imported, "default" | "*")
                }
                None => is_base(base) && matches!(object, "React" | "Preact" | "preact"),
            },
            None => match self.imported(name) {
                Some((module, imported)) => REACT.contains(&module) && is_base(imported),
                None => is_base(name) && !self.classes.iter().any(|class| class.name == name),
            },
        }
    }

    /// Returns whether the module imports one of these packages, or a part of one.
    pub fn imports_any(&self, packages: &[&str]) -> bool {
        self.imports.iter().any(|import| {
            packages.iter().any(|package| {
                import.module.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        })
    }

    /// Returns whether the module runs outside of a browser: a server, a command, a build script.
    pub fn is_node_code(&self) -> bool {
        const NODE: [&str; 11] = [
            "fs",
            "fs-extra",
            "child_process",
            "os",
            "express",
            "fastify",
            "koa",
            "electron",
            "next/server",
            "server-only",
            "@prisma/client",
        ];
        self.imports_any(&NODE) || self.imports.iter().any(|import| import.module.starts_with("node:"))
    }

    /// Returns whether the module drives a browser or a test runner.
    pub fn is_test_code(&self) -> bool {
        const RUNNERS: [&str; 9] = [
            "@playwright/test",
            "playwright",
            "playwright-core",
            "puppeteer",
            "puppeteer-core",
            "cypress",
            "vitest",
            "@jest/globals",
            "@testing-library",
        ];
        self.imports_any(&RUNNERS)
    }
}

/// Returns whether a hook hands out a function and shows its failures itself: `const [save, state] = useSave()`,
/// `const { save, error } = useOrders()`.
pub fn is_shown_by_hook(root: Node<'_>, name: &str, source: &str) -> bool {
    descendants(root).filter(|node| node.kind() == "variable_declarator").any(|declarator| {
        let is_hook = field(declarator, "value").is_some_and(|value| starts_word(&call_path(value, source), "use"));
        let Some(pattern) = field(declarator, "name").filter(|_| is_hook) else { return false };
        let names: Vec<&str> = parts(pattern).map(|part| text(part, source)).collect();
        let speaks_of_errors = |name: &&str| name.to_lowercase().contains("error");
        match pattern.kind() {
            "array_pattern" => {
                let is_first = names.first() == Some(&name);
                is_first && names.get(1).is_some_and(|state| !state.starts_with('{') || speaks_of_errors(state))
            }
            "object_pattern" => names.contains(&name) && names.iter().any(speaks_of_errors),
            _ => false,
        }
    })
}
