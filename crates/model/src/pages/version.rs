//! Versions that pages state, beside those that manifests declare.

use arrears_core::text::TextRange;
use arrears_syntax::document::markdown::BlockKind;

use super::kind::PageKind;
use super::manifest::{Declared, Manifests, Side, Span, admitted, numbers};
use super::{Page, tense};
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

/// What people call packages; a longer name before one that it begins with.
const NAMES: &[(&str, Side, &[&str])] = &[
    ("Django REST Framework", Side::Python, &["djangorestframework"]),
    ("Django REST framework", Side::Python, &["djangorestframework"]),
    ("Django Rest Framework", Side::Python, &["djangorestframework"]),
    ("django-rest-framework", Side::Python, &["djangorestframework"]),
    ("djangorestframework", Side::Python, &["djangorestframework"]),
    ("DRF", Side::Python, &["djangorestframework"]),
    ("Django Channels", Side::Python, &["channels"]),
    ("Channels", Side::Python, &["channels"]),
    ("Django", Side::Python, &["django"]),
    ("Celery", Side::Python, &["celery"]),
    ("FastAPI", Side::Python, &["fastapi"]),
    ("Pydantic", Side::Python, &["pydantic"]),
    ("SQLAlchemy", Side::Python, &["sqlalchemy"]),
    ("Flask", Side::Python, &["flask"]),
    ("Wagtail", Side::Python, &["wagtail"]),
    ("Gunicorn", Side::Python, &["gunicorn"]),
    ("Uvicorn", Side::Python, &["uvicorn"]),
    ("Daphne", Side::Python, &["daphne"]),
    ("LangChain", Side::Python, &["langchain"]),
    ("drf-spectacular", Side::Python, &["drf-spectacular"]),
    ("psycopg2", Side::Python, &["psycopg2", "psycopg2-binary"]),
    ("pytest", Side::Python, &["pytest"]),
    ("React Native", Side::Script, &["react-native"]),
    ("React Router", Side::Script, &["react-router", "react-router-dom"]),
    ("React Query", Side::Script, &["@tanstack/react-query", "react-query"]),
    ("TanStack Query", Side::Script, &["@tanstack/react-query"]),
    ("React Hook Form", Side::Script, &["react-hook-form"]),
    ("React.js", Side::Script, &["react"]),
    ("ReactJS", Side::Script, &["react"]),
    ("React", Side::Script, &["react"]),
    ("Expo SDK", Side::Script, &["expo"]),
    ("Expo", Side::Script, &["expo"]),
    ("Next.js", Side::Script, &["next"]),
    ("Nuxt", Side::Script, &["nuxt"]),
    ("Vue.js", Side::Script, &["vue"]),
    ("Vue", Side::Script, &["vue"]),
    ("Angular", Side::Script, &["@angular/core"]),
    ("Svelte", Side::Script, &["svelte"]),
    ("Vitest", Side::Script, &["vitest"]),
    ("Vite", Side::Script, &["vite"]),
    ("TypeScript", Side::Script, &["typescript"]),
    ("Tailwind CSS", Side::Script, &["tailwindcss"]),
    ("TailwindCSS", Side::Script, &["tailwindcss"]),
    ("Tailwind", Side::Script, &["tailwindcss"]),
    ("Material UI", Side::Script, &["@mui/material"]),
    ("Material-UI", Side::Script, &["@mui/material", "@material-ui/core"]),
    ("MUI", Side::Script, &["@mui/material"]),
    ("Mantine", Side::Script, &["@mantine/core"]),
    ("Chakra UI", Side::Script, &["@chakra-ui/react"]),
    ("Ant Design", Side::Script, &["antd"]),
    ("Redux Toolkit", Side::Script, &["@reduxjs/toolkit"]),
    ("Zustand", Side::Script, &["zustand"]),
    ("Axios", Side::Script, &["axios"]),
    ("Bootstrap", Side::Script, &["bootstrap"]),
    ("Three.js", Side::Script, &["three"]),
    ("Storybook", Side::Script, &["storybook", "@storybook/react"]),
    ("Playwright", Side::Script, &["@playwright/test", "playwright"]),
    ("Cypress", Side::Script, &["cypress"]),
    ("ESLint", Side::Script, &["eslint"]),
    ("Prettier", Side::Script, &["prettier"]),
    ("Jest", Side::Script, &["jest"]),
    ("Electron", Side::Script, &["electron"]),
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
    let manifests = Manifests::find(model);
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

fn declared<'m, 'p>(manifests: &'m Manifests<'p>, stated: &Statement) -> &'m [Declared<'p>] {
    let all = stated.packages.iter().map(|package| manifests.of(stated.side, package));
    all.into_iter().find(|it| !it.is_empty()).unwrap_or(&[])
}

/// Returns whether some manifest admits a version, or does not tell.
fn is_admitted(stated: &Statement, declared: &[Declared<'_>]) -> bool {
    let Some(parts) = numbers(&stated.version) else { return true };
    let span = Span::of(parts.get(..2).unwrap_or(&parts));
    declared.iter().any(|it| admitted(&it.said, stated.side).is_none_or(|it| it.meets(span)))
}

struct Statement {
    name: &'static str,
    side: Side,
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
        || next.trim_start().starts_with("with ");
    !is_more && !is_list && is_end && ends_clause
}

fn says_other(text: &str) -> bool {
    let lower = text.to_lowercase();
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
