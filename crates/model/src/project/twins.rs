//! Functions that are written twice.

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::source::{Family, RelPath, Roles};
use arrears_core::text::TextRange;

use super::{ProjectFile, ProjectModel};
use crate::twin::token::{Names, print};
use crate::twin::{Body, Statement};

/// One of several places that say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin<'p> {
    /// The file.
    pub path: &'p RelPath,
    /// The name of the function.
    pub name_range: TextRange,
    /// What is the same: the whole body, or some statements.
    pub range: TextRange,
    /// The function, with its class.
    pub symbol: String,
}

/// Places that say the same, sorted by path and range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twins<'p> {
    /// The places, two or more.
    pub members: Vec<Twin<'p>>,
    /// How many lines of code each of them holds.
    pub lines: u32,
}

/// Files in which the same code twice is nobody's debt.
const EXEMPT: Roles = Roles::MIGRATION
    .union(Roles::TEST)
    .union(Roles::GENERATED)
    .union(Roles::VENDORED)
    .union(Roles::MINIFIED)
    .union(Roles::SEEDER)
    .union(Roles::STORY)
    .union(Roles::FLOW);

/// How many earlier places a statement is compared with.
const MAX_PLACES: usize = 8;

impl<'p> ProjectModel<'p> {
    /// Returns the functions of `min_lines` lines or more whose bodies are the same, the longest first.
    pub fn twin_functions(&self, min_lines: u32) -> Vec<Twins<'p>> {
        let mut groups: BTreeMap<(bool, u64), Group<'p>> = BTreeMap::new();
        for file in self.files().filter(is_looked_at) {
            let Some((is_python, bodies)) = bodies(file) else { continue };
            for body in bodies.iter().filter(|it| it.lines >= min_lines && !is_wiring(it, file)) {
                groups.entry((is_python, body.hash)).or_default().push((file, body));
            }
        }
        let mut covered: BTreeMap<&RelPath, Vec<TextRange>> = BTreeMap::new();
        let mut found = Vec::new();
        let lines_of = |group: &Group<'p>| group.iter().map(|(_, body)| body.lines).max().unwrap_or(0);
        let mut groups: Vec<Group<'p>> = groups.into_values().filter(|group| group.len() > 1).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(lines_of(group)));
        for group in groups {
            let lines = lines_of(&group);
            let members = distinct(group, &covered);
            if members.len() < 2 {
                continue;
            }
            for (file, body) in &members {
                covered.entry(&file.source.path).or_default().push(body.range);
            }
            let members = members.into_iter().map(|(file, body)| twin(file, body.name_range, body.range)).collect();
            found.push(Twins { members, lines });
        }
        found
    }

    /// Returns the statements, `min_lines` lines or more, that functions of one file have in common.
    pub fn twin_passages(&self, min_lines: u32) -> Vec<Twins<'p>> {
        let files = self.files().filter(is_looked_at);
        files.flat_map(|file| passages(file, min_lines)).collect()
    }
}

/// Bodies that are the same, with their files.
type Group<'p> = Vec<(ProjectFile<'p>, &'p Body)>;

/// Returns the bodies of a file, and whether they are Python.
fn bodies(file: ProjectFile<'_>) -> Option<(bool, &Vec<Body>)> {
    match (file.facts.python(), file.facts.script()) {
        (Some(facts), _) => Some((true, &facts.prints)),
        (_, Some(facts)) => Some((false, &facts.prints)),
        (None, None) => None,
    }
}

fn is_looked_at(file: &ProjectFile<'_>) -> bool {
    const COPIED: [&str; 21] = [
        "examples",
        "example",
        "templates",
        "template",
        "samples",
        "sample",
        "docs",
        "boilerplate",
        "scaffold",
        "starter",
        "skeleton",
        "project_template",
        "fixtures",
        "benchmarks",
        "migrations",
        "test-utils",
        "Archive",
        "archive",
        "archived",
        "backup",
        "old",
    ];
    !file.source.roles.intersects(EXEMPT)
        && !file.source.path.folders().any(|folder| COPIED.contains(&folder) || folder.contains("{{"))
}

/// Whether a body only hands its arguments on: `self.name = name`, line by line.
fn is_wiring(body: &Body, file: ProjectFile<'_>) -> bool {
    let lines = body.range.slice(&file.source.text).lines().map(str::trim).filter(|line| !line.is_empty());
    let is_plain = |line: &str| {
        ["self.", "this.", "super", "//", "#", ")", "args", "kwargs"].iter().any(|start| line.starts_with(start))
            && !line.contains(" if ")
    };
    lines.into_iter().all(is_plain)
}

/// Leaves out what lies in places that are told already, and what is there once for each platform or version.
fn distinct<'p>(group: Group<'p>, covered: &BTreeMap<&RelPath, Vec<TextRange>>) -> Group<'p> {
    let mut seen = BTreeSet::new();
    let is_new = |(file, body): &(ProjectFile<'p>, &'p Body)| {
        let is_told = covered.get(&file.source.path).is_some_and(|it| it.iter().any(|it| it.contains(body.range)));
        !is_told
    };
    let group: Group<'p> = group.into_iter().filter(is_new).collect();
    let mut last: Option<(&RelPath, TextRange)> = None;
    group
        .into_iter()
        .filter(|(file, body)| {
            let path = &file.source.path;
            // Branches of `try: … except ImportError: …` and overloads define one name twice in one file.
            let is_same_file = last.replace((path, body.name_range)).is_some_and(|(before, _)| before == path);
            is_same_file || seen.insert(variant_key(path))
        })
        .collect()
}

