//! `tsconfig.json` and `jsconfig.json`: `paths`, `baseUrl`, `extends`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::files::Files;
use super::json;
use super::package::Packages;
use super::paths::{join, star, upwards};

/// How long a chain of `extends` is at most.
const LONGEST_CHAIN: u32 = 12;

/// The configurations by the folder that they lie in.
pub(crate) struct Configs {
    by_folder: BTreeMap<String, Vec<Config>>,
}

/// What a configuration says about specifiers, that of those it extends included.
#[derive(Debug, Clone, Default)]
pub(crate) struct Config {
    /// The folder that bare specifiers are looked up in.
    pub(crate) base: Option<String>,
    /// Patterns of specifiers, and the paths from the root that they may mean.
    pub(crate) paths: Vec<(String, Vec<String>)>,
}

impl Configs {
    pub(crate) fn find(files: &Files<'_>, packages: &Packages<'_>) -> Self {
        let is_config =
            |name: &str| (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && name.ends_with(".json");
        let mut values = BTreeMap::new();
        // A shared configuration may be called anything; it lies in a package.
        for file in files.all().iter().filter(|it| it.source.path.extension() == "json") {
            let path = &file.source.path;
            if is_config(path.file_name()) || file.source.text.contains("\"compilerOptions\"") {
                values.extend(json::parse(&file.source.text).map(|value| (path.as_str(), value)));
            }
        }
        let mut by_folder: BTreeMap<String, Vec<Config>> = BTreeMap::new();
        for path in values.keys() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if is_config(name) {
                let config = read(path, &values, packages, LONGEST_CHAIN);
                if config.base.is_some() || !config.paths.is_empty() {
                    by_folder.entry(folder.to_owned()).or_default().push(config);
                }
            }
        }
        Self { by_folder }
    }

    /// Returns the configurations around a folder, the innermost first.
    pub(crate) fn around<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a Config)> {
        upwards(folder).flat_map(|folder| self.by_folder.get(folder).into_iter().flatten().map(move |it| (folder, it)))
    }
}

impl Config {
    /// Returns the paths that a specifier may mean by `paths`, the most exact pattern first.
    pub(crate) fn mapped(&self, specifier: &str) -> Vec<String> {
        let mut found: Vec<(usize, String)> = Vec::new();
        for (pattern, targets) in &self.paths {
            let Some(rest) = star(pattern, specifier) else { continue };
            let exactness = pattern.find('*').unwrap_or(usize::MAX);
            found.extend(targets.iter().map(|target| (exactness, target.replace('*', rest))));
        }
        found.sort_by_key(|(exactness, _)| std::cmp::Reverse(*exactness));
        found.into_iter().map(|(_, path)| path).collect()
    }
}

fn read(path: &str, values: &BTreeMap<&str, Value>, packages: &Packages<'_>, steps: u32) -> Config {
    let mut config = Config::default();
    let (Some(steps), Some(value)) = (steps.checked_sub(1), values.get(path)) else { return config };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let extended = match value.get("extends") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    for name in extended {
        let Some(parent) = parent(folder, name, values, packages) else { continue };
        let inherited = read(parent, values, packages, steps);
        config.base = inherited.base.or(config.base);
        if !inherited.paths.is_empty() {
            config.paths = inherited.paths;
        }
    }
    let Some(options) = value.get("compilerOptions") else { return config };
    if let Some(base) = options.get("baseUrl").and_then(Value::as_str) {
        config.base = join(folder, &own(base));
    }
    if let Some(paths) = options.get("paths").and_then(Value::as_object) {
        let base = config.base.clone().unwrap_or_else(|| folder.to_owned());
        config.paths = paths
            .iter()
            .map(|(pattern, targets)| {
                let targets = targets.as_array().into_iter().flatten().filter_map(Value::as_str);
                (pattern.clone(), targets.filter_map(|target| join(&base, &own(target))).collect())
            })
            .collect();
    }
    config
}

fn own(path: &str) -> String {
    path.replace("${configDir}", ".")
}

/// Returns the path of the configuration that another extends.
fn parent<'v>(folder: &str, name: &str, values: &BTreeMap<&'v str, Value>, packages: &Packages<'_>) -> Option<&'v str> {
    let path = if name.starts_with('.') {
        join(folder, name)?
    } else {
        let (package, rest) = packages.named(name)?;
        join(package.folder, if rest.is_empty() { "tsconfig.json" } else { rest })?
    };
    [path.clone(), format!("{path}.json"), format!("{path}/tsconfig.json")]
        .iter()
        .find_map(|path| values.get_key_value(path.as_str()).map(|(key, _)| *key))
}
