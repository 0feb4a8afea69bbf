//! What specifiers and names of small projects mean.

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use super::Target;
use crate::extract::{extract, words_only};
use crate::facts::Facts;
use crate::outline::Interest;
use crate::project::{ProjectFile, ProjectModel};
use crate::role::roles;

/// A project of some files.
struct Project(Vec<(SourceFile, Facts)>);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let read = |(path, text): &(&str, &str)| {
            let path = RelPath::new(path);
            let language = Language::of(&path).unwrap_or(Language::Text);
            let roles = roles(&path, text, language);
            let source = SourceFile::new(path, *text, language, roles);
            let facts = match Grammar::of(language) {
                Some(grammar) => extract(&source, &parse::parse(grammar, text), &Interest::none(grammar)).0,
                None => words_only(&source),
            };
            (source, facts)
        };
        Self(files.iter().map(read).collect())
    }

    fn model(&self) -> ProjectModel<'_> {
        ProjectModel::join(self.0.iter().map(|(source, facts)| ProjectFile { source, facts }))
    }
}

fn resolved(files: &[(&str, &str)], from: &str, specifiers: &[&str]) -> Vec<String> {
    let project = Project::new(files);
    let model = project.model();
    let show = |specifier: &&str| match model.frontend().resolve(&RelPath::new(from), specifier) {
        Target::File(path) => path.to_string(),
        Target::Asset => "asset".to_owned(),
        Target::External(name) => format!("package {name}"),
        Target::Unresolved => "unresolved".to_owned(),
    };
    specifiers.iter().map(show).collect()
}

fn defined(files: &[(&str, &str)], from: &str, names: &[&str]) -> Vec<String> {
    let project = Project::new(files);
    let model = project.model();
    let show = |name: &&str| match model.frontend().definition(&RelPath::new(from), name) {
        Some((path, name)) => format!("{path}#{name}"),
        None => "unknown".to_owned(),
    };
    names.iter().map(show).collect()
}

