//! See [`RULE`].

use std::cell::OnceCell;
use std::collections::BTreeMap;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::invented::{Invented, invented, makers, store};
use arrears_model::script::guard::is_showcase;
use arrears_model::script::invented::{How, Reader, Shown};
use arrears_syntax::node::{range, text};
use tree_sitter::Node;

rule! {
    /// Finds invented data in code that people use.
    ///
    /// The page looks finished: names, numbers, a curve that rises. Somebody decides something by it, and nobody in the
    /// room knows that the numbers were made up.
    ///
    /// ```tsx bad
    /// const mockOrders = [{ id: 1, customer: "Alice", total: 120 }, { id: 2, customer: "Bob", total: 80 }];
    ///
    /// export function Orders({ orders }: Props) {
    ///   return <Table rows={orders.length > 0 ? orders : mockOrders} />;
    /// }
    /// ```
    /// ```tsx good
    /// export function Orders({ orders }: Props) {
    ///   return orders.length > 0 ? <Table rows={orders} /> : <p>No orders yet.</p>;
    /// }
    /// ```
    ///
    /// In components: what is called mock, dummy or fake, or what a comment calls so, where it becomes the state, is
    /// rendered, or stands in for what is missing; rows that are written out in a `catch`. In Python: views and
    /// endpoints whose rows a comment calls a sample, an example or a placeholder; functions such as
    /// `get_mock_session` that production code calls; stores such as `_mock_orders_db` behind endpoints. Under a flag of
    /// development it is a note. Not flagged: tests, stories, mocks, factories, seeders, example pages; mock exams and
    /// mock interviews, which are products. No other linter has this rule.
    pub(crate) const RULE = {
        code: "stubs/mock-data-in-production",
        summary: "invented data is shown as if it were real",
        check: Check::AnyFile {
            kinds: &[
                "comment",
                "call_expression",
                "return_statement",
                "jsx_expression",
                "ternary_expression",
                "binary_expression",
                "assignment",
            ],
            run: check,
        },
        scope: Scope::Project,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    let path = ctx.source().path.as_str().to_ascii_lowercase();
    let is_of_mocks = path.split('/').any(|part| {
        ["mock", "fixture", "dummy", "fake", "seed", "sample", "msw"].iter().any(|word| part.contains(word))
            || matches!(part, "test" | "testing" | "demo" | "scripts")
    });
    if is_of_mocks || is_showcase(&ctx.source().path) || !speaks_of_invention(ctx.text()) {
        return;
    }
    if ctx.source().language.family() == Some(Family::Python) {
        check_python(ctx);
    } else if !ctx.script().is_test_code() {
        check_script(ctx);
    }
}

/// Most files hold none of the words, and no `catch` with rows in it.
fn speaks_of_invention(source: &str) -> bool {
    const WORDS: [&str; 22] = [
        "mock",
        "Mock",
        "MOCK",
        "dummy",
        "Dummy",
        "DUMMY",
        "fake",
        "Fake",
        "FAKE",
        "ample ",
        "ample_",
        "sample",
        "SAMPLE",
        "laceholder",
        "ardcoded",
        "ard-coded",
        "eplace with",
        "imulate",
        "real app",
        "roduction",
        "tub data",
        "catch",
    ];
    WORDS.iter().any(|word| source.contains(word))
}

fn check_script(ctx: &mut FileContext<'_, '_>) {
    let source = ctx.text();
    let reader = Reader { facts: ctx.script(), root: ctx.root(), bindings: OnceCell::new(), source };
    // One finding for what is shown at once: a function that sets three states, a name that is rendered five times.
    let mut groups: BTreeMap<(u32, String), Vec<Shown<'_>>> = BTreeMap::new();
    for note in ctx.noted() {
        let Some(shown) = reader.shown(note.node) else { continue };
        let key = if matches!(shown.how, How::State | How::Answered) {
            let block = ctx.enclosing_of(note).find(|it| it.kind() != "program").map_or(0, |it| range(it).start());
            (block, String::new())
        } else {
            (u32::MAX, shown.name.clone())
        };
        groups.entry(key).or_default().push(shown);
    }
    let mut told: Vec<String> = Vec::new();
    for group in groups.into_values() {
        let Some(first) = group.first() else { continue };
        let is_new = matches!(first.how, How::State | How::Answered) || !told.contains(&first.name);
        told.extend(group.iter().map(|it| it.name.clone()));
        if is_new {
            report(first, &group, ctx);
        }
    }
}

fn report(first: &Shown<'_>, group: &[Shown<'_>], ctx: &mut FileContext<'_, '_>) {
    let mut names: Vec<&str> = group.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let name = match names.len() {
        1 => format!("`{}`", first.name),
        more => format!("`{}` and {} more", first.name, more - 1),
    };
    let message = match first.how {
        How::State => format!("{name}: invented data becomes the state"),
        How::Fallback => format!("{name}: invented data stands in where there is none"),
        How::Rendered => format!("{name}: invented data is shown as if it were real"),
        How::Answered => format!("{name}: invented data is the answer"),
    };
    let place = range(first.place);
    let line = first_line(first.place, ctx.text());
    let finding = ctx.report(if line.len() < place.len() { line } else { place }, message);
    finding.help("load it from the API, and show an empty state where there is nothing");
    if let Some(origin) = first.origin {
        finding.label(origin, "made up here");
    }
    if first.is_guarded {
        finding.severity(Severity::Info);
    }
}

fn first_line(node: Node<'_>, source: &str) -> arrears_core::text::TextRange {
    let length = text(node, source).lines().next().map_or(0, str::len);
    let start = range(node).start() as usize;
    arrears_core::text::TextRange::of(start..start + length)
}

fn check_python(ctx: &mut FileContext<'_, '_>) {
    let (facts, source) = (ctx.python(), ctx.text());
    let notes = ctx.noted();
    let assignments: Vec<Node<'_>> = notes.iter().map(|it| it.node).filter(|it| it.kind() == "assignment").collect();
    let mut found: Vec<Invented> = notes.iter().filter_map(|note| invented(note.node, facts, source)).collect();
    found.extend(makers(facts));
    found.extend(store(&assignments, facts, source));
    found.sort_by_key(|it| it.place.start());
    found.dedup_by_key(|it| it.place);
    for it in found {
        let finding = ctx.report(it.place, it.message);
        finding.help("take it from where the data lives, or answer 501 until then");
        if let Some(name) = it.routed {
            finding.only_if(Condition::IsRouted(name));
        }
        if let Some(name) = it.called {
            finding.only_if(Condition::IsCalled(name));
        }
        if it.is_guarded {
            finding.severity(Severity::Info);
        }
    }
}