/// Returns a path without what tells platforms and versions apart: `.native.tsx`, `/v2/`.
fn variant_key(path: &RelPath) -> String {
    const PLATFORMS: [&str; 7] = [".native", ".web", ".ios", ".android", ".desktop", ".mobile", ".server"];
    let mut key = String::new();
    for folder in path.folders() {
        let digits = folder.strip_prefix('v').or_else(|| folder.strip_prefix("api_v")).unwrap_or("");
        let is_version =
            !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'.' | b'_'));
        key.push_str(if is_version { "v" } else { folder });
        key.push('/');
    }
    let mut name = path.file_name().to_owned();
    for platform in PLATFORMS {
        name = name.replace(&format!("{platform}."), ".");
    }
    key + &name
}

fn twin<'p>(file: ProjectFile<'p>, name_range: TextRange, range: TextRange) -> Twin<'p> {
    let symbol = match (file.facts.python(), file.facts.script()) {
        (Some(facts), _) => facts.symbol_at(range),
        (_, Some(facts)) => {
            let name = name_range.slice(&file.source.text);
            let class = facts.classes.iter().rfind(|it| it.range.contains(name_range) && !it.name.is_empty());
            class.map_or_else(|| name.to_owned(), |class| format!("{}.{name}", class.name))
        }
        (None, None) => String::new(),
    };
    Twin { path: &file.source.path, name_range, range, symbol }
}

/// Some statements of a body: from one to the one before another.
#[derive(Clone, Copy)]
struct Passage<'p> {
    body: &'p Body,
    first: usize,
    end: usize,
}

impl<'p> Passage<'p> {
    fn statements(self) -> &'p [Statement] {
        self.body.statements.get(self.first..self.end).unwrap_or(&[])
    }

    fn range(self) -> TextRange {
        let statements = self.statements();
        let start = statements.first().map_or(0, |it| it.range.start());
        TextRange::new(start, statements.last().map_or(start, |it| it.range.end()))
    }

    fn lines(self) -> u32 {
        self.statements().iter().map(|it| it.lines).sum()
    }
}

fn passages(file: ProjectFile<'_>, min_lines: u32) -> Vec<Twins<'_>> {
    let Some((is_python, bodies)) = bodies(file) else { return Vec::new() };
    let family = if is_python { Family::Python } else { Family::Script };
    let bodies: Vec<&Body> = bodies.iter().filter(|it| it.lines >= min_lines).collect();
    let mut places: BTreeMap<u64, Vec<(usize, usize)>> = BTreeMap::new();
    let mut found: BTreeMap<u64, Vec<Passage<'_>>> = BTreeMap::new();
    let mut told: Vec<TextRange> = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let mut next = 0;
        while next < body.statements.len() {
            let best = longest(&bodies, at, next, &places);
            let Some((one, other)) = best.filter(|(one, _)| one.lines() >= min_lines && one.statements().len() > 2)
            else {
                next += 1;
                continue;
            };
            next = one.end;
            let text = |it: Passage<'_>| print(it.range().slice(&file.source.text), family, Names::Numbered).hash;
            let hash = text(one);
            let is_told = told.iter().any(|it| it.contains(one.range()));
            if hash == text(other) && !is_told {
                told.push(one.range());
                let group = found.entry(hash).or_default();
                if group.is_empty() {
                    group.push(other);
                }
                group.push(one);
            }
        }
        for (index, statement) in body.statements.iter().enumerate() {
            let known = places.entry(statement.hash).or_default();
            if known.len() < MAX_PLACES {
                known.push((at, index));
            }
        }
    }
    let whole = |it: &Passage<'_>| it.statements().len() == it.body.statements.len();
    found
        .into_values()
        // Whole bodies are twin functions.
        .filter(|group| !group.iter().all(|it| whole(it) && it.body.hash == group[0].body.hash))
        .map(|group| Twins {
            lines: group.first().map_or(0, |it| it.lines()),
            members: group.iter().map(|it| twin(file, it.body.name_range, it.range())).collect(),
        })
        .collect()
}

/// Returns the longest run of statements that begins here and was met before, and where.
fn longest<'p>(
    bodies: &[&'p Body],
    at: usize,
    first: usize,
    places: &BTreeMap<u64, Vec<(usize, usize)>>,
) -> Option<(Passage<'p>, Passage<'p>)> {
    let body = *bodies.get(at)?;
    let hash = body.statements.get(first)?.hash;
    let mut best: Option<(Passage<'p>, Passage<'p>)> = None;
    for (other_at, other_first) in places.get(&hash)? {
        let other = *bodies.get(*other_at)?;
        if other.range.contains(body.range) {
            continue;
        }
        let pairs = body.statements[first..].iter().zip(&other.statements[*other_first..]);
        let length = pairs.take_while(|(left, right)| left.hash == right.hash).count();
        let one = Passage { body, first, end: first + length };
        if best.is_none_or(|(known, _)| known.lines() < one.lines()) {
            best = Some((one, Passage { body: other, first: *other_first, end: other_first + length }));
        }
    }
    best
}
