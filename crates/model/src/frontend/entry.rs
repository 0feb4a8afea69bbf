//! Where programs start: by the conventions of frameworks and runners.

use arrears_core::source::{RelPath, Roles};
use serde_json::Value;

use super::files::{Files, stem};
use super::package::Package;
use crate::project::ProjectFile;

/// What a file that nobody has to import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// The start of an application, or what a manifest says is its start.
    App,
    /// A route, a layout or another file that a framework finds by its name.
    Route,
    /// What a package offers to others.
    Library,
    /// A configuration, a command, a worker, a script of a page.
    Tool,
    /// A test, or what only a test runner loads.
    Test,
    /// A story or a playground.
    Story,
}

impl EntryKind {
    /// Returns whether the product itself starts there, not only its tests and stories.
    pub fn is_production(self) -> bool {
        !matches!(self, Self::Test | Self::Story)
    }
}

/// The tools that a package is built with, as far as they find files by their names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tools {
    next: bool,
    expo_router: bool,
    native: bool,
    create_react_app: bool,
    router: bool,
    remix: bool,
    gatsby: bool,
    tanstack: bool,
}

impl Tools {
    pub(crate) fn of(package: &Package<'_>, files: &Files<'_>) -> Self {
        let has = |name: &str| package.declares(name);
        let has_file = |path: &str| {
            let full = super::paths::join(package.folder, path).unwrap_or_default();
            !files.of_stem(&full).is_empty()
        };
        Self {
            next: has("next"),
            expo_router: has("expo-router"),
            native: has("react-native") || has("expo"),
            create_react_app: has("react-scripts") || has("@craco/craco") || has("react-app-rewired"),
            router: has("@react-router/dev") || has_file("react-router.config"),
            remix: has("@remix-run/dev") || has("@remix-run/react"),
            gatsby: has("gatsby"),
            tanstack: has("@tanstack/router-plugin")
                || has("@tanstack/react-start")
                || has("@tanstack/router-vite-plugin"),
        }
    }

    /// Returns what a file is by its place in its package.
    pub(crate) fn kind(self, place: &str, file: ProjectFile<'_>) -> Option<EntryKind> {
        if file.source.roles.contains(Roles::STORY) {
            return Some(EntryKind::Story);
        }
        if file.source.roles.contains(Roles::TEST) || is_test_place(place) {
            return Some(EntryKind::Test);
        }
        self.route(place).or_else(|| tool(place, self.native))
    }

    fn route(self, place: &str) -> Option<EntryKind> {
        let bare = stem(place);
        let inner = bare.strip_prefix("src/").unwrap_or(bare);
        let name = bare.rsplit('/').next().unwrap_or(bare);
        let is_route = self.next && is_next(inner, name)
            || self.expo_router && inner.starts_with("app/")
            || (self.router || self.remix) && is_router(inner, name)
            || self.gatsby
                && (inner.starts_with("pages/") || inner.starts_with("templates/") || inner.starts_with("api/"))
            || self.tanstack && (inner.starts_with("routes/") || inner.starts_with("routeTree") || inner == "router");
        let is_start = self.create_react_app && matches!(bare, "src/index" | "src/setupProxy" | "src/service-worker")
            || self.native
                && matches!(bare, "index" | "App" | "src/index" | "index.ios" | "index.android" | "index.web")
            || self.next
                && matches!(
                    inner,
                    "middleware"
                        | "proxy"
                        | "instrumentation"
                        | "instrumentation-client"
                        | "mdx-components"
                        | "i18n/request"
                        | "i18n"
                );
        match (is_start, is_route) {
            (true, _) => Some(EntryKind::App),
            (_, true) => Some(EntryKind::Route),
            _ if self.create_react_app && bare == "src/setupTests" => Some(EntryKind::Test),
            _ => None,
        }
    }
}

/// Pages, and the files that the app router gives a meaning.
fn is_next(place: &str, name: &str) -> bool {
    const NAMES: [&str; 20] = [
        "page",
        "layout",
        "template",
        "loading",
        "error",
        "global-error",
        "not-found",
        "global-not-found",
        "route",
        "default",
        "icon",
        "apple-icon",
        "opengraph-image",
        "twitter-image",
        "sitemap",
        "robots",
        "manifest",
        "forbidden",
        "unauthorized",
        "favicon",
    ];
    place.starts_with("pages/") || place.starts_with("app/") && NAMES.contains(&name.trim_end_matches(char::is_numeric))
}

