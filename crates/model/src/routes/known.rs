//! Routes, views and decorators of installed packages.

use super::Framework;
use crate::endpoint::Methods;

const GET: Methods = Methods::GET;
const POST: Methods = Methods::POST;
const PUT: Methods = Methods::PUT;
const PATCH: Methods = Methods::PATCH;
const DELETE: Methods = Methods::DELETE;
const FORM: Methods = GET.union(POST);
const OBJECT: Methods = GET.union(PUT).union(PATCH);

/// A route of a package: path, methods, view.
pub(super) type Known = (&'static str, Methods, &'static str);

const DJ_REST_AUTH: &[Known] = &[
    ("password/reset/", POST, "PasswordResetView"),
    ("password/reset/confirm/", POST, "PasswordResetConfirmView"),
    ("login/", POST, "LoginView"),
    ("logout/", FORM, "LogoutView"),
    ("user/", OBJECT, "UserDetailsView"),
    ("password/change/", POST, "PasswordChangeView"),
    ("token/verify/", POST, "TokenVerifyView"),
    ("token/refresh/", POST, "RefreshTokenView"),
];

const REGISTRATION: &[Known] = &[
    ("", POST, "RegisterView"),
    ("verify-email/", POST, "VerifyEmailView"),
    ("resend-email/", POST, "ResendEmailVerificationView"),
    ("account-confirm-email/<str:key>/", GET, "TemplateView"),
    ("account-email-verification-sent/", GET, "TemplateView"),
];

const AUTH: &[Known] = &[
    ("login/", FORM, "LoginView"),
    ("logout/", FORM, "LogoutView"),
    ("password_change/", FORM, "PasswordChangeView"),
    ("password_change/done/", GET, "PasswordChangeDoneView"),
    ("password_reset/", FORM, "PasswordResetView"),
    ("password_reset/done/", GET, "PasswordResetDoneView"),
    ("reset/<uidb64>/<token>/", FORM, "PasswordResetConfirmView"),
    ("reset/done/", GET, "PasswordResetCompleteView"),
];

const OAUTH2: &[Known] = &[
    ("authorize/", FORM, "AuthorizationView"),
    ("token/", POST, "TokenView"),
    ("revoke_token/", POST, "RevokeTokenView"),
    ("introspect/", FORM, "IntrospectTokenView"),
    ("applications/", GET, "ApplicationList"),
    ("applications/register/", FORM, "ApplicationRegistration"),
    ("applications/<slug:pk>/", GET, "ApplicationDetail"),
    ("applications/<slug:pk>/delete/", FORM, "ApplicationDelete"),
    ("applications/<slug:pk>/update/", FORM, "ApplicationUpdate"),
    ("authorized_tokens/", GET, "AuthorizedTokensListView"),
    ("authorized_tokens/<slug:pk>/delete/", FORM, "AuthorizedTokenDeleteView"),
    ("userinfo/", FORM, "UserInfoView"),
    (".well-known/openid-configuration/", GET, "ConnectDiscoveryInfoView"),
    (".well-known/jwks.json", GET, "JwksInfoView"),
    ("logout/", FORM, "RPInitiatedLogoutView"),
];

const DJOSER: &[Known] = &[
    ("users/", FORM, "UserViewSet"),
    ("users/activation/", POST, "UserViewSet"),
    ("users/me/", OBJECT.union(DELETE), "UserViewSet"),
    ("users/resend_activation/", POST, "UserViewSet"),
    ("users/reset_password/", POST, "UserViewSet"),
    ("users/reset_password_confirm/", POST, "UserViewSet"),
    ("users/reset_username/", POST, "UserViewSet"),
    ("users/reset_username_confirm/", POST, "UserViewSet"),
    ("users/set_password/", POST, "UserViewSet"),
    ("users/set_username/", POST, "UserViewSet"),
    ("users/<str:id>/", OBJECT.union(DELETE), "UserViewSet"),
];

const DJOSER_JWT: &[Known] = &[
    ("jwt/create/?", POST, "TokenObtainPairView"),
    ("jwt/refresh/?", POST, "TokenRefreshView"),
    ("jwt/verify/?", POST, "TokenVerifyView"),
];

const DJOSER_TOKEN: &[Known] =
    &[("token/login/?", POST, "TokenCreateView"), ("token/logout/?", POST, "TokenDestroyView")];

