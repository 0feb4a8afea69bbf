//! Models of packages that others build on.

use super::entry::{OBJECTS, Package, base, char, entry, fk, flag, int, many, table, text, time};

/// Trees and polymorphic models.
pub(super) const TREES: &[Package] = &[
    // The names of these columns can be changed by `MPTTMeta`.
    base("mptt.models.MPTTModel", &[int("lft"), int("rght"), int("tree_id"), int("level")]).managers(OBJECTS),
    base("treebeard.models.Node", &[]),
    base("treebeard.mp_tree.MP_Node", &[char("path").unique(), int("depth"), int("numchild")])
        .on(&["treebeard.models.Node"])
        .managers(OBJECTS),
    base("treebeard.ns_tree.NS_Node", &[int("lft"), int("rgt"), int("tree_id"), int("depth")])
        .on(&["treebeard.models.Node"])
        .managers(OBJECTS),
    base("treebeard.al_tree.AL_Node", &[]).on(&["treebeard.models.Node"]).managers(OBJECTS),
    base(
        "polymorphic.models.PolymorphicModel",
        &[fk("polymorphic_ctype", "contenttypes.ContentType")
            .null()
            .related("polymorphic_%(app_label)s.%(class)s_set+")],
    )
    .managers(OBJECTS),
];

