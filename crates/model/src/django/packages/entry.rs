//! How the models of installed packages are written down.

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
    pub(super) const fn null(self) -> Self {
        Self { is_null: true, ..self }
    }

    pub(super) const fn unique(self) -> Self {
        Self { is_unique: true, ..self }
    }

    pub(super) const fn key(self) -> Self {
        Self { is_key: true, ..self }
    }

    pub(super) const fn related(self, related: &'static str) -> Self {
        Self { related, ..self }
    }

    pub(super) const fn query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }
}

pub(super) const fn entry(name: &'static str, column: &'static str, target: &'static str) -> Entry {
    Entry { name, column, target, related: "", query: "", is_null: false, is_unique: false, is_key: false }
}

pub(super) const fn char(name: &'static str) -> Entry {
    entry(name, "CharField", "")
}

pub(super) const fn text(name: &'static str) -> Entry {
    entry(name, "TextField", "")
}

pub(super) const fn int(name: &'static str) -> Entry {
    entry(name, "IntegerField", "")
}

pub(super) const fn json(name: &'static str) -> Entry {
    entry(name, "JSONField", "")
}

pub(super) const fn flag(name: &'static str) -> Entry {
    entry(name, "BooleanField", "")
}

pub(super) const fn time(name: &'static str) -> Entry {
    entry(name, "DateTimeField", "")
}

pub(super) const fn fk(name: &'static str, target: &'static str) -> Entry {
    entry(name, "ForeignKey", target)
}

pub(super) const fn one(name: &'static str, target: &'static str) -> Entry {
    entry(name, "OneToOneField", target)
}

pub(super) const fn many(name: &'static str, target: &'static str) -> Entry {
    entry(name, "ManyToManyField", target)
}

const ROOT: &[&str] = &[super::ROOT];

/// A concrete model.
pub(super) const fn table(path: &'static str, app: &'static str, fields: &'static [Entry]) -> Package {
    Package { path, app, is_abstract: false, is_open: false, bases: ROOT, fields, managers: &[] }
}

/// An abstract model.
pub(super) const fn base(path: &'static str, fields: &'static [Entry]) -> Package {
    Package { path, app: "", is_abstract: true, is_open: false, bases: ROOT, fields, managers: &[] }
}

impl Package {
    pub(super) const fn on(self, bases: &'static [&'static str]) -> Self {
        Self { bases, ..self }
    }

    pub(super) const fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    pub(super) const fn managers(self, managers: &'static [&'static str]) -> Self {
        Self { managers, ..self }
    }
}

/// The usual manager.
pub(super) const OBJECTS: &[&str] = &["objects"];
