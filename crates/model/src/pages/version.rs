//! Versions that pages state, beside those that manifests declare.

use std::collections::BTreeMap;

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_syntax::document::markdown::BlockKind;

use super::admitted::{Span, admitted, numbers};
use super::kind::PageKind;
use super::{Page, tense};
use crate::dependencies::Ecosystem::{self, Node, Python};
use crate::project::ProjectModel;

/// A version that a page states and no manifest admits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift<'p> {
    /// What the version is of: `Django`.
    pub name: &'static str,
    /// The version, as the page has it.
    pub stated: String,
    /// Where that is.
    pub range: TextRange,
    /// The manifests that declare the package.
    pub declared: Vec<Declared<'p>>,
}

/// A package that a manifest declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared<'p> {
    /// The manifest.
    pub path: &'p RelPath,
    /// What it says about the version: `>=5.2,<6`, `^19.1.0`.
    pub said: String,
    /// Where it names the package.
    pub range: TextRange,
}

/// What manifests declare, by the name that the index of packages has.
type Manifests<'p> = BTreeMap<(Ecosystem, String), Vec<Declared<'p>>>;

/// What people call packages; a longer name before one that it begins with.
const NAMES: &[(&str, Ecosystem, &[&str])] = &[
    ("Django REST Framework", Python, &["djangorestframework"]),
    ("Django REST framework", Python, &["djangorestframework"]),
    ("Django Rest Framework", Python, &["djangorestframework"]),
    ("django-rest-framework", Python, &["djangorestframework"]),
    ("djangorestframework", Python, &["djangorestframework"]),
    ("DRF", Python, &["djangorestframework"]),
    ("Django Channels", Python, &["channels"]),
    ("Channels", Python, &["channels"]),
    ("Django", Python, &["django"]),
    ("Celery", Python, &["celery"]),
    ("FastAPI", Python, &["fastapi"]),
    ("Pydantic", Python, &["pydantic"]),
    ("SQLAlchemy", Python, &["sqlalchemy"]),
    ("Flask", Python, &["flask"]),
    ("Wagtail", Python, &["wagtail"]),
    ("Gunicorn", Python, &["gunicorn"]),
    ("Uvicorn", Python, &["uvicorn"]),
    ("Daphne", Python, &["daphne"]),
    ("LangChain", Python, &["langchain"]),
    ("drf-spectacular", Python, &["drf-spectacular"]),
    ("psycopg2", Python, &["psycopg2", "psycopg2-binary"]),
    ("pytest", Python, &["pytest"]),
    ("React Native", Node, &["react-native"]),
    ("React Router", Node, &["react-router", "react-router-dom"]),
    ("React Query", Node, &["@tanstack/react-query", "react-query"]),
    ("TanStack Query", Node, &["@tanstack/react-query"]),
    ("React Hook Form", Node, &["react-hook-form"]),
    ("React.js", Node, &["react"]),
    ("ReactJS", Node, &["react"]),
    ("React", Node, &["react"]),
    ("Expo SDK", Node, &["expo"]),
    ("Expo", Node, &["expo"]),
    ("Next.js", Node, &["next"]),
    ("Nuxt", Node, &["nuxt"]),
    ("Vue.js", Node, &["vue"]),
    ("Vue", Node, &["vue"]),
    ("Angular", Node, &["@angular/core"]),
    ("Svelte", Node, &["svelte"]),
    ("Vitest", Node, &["vitest"]),
    ("Vite", Node, &["vite"]),
    ("TypeScript", Node, &["typescript"]),
    ("Tailwind CSS", Node, &["tailwindcss"]),
    ("TailwindCSS", Node, &["tailwindcss"]),
    ("Tailwind", Node, &["tailwindcss"]),
    ("Material UI", Node, &["@mui/material"]),
    ("Material-UI", Node, &["@mui/material", "@material-ui/core"]),
    ("MUI", Node, &["@mui/material"]),
    ("Mantine", Node, &["@mantine/core"]),
    ("Chakra UI", Node, &["@chakra-ui/react"]),
    ("Ant Design", Node, &["antd"]),
    ("Redux Toolkit", Node, &["@reduxjs/toolkit"]),
    ("Zustand", Node, &["zustand"]),
    ("Axios", Node, &["axios"]),
    ("Bootstrap", Node, &["bootstrap"]),
    ("Three.js", Node, &["three"]),
    ("Storybook", Node, &["storybook", "@storybook/react"]),
    ("Playwright", Node, &["@playwright/test", "playwright"]),
    ("Cypress", Node, &["cypress"]),
    ("ESLint", Node, &["eslint"]),
    ("Prettier", Node, &["prettier"]),
    ("Jest", Node, &["jest"]),
    ("Electron", Node, &["electron"]),
];

