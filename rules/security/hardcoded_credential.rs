//! See [`RULE`].

use std::collections::BTreeMap;
use std::ops::Range;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{RuleMeta, Scope};
use arrears_core::secret::{self, name, shape};
use arrears_core::source::{RelPath, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_syntax::document::tree::{Item, Tree};

rule! {
    /// Finds passwords, tokens and keys that are written into compose files, manifests and code.
    ///
    /// Everybody with a clone has them, they are the same in every environment, and changing one takes a commit and a
    /// deployment. The history keeps the old one for ever.
    ///
    /// ```yaml bad path=docker-compose.yml
    /// services:
    ///   db:
    ///     image: postgres:17
    ///     environment:
    ///       POSTGRES_PASSWORD: kestrel
    /// ```
    /// ```yaml good path=docker-compose.yml
    /// services:
    ///   db:
    ///     image: postgres:17
    ///     environment:
    ///       POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}
    /// ```
    ///
    /// Counts: variables of services in compose files and of containers in Kubernetes whose name says that they are
    /// secret, passwords in their URLs, `Secret` manifests with values that are no placeholders, and in code strings that
    /// look made up by a machine under such a name or that are keys of a known service. A compose file for development
    /// is a note. Not flagged: `${VARIABLE}`, placeholders, containers of tests and CI, tests, seeders, defaults of
    /// variables and `SECRET_KEY` of Django's settings, which have rules of their own. No value is ever shown.
    /// Checkov, gitleaks and Semgrep find some of these; gitleaks also looks at the history.
    pub(crate) const RULE = {
        code: "security/hardcoded-credential",
        summary: "password or key is written into the repository",
        check: Check::Project { run: check },
        scope: Scope::Project,
        exempt: RuleMeta::NOT_PRODUCTION,
        follows_values: true,
        security_severity: "7.0",
    }
}

/// A value that is a secret, and the name it has.
struct Credential<'a> {
    name: &'a str,
    range: TextRange,
    value: &'a str,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    // A field of a settings class of pydantic is a variable, and its value a default.
    let mut variables: BTreeMap<&RelPath, Vec<u32>> = BTreeMap::new();
    for read in model.environment().reads() {
        variables.entry(read.place.path).or_default().push(read.place.range.start());
    }
    for file in model.files().filter(|file| !is_exhibit(&file.source.path)) {
        if file.source.roles.intersects(RuleMeta::NOT_PRODUCTION) {
            continue;
        }
        if let Some(tree) = file.facts.document().and_then(|document| document.tree()) {
            let name = file.source.path.file_name();
            if name.contains("compose") && matches!(file.source.path.extension(), "yml" | "yaml") {
                compose(model, file, tree, ctx);
            } else if matches!(file.source.path.extension(), "yml" | "yaml") {
                manifests(file, tree, ctx);
            }
        } else if file.source.language.family().is_some() {
            let variables = variables.get(&file.source.path).map_or(&[][..], Vec::as_slice);
            code(file, variables, ctx);
        }
    }
}

fn compose(model: &ProjectModel<'_>, file: ProjectFile<'_>, tree: &Tree, ctx: &mut ProjectContext<'_>) {
    let path = &file.source.path;
    let services = tree.root().and_then(|root| root.get("services"));
    let mut found = Vec::new();
    for service in services.iter().flat_map(|it| it.entries()) {
        let Some(environment) = service.value.get("environment") else { continue };
        for entry in environment.entries() {
            found.extend(entry.value.scalar().and_then(|value| credential(entry.key, value, entry.value.range())));
        }
        for item in environment.items() {
            let pair = item.text().and_then(|text| text.split_once('='));
            found.extend(pair.and_then(|(name, value)| credential(name, value, item.range())));
        }
    }
    // The same password in the database and in the URL of its clients is one finding.
    let mut groups: BTreeMap<&str, Vec<&Credential<'_>>> = BTreeMap::new();
    for credential in &found {
        groups.entry(credential.value).or_default().push(credential);
    }
    let is_development = is_for_development(model, file);
    for group in groups.values() {
        let Some((first, others)) = group.split_first() else { continue };
        let message = format!("the value of `{}` is written into the compose file", first.name);
        let finding = ctx.report(path, first.range, message);
        finding.help(format!("take it from the environment: `${{{}:?}}`", first.name));
        for other in others.iter().take(4) {
            finding.label(other.range, format!("the same value in `{}`", other.name));
        }
        if is_development {
            finding.severity(Severity::Info);
        }
    }
}

