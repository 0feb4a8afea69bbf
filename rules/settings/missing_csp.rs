//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::RelPath;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::project::proxy::Duty;

rule! {
    /// Finds Django projects that serve pages without a `Content-Security-Policy`.
    ///
    /// The policy is the second line of defence: it decides which scripts a browser runs when markup of somebody else's
    /// has got into a page. Without it one unescaped value runs as the user who looks at it, in the admin as the
    /// administrator.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// from django.utils.csp import CSP
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"default-src": [CSP.SELF]}
    /// ```
    ///
    /// Said once for each Django project, at `MIDDLEWARE`. Any policy in the repository counts: Django's own, that of
    /// django-csp, one that only reports, a header of nginx, Caddy, Traefik, an ingress or of own code, a `<meta>` of a
    /// page. Not flagged: interfaces without pages, that is without the admin and without templates of pages.
    pub(crate) const RULE = {
        code: "settings/missing-csp",
        summary: "pages are served without a Content-Security-Policy",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        follows_values: true,
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for serving in model.settings().serving(model) {
        let has_policy = serving.sets_any(&["CSP_", "SECURE_CSP", "CONTENT_SECURITY_POLICY"])
            || serving.may_list("MIDDLEWARE", &|it| {
                let lower = it.to_ascii_lowercase();
                lower.contains("csp") || lower.contains("contentsecurity") || lower.contains("content_security")
            });
        let has_admin = serving.modules.iter().any(|it| it.app_place("django.contrib.admin").is_some());
        let mut files = model.inventory().files_below(serving.root);
        let is_mail = |part: &str| {
            let starts = ["base", "admin", "csrf", "403", "404", "500"];
            part.contains("mail") || starts.iter().any(|it| part.starts_with(it))
        };
        let is_page = |path: &RelPath| {
            let mut folders = path.folders().chain([path.file_name()]);
            path.extension() == "html" && path.folders().any(|it| it == "templates") && !folders.any(is_mail)
        };
        let has_pages = has_admin || files.any(is_page);
        if has_policy || !has_pages || !serving.is_complete() || model.does(Duty::ContentPolicy).is_some() {
            continue;
        }
        let Some(place) = serving.anchor() else { continue };
        let what = if has_admin { "the admin and every other page" } else { "every page" };
        let message = format!("{what} is served without a `Content-Security-Policy`: a script that gets in runs");
        ctx.report(place.path, place.range, message)
            .help("set `SECURE_CSP` (Django 6) or add django-csp; start with the policy that only reports");
    }
}
