//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::settings::outcome::Outcome;

rule! {
    /// Finds production settings whose mail goes nowhere.
    ///
    /// The console backend prints mail, `dummy`, `locmem` and `filebased` keep or drop it. Nobody gets the link for a new password,
    /// and nothing fails.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    /// ```
    /// ```python bad path=shop/mail.py
    /// from django.core.mail import send_mail
    ///
    /// def thank(order):
    ///     send_mail("Thank you", "…", None, [order.email])
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// import os
    ///
    /// INSTALLED_APPS = ["django.contrib.admin"]
    /// ROOT_URLCONF = "shop.urls"
    /// EMAIL_HOST = os.environ["EMAIL_HOST"]
    /// ```
    /// ```python good path=shop/mail.py
    /// from django.core.mail import send_mail
    ///
    /// def thank(order):
    ///     send_mail("Thank you", "…", None, [order.email])
    /// ```
    ///
    /// Also where it is the default of a variable that no deployment of the repository sets. Not flagged where nothing sends mail, and
    /// where a condition picks the console because no mail server is configured.
    pub(crate) const RULE = {
        code: "settings/console-mail-in-production",
        summary: "mail of production goes nowhere",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen = BTreeSet::new();
    let sends = std::cell::OnceCell::new();
    for module in model.settings().served(model) {
        let Some(found) = module.certain("EMAIL_BACKEND", |it| sink(it).is_some()) else { continue };
        let Some(sink) = sink(&found) else { continue };
        let is_chosen = !found.tests.is_empty() || model.is_deployed(&found);
        let has_accounts =
            || module.app_place("allauth").is_some() || module.app_place("django_registration").is_some();
        if is_chosen || !(*sends.get_or_init(|| sends_mail(model)) || has_accounts()) || !seen.insert(found.place) {
            continue;
        }
        let when = found.variables.last().map(|it| format!(" where `{it}` is missing")).unwrap_or_default();
        ctx.report(found.place.path, found.place.range, format!("mail of production {sink}{when}"))
            .label_origin(module, found.place)
            .help("set `EMAIL_BACKEND` to the SMTP backend or that of your provider in the production settings");
    }
}

/// Returns where mail goes instead of to people.
fn sink(backend: &Outcome<'_, '_>) -> Option<&'static str> {
    match backend.text()?.strip_prefix("django.core.mail.backends.")?.split('.').next()? {
        "console" => Some("is printed to the console"),
        "dummy" => Some("is dropped"),
        "locmem" => Some("stays in memory"),
        "filebased" => Some("is written to files"),
        _ => None,
    }
}

/// Returns whether something in the project sends mail.
fn sends_mail(model: &ProjectModel<'_>) -> bool {
    const WORDS: [&str; 9] = [
        "send_mail",
        "send_mass_mail",
        "EmailMessage",
        "EmailMultiAlternatives",
        "mail_admins",
        "email_user",
        "PasswordResetView",
        "PasswordResetForm",
        "AdminEmailHandler",
    ];
    let is_code = |roles: Roles| !roles.intersects(Roles::TEST | Roles::VENDORED);
    WORDS.iter().any(|word| model.files_with_word(word).any(|file| is_code(file.source.roles)))
}