const KNOX: &[Known] =
    &[("login/", POST, "LoginView"), ("logout/", POST, "LogoutView"), ("logoutall/", POST, "LogoutAllView")];

/// Returns the routes of a package's URL module.
pub(super) fn package(name: &str) -> Option<(&'static [Known], Framework)> {
    Some(match name {
        "dj_rest_auth.urls" | "rest_auth.urls" => (DJ_REST_AUTH, Framework::Rest),
        "dj_rest_auth.registration.urls" | "rest_auth.registration.urls" => (REGISTRATION, Framework::Rest),
        "django.contrib.auth.urls" => (AUTH, Framework::Django),
        "rest_framework.urls" => (&AUTH[..2], Framework::Django),
        "oauth2_provider.urls" => (OAUTH2, Framework::Django),
        "djoser.urls" | "djoser.urls.base" => (DJOSER, Framework::Rest),
        "djoser.urls.jwt" => (DJOSER_JWT, Framework::Rest),
        "djoser.urls.authtoken" => (DJOSER_TOKEN, Framework::Rest),
        "djoser.social.urls" => (&[("o/<str:provider>/", FORM, "ProviderAuthView")], Framework::Rest),
        "knox.urls" => (KNOX, Framework::Rest),
        "django.conf.urls.i18n" => (&[("setlang/", POST, "set_language")], Framework::Django),
        "django_prometheus.urls" => (&[("metrics", GET, "ExportToDjangoView")], Framework::Django),
        "health_check.urls" => (&[("", GET, "MainView")], Framework::Django),
        _ => return None,
    })
}

/// Returns the folders below which a package puts its routes, where the project does not say.
pub(super) fn folders(name: &str) -> &'static [&'static str] {
    let head = name.split('.').next().unwrap_or(name);
    match head {
        "debug_toolbar" => &["__debug__/"],
        "django_browser_reload" => &["__reload__/"],
        "silk" => &["silk/"],
        "social_django" => &["login/", "complete/", "disconnect/"],
        "mitol" if name.contains("scim") => &["scim/"],
        "django_scim" => &["Users/", "Groups/", "Me/", "Schemas/", "ResourceTypes/", "ServiceProviderConfig/"],
        "two_factor" => &["account/"],
        "hijack" => &["acquire/", "release/"],
        "djstripe" => &["webhook/"],
        _ => &[],
    }
}

/// What a class from outside brings to a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Brings {
    /// Handlers of these methods.
    Methods(Methods, Framework),
    /// Actions of a view set, or handlers that a subclass maps: `list`, `create`.
    Actions(&'static [&'static str]),
    /// Nothing.
    Nothing(Framework),
    /// That is not known.
    Unknown,
}

/// Returns what a base from outside brings.
pub(super) fn brings(base: &str) -> Brings {
    let last = base.rsplit('.').next().unwrap_or(base);
    if let Some(found) = rest_brings(base, last).or_else(|| django_brings(last)) {
        return found;
    }
    let is_aside =
        last.ends_with("Mixin") && !last.contains("Bulk") || last.ends_with("Permission") || last.ends_with("Protocol");
    if is_aside { Brings::Nothing(Framework::Django) } else { Brings::Unknown }
}

