//! What slows clients down: throttle classes and their scopes, packages, limits of the proxy, functions of the project.

use arrears_core::source::{Language, RelPath, Roles};

use crate::django::module::Module;
use crate::flow::Place;
use crate::project::resolve::Symbol;
use crate::project::{ClassRef, ProjectModel};
use crate::python::ClassId;

/// A throttle class, as far as its rate is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Throttle {
    /// The rate of this scope counts.
    Scope(String),
    /// The rate of the view's `throttle_scope` counts.
    OfView,
    /// The class has its rate, or finds it in a way of its own.
    Own,
}

/// A place where users hand in their password.
#[derive(Debug, Clone)]
pub struct Login<'p> {
    /// The view's name.
    pub name: String,
    /// Where the name stands.
    pub place: Place<'p>,
}

impl<'p> ProjectModel<'p> {
    /// Returns the class that a dotted name of the settings means: `shop.throttles.Burst`.
    pub fn class_named(&self, dotted: &str) -> Option<ClassRef<'p>> {
        let (module, name) = dotted.rsplit_once('.')?;
        let path = self.modules().module(&RelPath::new(""), module)?;
        match self.lookup(path, name)? {
            Symbol::Class(class) => Some(class),
            _ => None,
        }
    }

    /// Returns which rate a throttle class goes by; `None` where it is not known.
    pub fn throttle(&self, name: &str, class: Option<ClassRef<'p>>) -> Option<Throttle> {
        let Some(class) = class.or_else(|| self.class_named(name)) else { return built_in(name) };
        let ancestry = self.ancestry(class);
        let decides = ["get_rate", "allow_request", "__init__", "get_throttle_rates"];
        if decides.iter().any(|method| ancestry.method(self, method).is_some()) {
            return Some(Throttle::Own);
        }
        if ["rate", "THROTTLE_RATES"].iter().any(|name| ancestry.attribute(self, name).is_some()) {
            return Some(Throttle::Own);
        }
        if let Some((owner, value)) = ancestry.attribute(self, "scope") {
            let module = Module::of(self, owner.path)?;
            return module.string(value).map(|scope| Throttle::Scope(scope.to_owned()));
        }
        if !ancestry.is_whole {
            return None;
        }
        ancestry.outside.iter().find_map(|base| built_in(base))
    }

    /// Returns a place that slows clients down outside the framework's throttles: a package, a proxy, own code.
    ///
    /// `None` where nothing in the repository speaks of it. A hint is enough: who reads it decides.
    pub fn other_limit(&self) -> Option<&'p RelPath> {
        let found = self.files().find(|file| {
            let roles = file.source.roles;
            if roles.intersects(Roles::TEST | Roles::MIGRATION | Roles::VENDORED | Roles::MINIFIED) {
                return false;
            }
            match file.source.language {
                Language::Python => speaks_of_limits(&file.source.text),
                Language::Text => is_proxy_limit(&file.source.path, &file.source.text),
                _ => false,
            }
        });
        found.map(|file| &file.source.path)
    }

    /// Returns the project's own places where users hand in their password: functions that call `authenticate`, and
    /// classes made of Django's `LoginView`.
    pub fn logins(&self) -> Vec<Login<'p>> {
        let mut found = Vec::new();
        for (file, facts) in self.python_files() {
            let path = &file.source.path;
            let roles = file.source.roles;
            if roles.intersects(Roles::TEST | Roles::MIGRATION | Roles::SEEDER | Roles::COMMAND | Roles::VENDORED) {
                continue;
            }
            let calls = facts.calls.iter().filter(|call| {
                let callee = call.callee.slice(&file.source.text);
                callee.ends_with("authenticate")
                    && facts.names.canonical(callee, call.callee.start()).starts_with("django.contrib.auth")
            });
            for function in calls.filter_map(|call| facts.function(call.function?)) {
                let mut text = function.range.slice(&file.source.text).split("def ");
                let takes_request = text.nth(1).is_some_and(|it| it.contains("request"));
                let class = function.class.and_then(|id| facts.class(id));
                let is_form = class.is_some_and(|it| it.name.ends_with("Form") || it.name.ends_with("Backend"));
                if takes_request && !is_form {
                    let name = class.map_or_else(|| function.name.clone(), |it| it.name.clone());
                    found.push(Login { name, place: Place { path, range: function.name_range } });
                }
            }
            for (id, class) in (0..).map(ClassId).zip(&facts.classes) {
                let is_login = class.bases.iter().any(|base| base.ends_with("LoginView"))
                    && self.descends_from(ClassRef { path, id }, &|name| name == "django.contrib.auth.views.LoginView");
                if is_login {
                    found.push(Login { name: class.name.clone(), place: Place { path, range: class.name_range } });
                }
            }
        }
        found.dedup_by(|left, right| left.place == right.place);
        found
    }
}

fn built_in(name: &str) -> Option<Throttle> {
    match name {
        "rest_framework.throttling.AnonRateThrottle" => Some(Throttle::Scope("anon".to_owned())),
        "rest_framework.throttling.UserRateThrottle" => Some(Throttle::Scope("user".to_owned())),
        "rest_framework.throttling.ScopedRateThrottle" => Some(Throttle::OfView),
        _ => None,
    }
}

/// Returns whether Python code limits how often something is called.
fn speaks_of_limits(text: &str) -> bool {
    const MARKS: [&str; 12] = [
        "hrottl",
        "ratelimit",
        "rate_limit",
        "RateLimit",
        "RATE_LIMIT",
        "RATELIMIT",
        "axes.",
        "defender.",
        "slowapi",
        "limits.",
        "login_attempts",
        "LOGIN_ATTEMPTS",
    ];
    code_lines(text).any(|line| MARKS.iter().any(|mark| line.contains(mark)) && !line.contains("celery"))
}

fn is_proxy_limit(path: &RelPath, text: &str) -> bool {
    const MARKS: [&str; 8] = [
        "limit_req",
        "limit-rps",
        "limit-rpm",
        "limit-connections",
        "rateLimit",
        "ratelimit",
        "rate_limit:",
        "limit_conn",
    ];
    matches!(path.extension(), "conf" | "yml" | "yaml" | "toml" | "cfg" | "ini" | "json" | "")
        && path.file_name() != "package.json"
        && !path.file_name().contains("lock")
        && !path.file_name().contains("openapi")
        && code_lines(text).any(|line| MARKS.iter().any(|mark| line.contains(mark)))
}

/// Returns the lines of a text without their comments.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split('#').next().unwrap_or(line))
}