/// Returns the secret that a variable is given, a password in a URL included.
fn credential<'a>(name: &'a str, value: &'a str, range: TextRange) -> Option<Credential<'a>> {
    let name = name.trim();
    // `${URL:-postgres://…}` is a default.
    if value.trim_start().starts_with('$') {
        return None;
    }
    if let Some(password) = shape::password_in_url(value).and_then(|range| value.get(range)) {
        return (!name::is_placeholder(password)).then_some(Credential { name, range, value: password });
    }
    let value = value.trim().trim_matches(['"', '\'']);
    let is_public =
        ["VITE_", "NEXT_PUBLIC_", "EXPO_PUBLIC_", "REACT_APP_"].iter().any(|prefix| name.starts_with(prefix));
    (name::is_secret(name) && !is_public && !name::is_placeholder(value) && value.len() > 2).then_some(Credential {
        name,
        range,
        value,
    })
}

/// Returns whether a compose file is one that developers run: by its name, by what it starts, or because another one is for
/// production.
fn is_for_development(model: &ProjectModel<'_>, file: ProjectFile<'_>) -> bool {
    let path = &file.source.path;
    let says = |path: &RelPath, words: &[&str]| words.iter().any(|word| path.as_str().contains(word));
    let is_production = |path: &RelPath| says(path, &["prod", "deploy", "live", "release"]);
    let text = &file.source.text;
    let runs = ["runserver", "--reload", "npm run dev", "yarn dev", "pnpm dev", "webpack serve"];
    let has_production = || {
        let mut files = model.files().map(|it| &it.source.path);
        files.any(|it| it.file_name().contains("compose") && is_production(it))
    };
    !is_production(path)
        && (says(path, &["dev", "local", "override", "debug", "demo"])
            || runs.iter().any(|it| text.contains(it))
            || has_production())
}

fn manifests(file: ProjectFile<'_>, tree: &Tree, ctx: &mut ProjectContext<'_>) {
    for document in tree.documents().take(200) {
        let kind = document.get("kind").and_then(Item::text);
        if document.get("apiVersion").is_none() {
            continue;
        }
        match kind {
            Some("Secret") => secret_manifest(file, document, ctx),
            Some("Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob" | "Pod" | "ConfigMap") => {
                containers(file, document, 0, ctx);
            }
            _ => {}
        }
    }
}

fn secret_manifest(file: ProjectFile<'_>, document: Item<'_>, ctx: &mut ProjectContext<'_>) {
    let plain = document.get("stringData").into_iter().flat_map(Item::entries);
    let plain = plain.filter_map(|entry| Some((entry, entry.value.scalar()?.to_owned())));
    let coded = document.get("data").into_iter().flat_map(Item::entries);
    let coded = coded.filter_map(|entry| Some((entry, decoded(entry.value.text()?)?)));
    let is_real = |name: &str, value: &str| {
        let in_url = shape::password_in_url(value).and_then(|range| value.get(range));
        // `monitoring_password` stands for one.
        let is_name = |value: &str| name::is_secret(value) && !value.contains(|next: char| next.is_ascii_digit());
        match in_url {
            Some(password) => !name::is_placeholder(password) && !is_name(password),
            None => {
                (name::is_secret(name) || shape::token(value).is_some())
                    && !name::is_placeholder(value)
                    && !is_name(value)
            }
        }
    };
    let found: Vec<_> = plain.chain(coded).filter(|(entry, value)| is_real(entry.key, value)).collect();
    let Some(((first, _), others)) = found.split_first() else { return };
    let more = match others.len() {
        0 => String::new(),
        1 => " and 1 more value".to_owned(),
        count => format!(" and {count} more values"),
    };
    let message = format!("the value of `{}`{more} is written into the manifest of a Secret", first.key);
    let finding = ctx.report(&file.source.path, first.key_range, message);
    finding.help("keep it in a secret store (External Secrets, Sealed Secrets, SOPS), and replace the value: the history keeps the old one");
    for (other, _) in others.iter().take(4) {
        finding.label(other.key_range, "here too");
    }
}