/// Classes of the REST framework and of packages around it.
fn rest_brings(base: &str, last: &str) -> Option<Brings> {
    use Brings::Actions;
    let methods = match last {
        "CreateAPIView"
        | "ObtainAuthToken"
        | "TokenObtainPairView"
        | "TokenRefreshView"
        | "TokenVerifyView"
        | "TokenBlacklistView"
        | "TokenViewBase"
        | "TokenObtainSlidingView"
        | "TokenRefreshSlidingView"
        | "SocialLoginView"
        | "SocialConnectView"
        | "RegisterView"
        | "PasswordChangeAPIView"
        | "VerifyEmailView" => POST,
        "ListAPIView" | "RetrieveAPIView" => GET,
        "DestroyAPIView" => DELETE,
        "UpdateAPIView" => PUT.union(PATCH),
        "ListCreateAPIView" => FORM,
        "RetrieveUpdateAPIView" | "UserDetailsView" => OBJECT,
        "RetrieveDestroyAPIView" => GET.union(DELETE),
        "RetrieveUpdateDestroyAPIView" => OBJECT.union(DELETE),
        "SpectacularAPIView"
        | "SpectacularSwaggerView"
        | "SpectacularRedocView"
        | "SpectacularJSONAPIView"
        | "SpectacularYAMLAPIView"
        | "SpectacularSwaggerSplitView" => GET,
        "LogoutView" if base.contains("rest_auth") => FORM,
        "LoginView" | "PasswordResetView" | "PasswordResetConfirmView" | "PasswordChangeView"
            if base.contains("rest_auth") =>
        {
            POST
        }
        "APIView" | "GenericAPIView" | "ViewSetMixin" | "ViewSet" | "GenericViewSet" | "NestedViewSetMixin" => {
            return Some(Brings::Nothing(Framework::Rest));
        }
        "ModelViewSet" => {
            return Some(Actions(&["list", "create", "retrieve", "update", "partial_update", "destroy"]));
        }
        "ReadOnlyModelViewSet" => return Some(Actions(&["list", "retrieve"])),
        "ListModelMixin" => return Some(Actions(&["list"])),
        "CreateModelMixin" => return Some(Actions(&["create"])),
        "RetrieveModelMixin" => return Some(Actions(&["retrieve"])),
        "UpdateModelMixin" => return Some(Actions(&["update", "partial_update"])),
        "DestroyModelMixin" => return Some(Actions(&["destroy"])),
        _ => return None,
    };
    Some(Brings::Methods(methods, Framework::Rest))
}

/// Classes of Django.
fn django_brings(last: &str) -> Option<Brings> {
    let methods = match last {
        "LoginView"
        | "LogoutView"
        | "PasswordResetView"
        | "PasswordResetConfirmView"
        | "PasswordChangeView"
        | "FormView"
        | "CreateView"
        | "UpdateView"
        | "ProcessFormView"
        | "BaseFormView"
        | "BaseCreateView"
        | "BaseUpdateView"
        | "SignupView"
        | "GraphQLView"
        | "AsyncGraphQLView"
        | "FileUploadGraphQLView" => FORM,
        "DeleteView" | "BaseDeleteView" => FORM.union(DELETE),
        "TemplateView"
        | "ListView"
        | "DetailView"
        | "ArchiveIndexView"
        | "YearArchiveView"
        | "MonthArchiveView"
        | "WeekArchiveView"
        | "DayArchiveView"
        | "TodayArchiveView"
        | "DateDetailView"
        | "BaseListView"
        | "BaseDetailView"
        | "JavaScriptCatalog"
        | "JSONCatalog"
        | "PasswordResetDoneView"
        | "PasswordResetCompleteView"
        | "PasswordChangeDoneView"
        | "SingleTableView"
        | "FilterView" => GET,
        "RedirectView" => FORM.union(PUT).union(PATCH).union(DELETE),
        "View"
        | "object"
        | "ABC"
        | "Generic"
        | "Protocol"
        | "ContextMixin"
        | "TemplateResponseMixin"
        | "SingleObjectMixin"
        | "MultipleObjectMixin"
        | "FormMixin"
        | "ModelFormMixin" => return Some(Brings::Nothing(Framework::Django)),
        _ => return None,
    };
    Some(Brings::Methods(methods, Framework::Django))
}

/// Returns the methods of a view function or class from outside.
pub(super) fn view(name: &str) -> (Option<Methods>, Framework) {
    let last = name.rsplit('.').next().unwrap_or(name);
    match last {
        "obtain_auth_token" | "obtain_jwt_token" | "refresh_jwt_token" | "verify_jwt_token" | "token_obtain_pair"
        | "token_refresh" | "token_verify" => return (Some(POST), Framework::Rest),
        "serve" => return (Some(GET), Framework::Django),
        "set_language" => return (Some(POST), Framework::Django),
        "with_ui" | "without_ui" => return (Some(GET), Framework::Rest),
        "get_schema_view" => return (Some(GET), Framework::Rest),
        _ => {}
    }
    match brings(name) {
        Brings::Methods(methods, framework) => (Some(methods), framework),
        Brings::Actions(_) => (None, Framework::Rest),
        Brings::Nothing(framework) => (None, framework),
        Brings::Unknown if name.starts_with("rest_framework") => (None, Framework::Rest),
        Brings::Unknown => (None, Framework::Django),
    }
}
