//! Names of images: `ghcr.io/astral-sh/uv:0.9@sha256:…`.

use arrears_core::text::TextRange;

use super::purpose::Purpose;
use crate::flow::Place;

/// An image that a file names.
#[derive(Debug, Clone)]
pub struct ImageUse<'p> {
    /// As it is written.
    pub name: String,
    /// Where.
    pub place: Place<'p>,
    /// What for.
    pub purpose: Purpose,
    /// Who names it.
    pub by: Namer,
}

/// Who names an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Namer {
    /// `FROM`, or `COPY --from`
    Dockerfile,
    /// A service of a compose file; `is_built`, where the file says how the image is built.
    Compose {
        /// Whether the service, or another one with the same image, says how it is built.
        is_built: bool,
    },
    /// A container of Kubernetes.
    Kubernetes,
    /// The values of a chart.
    Values,
    /// A description for a platform.
    Platform,
}

/// The parts of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageName<'a> {
    /// Registry and path: `ghcr.io/astral-sh/uv`.
    pub repository: &'a str,
    /// What follows the colon.
    pub tag: Option<&'a str>,
    /// Whether the content is named: `@sha256:…`.
    pub has_digest: bool,
}

/// Returns the parts of a name; none, where a variable decides.
pub fn parts(name: &str) -> Option<ImageName<'_>> {
    let name = name.strip_prefix("docker.io/").unwrap_or(name).trim();
    let name = name.strip_prefix("library/").unwrap_or(name);
    if name.is_empty() || name.contains(['$', '{', '<', ' ']) {
        return None;
    }
    let (name, digest) = name.split_once('@').map_or((name, None), |(name, digest)| (name, Some(digest)));
    let last = name.rfind('/').map_or(0, |at| at + 1);
    let tag = name.get(last..)?.find(':').map(|at| last + at);
    let repository = name.get(..tag.unwrap_or(name.len()))?;
    Some(ImageName { repository, tag: tag.and_then(|at| name.get(at + 1..)), has_digest: digest.is_some() })
}

impl<'a> ImageName<'a> {
    /// Returns the last part of the repository: `uv`.
    pub fn last(self) -> &'a str {
        self.repository.rsplit('/').next().unwrap_or(self.repository)
    }

    /// Returns whether the name means another image tomorrow: it has no tag, or the tag `latest`.
    pub fn floats(self) -> bool {
        !self.has_digest && self.tag.is_none_or(|tag| tag == "latest" || tag.is_empty())
    }

    /// Returns the user that the image runs as: whether it is the superuser; none, where it is not known.
    pub fn runs_as_root(self) -> Option<bool> {
        const ROOT: [&str; 34] = [
            "python",
            "node",
            "ubuntu",
            "debian",
            "alpine",
            "golang",
            "php",
            "ruby",
            "openjdk",
            "eclipse-temurin",
            "rust",
            "buildpack-deps",
            "amazonlinux",
            "fedora",
            "centos",
            "rockylinux",
            "almalinux",
            "archlinux",
            "oraclelinux",
            "busybox",
            "pypy",
            "perl",
            "bash",
            "docker",
            "amazoncorretto",
            "maven",
            "gradle",
            "swift",
            "erlang",
            "elixir",
            "haskell",
            "julia",
            "opensuse/leap",
            "mono",
        ];
        const OTHERS: [&str; 7] = [
            "ghcr.io/astral-sh/uv",
            "nikolaik/python-nodejs",
            "oven/bun",
            "nvidia/cuda",
            "tiangolo/uvicorn-gunicorn-fastapi",
            "tiangolo/uvicorn-gunicorn",
            "denoland/deno",
        ];
        let tag = self.tag.unwrap_or("");
        if tag.contains("nonroot") || tag.contains("non-root") || tag.contains("rootless") {
            return Some(false);
        }
        let official = self.repository.strip_prefix("public.ecr.aws/docker/library/").unwrap_or(self.repository);
        let is_root = ROOT.contains(&official) || OTHERS.contains(&official);
        let others = ["bitnami/", "chainguard", "distroless", "unprivileged", "nonroot"];
        let is_other = others.iter().any(|it| self.repository.contains(it));
        if is_root {
            Some(true)
        } else if is_other {
            Some(false)
        } else {
            None
        }
    }

    /// Returns the service that the image offers to others: `redis`, `postgres`.
    pub fn offers(self) -> Option<Store> {
        let last = self.last().to_ascii_lowercase();
        let has = |word: &str| last.contains(word);
        if ["exporter", "bouncer", "admin", "commander", "insight", "backup", "ui"].iter().any(|it| has(it)) {
            return None;
        }
        Some(match () {
            () if has("redis") || has("valkey") || has("keydb") || has("dragonfly") => Store::Redis,
            () if has("rabbitmq") => Store::Rabbit,
            () if has("postgis") || has("postgres") || has("timescale") || has("pgvector") => Store::Postgres,
            () if has("mysql") || has("mariadb") || has("percona") => Store::MySql,
            () if has("memcache") => Store::Memcached,
            () if has("mongo") => Store::Mongo,
            () => return None,
        })
    }
}

/// What keeps data for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// Redis and what speaks like it.
    Redis,
    /// `RabbitMQ`
    Rabbit,
    /// `PostgreSQL`
    Postgres,
    /// `MySQL` and `MariaDB`
    MySql,
    /// Memcached
    Memcached,
    /// `MongoDB`
    Mongo,
}

impl Store {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Redis => "Redis",
            Self::Rabbit => "RabbitMQ",
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::Memcached => "Memcached",
            Self::Mongo => "MongoDB",
        }
    }

    /// Returns whether it is a database of record.
    pub fn is_database(self) -> bool {
        matches!(self, Self::Postgres | Self::MySql | Self::Mongo)
    }
}

impl<'p> ImageUse<'p> {
    pub(super) fn new(name: &str, place: Place<'p>, purpose: Purpose, by: Namer) -> Self {
        Self { name: name.to_owned(), place, purpose, by }
    }

    /// Returns the range of the name.
    pub fn range(&self) -> TextRange {
        self.place.range
    }
}

#[cfg(test)]
mod tests {
    use super::{ImageName, parts};

    #[test]
    fn a_port_is_no_tag() {
        let found = parts("registry:5000/shop/web");
        assert_eq!(found, Some(ImageName { repository: "registry:5000/shop/web", tag: None, has_digest: false }));
        assert!(parts("docker.io/library/redis:7").is_some_and(|it| it.repository == "redis" && !it.floats()));
        assert!(parts("redis@sha256:abc").is_some_and(|it| !it.floats()));
        assert!(parts("redis:latest").is_some_and(ImageName::floats));
        assert_eq!(parts("redis:${TAG:-latest}"), None);
    }
}
