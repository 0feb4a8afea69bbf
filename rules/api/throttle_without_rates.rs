//! See [`RULE`].

use std::collections::BTreeSet;

use arrears_core::rule::Scope;
use arrears_core::source::RelPath;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::flow::Place;
use arrears_model::project::ProjectModel;
use arrears_model::rest::defaults::RestDefault;
use arrears_model::rest::throttle::Throttle;
use arrears_model::rest::{Named, Policy};
use arrears_model::settings::value::Value;

rule! {
    /// Finds throttles that have no rate.
    ///
    /// Without `DEFAULT_THROTTLE_RATES`, `AnonRateThrottle` and `UserRateThrottle` let every request through. With rates
    /// that lack the scope, the first request answers 500: "No default throttle rate set".
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    /// }
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    ///     "DEFAULT_THROTTLE_RATES": {"anon": "30/minute"},
    /// }
    /// ```
    ///
    /// A class of the project counts by its `scope`, or the one it inherits. Not flagged: classes with a `rate` or a way of
    /// their own to find it; a rate of `None`, which says on purpose that there is none; settings that cannot be read
    /// whole.
    pub(crate) const RULE = {
        code: "api/throttle-without-rates",
        summary: "throttle without a rate",
        check: Check::Project { run: check },
        scope: Scope::Project,
        follows_values: true,
        tags: &["security"],
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut seen: BTreeSet<Place<'_>> = BTreeSet::new();
    let settings = model.settings();
    for module in settings.roots().into_iter().flat_map(|root| settings.production(root)) {
        let RestDefault::Set(classes) = module.rest_default("DEFAULT_THROTTLE_CLASSES") else { continue };
        for item in classes.items() {
            let Some(name) = item.text() else { continue };
            if let Some(Throttle::Scope(scope)) = model.throttle(name, None)
                && seen.insert(item.place)
            {
                report(model, ctx, module.path, (name, &scope), item.place);
            }
        }
    }
    for view in &model.rest().views {
        let policies = view.handlers.iter().map(|it| &it.throttles).chain([&view.throttles]);
        for named in policies.filter_map(Policy::listed).flat_map(|it| &it.classes) {
            match model.throttle(&named.name, named.class) {
                Some(Throttle::Scope(scope)) if seen.insert(named.place) => {
                    report(model, ctx, view.place.path, (named.last(), &scope), named.place);
                }
                _ => {}
            }
        }
        if let Some((scope, place)) = view.throttle_scope.as_ref().filter(|(_, place)| !seen.contains(place))
            && is_scoped(model, view.place.path, &view.throttles)
        {
            seen.insert(*place);
            report(model, ctx, view.place.path, ("ScopedRateThrottle", scope), *place);
        }
    }
}

/// Returns whether the throttle that goes by the view's scope is in force.
fn is_scoped<'p>(model: &ProjectModel<'p>, path: &RelPath, throttles: &Policy<'p>) -> bool {
    let is_it = |named: &Named<'p>| model.throttle(&named.name, named.class) == Some(Throttle::OfView);
    match throttles {
        Policy::Listed(listed) => listed.classes.iter().any(is_it),
        Policy::Computed => false,
        Policy::Default => match model.rest_default(path, "DEFAULT_THROTTLE_CLASSES") {
            RestDefault::Set(classes) => classes
                .items()
                .iter()
                .any(|it| it.text().is_some_and(|name| model.throttle(name, None) == Some(Throttle::OfView))),
            RestDefault::Missing | RestDefault::Unknown => false,
        },
    }
}

fn report(
    model: &ProjectModel<'_>,
    ctx: &mut ProjectContext<'_>,
    path: &RelPath,
    (name, scope): (&str, &str),
    place: Place<'_>,
) {
    let class = name.rsplit('.').next().unwrap_or(name);
    let message = match model.rest_default(path, "DEFAULT_THROTTLE_RATES") {
        RestDefault::Unknown => return,
        RestDefault::Missing if matches!(scope, "anon" | "user") => {
            format!("`{class}` slows nobody down: there are no `DEFAULT_THROTTLE_RATES`")
        }
        RestDefault::Missing => {
            format!("`{class}` has no rate: each request answers 500, for want of the scope `{scope}`")
        }
        RestDefault::Set(rates) => {
            let lacks = rates.in_production().into_iter().all(|it| {
                matches!(&it.by_default().value, Value::Dict { is_open: false, .. }) && it.get(scope).is_none()
            });
            if !lacks {
                return;
            }
            format!(
                "`DEFAULT_THROTTLE_RATES` has no rate for the scope `{scope}` of `{class}`: each request answers 500"
            )
        }
    };
    ctx.report(place.path, place.range, message)
        .help(format!("add a rate: `\"DEFAULT_THROTTLE_RATES\": {{\"{scope}\": \"60/minute\"}}`"))
        .property("scope", scope);
}
