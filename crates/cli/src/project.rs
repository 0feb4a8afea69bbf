//! The project: its root, its configuration, its own rules.

use std::path::{Path, PathBuf};

use arrears_core::text::TextRange;
use arrears_linter::config::{Config, ConfigError};
use arrears_linter::custom;
use arrears_linter::registry::Registry;

use crate::args::ProjectArgs;
use crate::error::Failure;

/// A project, found from the paths that were given.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder that everything is relative to; absolute, links resolved.
    pub(crate) root: PathBuf,
    /// The folder of the git repository, where there is one.
    pub(crate) git_root: Option<PathBuf>,
    /// Where the program was started.
    pub(crate) cwd: PathBuf,
    /// What the configuration says.
    pub(crate) config: Config,
    /// The configuration's file and text, for errors that its values cause later.
    pub(crate) config_file: Option<(PathBuf, String)>,
    /// All rules, the repository's own included.
    pub(crate) registry: Registry,
}

impl Project {
    /// Finds the project around some paths.
    ///
    /// The root is the folder of the git repository; without one, the outermost folder with a configuration; else the
    /// folder that holds all paths.
    pub(crate) fn find(paths: &[PathBuf], args: &ProjectArgs) -> Result<Self, Failure> {
        let cwd = std::env::current_dir()
            .and_then(|cwd| cwd.canonicalize())
            .map_err(|error| Failure::io("enter", Path::new("."), error))?;
        let start = common_folder(paths, &cwd)?;
        Self::around(&start, cwd, args)
    }

    /// Finds the project around a folder; its path is absolute, with links resolved.
    pub(crate) fn around(start: &Path, cwd: PathBuf, args: &ProjectArgs) -> Result<Self, Failure> {
        let git_root = start.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
        let found = if args.isolated { None } else { find_config(start, git_root.as_deref(), args)? };
        let configured_root = found
            .as_ref()
            .and_then(|(path, _, _)| path.parent())
            .filter(|folder| args.config.is_none() && start.starts_with(folder));
        let root = git_root.clone().or_else(|| configured_root.map(Path::to_owned)).unwrap_or_else(|| start.to_owned());
        let mut registry = Registry::new(arrears_rules::all())?;
        if !args.isolated {
            registry = with_own_rules(registry, &root)?;
        }
        let (config, config_file) = match found {
            Some((path, text, config)) => (config, Some((path, text))),
            None => (Config::default(), None),
        };
        Ok(Self { root, git_root, cwd, config, config_file, registry })
    }
}

fn common_folder(paths: &[PathBuf], cwd: &Path) -> Result<PathBuf, Failure> {
    let mut common: Option<PathBuf> = None;
    for path in paths {
        let full = cwd.join(path).canonicalize().map_err(|_| Failure::NoSuchPath(path.clone()))?;
        let folder = if full.is_dir() { full } else { full.parent().unwrap_or(&full).to_owned() };
        common = Some(match common {
            None => folder,
            Some(common) => {
                common.ancestors().find(|ancestor| folder.starts_with(ancestor)).unwrap_or(&common).to_owned()
            }
        });
    }
    let common = common.unwrap_or_else(|| cwd.to_owned());
    // Files given one by one lie in the project that the program was started in.
    Ok(if common.starts_with(cwd) { cwd.to_owned() } else { common })
}

type Found = (PathBuf, String, Config);

fn find_config(start: &Path, git_root: Option<&Path>, args: &ProjectArgs) -> Result<Option<Found>, Failure> {
    if let Some(path) = &args.config {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, error))?;
        let is_pyproject = path.file_name().is_some_and(|name| name == "pyproject.toml");
        let parsed = if is_pyproject {
            Config::parse_pyproject(&text).map(Option::unwrap_or_default)
        } else {
            Config::parse(&text)
        };
        return parsed
            .map(|config| Some((path.clone(), text.clone(), config)))
            .map_err(|error| Failure::in_file(path, &text, error));
    }
    let mut folders: Vec<&Path> =
        start.ancestors().take_while(|folder| git_root.is_none_or(|root| folder.starts_with(root))).collect();
    folders.reverse();
    for folder in folders {
        for name in ["arrears.toml", "pyproject.toml"] {
            if let Some(found) = read_config(&folder.join(name))? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

fn read_config(path: &Path) -> Result<Option<Found>, Failure> {
    if !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, error))?;
    let config = if path.ends_with("arrears.toml") {
        Config::parse(&text).map(Some)
    } else if text.contains("[tool.arrears") {
        Config::parse_pyproject(&text)
    } else {
        Ok(None)
    };
    let config = config.map_err(|error| Failure::in_file(path, &text, error))?;
    Ok(config.map(|config| (path.to_owned(), text, config)))
}

/// Adds the repository's own rules, the files in `.arrears/rules/`.
fn with_own_rules(mut registry: Registry, root: &Path) -> Result<Registry, Failure> {
    let Ok(entries) = std::fs::read_dir(root.join(".arrears/rules")) else { return Ok(registry) };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, error))?;
        let rule = custom::parse(&text).map_err(|error| Failure::in_file(&path, &text, error))?;
        let code = rule.meta.code.as_str();
        if registry.get(code).is_some() {
            let at = text.find(code).unwrap_or(0);
            let (message, span) = (format!("another rule is called `{code}`"), TextRange::of(at..at + code.len()));
            return Err(Failure::in_file(&path, &text, ConfigError { message, span, help: None }));
        }
        registry = registry.with(vec![rule])?;
    }
    Ok(registry)
}