#[test]
fn a_relative_specifier_leaves_extension_and_index_out() {
    let files = [("web/src/a.ts", ""), ("web/src/b/index.tsx", ""), ("web/src/c.d.ts", ""), ("web/src/e.ios.tsx", "")];
    let found = resolved(&files, "web/src/main.ts", &["./a", "./a.js", "./b", "./c", "./e", "./d", "../x.css", "./b/"]);
    let wanted = [
        "web/src/a.ts",
        "web/src/a.ts",
        "web/src/b/index.tsx",
        "web/src/c.d.ts",
        "web/src/e.ios.tsx",
        "unresolved",
        "asset",
        "web/src/b/index.tsx",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn paths_of_a_tsconfig_are_followed_through_what_it_extends() {
    let files = [
        ("package.json", r#"{ "workspaces": ["packages/*"] }"#),
        ("packages/config/package.json", r#"{ "name": "@shop/config" }"#),
        ("packages/config/react.json", r#"{ "compilerOptions": { "baseUrl": ".", /* all */ "paths": {}, } }"#),
        ("web/package.json", r#"{ "name": "web", "dependencies": { "react": "19" } }"#),
        (
            "web/tsconfig.json",
            r#"{ "extends": "@shop/config/react.json", "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], "@api": ["src/api/client"] } } }"#,
        ),
        ("web/src/api/client.ts", ""),
        ("web/src/ui/index.ts", ""),
    ];
    let found =
        resolved(&files, "web/src/main.ts", &["@/ui", "@api", "src/ui", "react", "react/jsx-runtime", "@/gone", "fs"]);
    let wanted = [
        "web/src/ui/index.ts",
        "web/src/api/client.ts",
        "web/src/ui/index.ts",
        "package react",
        "package react",
        "unresolved",
        "package fs",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn packages_of_the_repository_are_known_by_their_sources() {
    let exports = r#"{ "name": "@shop/ui", "exports": { ".": { "import": "./dist/index.mjs" }, "./button": "./dist/button/index.js", "./icons/*": "./src/icons/*.tsx" } }"#;
    let files = [
        ("packages/ui/package.json", exports),
        ("packages/ui/src/index.ts", ""),
        ("packages/ui/src/button/index.tsx", ""),
        ("packages/ui/src/icons/plus.tsx", ""),
        ("web/package.json", r#"{ "dependencies": { "@shop/ui": "workspace:*" } }"#),
    ];
    let found = resolved(&files, "web/main.ts", &["@shop/ui", "@shop/ui/button", "@shop/ui/icons/plus", "@shop/ui/x"]);
    let wanted = [
        "packages/ui/src/index.ts",
        "packages/ui/src/button/index.tsx",
        "packages/ui/src/icons/plus.tsx",
        "unresolved",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn aliases_of_a_bundler_are_read_as_literals() {
    let config = r#"
        import path from "path";
        export default { resolve: { alias: { "@": path.resolve(__dirname, "./src"), "~icons": "/src/icons" } } };
    "#;
    let files = [
        ("web/package.json", "{}"),
        ("web/vite.config.ts", config),
        ("web/src/app.tsx", ""),
        ("web/src/icons/plus.tsx", ""),
    ];
    let found = resolved(&files, "web/src/main.ts", &["@/app", "~icons/plus", "@/styles.css"]);
    assert_eq!(found, ["web/src/app.tsx", "web/src/icons/plus.tsx", "asset"]);
}

#[test]
fn names_are_followed_through_barrels_and_circles() {
    let files = [
        (
            "ui/index.ts",
            "export * from './button';\nexport * from './circle';\nexport * as icons from './icons';\nexport { default as Card } from './card';",
        ),
        ("ui/button.tsx", "export const Button = () => <button />;"),
        ("ui/circle.ts", "export * from './index';"),
        ("ui/icons.tsx", "export function Plus() { return <i />; }"),
        ("ui/card.tsx", "function Card() { return <p />; }\nexport default Card;"),
        ("ui/modal.tsx", "export default function () { return <p />; }"),
        (
            "main.tsx",
            "import { Button as B, icons, Card, Gone } from './ui';\nimport * as ui from './ui';\nimport Modal from './ui/modal';\nconst Page = lazy(() => import('./ui/card'));",
        ),
    ];
    let found = defined(&files, "main.tsx", &["B", "icons.Plus", "Card", "Gone", "ui.Button", "Modal", "Page", "Own"]);
    let wanted = [
        "ui/button.tsx#Button",
        "ui/icons.tsx#Plus",
        "ui/card.tsx#Card",
        "unknown",
        "ui/button.tsx#Button",
        "ui/modal.tsx#",
        "ui/card.tsx#Card",
        "main.tsx#Own",
    ];
    assert_eq!(found, wanted);
}

const PAGE: (&str, &str) = ("web/index.html", r#"<script type="module" src="/src/main.tsx"></script>"#);
const MANIFEST: (&str, &str) = ("web/package.json", r#"{ "dependencies": { "react": "19" } }"#);

fn unused(files: &[(&str, &str)]) -> Vec<String> {
    let project = Project::new(files);
    let model = project.model();
    let frontend = model.frontend();
    let paths = frontend.scripts().map(|(file, _)| &file.source.path).filter(|path| frontend.is_unused(path));
    paths.map(ToString::to_string).collect()
}

#[test]
fn what_a_page_loads_keeps_alive_what_it_imports_and_no_more() {
    let files = [
        PAGE,
        MANIFEST,
        ("web/src/main.tsx", "import './a'; import type { B } from './b'; const c = import('./c');"),
        ("web/src/a.ts", "export * from './d';"),
        ("web/src/b.ts", "export type B = 1;"),
        ("web/src/c.ts", "export const c = require('./e').e;"),
        ("web/src/d.ts", "export const d = 1;"),
        ("web/src/e.ts", "exports.e = 1;"),
        ("web/src/f.ts", "import './a'; export const f = 1;"),
        ("web/src/f.test.ts", "import './f';"),
    ];
    assert_eq!(unused(&files), ["web/src/f.ts"]);
}

#[test]
fn what_is_unknown_silences_what_it_may_load() {
    let start = |more: &str| format!("import './c';\n{more}");
    let unused = |more: &str| {
        let (main, c) = (start(more), ("web/src/c.ts", "export const c = 1;"));
        unused(&[PAGE, MANIFEST, c, ("web/src/main.tsx", main.as_str()), ("web/src/b/a.ts", "export const a = 1;")])
    };
    assert_eq!(unused("export {};"), ["web/src/b/a.ts"]);
    assert!(unused("import '@gone/b/a';\nimport '@/b/a';").is_empty(), "an alias nobody knows");
    assert!(unused("import(name);").is_empty(), "a computed name");
    assert!(unused("import(`./b/${name}`);").is_empty(), "a name that is computed in part");
    assert!(unused("import.meta.glob('./b/*.ts');").is_empty(), "a glob");
    assert!(unused("const routes = ['./b/a.ts'];").is_empty(), "a path in a string");
}

#[test]
fn configurations_that_extend_each_other_in_circles_end() {
    let files = [
        (
            "web/tsconfig.json",
            r#"{ "extends": ["./b", "./tsconfig.json"], "compilerOptions": { "paths": { "*": ["*"] } } }"#,
        ),
        ("web/b.json", r#"{ "extends": "./tsconfig.json", "compilerOptions": {} }"#),
        ("web/a.ts", "export {};"),
    ];
    assert_eq!(resolved(&files, "web/main.ts", &["a", "../../../x", ""]), ["web/a.ts", "unresolved", "unresolved"]);
}

#[test]
fn a_component_is_rendered_where_a_path_from_the_root_leads_to_it() {
    let files = [
        PAGE,
        MANIFEST,
        (
            "web/src/main.tsx",
            "import { createRoot } from 'react-dom/client';\nimport { App } from './App';\ncreateRoot(x).render(<App />);",
        ),
        ("web/src/App.tsx", "import * as ui from './ui';\nexport const App = () => <ui.Menu />;"),
        (
            "web/src/ui.tsx",
            "export const Menu = () => <Item />;\nconst Item = () => <li />;\nexport const Old = () => <Gone />;\nexport const Gone = () => <Old />;",
        ),
    ];
    let project = Project::new(&files);
    let model = project.model();
    let is_rendered = |name: &str| model.frontend().rendered(&RelPath::new("web/src/ui.tsx"), name);
    assert_eq!(["Menu", "Item", "Old", "Gone"].map(is_rendered), [true, true, false, false]);
}
