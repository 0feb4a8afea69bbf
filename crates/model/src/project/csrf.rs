//! Views that are exempt from Django's CSRF protection, and what they rely on instead.

use std::collections::BTreeSet;

use arrears_core::source::Roles;
use arrears_core::text::TextRange;

use super::resolve::Symbol;
use super::{ClassRef, FunctionRef, ProjectModel};
use crate::django::module::Module;
use crate::flow::Place;
use crate::python::ClassId;
use crate::python::body::{Expr, ExprId};

/// How many calls deep a helper may hide that it verifies something.
const DEPTH: u32 = 2;

/// How many functions are looked at for one view.
const FUNCTIONS: usize = 60;

/// A view that is exempt.
#[derive(Debug, Clone)]
pub struct Exemption<'p> {
    /// The view's name.
    pub name: String,
    /// Where it is said: `csrf_exempt` in the decorator or the call.
    pub place: Place<'p>,
    /// Where the view makes use of who is signed in, if it does: `request.user`.
    pub session: Option<Place<'p>>,
}

/// What makes forged requests harmless: something that no browser sends along by itself is asked for.
const VERIFIES: [&str; 53] = [
    "hmac",
    "compare_digest",
    "construct_event",
    "signature",
    "verify",
    "validate_request",
    "authorization",
    "api_key",
    "apikey",
    "api-key",
    "bearer",
    "jwt",
    "\"token\"",
    "'token'",
    "_token\"",
    "_token'",
    "token=",
    "check_token",
    "tokenauth",
    "-token",
    "access_token",
    "auth_token",
    "secret",
    "basicauth",
    "basic_auth",
    "samlresponse",
    "saml2",
    "oauthlib",
    "oauth2_provider",
    "openid",
    "oidc",
    "lti_",
    "nonce",
    "csp-report",
    "csp_report",
    "authenticate(",
    "authenticationform",
    "check_password",
    "credentials",
    "access_key",
    "webhook_key",
    "csrfviewmiddleware",
    "csrf_protect",
    "enforce_csrf",
    "referer",
    "remote_addr",
    "shibboleth",
    "x-requested-with",
    "x_requested_with",
    "xmlhttprequest",
    "require_ajax",
    "is_ajax",
    "application/json",
];

/// What makes use of who is signed in.
const SESSION: [&str; 14] = [
    ".COOKIES[",
    ".COOKIES.get(",
    "request.user",
    "login_required",
    "request.session",
    "permission_required",
    "user_passes_test",
    "staff_member_required",
    "superuser_required",
    "LoginRequiredMixin",
    "PermissionRequiredMixin",
    "UserPassesTestMixin",
    "has_perm(",
    "get_user(request",
];

/// What changes something.
const CHANGES: [&str; 19] = [
    ".save(",
    ".delete(",
    ".create(",
    "_or_create(",
    ".update(",
    ".bulk_",
    ".add(",
    ".remove(",
    ".clear(",
    ".set(",
    ".set_password(",
    ".delay(",
    ".apply_async(",
    "send_mail",
    "login(request",
    "logout(request",
    "request.session[",
    ".cursor(",
    ".write(",
];

/// What limits a view to requests that change nothing.
const SAFE: [&str; 5] = [
    "require_GET",
    "require_safe",
    "require_http_methods([\"GET\"])",
    "require_http_methods(['GET'])",
    "require_http_methods([\"GET\", \"HEAD\"])",
];

/// A piece of code that belongs to a view.
struct Piece<'p> {
    place: Place<'p>,
    text: &'p str,
}

