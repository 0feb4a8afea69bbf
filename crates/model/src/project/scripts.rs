//! Modules of the frontend: which file an import means, and what hears of an error in it.

use arrears_core::source::{Family, RelPath, Roles};

use super::{ProjectFile, ProjectModel};
use crate::project::tags::{Given, tags};
use crate::script::reporting::{CONSOLE_READERS, CONSOLE_SETTINGS, is_harmless};
use crate::script::{ImportedName, ScriptFacts};

/// How many barrels an export is followed through.
const BARRELS: u32 = 4;

const ENDINGS: [&str; 12] = [
    ".ts",
    ".tsx",
    ".js",
    ".jsx",
    ".mjs",
    ".mts",
    "/index.ts",
    "/index.tsx",
    "/index.js",
    "/index.jsx",
    "/index.mjs",
    "",
];

impl<'p> ProjectModel<'p> {
    /// Returns the file that an import of a module means, where exactly one can be meant.
    pub fn script_module(&self, from: &RelPath, module: &str) -> Option<ProjectFile<'p>> {
        if module.starts_with('.') {
            let base = joined(from.folder(), module)?;
            return ENDINGS.iter().find_map(|ending| self.script_at(&format!("{base}{ending}")));
        }
        let tail = ["@/", "~/", "src/"].iter().find_map(|prefix| module.strip_prefix(prefix))?;
        let is_meant = |path: &str| {
            ENDINGS.iter().any(|ending| {
                path.strip_suffix(ending).and_then(|path| path.strip_suffix(tail)).is_some_and(|it| it.ends_with('/'))
            })
        };
        let mut found = self.files().filter(|it| is_script(*it) && is_meant(it.source.path.as_str()));
        // The nearest package's own: the one that shares the longest way with the importer.
        let near = |file: &ProjectFile<'p>| common(file.source.path.as_str(), from.as_str());
        let first = found.next()?;
        Some(found.fold(first, |best, file| if near(&file) > near(&best) { file } else { best }))
    }

    fn script_at(&self, path: &str) -> Option<ProjectFile<'p>> {
        self.file(&RelPath::new(path)).filter(|file| is_script(*file))
    }

    /// Returns the file that defines what a module exports under a name, through barrels.
    pub fn script_export(&self, from: &RelPath, module: &str, name: &str) -> Option<ProjectFile<'p>> {
        let mut file = self.script_module(from, module)?;
        let mut name = name.to_owned();
        for _ in 0..BARRELS {
            let facts = file.facts.script()?;
            let named = facts.exports.iter().find(|export| export.name == name);
            let next = match named {
                Some(export) => export.module.as_ref().map(|module| (module, export.local.clone())),
                None => self.star_export(file, facts, &name).map(|module| (module, name.clone())),
            };
            let Some((module, local)) = next else { return Some(file) };
            file = self.script_module(&file.source.path, module)?;
            name = local;
        }
        None
    }

    fn star_export<'f>(&self, file: ProjectFile<'_>, facts: &'f ScriptFacts, name: &str) -> Option<&'f String> {
        let stars = facts.exports.iter().filter(|export| export.name == "*").filter_map(|it| it.module.as_ref());
        stars.into_iter().find(|module| {
            let target = self.script_module(&file.source.path, module).and_then(|it| it.facts.script());
            target.is_some_and(|facts| facts.exports.iter().any(|export| export.name == name))
        })
    }

    /// Returns the folder of the package that a file belongs to: the nearest one with a `package.json`.
    pub fn package_of<'f>(&self, path: &'f RelPath) -> &'f str {
        let mut folder = path.folder();
        loop {
            let manifest = if folder.is_empty() { "package.json".to_owned() } else { format!("{folder}/package.json") };
            if folder.is_empty() || self.file(&RelPath::new(&manifest)).is_some() {
                return folder;
            }
            folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
        }
    }

    /// Returns whether code of the frontend that is no test holds a name together with one of some words in quotes.
    pub fn name_meets_word(&self, name: &str, words: &[String]) -> bool {
        self.files_with_word(name).any(|file| {
            let is_quoted =
                |word: &String| ['"', '\''].iter().any(|it| file.source.text.contains(&format!("{it}{word}{it}")));
            is_script(file)
                && !file.source.roles.intersects(Roles::TEST | Roles::STORY)
                && words.iter().filter(|word| file.facts.words.may_contain(word)).any(is_quoted)
        })
    }

    /// Returns whether a component that is shown instead of what failed is known and has nothing that could report.
    pub fn only_shows(&self, path: &RelPath, component: &str) -> bool {
        const REPORTS: [&str; 10] = [
            "captureException",
            "Sentry",
            "logger",
            "Logger",
            "logError",
            "reportError",
            "notify",
            "fetch",
            "useEffect",
            "sendBeacon",
        ];
        let Some(own) = self.file(path) else { return false };
        let Some(facts) = own.facts.script() else { return false };
        let file = match facts.imported(component) {
            Some((module, imported)) => self.script_export(path, module, imported),
            None => facts.functions.iter().any(|it| it.name == component).then_some(own),
        };
        file.is_some_and(|file| {
            !file.facts.script().is_some_and(ScriptFacts::imports_tracker)
                && !REPORTS.iter().any(|word| file.facts.words.may_contain(word))
        })
    }

    /// Returns whether a tracker of the project collects what is written to the console, or hears of errors from
    /// React's root.
    pub fn collects_console(&self) -> bool {
        let mut scripts = self.files().filter_map(|file| Some((file, file.facts.script()?)));
        scripts.any(|(file, facts)| {
            facts.imports_any(&CONSOLE_READERS)
                || CONSOLE_SETTINGS.iter().any(|word| file.facts.words.may_contain(word))
        })
    }

    /// Returns whether an imported function is known and only writes to the console.
    pub fn only_writes_console(&self, path: &RelPath, local: &str) -> bool {
        let facts = self.file(path).and_then(|file| file.facts.script());
        let Some((module, imported)) = facts.and_then(|facts| facts.imported(local)) else { return false };
        let Some(target) = self.script_export(path, module, imported) else { return false };
        let Some(facts) = target.facts.script() else { return false };
        let sends = ["fetch", "XMLHttpRequest", "sendBeacon", "WebSocket", "Sentry", "captureException", "post"];
        facts.imports.is_empty()
            && target.facts.words.may_contain("console")
            && !sends.iter().any(|word| target.facts.words.may_contain(word))
    }

    /// Returns whether the component is rendered, and nobody gives it one of `gates`, or a function for one of `props`
    /// that does more than write to the console.
    pub fn is_given_no_reporter(&self, path: &RelPath, component: &str, props: &[String], gates: &[String]) -> bool {
        let mut is_rendered = false;
        for file in self.files().filter(|it| is_script(*it) && !it.source.roles.intersects(Roles::TEST | Roles::STORY))
        {
            for local in self.names_of_component(file, path, component) {
                for tag in tags(&file.source.text, &local) {
                    is_rendered = true;
                    let reports = |prop: &String, is_gate: bool| match tag.given(prop) {
                        Given::Nothing => false,
                        Given::Unknown => true,
                        Given::Value(value) if is_gate => value != "false",
                        Given::Value(value) => !self.is_console_only(&file.source.path, value),
                    };
                    if props.iter().any(|prop| reports(prop, false)) || gates.iter().any(|gate| reports(gate, true)) {
                        return false;
                    }
                }
                if has_other_uses(&file.source.text, &local) {
                    return false;
                }
            }
        }
        is_rendered
    }

    /// Returns the names by which a module knows a component of another.
    fn names_of_component(&self, file: ProjectFile<'_>, path: &RelPath, component: &str) -> Vec<String> {
        let Some(facts) = file.facts.script() else { return Vec::new() };
        if file.source.path == *path {
            return vec![component.to_owned()];
        }
        let stem = path.file_name().split('.').next().unwrap_or("");
        let folder = path.folder().rsplit('/').next().unwrap_or("");
        let mut names = Vec::new();
        for import in &facts.imports {
            let last = import.module.rsplit('/').next().unwrap_or(&import.module);
            let last = last.split('.').next().unwrap_or(last);
            let may_be_default = |local: &str| local == component || last == stem || stem == "index" && last == folder;
            let may_be =
                |it: &&ImportedName| it.imported == component || it.imported == "default" && may_be_default(&it.local);
            for name in import.names.iter().filter(may_be) {
                let is_it = match self.script_export(&file.source.path, &import.module, &name.imported) {
                    Some(target) => target.source.path == *path,
                    // Not to be found: taken by its name.
                    None => name.imported == component || name.local == component,
                };
                if is_it {
                    names.push(name.local.clone());
                }
            }
        }
        names
    }

    /// Returns whether a value of JSX is a function on the spot that calls nothing but the console, or what only
    /// writes there.
    fn is_console_only(&self, path: &RelPath, value: &str) -> bool {
        let value = value.trim();
        if !value.contains("=>") && !value.starts_with("function") {
            return matches!(value, "undefined" | "null" | "console.error" | "console.log" | "console.warn");
        }
        called_paths(value).all(|called| {
            let head = called.split('.').next().unwrap_or(called);
            is_harmless(called) || self.only_writes_console(path, head)
        })
    }
}

