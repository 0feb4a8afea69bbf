//! Which file a specifier means.

use arrears_core::source::RelPath;

use super::files::stem;
use super::package::{Package, split};
use super::paths::join;
use super::{Frontend, Target, is_script};

/// What files without code end with.
const ASSETS: [&str; 44] = [
    "css", "scss", "sass", "less", "styl", "pcss", "svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "bmp",
    "json", "json5", "jsonc", "yaml", "yml", "toml", "md", "mdx", "txt", "html", "xml", "csv", "graphql", "gql", "ftl",
    "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "wav", "webm", "pdf", "wasm", "vue", "svelte", "glb",
];

/// What the output of a build is called, and where its sources lie.
const OUTPUTS: [&str; 8] = ["dist", "build", "lib", "out", "es", "esm", "cjs", "output"];

impl<'p> Frontend<'p> {
    /// Returns what a specifier means in a module.
    pub fn resolve(&self, from: &RelPath, specifier: &str) -> Target<'p> {
        let specifier = bare(specifier);
        // Types that a framework writes beside each route when it runs.
        if specifier.contains("/+types/") {
            return Target::External("react-router".to_owned());
        }
        if specifier.is_empty() {
            return Target::Unresolved;
        }
        if matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../") {
            let path = join(from.folder(), specifier);
            return path.and_then(|path| self.at(&path)).unwrap_or(Target::Unresolved);
        }
        if specifier.starts_with("data:") || specifier.contains("://") || specifier.starts_with("//") {
            return Target::External(specifier.to_owned());
        }
        if let Some(absolute) = specifier.strip_prefix('/') {
            return self.at_root(from.folder(), absolute);
        }
        let mut is_mapped = false;
        if let Some(found) = self.by_alias(from.folder(), specifier, &mut is_mapped) {
            return found;
        }
        if let Some((package, rest)) = self.packages.named(specifier)
            && !(rest.is_empty() && package.main().is_empty() && self.is_declared_outside(from.folder(), specifier))
        {
            return self.of_package(package, rest);
        }
        let bases = self.configs.around(from.folder()).filter_map(|(_, config)| config.base.as_deref());
        if let Some(found) = bases.filter_map(|base| self.at(&join(base, specifier)?)).next() {
            return found;
        }
        let (name, _) = split(specifier);
        if is_builtin(name) || self.is_declared(from.folder(), name) {
            return Target::External(name.to_owned());
        }
        if is_mapped || specifier.starts_with(['~', '$', '#']) || specifier.starts_with("@/") {
            return if is_asset(specifier) { Target::Asset } else { Target::Unresolved };
        }
        self.by_guess(from.folder(), specifier).unwrap_or_else(|| Target::External(name.to_owned()))
    }

    /// Returns what a path from the root means: a file, a file with an extension left out, a folder.
    pub(crate) fn at(&self, path: &str) -> Option<Target<'p>> {
        if let Some(file) = self.files.get(path) {
            return Some(if is_script(file) { Target::File(&file.source.path) } else { Target::Asset });
        }
        let stemmed = || self.files.of_stem(path).first().copied();
        let as_source = || {
            let is_output = [".js", ".jsx", ".mjs", ".cjs"].iter().any(|it| path.ends_with(it));
            if is_output { self.files.of_stem(stem(path)).first().copied() } else { None }
        };
        if let Some(file) = stemmed().or_else(as_source) {
            return Some(Target::File(file));
        }
        if self.files.is_folder(path) || path.is_empty() {
            let index = join(path, "index")?;
            if let Some(file) = self.files.of_stem(&index).first() {
                return Some(Target::File(file));
            }
            let package = self.packages.all().find(|it| it.folder == path);
            if let Some(package) = package {
                return Some(self.of_package(package, ""));
            }
        }
        is_asset(path).then_some(Target::Asset)
    }

    fn by_alias(&self, folder: &str, specifier: &str, is_mapped: &mut bool) -> Option<Target<'p>> {
        for (_, config) in self.configs.around(folder) {
            for path in config.mapped(specifier) {
                match self.at(&path) {
                    Some(Target::Asset) | None => *is_mapped = true,
                    found => return found,
                }
            }
        }
        for alias in self.aliases.around(folder) {
            let Some(path) = alias.mapped(specifier) else { continue };
            match self.at(&path) {
                Some(Target::Asset) | None => *is_mapped |= !alias.find.is_empty(),
                found => return found,
            }
        }
        let package = self.packages.around(folder).filter(|_| specifier.starts_with('#'))?;
        let mapped = package.mapped("imports", specifier);
        mapped.iter().filter_map(|path| self.at(&join(package.folder, path)?)).next()
    }

    /// Returns what a package of the repository offers under a name.
    fn of_package(&self, package: &Package<'p>, rest: &str) -> Target<'p> {
        let paths = if rest.is_empty() { package.main() } else { package.mapped("exports", &format!("./{rest}")) };
        for path in &paths {
            if let Some(Target::File(file)) = self.source_of(package, path) {
                return Target::File(file);
            }
        }
        let plain: &[&str] = if rest.is_empty() { &["src/index", "index", "lib/index", "src/main"] } else { &[] };
        let below = [rest.to_owned(), format!("src/{rest}"), format!("lib/{rest}")];
        let guesses = plain.iter().copied().chain(below.iter().map(String::as_str).filter(|_| !rest.is_empty()));
        for guess in guesses {
            if let Some(Target::File(file)) =
                join(package.folder, guess).filter(|it| it != package.folder).and_then(|path| self.at_file(&path))
            {
                return Target::File(file);
            }
        }
        if is_asset(rest) || paths.iter().any(|path| is_asset(path)) { Target::Asset } else { Target::Unresolved }
    }

    /// Like [`Self::at`], but a folder is not asked for its package again.
    fn at_file(&self, path: &str) -> Option<Target<'p>> {
        if let Some(file) = self.files.get(path).filter(|it| is_script(*it)) {
            return Some(Target::File(&file.source.path));
        }
        let index = join(path, "index")?;
        let output =
            if [".js", ".mjs", ".cjs", ".jsx"].iter().any(|it| path.ends_with(it)) { stem(path) } else { path };
        [path, output, &index].iter().find_map(|it| self.files.of_stem(it).first().copied()).map(Target::File)
    }

    /// Returns the source of a file that a manifest names, which may be the output of a build.
    pub(crate) fn source_of(&self, package: &Package<'p>, path: &str) -> Option<Target<'p>> {
        let full = join(package.folder, path)?;
        if let Some(Target::File(file)) = self.at_file(&full).filter(|_| full != package.folder) {
            return Some(Target::File(file));
        }
        let path = path.trim_start_matches("./");
        let (first, rest) = path.split_once('/')?;
        if !OUTPUTS.contains(&first) {
            return None;
        }
        // `dist/esm/x.js` and `dist/x.d.ts` are made of `src/x.ts`.
        let inner = rest.split_once('/').filter(|(folder, _)| OUTPUTS.contains(folder) || *folder == "src");
        let rests = [Some(rest), inner.map(|(_, rest)| rest)];
        for rest in rests.into_iter().flatten() {
            let bare = stem(rest).trim_end_matches(".d");
            for source in [format!("src/{bare}"), bare.to_owned()] {
                if let Some(Target::File(file)) = join(package.folder, &source).and_then(|it| self.at_file(&it)) {
                    return Some(Target::File(file));
                }
            }
        }
        None
    }

    /// `/src/main.tsx` of a page, `/logo.svg` of the public folder.
    fn at_root(&self, folder: &str, path: &str) -> Target<'p> {
        let around = self.packages.enclosing(folder).map(|package| package.folder).chain([folder, ""]);
        for base in around {
            if let Some(Target::File(file)) = join(base, path).and_then(|path| self.at(&path)) {
                return Target::File(file);
            }
        }
        if is_asset(path) { Target::Asset } else { Target::Unresolved }
    }

    /// A bare specifier that no manifest declares may come from a folder that some tool adds.
    fn by_guess(&self, folder: &str, specifier: &str) -> Option<Target<'p>> {
        let (first, _) = specifier.split_once('/').unwrap_or((specifier, ""));
        for package in self.packages.enclosing(folder) {
            for base in ["", "src", "app"] {
                let base = join(package.folder, base)?;
                let is_there = self.files.is_folder(&join(&base, first)?);
                if is_there && let Some(Target::File(file)) = join(&base, specifier).and_then(|it| self.at_file(&it)) {
                    return Some(Target::File(file));
                }
            }
        }
        None
    }

    fn is_declared(&self, folder: &str, name: &str) -> bool {
        let types = name
            .strip_prefix('@')
            .map_or_else(|| format!("@types/{name}"), |it| format!("@types/{}", it.replace('/', "__")));
        self.packages.enclosing(folder).any(|package| package.declares(name) || package.declares(&types))
    }

    /// Whether a manifest asks for a package of that name from the registry, although one of the repository has it.
    fn is_declared_outside(&self, folder: &str, name: &str) -> bool {
        self.is_declared(folder, name)
    }
}

/// Returns a specifier without what bundlers add to it: `?raw`, `!loader!`.
fn bare(specifier: &str) -> &str {
    let specifier = specifier.rsplit('!').next().unwrap_or(specifier);
    specifier.split('?').next().unwrap_or(specifier)
}

pub(crate) fn is_asset(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, extension)| ASSETS.contains(&extension))
}

pub(crate) fn is_builtin(name: &str) -> bool {
    const MODULES: [&str; 34] = [
        "assert",
        "async_hooks",
        "buffer",
        "child_process",
        "cluster",
        "console",
        "constants",
        "crypto",
        "dgram",
        "dns",
        "events",
        "fs",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "stream",
        "string_decoder",
        "timers",
        "tls",
        "tty",
        "url",
        "util",
        "worker_threads",
        "zlib",
    ];
    MODULES.contains(&name)
        || ["node:", "bun:", "virtual:", "next:", "cloudflare:"].iter().any(|it| name.starts_with(it))
}
