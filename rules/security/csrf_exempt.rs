//! See [`RULE`].

use arrears_core::rule::{Preset, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds views without CSRF protection that act for whoever is signed in.
    ///
    /// The browser sends the session cookie with every request, also with the form that a foreign page submits by itself.
    /// The token is how Django tells the two apart; without it that page does to the visitor's account what the
    /// view does.
    ///
    /// ```python bad
    /// from django.http import JsonResponse
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    /// @csrf_exempt
    /// def cancel_order(request, pk):
    ///     request.user.orders.filter(pk=pk).update(status="cancelled")
    ///     return JsonResponse({})
    /// ```
    /// ```python good
    /// import hmac
    /// from django.http import HttpResponse
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    /// @csrf_exempt
    /// def payment_hook(request):
    ///     if not hmac.compare_digest(request.headers["X-Hub-Signature"], sign(request.body)):
    ///         return HttpResponse(status=403)
    ///     return HttpResponse()
    /// ```
    ///
    /// Not flagged: views that ask for what no browser sends along by itself, in their body, in a decorator or in a function
    /// of the project that they call (a signature, a token, an `Authorization` header, a header of scripts, JSON); webhooks,
    /// callbacks of logins, reports of content policies by their names; views that answer only GET or change nothing; views of the REST
    /// framework, whose session authentication checks the token anyway; projects without sessions. The preset `strict`
    /// adds views in which nothing is seen that verifies or signs in anybody. Semgrep and Sonar (S4502) flag every use.
    pub(crate) const RULE = {
        code: "security/csrf-exempt",
        summary: "CSRF protection is off where a session decides",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
        security_severity: "6.5",
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let settings = model.settings();
    for exemption in model.csrf_exemptions() {
        let modules = settings.production_of(exemption.place.path);
        let has_sessions = modules.is_empty()
            || modules.iter().any(|it| {
                let middleware = it.get("MIDDLEWARE");
                !it.is_complete()
                    || middleware.is_none_or(|it| {
                        it.is_open() || it.items().iter().any(|it| it.text().is_none_or(|it| it.contains("ession")))
                    })
            });
        if !has_sessions {
            continue;
        }
        let (name, place) = (&exemption.name, exemption.place);
        if let Some(session) = exemption.session {
            let message =
                format!("`{name}` acts for whoever is signed in, and any web site can make a browser call it");
            let finding = ctx.report(place.path, place.range, message);
            finding.label_once(session, "the session decides here");
            finding.help("take `csrf_exempt` away and send the token, or ask for a credential that is no cookie");
        } else {
            let message = format!("CSRF protection is off for `{name}`, and nothing in it verifies who calls");
            ctx.report(place.path, place.range, message)
                .help("take `csrf_exempt` away, or verify a signature or a token")
                .preset(Preset::Strict);
        }
    }
}