/// Words of sentences and headings that state no version of today.
const OTHER: &[&str] = &[
    "at",
    "before",
    "below",
    "bump",
    "changelog",
    "compat",
    "compatible",
    "compatibility",
    "deprecated",
    "dropped",
    "equivalent",
    "error",
    "errors",
    "earlier",
    "fixed",
    "from",
    "higher",
    "introduced",
    "issue",
    "issues",
    "later",
    "least",
    "legacy",
    "migrate",
    "migrated",
    "migrating",
    "migration",
    "minimum",
    "newer",
    "older",
    "plan",
    "planned",
    "prior",
    "release",
    "released",
    "removed",
    "require",
    "required",
    "requires",
    "requirement",
    "roadmap",
    "since",
    "should",
    "support",
    "supported",
    "supports",
    "tested",
    "than",
    "to",
    "until",
    "upcoming",
    "update",
    "updated",
    "updating",
    "upgrade",
    "upgraded",
    "upgrading",
    "versions",
    "versus",
    "vs",
    "was",
    "were",
    "when",
    "will",
    "if",
    "docs",
    "documentation",
    "breaking",
    "changes",
    "history",
    "until",
    "template",
];

/// Returns the versions that guides state and manifests do not admit, with their pages.
pub fn drifts<'p, 'a>(model: &ProjectModel<'p>, pages: &'a [Page<'p>]) -> Vec<(&'a Page<'p>, Drift<'p>)> {
    let manifests = manifests(model);
    let mut found = Vec::new();
    for page in pages.iter().filter(|page| page.kind == PageKind::Guide) {
        let mut seen: Vec<&[&str]> = Vec::new();
        for (at, block) in (0..).zip(page.markdown.blocks()) {
            if !matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_) | BlockKind::Row | BlockKind::Item(_))
            {
                continue;
            }
            let own = page.markdown.own(at);
            for stated in statements(own.slice(&page.source.text)) {
                let declared = declared(&manifests, &stated);
                if seen.contains(&stated.packages) || declared.is_empty() {
                    continue;
                }
                seen.push(stated.packages);
                let is_now = page.markdown.headings(at).all(|it| !says_other(it.range.slice(&page.source.text)));
                let start = own.to_usize().start + stated.at;
                let range = TextRange::of(start..start + stated.version.len());
                if is_now && !is_admitted(&stated, declared) {
                    let mut declared = declared.to_vec();
                    // The manifest of a site of documents says least about the product.
                    declared.sort_by_key(|it| (it.path.as_str().contains("docs"), it.path.folders().count()));
                    found.push((page, Drift { name: stated.name, stated: stated.version, range, declared }));
                }
            }
        }
    }
    found
}

fn manifests<'p>(model: &ProjectModel<'p>) -> Manifests<'p> {
    let mut found = Manifests::new();
    for manifest in model.dependencies().manifests() {
        for it in &manifest.declarations {
            let declared = Declared { path: manifest.path, said: it.versions.trim().to_owned(), range: it.range };
            let is_known = |known: &Declared<'_>| known.path == declared.path && known.said == declared.said;
            let all = found.entry((manifest.ecosystem, it.key.clone())).or_default();
            if !all.iter().any(is_known) {
                all.push(declared);
            }
        }
    }
    found
}

fn declared<'m, 'p>(manifests: &'m Manifests<'p>, stated: &Statement) -> &'m [Declared<'p>] {
    let all = stated.packages.iter().filter_map(|package| manifests.get(&(stated.side, (*package).to_owned())));
    all.map(Vec::as_slice).find(|it| !it.is_empty()).unwrap_or(&[])
}

/// Returns whether some manifest admits a version, or does not tell.
fn is_admitted(stated: &Statement, declared: &[Declared<'_>]) -> bool {
    let Some(parts) = numbers(&stated.version) else { return true };
    let span = Span::of(parts.get(..2).unwrap_or(&parts));
    declared.iter().any(|it| admitted(&it.said).is_none_or(|it| it.meets(span)))
}

struct Statement {
    name: &'static str,
    side: Ecosystem,
    packages: &'static [&'static str],
    version: String,
    at: usize,
}

