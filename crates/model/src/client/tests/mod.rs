//! What the clients of small projects ask for.

mod clients;
mod hostile;
mod urls;
mod wrappers;

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_core::text::TextRange;
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use super::{Base, ClientUrl, Origin};
use crate::extract::{extract, words_only};
use crate::facts::Facts;
use crate::outline::Interest;
use crate::project::{ProjectFile, ProjectModel};
use crate::role::roles;

/// A project of some files.
struct Project(Vec<(SourceFile, Facts)>);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let read = |(path, text): &(&str, &str)| {
            let path = RelPath::new(path);
            let language = Language::of(&path).unwrap_or(Language::Text);
            let roles = roles(&path, text, language);
            let source = SourceFile::new(path, *text, language, roles);
            let facts = match Grammar::of(language) {
                Some(grammar) => {
                    let interest = Interest { bodies: true, ..Interest::none(grammar) };
                    extract(&source, &parse::parse(grammar, text), &interest).0
                }
                None => words_only(&source),
            };
            (source, facts)
        };
        Self(files.iter().map(read).collect())
    }

    fn model(&self) -> ProjectModel<'_> {
        ProjectModel::join(self.0.iter().map(|(source, facts)| ProjectFile { source, facts }))
    }
}

fn show_url(url: &ClientUrl) -> String {
    let origin = match (&url.origin, &url.base) {
        (_, Base::Env { name, .. }) => format!("${name}"),
        (_, Base::Unknown) => "…".to_owned(),
        (Origin::Own, Base::Root) => String::new(),
        (Origin::Other(host), Base::Root) => format!("//{host}"),
        (Origin::Unknown, Base::Root) => "//?".to_owned(),
    };
    let path = url.full().map(|path| path.to_string()).unwrap_or_default();
    let mut query = url.query.join("&");
    if url.has_more_query {
        query.push('…');
    }
    if !query.is_empty() {
        query.insert(0, '?');
    }
    format!("{origin}{path}{query}")
}

/// Shows what a project asks for: `GET /orders/{id}/`, then the gaps.
fn calls(files: &[(&str, &str)]) -> Vec<String> {
    let project = Project::new(files);
    let model = project.model();
    let client = model.client();
    let calls = client.calls.iter().map(|call| {
        let method = call.method.map_or_else(|| "?".to_owned(), |it| it.to_string());
        format!("{method} {}", show_url(&call.url))
    });
    let gaps = client.gaps.iter().map(|gap| format!("gap {:?} {}", gap.reason, text(&model, gap.path, gap.range)));
    calls.chain(gaps).collect()
}

/// Shows what one module asks for.
fn asked(text: &str) -> Vec<String> {
    calls(&[("src/api.ts", text)])
}

fn text<'p>(model: &ProjectModel<'p>, path: &RelPath, range: TextRange) -> &'p str {
    model.file(path).map_or("", |file| range.slice(&file.source.text))
}
