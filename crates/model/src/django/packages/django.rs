//! Models of Django and of packages about accounts.

use super::entry::{OBJECTS, Package, base, char, entry, fk, flag, int, json, many, one, table, text, time};

/// Django's own.
pub(super) const DJANGO: &[Package] = &[
    base("django.contrib.auth.models.AbstractBaseUser", &[char("password"), time("last_login").null()]),
    base(
        "django.contrib.auth.models.PermissionsMixin",
        &[
            flag("is_superuser"),
            many("groups", "auth.Group").related("user_set").query("user"),
            many("user_permissions", "auth.Permission").related("user_set").query("user"),
        ],
    ),
    base(
        "django.contrib.auth.models.AbstractUser",
        &[
            char("username").unique(),
            char("first_name"),
            char("last_name"),
            entry("email", "EmailField", ""),
            flag("is_staff"),
            flag("is_active"),
            time("date_joined"),
        ],
    )
    .on(&["django.contrib.auth.models.AbstractBaseUser", "django.contrib.auth.models.PermissionsMixin"])
    .managers(OBJECTS),
    table("django.contrib.auth.models.User", "auth", &[]).on(&["django.contrib.auth.models.AbstractUser"]),
    table("django.contrib.auth.models.Group", "auth", &[char("name").unique(), many("permissions", "auth.Permission")]),
    table(
        "django.contrib.auth.models.Permission",
        "auth",
        &[char("name"), fk("content_type", "contenttypes.ContentType"), char("codename")],
    ),
    table("django.contrib.contenttypes.models.ContentType", "contenttypes", &[char("app_label"), char("model")]),
    table("django.contrib.sites.models.Site", "sites", &[char("domain").unique(), char("name")]),
    base(
        "django.contrib.sessions.base_session.AbstractBaseSession",
        &[char("session_key").key(), text("session_data"), time("expire_date")],
    )
    .managers(OBJECTS),
    table("django.contrib.sessions.models.Session", "sessions", &[])
        .on(&["django.contrib.sessions.base_session.AbstractBaseSession"]),
    table(
        "django.contrib.admin.models.LogEntry",
        "admin",
        &[
            time("action_time"),
            fk("user", "user"),
            fk("content_type", "contenttypes.ContentType").null(),
            text("object_id").null(),
            char("object_repr"),
            int("action_flag"),
            text("change_message"),
        ],
    ),
    table(
        "django.contrib.flatpages.models.FlatPage",
        "flatpages",
        &[
            char("url"),
            char("title"),
            text("content"),
            flag("enable_comments"),
            char("template_name"),
            flag("registration_required"),
            many("sites", "sites.Site"),
        ],
    ),
    table(
        "django.contrib.redirects.models.Redirect",
        "redirects",
        &[fk("site", "sites.Site"), char("old_path"), char("new_path")],
    ),
];

/// Users, tokens, permissions.
pub(super) const ACCOUNTS: &[Package] = &[
    table(
        "rest_framework.authtoken.models.Token",
        "authtoken",
        &[char("key").key(), one("user", "user").related("auth_token"), time("created")],
    ),
    table(
        "rest_framework_simplejwt.token_blacklist.models.OutstandingToken",
        "token_blacklist",
        &[
            fk("user", "user").null(),
            char("jti").unique(),
            text("token"),
            time("created_at").null(),
            time("expires_at"),
        ],
    ),
    table(
        "rest_framework_simplejwt.token_blacklist.models.BlacklistedToken",
        "token_blacklist",
        &[one("token", "token_blacklist.OutstandingToken"), time("blacklisted_at")],
    ),
    base(
        "rest_framework_api_key.models.AbstractAPIKey",
        &[
            char("id").key(),
            char("prefix").unique(),
            char("hashed_key"),
            time("created"),
            char("name"),
            flag("revoked"),
            time("expiry_date").null(),
        ],
    )
    .managers(OBJECTS),
    table("rest_framework_api_key.models.APIKey", "rest_framework_api_key", &[])
        .on(&["rest_framework_api_key.models.AbstractAPIKey"]),
    table(
        "allauth.account.models.EmailAddress",
        "account",
        &[fk("user", "user"), entry("email", "EmailField", ""), flag("verified"), flag("primary")],
    )
    .managers(OBJECTS)
    .open(),
    table(
        "allauth.account.models.EmailConfirmation",
        "account",
        &[fk("email_address", "account.EmailAddress"), time("created"), time("sent").null(), char("key").unique()],
    )
    .managers(OBJECTS)
    .open(),
    table(
        "allauth.socialaccount.models.SocialApp",
        "socialaccount",
        &[char("provider"), char("name"), char("client_id"), char("secret"), many("sites", "sites.Site")],
    )
    .managers(OBJECTS)
    .open(),
    table(
        "allauth.socialaccount.models.SocialAccount",
        "socialaccount",
        &[
            fk("user", "user"),
            char("provider"),
            char("uid"),
            time("last_login"),
            time("date_joined"),
            json("extra_data"),
        ],
    )
    .open(),
    table(
        "allauth.socialaccount.models.SocialToken",
        "socialaccount",
        &[
            fk("app", "socialaccount.SocialApp").null(),
            fk("account", "socialaccount.SocialAccount"),
            text("token"),
            text("token_secret"),
            time("expires_at").null(),
        ],
    )
    .open(),
    base(
        "oauth2_provider.models.AbstractApplication",
        &[char("client_id").unique(), fk("user", "user").null().related("%(app_label)s_%(class)s"), char("name")],
    )
    .managers(OBJECTS)
    .open(),
    table("oauth2_provider.models.Application", "oauth2_provider", &[])
        .on(&["oauth2_provider.models.AbstractApplication"])
        .open(),
    table(
        "social_django.models.UserSocialAuth",
        "social_django",
        &[fk("user", "user").related("social_auth"), char("provider"), char("uid"), json("extra_data")],
    )
    .managers(OBJECTS)
    .open(),
    base("guardian.models.models.BaseObjectPermission", &[fk("permission", "auth.Permission")]).managers(OBJECTS),
    base("guardian.models.models.UserObjectPermissionBase", &[fk("user", "user")])
        .on(&["guardian.models.models.BaseObjectPermission"])
        .managers(OBJECTS),
    base("guardian.models.models.GroupObjectPermissionBase", &[fk("group", "auth.Group")])
        .on(&["guardian.models.models.BaseObjectPermission"])
        .managers(OBJECTS),
    base(
        "guardian.models.models.BaseGenericObjectPermission",
        &[
            fk("content_type", "contenttypes.ContentType"),
            char("object_pk"),
            entry("content_object", "GenericForeignKey", ""),
        ],
    ),
    table("guardian.models.models.UserObjectPermission", "guardian", &[])
        .on(&["guardian.models.models.UserObjectPermissionBase", "guardian.models.models.BaseGenericObjectPermission"]),
    table("guardian.models.models.GroupObjectPermission", "guardian", &[]).on(&[
        "guardian.models.models.GroupObjectPermissionBase",
        "guardian.models.models.BaseGenericObjectPermission",
    ]),
];
