//! Pages of Markdown: what they are for, which files they name, where their links lead, what they claim.

pub(crate) mod admitted;
pub mod claim;
pub mod endpoint;
pub(crate) mod ignored;
pub mod kind;
pub mod link;
pub mod mention;
pub mod place;
mod site;
pub mod technology;
pub(crate) mod tense;
pub mod version;

use arrears_core::source::SourceFile;
use arrears_core::text::TextRange;
use arrears_syntax::document::markdown::{Markdown, Span, SpanKind};
use rustc_hash::FxHashSet;

use crate::project::ProjectModel;
use kind::PageKind;
use place::{Places, Standing};

/// The pages of a repository.
#[derive(Debug, Default)]
pub struct Pages<'p> {
    /// The pages, sorted by path.
    pub all: Vec<Page<'p>>,
}

/// A page.
#[derive(Debug)]
pub struct Page<'p> {
    /// Its text.
    pub source: &'p SourceFile,
    /// What was read from it.
    pub markdown: &'p Markdown,
    /// What it is for.
    pub kind: PageKind,
    /// How many paths it names that exist.
    pub found: usize,
    /// The paths it names that do not exist, the first place of each.
    pub missing: Vec<Missing>,
    /// The links that lead nowhere, the first place of each.
    pub broken: Vec<Missing>,
}

/// A path that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The path, as it is written.
    pub path: String,
    /// Where.
    pub range: TextRange,
    /// The file that was meant, or went there, as far as that is clear.
    pub moved: Option<String>,
    /// Whether the words around it say that it is there now.
    pub is_claimed: bool,
}

/// How many paths and links of one page are looked at.
const MANY: usize = 3_000;

impl<'p> Pages<'p> {
    /// Reads the pages of a project.
    pub(crate) fn find(model: &ProjectModel<'p>) -> Self {
        let places = Places::find(model);
        let sites = site::Sites::find(model);
        let mut all = Vec::new();
        for (file, document) in model.documents() {
            let Some(markdown) = document.markdown() else { continue };
            let kind = kind::kind(file.source, markdown);
            let mut page =
                Page { source: file.source, markdown, kind, found: 0, missing: Vec::new(), broken: Vec::new() };
            if !matches!(kind, PageKind::Template | PageKind::Foreign) {
                page.look_up(&places);
                page.broken = link::broken(&page, &places, &sites);
            }
            all.push(page);
        }
        Self { all }
    }
}

impl Page<'_> {
    /// Returns the paths that the page says are there and are not.
    pub fn claimed(&self) -> impl Iterator<Item = &Missing> {
        self.missing.iter().filter(|it| it.is_claimed)
    }

    /// Returns the first line of the title, if the page has one.
    pub fn title_line(&self) -> Option<TextRange> {
        self.markdown.title().map(|title| self.first_line(title.range))
    }

    /// Returns the first line of a range, without blanks at its end.
    pub fn first_line(&self, range: TextRange) -> TextRange {
        let line = range.slice(&self.source.text).lines().next().unwrap_or("").trim_end();
        let start = range.to_usize().start;
        TextRange::of(start..start + line.len())
    }

    /// Returns a path from the root of the repository as a link from this page would be written.
    pub fn relative(&self, path: &str) -> String {
        let here: Vec<&str> = self.source.path.folders().collect();
        let there: Vec<&str> = path.split('/').collect();
        let shared = here.iter().zip(&there).take_while(|(here, there)| here == there).count();
        let ups = std::iter::repeat_n("..", here.len() - shared);
        ups.chain(there.into_iter().skip(shared)).collect::<Vec<_>>().join("/")
    }

    /// Looks up the paths that the page names in code spans.
    fn look_up(&mut self, places: &Places<'_>) {
        let (text, folder) = (&*self.source.text, self.source.path.folder());
        let mut seen = FxHashSet::default();
        let mut foreign = Vec::new();
        let spans = self.markdown.spans().iter().filter(|span| span.kind == SpanKind::Code);
        for span in spans.take(MANY) {
            let Some(path) = mention::path(span.range.slice(text)).filter(|_| !is_role(text, span.range)) else {
                continue;
            };
            if seen.contains(key(path)) {
                continue;
            }
            match places.standing(folder, path) {
                Standing::Exists => self.found += usize::from(seen.insert(key(path))),
                Standing::Unknown => {}
                Standing::Foreign => foreign.push((path, None, span)),
                Standing::Missing(moved) => self.miss(path, moved, span, &mut seen),
            }
        }
        // A page that names files of the repository speaks of the repository where a whole folder is gone, too.
        let named: FxHashSet<&str> = foreign.iter().map(|(path, ..)| key(path)).collect();
        if self.found >= 2 && named.len() <= self.found && self.found + named.len() >= 4 {
            for (path, moved, span) in foreign {
                let is_other = path.ends_with(".html") || path.starts_with('_') || places.is_installed(path);
                if !is_other && !seen.contains(key(path)) {
                    self.miss(path, moved, span, &mut seen);
                }
            }
            self.missing.sort_by_key(|it| it.range);
        }
    }

    fn miss<'t>(&mut self, path: &'t str, moved: Option<String>, span: &Span, seen: &mut FxHashSet<&'t str>) {
        let text = &*self.source.text;
        let is_claimed = tense::is_claim(self.markdown, text, span.block, span.range);
        if is_claimed {
            seen.insert(key(path));
        }
        self.missing.retain(|it| key(&it.path) != key(path));
        let at = span.range.slice(text).find(path).unwrap_or(0);
        let start = span.range.to_usize().start + at;
        let range = TextRange::of(start..start + path.len());
        self.missing.push(Missing { path: path.to_owned(), range, moved, is_claimed });
    }
}

/// Returns a path as it is told from others: `./shop/a.py`, `/shop/a.py` and `shop/a.py` are one.
fn key(path: &str) -> &str {
    path.trim_start_matches("./").trim_start_matches('/')
}

/// Returns whether a code span is the text of a role: `` {ref}`a/b` ``.
fn is_role(text: &str, span: TextRange) -> bool {
    let before = text.get(..span.start() as usize).unwrap_or("").trim_end_matches(['`', ' ']);
    before.ends_with('}') && before.len() + 3 > span.start() as usize
}