#[derive(Clone, Copy)]
enum View<'p> {
    Function(FunctionRef<'p>),
    Class(ClassRef<'p>),
}

impl<'p> ProjectModel<'p> {
    /// Returns the views that are exempt, change something and verify nothing, as far as the repository tells.
    ///
    /// Those of the REST framework are left out: it checks the token itself where a session signs in.
    pub fn csrf_exemptions(&self) -> Vec<Exemption<'p>> {
        let mut found = Vec::new();
        for (file, facts) in self.python_files() {
            let skipped = Roles::TEST | Roles::VENDORED | Roles::MIGRATION | Roles::GENERATED;
            if file.source.roles.intersects(skipped) || !file.facts.words.may_contain("csrf_exempt") {
                continue;
            }
            let Some(module) = Module::of(self, &file.source.path) else { continue };
            for (id, function) in facts.functions_with_ids() {
                let mut decorators = function.decorators.iter();
                let Some(decorator) = decorators.find(|it| {
                    is_exempt(module, &it.path, it.range.start())
                        || it.argument.as_deref().is_some_and(|it| it.ends_with("csrf_exempt"))
                }) else {
                    continue;
                };
                let own = FunctionRef { path: module.path, id };
                let class = function.class.map(|id| ClassRef { path: module.path, id });
                let view = class.map_or(View::Function(own), View::Class);
                found.extend(self.exemption(view, Place { path: module.path, range: decorator.range }));
            }
            for (id, body) in (0..).map(ClassId).zip(&module.bodies.classes) {
                let class = ClassRef { path: module.path, id };
                let is_it = |it: &&ExprId| module.bodies.span(**it).slice(module.text).contains("csrf_exempt");
                if let Some(decorator) = body.decorators.iter().find(is_it) {
                    let range = module.bodies.span(*decorator);
                    found.extend(self.exemption(View::Class(class), Place { path: module.path, range }));
                }
            }
            for id in module.bodies.ids() {
                let Some((name, args)) = module.bodies.call(id, module.text) else { continue };
                let range = module.bodies.span(id);
                if !is_exempt(module, name, range.start()) {
                    continue;
                }
                let given = module.bodies.positional(args, 0);
                let view = given.and_then(|given| wrapped(module, given)).or_else(|| around(module, range));
                let place = Place { path: module.path, range: head(module, id) };
                found.extend(view.and_then(|view| self.exemption(view, place)));
            }
        }
        found
    }

    fn exemption(&self, view: View<'p>, place: Place<'p>) -> Option<Exemption<'p>> {
        let (name, pieces) = match view {
            View::Function(function) => (self.function(function)?.name.clone(), self.pieces_of_function(function)),
            View::Class(class) => {
                let name = self.python(class.path)?.class(class.id)?.name.clone();
                (name, self.pieces_of_class(class)?)
            }
        };
        let is_safe = pieces.iter().any(|piece| {
            // What is read from a cookie is sent along by the browser, however well it is signed.
            let lower = if piece.text.contains(".COOKIES") { String::new() } else { piece.text.to_ascii_lowercase() };
            VERIFIES.iter().any(|mark| lower.contains(mark)) || SAFE.iter().any(|mark| piece.text.contains(mark))
        });
        let lower = name.to_ascii_lowercase();
        let is_known = ["webhook", "callback", "csp", "acs", "ipn", "login"].iter().any(|word| lower.contains(word));
        let changes = pieces.iter().any(|piece| CHANGES.iter().any(|mark| piece.text.contains(mark)));
        if is_safe || is_known || !changes {
            return None;
        }
        let session = pieces.iter().find_map(|piece| {
            let (at, mark) = SESSION.iter().filter_map(|mark| Some((piece.text.find(mark)?, mark))).min()?;
            let start = piece.place.range.start() as usize + at;
            Some(Place { path: piece.place.path, range: TextRange::of(start..start + mark.len()) })
        });
        Some(Exemption { name, place, session })
    }

    /// Returns a function with its decorators, and those of the project that it calls.
    fn pieces_of_function(&self, function: FunctionRef<'p>) -> Vec<Piece<'p>> {
        let mut seen = BTreeSet::new();
        let mut pieces = Vec::new();
        self.add_function(function, DEPTH, &mut seen, &mut pieces);
        pieces
    }

    /// Returns a class with its ancestors and what its methods call; none where it is a view of the REST framework.
    fn pieces_of_class(&self, class: ClassRef<'p>) -> Option<Vec<Piece<'p>>> {
        let ancestry = self.ancestry(class);
        if ancestry.outside.iter().any(|it| it.starts_with("rest_framework.")) {
            return None;
        }
        let (mut pieces, mut seen) = (Vec::new(), BTreeSet::new());
        for class in &ancestry.classes {
            let Some(file) = self.file(class.path) else { continue };
            let facts = self.python(class.path)?;
            let range = facts.class(class.id)?.range;
            let path = &file.source.path;
            pieces.push(Piece { place: Place { path, range }, text: range.slice(&file.source.text) });
            for (id, _) in facts.functions_with_ids().filter(|(_, it)| it.class == Some(class.id)) {
                self.add_called(FunctionRef { path, id }, DEPTH, &mut seen, &mut pieces);
            }
        }
        Some(pieces)
    }

    fn add_function(
        &self,
        function: FunctionRef<'p>,
        depth: u32,
        seen: &mut BTreeSet<FunctionRef<'p>>,
        pieces: &mut Vec<Piece<'p>>,
    ) {
        if seen.len() > FUNCTIONS || !seen.insert(function) {
            return;
        }
        let (Some(file), Some(own)) = (self.file(function.path), self.function(function)) else { return };
        let start = own.decorators.iter().map(|it| it.range.start()).min().unwrap_or(own.range.start());
        let range = TextRange::new(start.min(own.range.start()), own.range.end());
        let path = &file.source.path;
        pieces.push(Piece { place: Place { path, range }, text: range.slice(&file.source.text) });
        for decorator in &own.decorators {
            let symbol = self.resolve(path, &decorator.path, decorator.range.start());
            if let (Some(Symbol::Function(next)), Some(depth)) = (symbol, depth.checked_sub(1)) {
                self.add_function(next, depth, seen, pieces);
            }
        }
        self.add_called(function, depth, seen, pieces);
    }

    fn add_called(
        &self,
        function: FunctionRef<'p>,
        depth: u32,
        seen: &mut BTreeSet<FunctionRef<'p>>,
        pieces: &mut Vec<Piece<'p>>,
    ) {
        let (Some(depth), Some(file)) = (depth.checked_sub(1), self.file(function.path)) else { return };
        let Some(facts) = self.python(function.path) else { return };
        for call in facts.calls_of(function.id) {
            let name = call.callee.slice(&file.source.text);
            if let Some(Symbol::Function(next)) = self.resolve(&file.source.path, name, call.callee.start()) {
                self.add_function(next, depth, seen, pieces);
            }
        }
    }
}

fn is_exempt(module: Module<'_, '_>, name: &str, at: u32) -> bool {
    name.ends_with("csrf_exempt")
        && module.facts.names.canonical(name, at) == "django.views.decorators.csrf.csrf_exempt"
}

/// Returns the view that `csrf_exempt` is called with: a function, or `View.as_view()`.
fn wrapped<'p>(module: Module<'_, 'p>, given: ExprId) -> Option<View<'p>> {
    let name = match module.bodies.expr(given) {
        Expr::Call { function, .. } => module.dotted(function)?.strip_suffix(".as_view")?,
        _ => module.dotted(given)?,
    };
    match module.project.resolve(module.path, name, module.bodies.span(given).start())? {
        Symbol::Function(function) => Some(View::Function(function)),
        Symbol::Class(class) => Some(View::Class(class)),
        Symbol::Variable(..) | Symbol::Module(_) | Symbol::External(_) => None,
    }
}

/// Returns the class whose `as_view` makes the exemption.
fn around<'p>(module: Module<'_, 'p>, range: TextRange) -> Option<View<'p>> {
    let function = module.facts.function(module.facts.function_at(range)?)?;
    if function.name != "as_view" {
        return None;
    }
    Some(View::Class(ClassRef { path: module.path, id: function.class? }))
}

fn head(module: Module<'_, '_>, call: ExprId) -> TextRange {
    match module.bodies.expr(call) {
        Expr::Call { function, .. } => module.bodies.span(function),
        _ => module.bodies.span(call),
    }
}
