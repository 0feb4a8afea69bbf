//! See [`RULE`].

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::rest::Policy;
use arrears_model::rest::defaults::RestDefault;

rule! {
    /// Finds clients that send another kind of `Authorization` than the server reads.
    ///
    /// `Bearer …` means nothing to `TokenAuthentication`, which waits for `Token …`: every request is anonymous, and the
    /// user is told to log in again.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    /// }
    /// ```
    /// ```ts bad path=web/src/client.ts
    /// export const headers = (token: string) => ({ Authorization: `Bearer ${token}` });
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    /// }
    /// ```
    /// ```ts good path=web/src/client.ts
    /// export const headers = (token: string) => ({ Authorization: `Token ${token}` });
    /// ```
    ///
    /// Said only where all of the server's ways to authenticate are known and the clients agree on one prefix. Which
    /// server a client calls is not in the code: one that only calls others' is worth a suppression.
    pub(crate) const RULE = {
        code: "contract/auth-scheme-mismatch",
        summary: "client sends another kind of `Authorization` than the server reads",
        check: Check::Project { run: check },
        severity: Severity::Error,
        preset: Preset::All,
        scope: Scope::CrossStack,
        follows_values: true,
        tags: &["security"],
    }
}

/// The prefixes that clients write.
const PREFIXES: [&str; 7] = ["Bearer", "Token", "JWT", "Basic", "Api-Key", "ApiKey", "Key"];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let roots = model.settings().roots();
    let [root] = roots.as_slice() else { return };
    let Some(accepted) = accepted(model, root).filter(|it| !it.is_empty()) else { return };
    if reads_itself(model) {
        return;
    }
    let sent = sent(model);
    let mut kinds = sent.keys();
    let (Some(prefix), None) = (kinds.next(), kinds.next()) else { return };
    if accepted.iter().any(|it| it.eq_ignore_ascii_case(prefix)) {
        return;
    }
    let wanted: Vec<String> = accepted.iter().map(|it| format!("`{it} …`")).collect();
    for place in sent.values().flatten() {
        let message = format!("the client sends `{prefix} …`, the server reads {}", wanted.join(" or "));
        let finding = ctx.report(place.path, place.range, message);
        finding.help("send what the server reads, or add an authentication class that reads this");
        let settings = model.settings().production(root);
        if let Some(place) = settings.iter().find_map(|it| it.rest_place()) {
            finding.label_once(place, "authentication is set here");
        }
    }
}

/// Returns the prefixes that the server reads; `None` where some way to authenticate is not known.
fn accepted(model: &ProjectModel<'_>, root: &str) -> Option<BTreeSet<String>> {
    let mut accepted = BTreeSet::new();
    for module in model.settings().production(root) {
        match module.rest_default("DEFAULT_AUTHENTICATION_CLASSES") {
            RestDefault::Unknown => return None,
            RestDefault::Missing if module.rest_place().is_none() => return None,
            RestDefault::Missing => accepted.extend(["Basic".to_owned()]),
            RestDefault::Set(classes) if classes.is_open() => return None,
            RestDefault::Set(classes) => {
                for class in classes.items() {
                    accepted.extend(prefix(model, root, class.text()?)?);
                }
            }
        }
    }
    for view in &model.rest().views {
        match &view.authentication {
            Policy::Default => {}
            Policy::Computed => return None,
            Policy::Listed(listed) => {
                for named in &listed.classes {
                    accepted.extend(prefix(model, root, &named.name)?);
                }
            }
        }
    }
    Some(accepted)
}

/// Returns the prefix that an authentication class reads: `Some(None)` where it reads no header, `None` where it is not
/// known.
fn prefix(model: &ProjectModel<'_>, root: &str, class: &str) -> Option<Option<String>> {
    let of_setting = |name: &str, key: &str, default: &str| {
        let settings = model.settings().production(root);
        let set = settings.iter().find_map(|it| it.get(name)?.get(key));
        match set {
            None => Some(Some(default.to_owned())),
            Some(set) => {
                let first = set.items().first().and_then(|it| it.text()).or_else(|| set.text());
                first.map(|it| Some(it.to_owned()))
            }
        }
    };
    match class {
        "rest_framework.authentication.SessionAuthentication"
        | "rest_framework.authentication.RemoteUserAuthentication" => Some(None),
        "rest_framework.authentication.BasicAuthentication" => Some(Some("Basic".to_owned())),
        "rest_framework.authentication.TokenAuthentication" => Some(Some("Token".to_owned())),
        "knox.auth.TokenAuthentication" => of_setting("REST_KNOX", "AUTH_HEADER_PREFIX", "Token"),
        "oauth2_provider.contrib.rest_framework.OAuth2Authentication" => Some(Some("Bearer".to_owned())),
        name if name.starts_with("rest_framework_simplejwt.authentication.")
            || name.ends_with("JWTCookieAuthentication") =>
        {
            of_setting("SIMPLE_JWT", "AUTH_HEADER_TYPES", "Bearer")
        }
        _ => None,
    }
}

/// Returns whether code of the server reads the header itself.
fn reads_itself(model: &ProjectModel<'_>) -> bool {
    model.python_files().any(|(file, _)| {
        let text = &file.source.text;
        !file.source.roles.intersects(Roles::TEST | Roles::VENDORED)
            && (text.contains("HTTP_AUTHORIZATION")
                || text.contains("get_authorization_header")
                || text.contains("headers.get(\"Authorization"))
    })
}

/// Returns the prefixes that clients write after `Authorization`, with their places.
fn sent<'p>(model: &ProjectModel<'p>) -> BTreeMap<&'static str, Vec<Place<'p>>> {
    let mut sent: BTreeMap<&'static str, Vec<Place<'p>>> = BTreeMap::new();
    for file in model.files_with_word("Authorization") {
        let is_client = file.source.language.family() == Some(Family::Script);
        if !is_client || file.source.roles.intersects(RuleMeta::NOT_PRODUCTION) {
            continue;
        }
        let text = &file.source.text;
        for (at, word) in text.match_indices("Authorization") {
            let from = at + word.len();
            let end = text.floor_char_boundary((from + 60).min(text.len()));
            let rest = text.get(from..end).unwrap_or("");
            let found = PREFIXES.iter().filter_map(|prefix| {
                let quoted = ['`', '"', '\''].iter().find_map(|quote| rest.find(&format!("{quote}{prefix} ")))?;
                Some((quoted, *prefix))
            });
            let Some((quoted, prefix)) = found.min() else { continue };
            let start = from + quoted + 1;
            let place = Place { path: &file.source.path, range: TextRange::of(start..start + prefix.len()) };
            sent.entry(prefix).or_default().push(place);
        }
    }
    sent
}
