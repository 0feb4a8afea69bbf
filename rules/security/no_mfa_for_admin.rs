//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, Scope};
use arrears_core::source::Roles;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::{ProjectFile, ProjectModel};

rule! {
    /// Finds Django projects whose admin opens with a password alone.
    ///
    /// One reused password of one member of staff is enough to read and change every row that the admin shows.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ```
    /// ```python bad path=shop/urls.py
    /// from django.contrib import admin
    /// from django.urls import path
    /// urlpatterns = [path("office/", admin.site.urls)]
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["django.contrib.admin", "django_otp", "django_otp.plugins.otp_totp"]
    /// ```
    /// ```python good path=shop/urls.py
    /// from django.contrib import admin
    /// from django.urls import path
    /// from django_otp.admin import OTPAdminSite
    /// admin.site.__class__ = OTPAdminSite
    /// urlpatterns = [path("office/", admin.site.urls)]
    /// ```
    ///
    /// Said once for each Django project, where the admin is routed. Not flagged where an application, a middleware or a
    /// backend speaks of a second factor or of a login elsewhere (OTP, WebAuthn, passkeys, SAML, OpenID, LDAP, CAS, a
    /// remote user), or where the login of the admin is replaced.
    pub(crate) const RULE = {
        code: "security/no-mfa-for-admin",
        summary: "the admin opens with a password alone",
        check: Check::Project { run: check },
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Repository,
        follows_values: true,
        security_severity: "4.3",
    }
}

/// Parts of names that speak of a second factor, or of a login that happens elsewhere.
const FACTORS: [&str; 21] = [
    "otp",
    "two_factor",
    "twofactor",
    "mfa",
    "2fa",
    "webauthn",
    "passkey",
    "fido",
    "saml",
    "oidc",
    "openid",
    "keycloak",
    "okta",
    "auth0",
    "azure",
    "ldap",
    "django_cas",
    "remoteuser",
    "remote_user",
    "sso",
    "cloudflare",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let settings = model.settings();
    for serving in settings.serving(model) {
        let has_admin = serving.modules.iter().any(|it| it.app_place("django.contrib.admin").is_some());
        let is_factor = |it: &str| {
            let lower = it.to_ascii_lowercase();
            FACTORS.iter().any(|word| lower.contains(word))
        };
        let lists = ["INSTALLED_APPS", "MIDDLEWARE", "AUTHENTICATION_BACKENDS"];
        if !has_admin || lists.iter().any(|list| serving.may_list(list, &is_factor)) || !serving.is_complete() {
            continue;
        }
        let is_ours = |file: &ProjectFile<'_>| settings.root_of(&file.source.path) == Some(serving.root);
        if model.files().any(|file| is_ours(&file) && replaces_login(&file)) {
            continue;
        }
        let place = model.files_with_word("admin").filter(is_ours).find_map(admin_route);
        if let Some(place) = place {
            ctx.report(place.path, place.range, "the admin opens with a password alone: there is no second factor")
                .help("add django-otp, django-two-factor-auth or `allauth.mfa`, or put a single sign-on before it");
        }
    }
}

/// Returns where a file routes the admin.
fn admin_route(file: ProjectFile<'_>) -> Option<Place<'_>> {
    let skipped = Roles::TEST | Roles::VENDORED;
    if file.facts.python().is_none() || file.source.roles.intersects(skipped) {
        return None;
    }
    let text: &str = &file.source.text;
    let at = text.find("admin.site.urls")?;
    let line = text.get(..at)?.rsplit('\n').next().unwrap_or("");
    if line.contains('#') {
        return None;
    }
    Some(Place { path: &file.source.path, range: TextRange::of(at..at + "admin.site.urls".len()) })
}

/// Returns whether code puts another login before the admin.
fn replaces_login(file: &ProjectFile<'_>) -> bool {
    const MARKS: [&str; 6] = [
        "admin.site.login",
        "secure_admin_login",
        "OTPAdmin",
        "AdminSiteOTP",
        "admin.site.__class__",
        "has_permission = ",
    ];
    let text: &str = &file.source.text;
    file.facts.python().is_some()
        && file.facts.words.may_contain("admin")
        && MARKS.iter().any(|mark| text.contains(mark))
}
