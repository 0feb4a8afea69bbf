//! The models of installed packages, written down.

/// A model of a package.
pub(super) struct Package {
    pub(super) path: &'static str,
    pub(super) app: &'static str,
    pub(super) is_abstract: bool,
    /// Whether it has more fields than are listed.
    pub(super) is_open: bool,
    pub(super) bases: &'static [&'static str],
    pub(super) fields: &'static [Entry],
    pub(super) managers: &'static [&'static str],
}

/// A field of a package's model.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) column: &'static str,
    /// A label, `self`, `user`, or nothing.
    pub(super) target: &'static str,
    pub(super) related: &'static str,
    pub(super) query: &'static str,
    pub(super) is_null: bool,
    pub(super) is_unique: bool,
    pub(super) is_key: bool,
}

impl Entry {
    const fn null(self) -> Self {
        Self { is_null: true, ..self }
    }

    const fn unique(self) -> Self {
        Self { is_unique: true, ..self }
    }

    const fn key(self) -> Self {
        Self { is_key: true, ..self }
    }

    const fn related(self, related: &'static str) -> Self {
        Self { related, ..self }
    }

    const fn query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }
}

const fn entry(name: &'static str, column: &'static str, target: &'static str) -> Entry {
    Entry { name, column, target, related: "", query: "", is_null: false, is_unique: false, is_key: false }
}

const fn char(name: &'static str) -> Entry {
    entry(name, "CharField", "")
}

const fn text(name: &'static str) -> Entry {
    entry(name, "TextField", "")
}

const fn int(name: &'static str) -> Entry {
    entry(name, "IntegerField", "")
}

const fn flag(name: &'static str) -> Entry {
    entry(name, "BooleanField", "")
}

const fn time(name: &'static str) -> Entry {
    entry(name, "DateTimeField", "")
}

const fn fk(name: &'static str, target: &'static str) -> Entry {
    entry(name, "ForeignKey", target)
}

const fn one(name: &'static str, target: &'static str) -> Entry {
    entry(name, "OneToOneField", target)
}

const fn many(name: &'static str, target: &'static str) -> Entry {
    entry(name, "ManyToManyField", target)
}

const ROOT: &[&str] = &[super::ROOT];

/// A concrete model.
const fn table(path: &'static str, app: &'static str, fields: &'static [Entry]) -> Package {
    Package { path, app, is_abstract: false, is_open: false, bases: ROOT, fields, managers: &[] }
}

/// An abstract model.
const fn base(path: &'static str, fields: &'static [Entry]) -> Package {
    Package { path, app: "", is_abstract: true, is_open: false, bases: ROOT, fields, managers: &[] }
}

impl Package {
    const fn on(self, bases: &'static [&'static str]) -> Self {
        Self { bases, ..self }
    }

    const fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    const fn managers(self, managers: &'static [&'static str]) -> Self {
        Self { managers, ..self }
    }
}

const OBJECTS: &[&str] = &["objects"];

/// All models that are known.
pub(super) const PACKAGES: &[Package] = &[
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
        "rest_framework.authtoken.models.Token",
        "authtoken",
        &[char("key").key(), one("user", "user").related("auth_token"), time("created")],
    ),
    table(
        "wagtail.models.Page",
        "wagtailcore",
        &[
            char("title"),
            entry("slug", "SlugField", ""),
            fk("content_type", "contenttypes.ContentType").related("pages"),
            fk("owner", "user").null().related("owned_pages"),
        ],
    )
    .open()
    .managers(OBJECTS),
];

/// Other dotted names of the models.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("django.contrib.auth.base_user.AbstractBaseUser", "django.contrib.auth.models.AbstractBaseUser"),
    ("django.db.models.base.Model", super::ROOT),
    ("django.contrib.gis.db.models.Model", super::ROOT),
];

/// Bases that are no models and add no fields.
pub(super) const PLAIN: &[&str] = &["wagtail.search.index.Indexed", "wagtail.core.index.Indexed"];

/// Managers that load nothing beyond the rows: package and class.
pub(super) const QUIET_MANAGERS: &[(&str, &str)] =
    &[("django", "Manager"), ("django", "BaseManager"), ("django", "UserManager"), ("django", "BaseUserManager")];

/// Querysets that load nothing beyond the rows: package and class.
pub(super) const QUIET_QUERYSETS: &[(&str, &str)] = &[("django", "QuerySet")];