/// Finds `env` lists of containers, wherever they lie.
fn containers(file: ProjectFile<'_>, at: Item<'_>, depth: u32, ctx: &mut ProjectContext<'_>) {
    if depth > 12 {
        return;
    }
    for entry in at.entries() {
        if entry.key == "env" || entry.key == "data" && depth == 0 {
            let listed = entry.value.items().filter_map(|item| {
                let value = item.get("value")?;
                credential(item.get("name")?.text()?, value.scalar()?, value.range())
            });
            let mapped =
                entry.value.entries().filter_map(|it| credential(it.key, it.value.scalar()?, it.value.range()));
            for found in listed.chain(mapped) {
                let message = format!("the value of `{}` is written into the manifest", found.name);
                ctx.report(&file.source.path, found.range, message)
                    .help("take it from a Secret with `secretKeyRef`, and replace the value");
            }
        }
        containers(file, entry.value, depth + 1, ctx);
    }
    for item in at.items().take(200) {
        containers(file, item, depth + 1, ctx);
    }
}

fn code(file: ProjectFile<'_>, variables: &[u32], ctx: &mut ProjectContext<'_>) {
    let (source, text) = (file.source, &*file.source.text);
    let path = &source.path;
    if is_for_tests(path) || is_library(path.as_str()) {
        return;
    }
    let is_python = file.facts.python().is_some();
    let texts = if is_python { long_texts(text) } else { Vec::new() };
    let mut named: Vec<TextRange> = Vec::new();
    let is_settings = source.roles.contains(Roles::SETTINGS);
    // Most strings are ruled out by what they hold.
    let is_wanted = |value: &str| is_settings || shape::token(value).is_some() || value.len() >= 8 && is_mixed(value);
    for literal in secret::literals(text, &is_wanted) {
        let value = text.get(literal.range.clone()).unwrap_or("");
        let line_start = text.get(..literal.range.start).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
        let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let is_in_text = texts.iter().any(|range| range.contains(&literal.range.start));
        let start = TextRange::of(line_start..literal.range.start);
        let is_field = variables.iter().any(|at| start.contains_offset(*at));
        if is_comment(line)
            || is_in_text
            || is_field && literal.service.is_none()
            || line.contains("example")
            || name::is_placeholder(value)
        {
            continue;
        }
        let range = TextRange::of(literal.range.clone());
        let before = text.get(line_start..literal.range.start).unwrap_or("");
        let has_own_rule = is_settings && (is_default(line) || before.contains("SECRET_KEY"));
        match literal.service.filter(|_| !has_own_rule) {
            Some(service) if !is_harmless(service, is_python) => {
                let finding = ctx.report(path, range, format!("a {service} is written into the code"));
                finding.help("read it from the environment, and replace it: the history keeps the old one");
            }
            Some(_) => {}
            None => {
                let is_key = before.trim_end().ends_with([':', '\'', '"']);
                let is_password = is_settings && before.contains("PASSWORD") && is_key;
                if literal.service.is_none()
                    && !has_own_rule
                    && !is_default(line)
                    && (is_password || looks_made_up(value, before))
                {
                    named.push(range);
                }
            }
        }
    }
    let Some((first, others)) = named.split_first() else { return };
    let message = match others.len() {
        0 => "a password or key is written into the code".to_owned(),
        count => format!("{} passwords or keys are written into the code", count + 1),
    };
    let finding = ctx.report(path, *first, message);
    finding.help("read it from the environment, and replace the value: the history keeps the old one");
    for other in others.iter().take(5) {
        finding.label(*other, "here too");
    }
}