/// Tags, time stamps, schedules, logs.
pub(super) const TOOLS: &[Package] = &[
    base("taggit.models.TagBase", &[char("name").unique(), entry("slug", "SlugField", "").unique()]),
    table("taggit.models.Tag", "taggit", &[]).on(&["taggit.models.TagBase"]),
    base("taggit.models.ItemBase", &[]),
    base("taggit.models.TaggedItemBase", &[fk("tag", "taggit.Tag").related("%(app_label)s_%(class)s_items")])
        .on(&["taggit.models.ItemBase"]),
    base(
        "taggit.models.CommonGenericTaggedItemBase",
        &[
            fk("content_type", "contenttypes.ContentType").related("%(app_label)s_%(class)s_tagged_items"),
            entry("content_object", "GenericForeignKey", ""),
        ],
    )
    .on(&["taggit.models.ItemBase"]),
    base("taggit.models.GenericTaggedItemBase", &[int("object_id")]).on(&["taggit.models.CommonGenericTaggedItemBase"]),
    base("taggit.models.GenericUUIDTaggedItemBase", &[entry("object_id", "UUIDField", "")])
        .on(&["taggit.models.CommonGenericTaggedItemBase"]),
    table("taggit.models.TaggedItem", "taggit", &[])
        .on(&["taggit.models.GenericTaggedItemBase", "taggit.models.TaggedItemBase"]),
    base("model_utils.models.TimeStampedModel", &[time("created"), time("modified")]),
    base("model_utils.models.TimeFramedModel", &[time("start").null(), time("end").null()]),
    base("model_utils.models.StatusModel", &[char("status"), time("status_changed")]).open(),
    base("model_utils.models.SoftDeletableModel", &[flag("is_removed")]).managers(&[
        "objects",
        "available_objects",
        "all_objects",
    ]),
    base("model_utils.models.UUIDModel", &[entry("id", "UUIDField", "").key()]),
    base("django_extensions.db.models.TimeStampedModel", &[time("created"), time("modified")]),
    base("django_extensions.db.models.TitleDescriptionModel", &[char("title"), text("description").null()]),
    base("django_extensions.db.models.TitleSlugDescriptionModel", &[entry("slug", "SlugField", "")])
        .on(&["django_extensions.db.models.TitleDescriptionModel"]),
    base(
        "django_extensions.db.models.ActivatorModel",
        &[int("status"), time("activate_date").null(), time("deactivate_date").null()],
    )
    .managers(OBJECTS),
    base("modelcluster.models.ClusterableModel", &[]),
    base("parler.models.TranslatableModel", &[]).managers(OBJECTS).open(),
    base("parler.models.TranslatedFieldsModel", &[char("language_code")]).open(),
    base("solo.models.SingletonModel", &[]).managers(OBJECTS),
    base("ordered_model.models.OrderedModelBase", &[]).managers(OBJECTS),
    base("ordered_model.models.OrderedModel", &[int("order")]).on(&["ordered_model.models.OrderedModelBase"]),
    base("adminsortable.models.SortableMixin", &[]).open(),
    base("safedelete.models.SafeDeleteModel", &[time("deleted").null(), flag("deleted_by_cascade")]).managers(&[
        "objects",
        "all_objects",
        "deleted_objects",
    ]),
    base("psqlextra.models.PostgresModel", &[]).managers(OBJECTS),
    base("psqlextra.models.PostgresPartitionedModel", &[]).on(&["psqlextra.models.PostgresModel"]),
    base("django_lifecycle.LifecycleModel", &[]),
    base("django_tenants.models.TenantMixin", &[char("schema_name").unique()]),
    base(
        "django_tenants.models.DomainMixin",
        &[char("domain").unique(), fk("tenant", "").related("domains"), flag("is_primary")],
    )
    .open(),
    table(
        "django_celery_beat.models.PeriodicTask",
        "django_celery_beat",
        &[
            char("name").unique(),
            char("task"),
            fk("interval", "django_celery_beat.IntervalSchedule").null(),
            fk("crontab", "django_celery_beat.CrontabSchedule").null(),
            fk("solar", "django_celery_beat.SolarSchedule").null(),
            fk("clocked", "django_celery_beat.ClockedSchedule").null(),
            flag("enabled"),
        ],
    )
    .managers(OBJECTS)
    .open(),
    table("django_celery_beat.models.IntervalSchedule", "django_celery_beat", &[int("every"), char("period")]),
    table("django_celery_beat.models.CrontabSchedule", "django_celery_beat", &[char("minute"), char("hour")]).open(),
    table("django_celery_beat.models.SolarSchedule", "django_celery_beat", &[char("event")]).open(),
    table("django_celery_beat.models.ClockedSchedule", "django_celery_beat", &[time("clocked_time")]).open(),
    table("django_celery_results.models.TaskResult", "django_celery_results", &[char("task_id").unique()])
        .managers(OBJECTS)
        .open(),
    table(
        "reversion.models.Revision",
        "reversion",
        &[time("date_created"), fk("user", "user").null().related("+"), text("comment")],
    ),
    table(
        "reversion.models.Version",
        "reversion",
        &[
            fk("revision", "reversion.Revision"),
            char("object_id"),
            fk("content_type", "contenttypes.ContentType"),
            char("db"),
            char("format"),
            text("serialized_data"),
            text("object_repr"),
            entry("object", "GenericForeignKey", ""),
        ],
    )
    .managers(OBJECTS)
    .open(),
    table(
        "auditlog.models.LogEntry",
        "auditlog",
        &[
            fk("content_type", "contenttypes.ContentType").related("+"),
            char("object_pk"),
            fk("actor", "user").null().related("+"),
            time("timestamp"),
        ],
    )
    .managers(OBJECTS)
    .open(),
    table(
        "actstream.models.Action",
        "actstream",
        &[fk("actor_content_type", "contenttypes.ContentType").related("actor"), char("verb"), time("timestamp")],
    )
    .managers(OBJECTS)
    .open(),
    table(
        "notifications.models.Notification",
        "notifications",
        &[fk("recipient", "user").related("notifications"), char("verb"), flag("unread"), time("timestamp")],
    )
    .managers(OBJECTS)
    .open(),
    table("filer.models.foldermodels.Folder", "filer", &[fk("parent", "self").null().related("children")])
        .managers(OBJECTS)
        .open(),
    table(
        "filer.models.filemodels.File",
        "filer",
        &[
            fk("folder", "filer.Folder").null().related("all_files"),
            fk("owner", "user").null().related("owned_%(class)ss"),
        ],
    )
    .managers(OBJECTS)
    .open(),
    table("filer.models.imagemodels.Image", "filer", &[]).on(&["filer.models.filemodels.File"]).open(),
    table(
        "cms.models.pluginmodel.CMSPlugin",
        "cms",
        &[fk("parent", "self").null(), char("language"), char("plugin_type"), int("position")],
    )
    .open(),
    base("waffle.models.AbstractUserFlag", &[many("groups", "auth.Group"), many("users", "user")])
        .managers(OBJECTS)
        .open(),
];