/// Returns the versions that a text states: `Django 5.1`, `| React | 18.2.0 |`, `badge/Django-5.1-green`.
fn statements(text: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    if text.len() > 20_000 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return found;
    }
    for (name, side, packages) in NAMES {
        for (start, _) in text.match_indices(name) {
            let end = start + name.len();
            let is_taken = taken.iter().any(|(from, to)| *from < end && start < *to);
            let before = text.get(..start).unwrap_or("");
            let is_word = !before.ends_with(|it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '@'));
            if is_taken || !is_word {
                continue;
            }
            taken.push((start, end));
            let Some((at, version)) = version_behind(text, end, before.ends_with("badge/")) else { continue };
            let (from, to) = tense::sentence(text, start);
            if !says_other(text.get(from..to).unwrap_or("")) {
                found.push(Statement { name, side: *side, packages, version: version.to_owned(), at });
            }
        }
    }
    found.sort_by_key(|it| it.at);
    found
}

/// Returns a version that stands behind a name, and where.
fn version_behind(text: &str, end: usize, is_badge: bool) -> Option<(usize, &str)> {
    let rest = text.get(end..)?;
    let plain = if is_badge {
        rest.trim_start_matches("%20").strip_prefix('-')?
    } else {
        let plain = rest.trim_start_matches([' ', '*', '_', '`', '|', ':', '(', '[']);
        plain.strip_prefix("version ").unwrap_or(plain)
    };
    let gap = rest.len() - plain.len();
    if gap == 0 || rest.get(..gap).is_some_and(|it| it.matches('|').count() > 1) {
        return None;
    }
    let plain = plain.trim_start_matches(['*', '`', ' ', '=', '@', '^', '~']).trim_start_matches(['v', 'V']);
    let length = plain.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(plain.len());
    let version = plain.get(..length)?.trim_end_matches('.');
    let behind = plain.get(version.len()..)?;
    let at = text.len() - plain.len();
    is_version(version, behind).then_some((at, version))
}

/// Returns whether a number is a version by its form and by what follows it.
fn is_version(version: &str, behind: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    let is_number = |it: &&str| !it.is_empty() && it.len() <= 3;
    if !parts.iter().all(is_number) || parts.len() > 4 {
        return false;
    }
    let next = behind.trim_start_matches(['*', '`', ')', ']']);
    let first = next.chars().next();
    let is_more = next.starts_with(['+', '/', '%', '–', '~', '×'])
        || next.starts_with("-") && next.get(1..2).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    let is_list = [", ", " and ", " or ", " & ", " to ", " - ", " / ", " – "].iter().any(|mark| {
        next.strip_prefix(mark).is_some_and(|it| {
            it.trim_start_matches(['v', '*', '`']).starts_with(|it: char| it.is_ascii_digit())
                || it.starts_with("later")
                || it.starts_with("higher")
                || it.starts_with("newer")
                || it.starts_with("above")
        })
    });
    let is_end = first.is_none_or(|it| !it.is_alphanumeric() && it != '+') || next.starts_with(".x");
    // A lone number may count something: `React 3 components`.
    let ends_clause = parts.len() > 1
        || first.is_none_or(|it| matches!(it, ',' | '.' | ';' | '|' | '\n' | ')' | '-'))
        || next.trim_start().starts_with(['+', '|', '(', '-', '–', '&', '/', '<'])
        || next.trim_start().starts_with("with ")
        || next.trim_start().starts_with("and ");
    !is_more && !is_list && is_end && ends_clause
}

fn says_other(text: &str) -> bool {
    let lower = tense::without_comments(text).to_lowercase();
    lower.split(|it: char| !it.is_alphanumeric()).any(|word| OTHER.contains(&word))
        || lower.contains("→")
        || lower.contains("->")
        || lower.contains(">=")
        || lower.contains('≥')
        || lower.contains("e.g.")
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn names_with_versions_are_statements() {
        let found = |text: &str| {
            statements(text).iter().map(|it| format!("{} {}", it.name, it.version)).collect::<Vec<_>>().join("; ")
        };
        for (text, expected) in [
            ("Built with Django 5.1.3 and React 18.2.", "Django 5.1.3; React 18.2"),
            ("| **Django** | `5.1.3` | web |", "Django 5.1.3"),
            ("- **Framework**: Django REST Framework v3.14", "Django REST Framework 3.14"),
            ("![Django](https://img.shields.io/badge/Django-5.1-green)", "Django 5.1"),
            ("React 19 with TypeScript 5.x", "React 19; TypeScript 5"),
            ("React Native (0.72)", "React Native 0.72"),
            ("Requires Django 4.2", ""),
            ("Django 4.2+", ""),
            ("Django 4.2, 5.0 and 5.1", ""),
            ("upgraded from Django 3.2", ""),
            ("Celery 4 workers", ""),
            ("Preact 10.5", ""),
            ("Django and PostgreSQL 16", ""),
            ("React - 18 screens", ""),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