/// Returns where a Python module holds strings over lines: documents, queries, code of other languages.
fn long_texts(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..) {
        let next = [rest.find("\"\"\""), rest.find("'''")].into_iter().flatten().min();
        let Some(start) = next.map(|it| at + it) else { break };
        let quote = text.get(start..start + 3).unwrap_or("\"\"\"");
        let inner = text.get(start + 3..).unwrap_or("");
        let end = inner.find(quote).map_or(text.len(), |length| start + 3 + length);
        if text.get(start..end).is_some_and(|inner| inner.contains('\n')) {
            found.push(start..end);
        }
        at = end + 3;
    }
    found
}

/// Returns whether a script that pages load is somebody else's.
fn is_library(path: &str) -> bool {
    let is_served = path.contains("static/") || path.contains("public/");
    is_served && ["/lib/", "/libs/", "/plugins/", "/vendors/"].iter().any(|folder| path.contains(folder))
}

/// Returns whether a value has digits and letters, and nothing of a sentence.
fn is_mixed(value: &str) -> bool {
    value.contains(|next: char| next.is_ascii_digit())
        && value.contains(|next: char| next.is_ascii_alphabetic())
        && !value.contains([' ', '{', '<', '/'])
}

/// Returns whether a value is none that a person would type as the name of something.
fn looks_made_up(value: &str, before: &str) -> bool {
    let has = |is: fn(&char) -> bool| value.chars().filter(is).count();
    let digits = has(char::is_ascii_digit);
    let letters = has(char::is_ascii_alphabetic);
    let is_name = name::is_secret(value.trim_end_matches(|next: char| next.is_ascii_digit()));
    let is_text =
        value.contains([' ', '{', '}', '<', '%', '(', '$', '/', ',', '|']) || value.contains("::") || !value.is_ascii();
    if value.len() < 8 || digits == 0 || letters == 0 || is_name || is_text {
        return false;
    }
    let has_digits_within = |part: &str| {
        let trimmed = part
            .trim_end_matches(|next: char| next.is_ascii_digit())
            .trim_start_matches(|next: char| next.is_ascii_digit());
        trimmed.contains(|next: char| next.is_ascii_digit())
    };
    let parts = value.split(['-', '_', '.', ':']);
    let is_password = name::words(before).iter().rev().take(2).any(|word| word.contains("pass") || word == "pwd");
    parts.into_iter().any(has_digits_within) || is_password
}

/// Returns whether a key opens nothing, or is published by design.
fn is_harmless(service: &str, is_python: bool) -> bool {
    service.contains("test key") || service.contains("Django") || service.contains("Google") && !is_python
}

/// Returns whether a line reads the environment: defaults have a rule of their own.
fn is_default(line: &str) -> bool {
    ["environ", "getenv", "env(", "env.", "config(", "default=", "ENV[", "(str,"].iter().any(|word| line.contains(word))
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['#', '*']) || line.starts_with("//") || line.starts_with("/*") || line.starts_with(">>>")
}

/// Returns whether a module is for tests, demonstrations or a developer's machine by its name.
fn is_for_tests(path: &RelPath) -> bool {
    const WORDS: [&str; 10] =
        ["test", "tests", "testing", "dev", "development", "local", "ci", "docker", "demo", "sandbox"];
    path.file_name().split(['.', '_', '-']).any(|part| WORDS.contains(&part))
}

fn is_exhibit(path: &RelPath) -> bool {
    path.folders().any(|folder| {
        matches!(
            folder,
            ".github"
                | ".gitlab"
                | ".circleci"
                | ".devcontainer"
                | "test"
                | "tests"
                | "__tests__"
                | "e2e"
                | "cypress"
                | "fixtures"
                | "examples"
                | "example"
                | "docs"
                | "doc"
                | "samples"
                | "testing"
                | "mocks"
                | "__mocks__"
                | "playwright"
                | "openapi"
                | "swagger"
                | "seeds"
                | "locales"
                | "i18n"
        ) || folder.contains("cookiecutter")
            || folder.contains("{{")
    }) || ["test", "ci", "e2e", "example", "sample", "mock", "stories"]
        .iter()
        .any(|word| path.file_name().split(['.', '_', '-']).any(|part| part == *word))
}

/// Decodes Base64; none where it is none, or no text.
fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}
