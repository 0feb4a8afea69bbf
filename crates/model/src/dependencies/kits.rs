//! Kits that report errors, as packages are called.

use super::Ecosystem;

/// Kits that are started by a call, which tells whether they are.
pub(super) struct Kit {
    /// What people call it.
    pub(super) name: &'static str,
    /// The distribution, the module and the call that starts it.
    pub(super) python: (&'static str, &'static str, &'static str),
    /// What settings name instead: an application, a middleware, a setting.
    pub(super) settings: &'static [&'static str],
    /// How packages of Node are called, and what starts them.
    pub(super) node: (&'static [&'static str], &'static [&'static str]),
}

/// The kits that are known.
pub(super) const KITS: [Kit; 5] = [
    Kit {
        name: "Sentry",
        python: ("sentry-sdk", "sentry_sdk", "init"),
        settings: &["raven.contrib.django"],
        node: (
            &["@sentry/", "sentry-expo"],
            &["init(", "withSentry", "sentrySvelteKit", "@sentry/nextjs", "captureConsoleIntegration"],
        ),
    },
    Kit {
        name: "Rollbar",
        python: ("rollbar", "rollbar", "init"),
        settings: &["rollbar.contrib"],
        node: (&["rollbar", "@rollbar/"], &["new Rollbar", "Rollbar(", "accessToken", "Provider"]),
    },
    Kit {
        name: "Bugsnag",
        python: ("bugsnag", "bugsnag", "configure"),
        settings: &["bugsnag.django"],
        node: (&["@bugsnag/"], &["start(", "createClient("]),
    },
    Kit {
        name: "Honeybadger",
        python: ("honeybadger", "honeybadger", "configure"),
        settings: &["honeybadger.contrib"],
        node: (&["@honeybadger-io/"], &["configure("]),
    },
    Kit {
        name: "AppSignal",
        python: ("appsignal", "appsignal", "start"),
        settings: &["appsignal"],
        node: (&["@appsignal/"], &["new Appsignal", "Appsignal("]),
    },
];

/// Distributions of Python that report errors, or send logs to where somebody reads them.
pub(super) const REPORTERS: [&str; 32] = [
    "airbrake",
    "appsignal",
    "applicationinsights",
    "azure-monitor-opentelemetry",
    "bugsnag",
    "datadog",
    "ddtrace",
    "elastic-apm",
    "fluent-logger",
    "glitchtip",
    "google-cloud-error-reporting",
    "google-cloud-logging",
    "graypy",
    "highlight-io",
    "honeybadger",
    "logfire",
    "logtail-python",
    "newrelic",
    "opencensus",
    "opencensus-ext-azure",
    "opentelemetry-api",
    "opentelemetry-distro",
    "opentelemetry-sdk",
    "pybrake",
    "python-logging-loki",
    "python-logstash",
    "raven",
    "rollbar",
    "scout-apm",
    "sentry-sdk",
    "watchtower",
    "django-errors-mailer",
];

/// Beginnings of packages of Node that report errors.
pub(super) const NODE_REPORTERS: [&str; 30] = [
    "@airbrake/",
    "@appsignal/",
    "@bugsnag/",
    "@datadog/",
    "@elastic/apm",
    "@google-cloud/error-reporting",
    "@grafana/faro",
    "@highlight-run/",
    "@honeybadger-io/",
    "@hyperdx/",
    "@logtail/",
    "@microsoft/applicationinsights",
    "@newrelic/",
    "@openreplay/",
    "@opentelemetry/",
    "@react-native-firebase/crashlytics",
    "@rollbar/",
    "@sentry/",
    "dd-trace",
    "elastic-apm",
    "highlight.run",
    "logrocket",
    "newrelic",
    "posthog-js",
    "posthog-react-native",
    "raygun4js",
    "rollbar",
    "sentry-expo",
    "stackdriver-errors-js",
    "trackjs",
];

/// Returns whether a package is a kit whose start is asked for by itself.
pub(super) fn is_kit(ecosystem: Ecosystem, key: &str) -> bool {
    KITS.iter().any(|kit| match ecosystem {
        Ecosystem::Python => kit.python.0 == key,
        Ecosystem::Node => kit.node.0.iter().any(|start| key.starts_with(start)),
    })
}
