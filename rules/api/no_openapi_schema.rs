//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::Roles;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds interfaces of the REST framework without a machine-readable description.
    ///
    /// Clients are written by reading the server's code, types are copied by hand, and a renamed field is noticed by
    /// the users. drf-spectacular makes the description from the views that are there.
    ///
    /// ```python bad path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework"]
    /// ```
    /// ```python bad path=shop/views.py
    /// from rest_framework.views import APIView
    ///
    /// class OrderView(APIView):
    ///     def get(self, request):
    ///         return Response({})
    /// ```
    /// ```python good path=manage.py
    /// import os
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// INSTALLED_APPS = ["rest_framework", "drf_spectacular"]
    /// ```
    /// ```python good path=shop/views.py
    /// from rest_framework.views import APIView
    ///
    /// class OrderView(APIView):
    ///     def get(self, request):
    ///         return Response({})
    /// ```
    ///
    /// Said once for each Django project. Not flagged where anything speaks of a schema: drf-spectacular, drf-yasg, the
    /// framework's `get_schema_view`, a committed `openapi.*` or `swagger.*`.
    pub(crate) const RULE = {
        code: "api/no-openapi-schema",
        summary: "interface without a machine-readable description",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Repository,
        follows_values: true,
    }
}

/// Words of what makes or holds a description.
const MARKS: [&str; 10] = [
    "drf_spectacular",
    "drf_yasg",
    "drf_yasg2",
    "get_schema_view",
    "generateschema",
    "SpectacularAPIView",
    "rest_framework_swagger",
    "drf_openapi",
    "drf_generators",
    "apispec",
];

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let is_file = |name: &str| {
        let lower = name.to_ascii_lowercase();
        lower.starts_with("openapi") || lower.starts_with("swagger") || lower.ends_with("-openapi.yaml")
    };
    let speaks =
        MARKS.iter().any(|mark| model.files_with_word(mark).any(|file| !file.source.roles.contains(Roles::TEST)));
    if speaks || model.files().any(|file| is_file(file.source.path.file_name())) {
        return;
    }
    let settings = model.settings();
    for root in settings.roots() {
        let views = model.rest().views.iter().filter(|it| settings.root_of(it.place.path) == Some(root)).count();
        let place = settings.production(root).iter().find_map(|module| module.rest_place());
        let Some(place) = place.filter(|_| views > 0) else { continue };
        let views = if views == 1 { "1 view has".to_owned() } else { format!("{views} views have") };
        ctx.report(place.path, place.range, format!("{views} no machine-readable description"))
            .help("install drf-spectacular, set `DEFAULT_SCHEMA_CLASS`, and route `SpectacularAPIView`");
    }
}
