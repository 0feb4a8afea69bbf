//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ProjectFile, ProjectModel};
use arrears_model::python::{Call, PythonFacts};

rule! {
    /// Finds views and serializers that send mail while the client waits, in a project that runs Celery.
    ///
    /// The request takes as long as the mail server: half a second on a good day, the socket's timeout on a bad one,
    /// with a web worker blocked meanwhile.
    ///
    /// ```python bad
    /// from celery import shared_task
    /// from django.core.mail import send_mail
    ///
    /// def register(request):
    ///     send_mail("Welcome", "Hello", None, [request.POST["email"]])
    ///
    /// @shared_task
    /// def send_invoice(address):
    ///     send_mail("Invoice", "Attached", None, [address])
    /// ```
    /// ```python good
    /// from celery import shared_task
    /// from django.core.mail import send_mail
    ///
    /// def register(request):
    ///     send_welcome.delay(request.POST["email"])
    ///
    /// @shared_task
    /// def send_welcome(address):
    ///     send_mail("Welcome", "Hello", None, [address])
    /// ```
    ///
    /// Not flagged: projects without Celery tasks; views that test the mail settings, whose point is to wait; mail
    /// to the administrators.
    pub(crate) const RULE = {
        code: "celery/sync-mail-in-view",
        summary: "request waits for the mail server although Celery is there",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Project,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    if model.tasks().tasks.is_empty() || mails_to_the_console(model) {
        return;
    }
    for (file, facts) in model.python_files().filter(|(file, _)| file.facts.words.may_contain("mail")) {
        for call in &facts.calls {
            let Some(view) = mailing_view(file, facts, call) else { continue };
            let name = call.callee.slice(&file.source.text);
            ctx.report(&file.source.path, call.callee, format!("`{view}` waits for the mail server in `{name}`"))
                .help("move the mail to a task and send it with `.delay(…)` once the transaction is committed");
        }
    }
}

/// Returns the view or serializer whose request waits for this call.
fn mailing_view(file: ProjectFile<'_>, facts: &PythonFacts, call: &Call) -> Option<String> {
    let text = &file.source.text;
    let function = facts.function(call.function?)?;
    let mail = facts.names.canonical(call.callee.slice(text), call.callee.start());
    let sends = match mail.strip_prefix("django.core.mail.")? {
        "send_mail" | "send_mass_mail" => true,
        "EmailMessage" | "EmailMultiAlternatives" => {
            let mut calls = facts.calls.iter().filter(|other| other.function == call.function);
            calls.any(|other| other.callee.slice(text).ends_with(".send"))
        }
        _ => return None,
    };
    let symbol = facts.symbol_at(call.callee);
    let is_test = ["test", "check", "credential", "verify_smtp"].iter().any(|it| symbol.to_lowercase().contains(it));
    let is_view = match function.class.and_then(|class| facts.class(class)) {
        Some(class) => class.bases.iter().any(|base| is_view_class(base)),
        None => takes_request(function.range, text),
    };
    (sends && is_view && !is_test && function.task_body.is_none()).then_some(symbol)
}

fn is_view_class(base: &str) -> bool {
    let name = base.rsplit('.').next().unwrap_or(base);
    ["View", "ViewSet", "APIView", "Endpoint", "Serializer"].iter().any(|ending| name.ends_with(ending))
}

fn takes_request(function: TextRange, text: &str) -> bool {
    let list = function.slice(text).split_once('(').map_or("", |(_, rest)| rest.trim_start());
    list.strip_prefix("request").is_some_and(|rest| rest.starts_with([',', ')', ':', ' ']))
}

/// Returns whether the only mail backend that the settings name prints to the console.
fn mails_to_the_console(model: &ProjectModel<'_>) -> bool {
    let backends = |name: &str| model.files_with_word("EMAIL_BACKEND").any(|file| file.source.text.contains(name));
    backends("mail.backends.console")
        && !backends("mail.backends.smtp")
        && model.files_with_word("EMAIL_HOST").next().is_none()
}