/// The root, the entries and the files of routes of React Router's framework mode and of Remix.
fn is_router(place: &str, name: &str) -> bool {
    let Some(inner) = place.strip_prefix("app/") else {
        return matches!(place, "root" | "routes" | "entry.client" | "entry.server");
    };
    matches!(inner, "root" | "routes" | "entry.client" | "entry.server" | "entry.worker")
        || inner.starts_with("routes/") && !name.starts_with("__")
}

/// What lies where tests lie.
fn is_test_place(place: &str) -> bool {
    const FOLDERS: [&str; 12] = [
        "__tests__",
        "__mocks__",
        "__fixtures__",
        "e2e",
        "cypress",
        "playwright",
        "tests-e2e",
        "test-utils",
        "testing",
        "mocks",
        "fixtures",
        "test_utils",
    ];
    let mut folders = place.split('/');
    let first = folders.next().unwrap_or("");
    let has_test_folder =
        place.contains('/') && (FOLDERS.contains(&first) || matches!(first, "tests" | "test" | "spec"));
    let name = place.rsplit('/').next().unwrap_or(place);
    let is_setup = [
        "setupTests",
        "setup-tests",
        "test-utils",
        "testUtils",
        "test-setup",
        "jest.",
        "vitest.",
        "playwright.",
        "cypress.",
        "karma.",
    ];
    has_test_folder
        || place
            .split('/')
            .rev()
            .skip(1)
            .any(|folder| FOLDERS.contains(&folder) && !matches!(folder, "fixtures" | "testing"))
        || is_setup.iter().any(|it| name.starts_with(it))
}

/// Configurations, commands, and whatever lies beside the manifest.
fn tool(place: &str, is_native: bool) -> Option<EntryKind> {
    const FOLDERS: [&str; 18] = [
        "scripts",
        "bin",
        "tools",
        "public",
        "static",
        "build",
        "webpack",
        "examples",
        "example",
        "docs",
        "benchmarks",
        "plugins",
        "patches",
        "functions",
        "netlify",
        "hardhat",
        "electron",
        "codemods",
    ];
    let name = place.rsplit('/').next().unwrap_or(place);
    let Some((first, _)) = place.split_once('/') else {
        let is_start = is_native && matches!(stem(name), "index" | "App");
        return Some(if is_start { EntryKind::App } else { EntryKind::Tool });
    };
    let is_public = place.split('/').rev().skip(1).any(|folder| folder == "public");
    (FOLDERS.contains(&first) || is_public || is_config_name(name) || name.ends_with(".d.ts"))
        .then_some(EntryKind::Tool)
}

/// Returns whether a file is the configuration of a tool, by its name.
pub(crate) fn is_config_name(name: &str) -> bool {
    const STARTS: [&str; 10] = [
        "webpack",
        "rollup",
        "gulpfile",
        "Gruntfile",
        "craco",
        "config-overrides",
        "esbuild",
        "vite.",
        "metro.",
        "babel.",
    ];
    name.contains(".config.") || name.contains(".workspace.") || STARTS.iter().any(|it| name.starts_with(it))
}

/// Returns the paths that a manifest names as what the package is started with or offers: with `*` where it is a
/// pattern.
pub(crate) fn manifest_paths(package: &Package<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for field in
        ["main", "module", "source", "browser", "bin", "exports", "types", "typings", "react-native", "imports"]
    {
        let mut strings = Vec::new();
        package.manifest.get(field).into_iter().for_each(|value: &Value| super::json::strings(value, 8, &mut strings));
        found.extend(strings.into_iter().map(str::to_owned));
    }
    found
}

/// Returns whether a package is written in what is not read here: its modules may be used from there.
pub(crate) fn is_opaque(package: &Package<'_>) -> Option<&'static str> {
    const PACKAGES: [&str; 16] = [
        "vue",
        "svelte",
        "@angular/core",
        "astro",
        "@docusaurus/core",
        "nextra",
        "@next/mdx",
        "next-mdx-remote",
        "@mdx-js/loader",
        "@mdx-js/rollup",
        "gatsby-plugin-mdx",
        "ember-source",
        "@stencil/core",
        "lit-element",
        "marko",
        "nuxt",
    ];
    PACKAGES.into_iter().find(|name| package.declares(name))
}

/// Returns whether a text names files that are started: not one that lists all files, or those of a build.
pub(crate) fn may_start(path: &RelPath) -> bool {
    let name = path.file_name();
    let is_list = ["tsconfig", "jsconfig", "knip", "package-lock", "webpack-stats", "coverage", "openapi", ".eslintrc"];
    !is_list.iter().any(|it| name.starts_with(it)) && !path.folders().any(|it| matches!(it, "locales" | "locale"))
}
