//! See [`RULE`].

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Preset, RuleMeta, Scope};
use arrears_core::source::{Family, RelPath, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_model::python::function::Function;

rule! {
    /// Finds modules that implement the same thing side by side: authentication, rate limiting, an HTTP client.
    ///
    /// A token that one of them revokes is still good for another. A fix of the expiry, of the hash, of the retry
    /// goes into the one that somebody happened to find.
    ///
    /// ```python bad
    /// class PasswordAuth:
    ///     def authenticate_user(self, name, password): return self.users[name] if password else None
    ///     def create_access_token(self, user): return self.sign(user)
    ///     def verify_token(self, token): return self.read(token)
    /// ```
    /// ```python bad path=shop/tokens.py
    /// class TokenAuth:
    ///     def login(self, name, password): return self.directory.bind(name, password)
    ///     def create_token(self, user): return self.encode(user)
    ///     def decode_token(self, token): return self.decode(token)
    /// ```
    /// ```python good
    /// def verify_token(token):
    ///     return read(token)
    /// ```
    ///
    /// A module counts when its functions do three things of one role: hand out tokens, verify, refresh and revoke
    /// them, check passwords, log in, know the current user, ask for roles. It is flagged when another one does three
    /// of the same and neither imports the other. Not flagged: versions of one API, tests, methods of views.
    pub(crate) const RULE = {
        code: "duplication/duplicate-implementation",
        summary: "several modules implement the same thing",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::Medium,
        scope: Scope::Project,
        exempt: RuleMeta::NOT_PRODUCTION.union(Roles::MIGRATION).union(Roles::COMMAND),
    }
}

/// From how many common things on two modules implement the same.
const MIN_SHARED: usize = 3;

/// How many other modules are shown.
const MAX_LABELS: usize = 8;

/// Something that several modules may implement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Authentication,
    RateLimiting,
    Client,
}

impl Role {
    const ALL: [Self; 3] = [Self::Authentication, Self::RateLimiting, Self::Client];

    fn words(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::RateLimiting => "rate limiting",
            Self::Client => "an HTTP client",
        }
    }

    /// Returns what a function does for the role, by its name in lower case with underscores.
    fn thing(self, name: &str) -> Option<&'static str> {
        match self {
            Self::Authentication => authentication(name),
            Self::RateLimiting => rate_limiting(name),
            Self::Client => ["get", "post", "put", "patch", "delete", "request"].into_iter().find(|it| *it == name),
        }
    }

    /// Returns whether a module may play the role at all.
    fn may_be_played(self, file: ProjectFile<'_>) -> bool {
        let words = &file.facts.words;
        let path = file.source.path.as_str().to_ascii_lowercase();
        match self {
            Self::Authentication => words.may_contain("token") || words.may_contain("password"),
            Self::RateLimiting => {
                path.contains("limit") || path.contains("throttl") || words.may_contain("RateLimiter")
            }
            Self::Client => {
                file.source.language.family() == Some(Family::Script)
                    && (words.may_contain("axios") || words.may_contain("fetch"))
            }
        }
    }
}

fn authentication(name: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let starts = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    if has(&["csrf", "reset", "invite", "api_key", "push", "email", "device"]) {
        return None;
    }
    let is_token = has(&["token", "jwt"]);
    match name {
        "logout" | "logout_user" | "sign_out" => Some("ending sessions"),
        "login" | "login_user" | "authenticate" | "authenticate_user" | "sign_in" => Some("logging in"),
        _ if is_token && starts(&["create", "generate", "issue", "make", "encode", "sign", "build"]) => {
            Some("making tokens")
        }
        _ if starts(&["get_current_user", "get_user_by_token", "get_user_from_token"]) => {
            Some("knowing the current user")
        }
        _ if is_token && starts(&["verify", "decode", "validate", "introspect", "check"]) => Some("verifying tokens"),
        _ if is_token && starts(&["refresh"]) => Some("refreshing tokens"),
        _ if is_token && starts(&["revoke", "blacklist", "invalidate"]) => Some("ending sessions"),
        _ if has(&["password"]) && starts(&["hash", "verify", "get_password_hash", "check"]) => {
            Some("checking passwords")
        }
        _ if starts(&["require_role", "require_any_role", "require_permission", "check_user_permission"]) => {
            Some("asking for roles")
        }
        "has_role" | "check_permission" | "check_permissions" => Some("asking for roles"),
        _ => None,
    }
}

fn rate_limiting(name: &str) -> Option<&'static str> {
    match name {
        "check_rate_limit" | "is_rate_limited" | "is_allowed" | "allow_request" | "check_limit" | "check"
        | "acquire" => Some("checking the limit"),
        "rate_limit" | "rate_limit_decorator" | "limit" | "dispatch" => Some("decorating functions"),
        "reset" | "reset_limit" | "reset_limits" | "clear" | "clear_limits" | "clear_all_limits" => {
            Some("resetting it")
        }
        "get_usage" | "get_current_usage" | "get_remaining" | "get_stats" | "get_status" => Some("telling the usage"),
        _ => None,
    }
}

