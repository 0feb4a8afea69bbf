//! Models of Wagtail.

use super::entry::{OBJECTS, Package, base, char, entry, fk, flag, int, json, one, table, text, time};

/// All of them.
pub(super) const WAGTAIL: &[Package] = &[
    base("wagtail.models.Orderable", &[int("sort_order").null()]),
    base(
        "wagtail.models.TranslatableMixin",
        &[entry("translation_key", "UUIDField", ""), fk("locale", "wagtailcore.Locale").related("+")],
    ),
    base("wagtail.models.BootstrapTranslatableMixin", &[]).on(&["wagtail.models.TranslatableMixin"]),
    base("wagtail.models.RevisionMixin", &[fk("latest_revision", "wagtailcore.Revision").null().related("+")]).open(),
    base(
        "wagtail.models.DraftStateMixin",
        &[
            flag("live"),
            flag("has_unpublished_changes"),
            time("first_published_at").null(),
            time("last_published_at").null(),
            fk("live_revision", "wagtailcore.Revision").null().related("+"),
            time("go_live_at").null(),
            time("expire_at").null(),
            flag("expired"),
        ],
    ),
    base(
        "wagtail.models.LockableMixin",
        &[flag("locked"), time("locked_at").null(), fk("locked_by", "user").null().related("locked_%(class)ss")],
    ),
    base("wagtail.models.WorkflowMixin", &[]).open(),
    base("wagtail.models.CollectionMember", &[fk("collection", "wagtailcore.Collection").related("+")]),
    table("wagtail.models.Locale", "wagtailcore", &[char("language_code").unique()]).managers(OBJECTS),
    table(
        "wagtail.models.Site",
        "wagtailcore",
        &[
            char("hostname"),
            int("port"),
            char("site_name"),
            fk("root_page", "wagtailcore.Page").related("sites_rooted_here"),
            flag("is_default_site"),
        ],
    )
    .managers(OBJECTS),
    table("wagtail.models.Collection", "wagtailcore", &[char("name")])
        .on(&["treebeard.mp_tree.MP_Node"])
        .managers(OBJECTS)
        .open(),
    table(
        "wagtail.models.Revision",
        "wagtailcore",
        &[
            fk("content_type", "contenttypes.ContentType").related("+"),
            fk("base_content_type", "contenttypes.ContentType").related("+"),
            char("object_id"),
            time("created_at"),
            fk("user", "user").null().related("wagtail_revisions"),
            json("content"),
        ],
    )
    .managers(OBJECTS)
    .open(),
    table(
        "wagtail.models.Page",
        "wagtailcore",
        &[
            char("title"),
            char("draft_title"),
            entry("slug", "SlugField", ""),
            fk("content_type", "contenttypes.ContentType").related("pages"),
            text("url_path"),
            fk("owner", "user").null().related("owned_pages"),
            char("seo_title"),
            flag("show_in_menus"),
            text("search_description"),
            time("latest_revision_created_at").null(),
            fk("alias_of", "self").null().related("aliases"),
        ],
    )
    .on(&[
        "wagtail.models.WorkflowMixin",
        "wagtail.models.DraftStateMixin",
        "wagtail.models.LockableMixin",
        "wagtail.models.RevisionMixin",
        "wagtail.models.TranslatableMixin",
        "treebeard.mp_tree.MP_Node",
        "modelcluster.models.ClusterableModel",
    ])
    .open()
    .managers(OBJECTS),
    base(
        "wagtail.images.models.AbstractImage",
        &[
            char("title"),
            entry("file", "ImageField", ""),
            int("width"),
            int("height"),
            time("created_at"),
            fk("uploaded_by_user", "user").null(),
            entry("tags", "TaggableManager", "taggit.Tag"),
        ],
    )
    .on(&["wagtail.models.CollectionMember"])
    .managers(OBJECTS)
    .open(),
    table("wagtail.images.models.Image", "wagtailimages", &[]).on(&["wagtail.images.models.AbstractImage"]),
    base("wagtail.images.models.AbstractRendition", &[char("filter_spec"), int("width"), int("height")]).open(),
    table(
        "wagtail.images.models.Rendition",
        "wagtailimages",
        &[fk("image", "wagtailimages.Image").related("renditions")],
    )
    .on(&["wagtail.images.models.AbstractRendition"]),
    base(
        "wagtail.documents.models.AbstractDocument",
        &[
            char("title"),
            entry("file", "FileField", ""),
            time("created_at"),
            fk("uploaded_by_user", "user").null(),
            entry("tags", "TaggableManager", "taggit.Tag"),
        ],
    )
    .on(&["wagtail.models.CollectionMember"])
    .managers(OBJECTS)
    .open(),
    table("wagtail.documents.models.Document", "wagtaildocs", &[]).on(&["wagtail.documents.models.AbstractDocument"]),
    base("wagtail.contrib.settings.models.BaseGenericSetting", &[]),
    base("wagtail.contrib.settings.models.BaseSiteSetting", &[one("site", "wagtailcore.Site").related("+")]).open(),
    base("wagtail.contrib.forms.models.AbstractFormField", &[int("sort_order").null(), char("label")]).open(),
    base("wagtail.contrib.forms.models.FormMixin", &[]),
    base("wagtail.contrib.forms.models.AbstractForm", &[])
        .on(&["wagtail.contrib.forms.models.FormMixin", "wagtail.models.Page"])
        .open(),
    base("wagtail.contrib.forms.models.AbstractEmailForm", &[])
        .on(&["wagtail.contrib.forms.models.AbstractForm"])
        .open(),
    base("wagtail.contrib.routable_page.models.RoutablePage", &[]).on(&["wagtail.models.Page"]),
];