fn is_script(file: ProjectFile<'_>) -> bool {
    file.source.language.family() == Some(Family::Script)
}

/// Returns the paths that a text calls: `logger.error` of `logger.error("…", error)`. Comments are passed over.
fn called_paths(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or(line));
    lines.flat_map(|line| {
        line.match_indices('(').filter_map(|(at, _)| {
            let before = line[..at].trim_end_matches("?.");
            let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '.' | '?');
            let start = before
                .rfind(|it: char| !is_part(it))
                .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
            let name = &before[start..];
            let is_keyword = matches!(name, "" | "if" | "for" | "while" | "switch" | "function" | "async" | "return");
            (!is_keyword).then_some(name)
        })
    })
}

/// Returns whether a component is used as a value: given to a function, or kept in a table.
fn has_other_uses(text: &str, name: &str) -> bool {
    ["createElement(", "with", "component: ", "component={", "element: "].iter().any(|before| {
        text.match_indices(before).any(|(at, _)| {
            let rest = &text[at + before.len()..];
            let rest = if *before == "with" {
                // `withRouter(Name)`
                let Some(open) = rest.find('(').filter(|open| *open < 40) else { return false };
                &rest[open + 1..]
            } else {
                rest
            };
            rest.trim_start().strip_prefix(name).is_some_and(|rest| !rest.starts_with(|it: char| it.is_alphanumeric()))
        })
    })
}

/// Joins a folder and a relative module.
fn joined(folder: &str, module: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for segment in module.split('/') {
        match segment {
            "." | "" => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

/// How many folders two paths share.
fn common(left: &str, right: &str) -> usize {
    left.split('/').zip(right.split('/')).take_while(|(left, right)| left == right).count()
}