/// A module that plays a role.
struct Player<'p> {
    file: ProjectFile<'p>,
    /// What it does, and where the first of it stands.
    things: BTreeMap<&'static str, TextRange>,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for role in Role::ALL {
        for family in [Family::Python, Family::Script] {
            let files = model.files().filter(|it| it.source.language.family() == Some(family));
            let players: Vec<Player<'_>> = files
                .filter(|it| !it.source.roles.intersects(RULE.meta.exempt) && role.may_be_played(*it))
                .map(|file| Player { file, things: things(role, file) })
                .filter(|it| it.things.len() >= MIN_SHARED)
                .collect();
            report(role, &players, model, ctx);
        }
    }
}

fn report(role: Role, players: &[Player<'_>], model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for player in players {
        let others: Vec<&Player<'_>> = players.iter().filter(|other| is_rival(player, other, model)).collect();
        let Some(place) = player.things.values().min() else { continue };
        if others.is_empty() {
            continue;
        }
        let shared: BTreeSet<&str> = others
            .iter()
            .flat_map(|it| it.things.keys())
            .filter(|it| player.things.contains_key(*it))
            .copied()
            .collect();
        let names: Vec<String> = shared.iter().take(4).map(|it| (*it).to_owned()).collect();
        let message = format!(
            "one of {} modules that implement {} side by side: {}",
            others.len() + 1,
            role.words(),
            names.join(", ")
        );
        let finding = ctx.report(&player.file.source.path, *place, message);
        for other in others.iter().take(MAX_LABELS) {
            if let Some(place) = other.things.values().min() {
                finding.label_in(&other.file.source.path, *place, "implements it too");
            }
        }
        finding.help("decide for one, and let the others call it or go");
    }
}

/// Whether two modules do three things of the same, and neither is made of the other or a version of it.
fn is_rival(one: &Player<'_>, other: &Player<'_>, model: &ProjectModel<'_>) -> bool {
    let (left, right) = (&one.file.source.path, &other.file.source.path);
    let shared = one.things.keys().filter(|it| other.things.contains_key(*it)).count();
    left != right
        && shared >= MIN_SHARED
        && version_free(left) != version_free(right)
        && !imports(model, one.file, right)
        && !imports(model, other.file, left)
}

fn things(role: Role, file: ProjectFile<'_>) -> BTreeMap<&'static str, TextRange> {
    let mut found: BTreeMap<&'static str, TextRange> = BTreeMap::new();
    let mut add = |name: &str, range: TextRange| {
        if let Some(thing) = role.thing(&snake(name)) {
            found.entry(thing).or_insert(range);
        }
    };
    if let Some(facts) = file.facts.python() {
        for function in facts.functions.iter().filter(|it| it.outer.is_none() && !is_empty(it)) {
            add(&function.name, function.name_range);
        }
    }
    if let Some(facts) = file.facts.script() {
        for function in &facts.functions {
            add(&function.name, function.name_range);
        }
    }
    found
}

/// A logout that answers with a constant is one all the same.
fn is_empty(function: &Function) -> bool {
    function.stub.as_ref().is_some_and(|stub| stub.kind.is_empty())
}

/// `verifyToken` and `_verify_token` are `verify_token`.
fn snake(name: &str) -> String {
    let mut found = String::new();
    for letter in name.trim_start_matches('_').chars() {
        if letter.is_ascii_uppercase() {
            if !found.ends_with('_') && !found.is_empty() {
                found.push('_');
            }
            found.push(letter.to_ascii_lowercase());
        } else {
            found.push(letter);
        }
    }
    found
}

fn imports(model: &ProjectModel<'_>, file: ProjectFile<'_>, target: &RelPath) -> bool {
    if let Some(facts) = file.facts.python() {
        return facts.names.imports().iter().any(|import| {
            let outer = import.target.rsplit_once('.').map_or("", |(outer, _)| outer);
            [import.target.as_str(), outer]
                .iter()
                .any(|module| model.modules().module(&file.source.path, module) == Some(target))
        });
    }
    let facts = file.facts.script();
    facts.is_some_and(|facts| {
        facts.imports.iter().any(|import| {
            model.script_module(&file.source.path, &import.module).is_some_and(|it| it.source.path == *target)
        })
    })
}

/// Returns a path without the numbers of versions.
fn version_free(path: &RelPath) -> String {
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|it| it.is_ascii_digit()))
    };
    let parts = path.as_str().split('/').map(|part| if is_version(part) { "v" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
