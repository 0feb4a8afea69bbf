//! See [`RULE`].

use arrears_core::rule::Scope;
use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::manifest::is_aside;
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_syntax::document::tree::{Entry, Item};

rule! {
    /// Finds Expo applications whose configuration lacks what a build for the stores asks for, or still holds
    /// placeholders.
    ///
    /// Nothing complains while the application runs in Expo Go. The build stops on the day of the release; a placeholder
    /// of a sign-in or of a project is only noticed by users, or sends them to somebody else's.
    ///
    /// ```json bad path=mobile/app.json
    /// {
    ///   "expo": {
    ///     "name": "shop",
    ///     "slug": "shop",
    ///     "version": "1.0.0",
    ///     "ios": { "bundleIdentifier": "com.shop.app" },
    ///     "android": { "package": "com.shop.app" },
    ///     "extra": { "eas": { "projectId": "YOUR_EAS_PROJECT_ID" } }
    ///   }
    /// }
    /// ```
    /// ```json good path=mobile/app.json
    /// {
    ///   "expo": {
    ///     "name": "shop",
    ///     "slug": "shop",
    ///     "version": "1.0.0",
    ///     "ios": { "bundleIdentifier": "com.shop.app" },
    ///     "android": { "package": "com.shop.app" },
    ///     "extra": { "eas": { "projectId": "0d5fd7cd-16ef-4a39-9d0d-5d4e6a3e1b1f" } }
    ///   }
    /// }
    /// ```
    ///
    /// Looked for are `version`, `ios.bundleIdentifier`, `android.package`, a profile `production` where there is an
    /// `eas.json`, and values such as `YOUR_…` or `com.yourcompany.…`. Not flagged: applications with native projects
    /// (the identifiers stand there), platforms that are left out, `app.config.*` beside it, which may add anything.
    pub(crate) const RULE = {
        code: "ops/app-config-incomplete",
        summary: "mobile application is not configured for a store build",
        check: Check::Project { run: check },
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for (file, document) in model.documents() {
        let path = &file.source.path;
        let root = document.tree().and_then(|it| it.root());
        let Some(root) = root.filter(|_| !is_aside(path)) else { continue };
        match path.file_name() {
            "app.json" => {
                if let Some(expo) = root.entry("expo").filter(|it| it.value.is_map()) {
                    check_placeholders(file, expo.value, ctx);
                    check_fields(model, path, expo, ctx);
                }
            }
            "eas.json" => check_profiles(path, root, ctx),
            _ => {}
        }
    }
}

fn check_fields(model: &ProjectModel<'_>, path: &RelPath, expo: Entry<'_>, ctx: &mut ProjectContext<'_>) {
    let beside = |name: &str| {
        let folder = path.folder();
        if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
    };
    let inventory = model.inventory();
    let is_dynamic = ["app.config.js", "app.config.ts", "app.config.mjs", "app.config.cjs"]
        .iter()
        .any(|it| inventory.has_file(&beside(it)));
    let needs_expo =
        model.file(&RelPath::new(&beside("package.json"))).is_some_and(|it| it.facts.words.may_contain("expo"));
    if is_dynamic || !needs_expo {
        return;
    }
    let platforms: Vec<&str> =
        expo.value.get("platforms").into_iter().flat_map(Item::items).filter_map(Item::text).collect();
    let is_asked = |platform: &str| {
        (platforms.is_empty() || platforms.contains(&platform)) && !inventory.has_folder(&beside(platform))
    };
    let has = |keys: &[&str]| expo.value.at(keys).and_then(Item::scalar).is_some_and(|it| !it.trim().is_empty());
    let mut missing = Vec::new();
    if !has(&["version"]) && !has(&["ios", "version"]) && (is_asked("ios") || is_asked("android")) {
        missing.push("version");
    }
    if is_asked("ios") && !has(&["ios", "bundleIdentifier"]) {
        missing.push("ios.bundleIdentifier");
    }
    if is_asked("android") && !has(&["android", "package"]) {
        missing.push("android.package");
    }
    if missing.is_empty() {
        return;
    }
    let names = missing.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let verb = if missing.len() == 1 { "is" } else { "are" };
    ctx.report(path, expo.key_range, format!("{names} {verb} missing for a store build"))
        .help("set them before the first upload: an identifier can never be changed afterwards");
}

fn check_placeholders(file: ProjectFile<'_>, expo: Item<'_>, ctx: &mut ProjectContext<'_>) {
    let mut found: Vec<(String, TextRange)> = Vec::new();
    let mut open = vec![(expo, String::new(), 12_u32)];
    while let Some((item, name, depth)) = open.pop() {
        let Some(depth) = depth.checked_sub(1) else { continue };
        if item.text().is_some_and(is_placeholder) {
            found.push((name, item.range()));
            continue;
        }
        let inner = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
        open.extend(item.entries().map(|it| (it.value, inner(it.key), depth)));
        open.extend(item.items().map(|it| (it, name.clone(), depth)));
        if open.len() > 5_000 {
            return;
        }
    }
    found.sort_by_key(|(_, range)| *range);
    let Some(((name, range), others)) = found.split_first() else { return };
    let message = match others.len() {
        0 => format!("`{name}` is still a placeholder"),
        1 => format!("`{name}` and one other value are still placeholders"),
        more => format!("`{name}` and {more} other values are still placeholders"),
    };
    let finding = ctx.report(&file.source.path, *range, message);
    for (name, range) in others.iter().take(6) {
        finding.label(*range, format!("`{name}`"));
    }
    finding.help("put the real values in, or read them from the environment in `app.config.js`");
}

fn is_placeholder(text: &str) -> bool {
    const STARTS: [&str; 9] =
        ["YOUR_", "YOUR-", "<YOUR", "<your", "REPLACE_", "CHANGE_ME", "CHANGEME", "com.yourcompany", "com.yourname"];
    let plain = text.trim_start_matches("https://");
    STARTS.iter().any(|it| plain.starts_with(it))
        || ["your-project-id", "your-eas-project-id", "your-expo-username", "com.anonymous."]
            .iter()
            .any(|it| plain.contains(it))
        || plain.contains("/YOUR_")
        || plain.len() > 3 && plain.chars().all(|it| matches!(it, 'x' | 'X' | '-'))
}

fn check_profiles(path: &RelPath, root: Item<'_>, ctx: &mut ProjectContext<'_>) {
    let Some(build) = root.entry("build").filter(|it| it.value.is_map()) else { return };
    // A profile that is distributed to the store may have any name.
    let is_release = |it: &Entry<'_>| {
        let lower = it.key.to_ascii_lowercase();
        ["prod", "release", "store", "live"].iter().any(|word| lower.contains(word))
            || it.value.get("distribution").and_then(Item::text) == Some("store")
    };
    if !build.value.entries().any(|it| is_release(&it)) {
        ctx.report(path, build.key_range, "no build profile is for the stores")
            .help("add a profile `production` beside the others");
    }
}
