//! Findings with labels, fixes and links that no rule has to be run for.

use std::time::Duration;

use arrears_core::diagnostic::{Diagnostic, Severity};
use arrears_core::rule::RuleCode;
use arrears_core::source::{Language, RelPath};
use arrears_core::text::TextRange;
use arrears_linter::analyze::classify;
use arrears_linter::config::Config;
use arrears_linter::finding::Finding;
use arrears_linter::registry::Registry;
use arrears_linter::report::{Report, Reported};
use arrears_linter::ruleset::RuleSet;
use arrears_linter::settings::Settings;
use arrears_linter::workspace::Workspace;
use serde_json::{Value, json};

use super::{Outcome, Style};
use crate::args::Format;
use crate::project::Project;

const VIEWS: &str = "\
class OrderListView(ListView):
    def get_queryset(self):
        orders = Order.objects.filter(open=True)
        return orders


class Invoices(ListView):
    queryset = Order.objects.all()
";
const TEMPLATE: &str = "{% for order in orders %}\n  <td>{{ order.customer.name }}</td>\n{% endfor %}\n";

#[test]
fn labels_are_drawn_in_their_files() {
    let expected = "\
error[errors/bare-except]: `Order.customer` is read once per row
   ╭─[shop/views.py:3:18]
 2 │     def get_queryset(self):
 3 │         orders = Order.objects.filter(open=True)
   ·                  ───────────────┬───────────────
   ·                                 ╰── 1 query here
 4 │         return orders
   ╰────
   ╭─[shop/orders.html:2:10]
 1 │ {% for order in orders %}
 2 │   <td>{{ order.customer.name }}</td>
   ·          ───────┬──────
   ·                 ╰── read [here]
 3 │ {% endfor %}
   ╰────
   ╭─[shop/views.py:8:16]
 7 │ class Invoices(ListView):
 8 │     queryset = Order.objects.all()
   ·                ─────────┬─────────
   ·                         ╰── and here
   ╰────
  help: add `.select_related(\"customer\")`

";
    assert_eq!(written(Format::Pretty, &[finding()], 100), expected);
}

#[test]
fn the_primary_place_comes_first_even_where_a_label_is_above_it() {
    let mut finding = finding();
    std::mem::swap(&mut finding.primary, &mut finding.labels[1]);
    let text = written(Format::Pretty, &[finding], 100);
    let at = |place: &str| text.find(place).unwrap_or_else(|| panic!("{place} is missing in\n{text}"));
    assert!(at("views.py:8:16") < at("orders.html:2:10") && at("orders.html:2:10") < at("views.py:3:18"));
}

#[test]
fn forty_columns_are_enough() {
    let text = written(Format::Pretty, &[finding()], 40);
    let too_wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 46).collect();
    assert!(too_wide.is_empty(), "{text}");
}

#[test]
fn ranges_of_any_shape_are_drawn() {
    let length = u32::try_from(VIEWS.len()).expect("a short text");
    let mut shapes = Vec::new();
    for start in 0..=length {
        for end in [start, start + 1, start + 60, length, length + 9] {
            let mut finding = finding();
            finding.primary.range = TextRange::new(start, end);
            shapes.push(finding);
        }
    }
    for width in [40, 60, 100] {
        for shape in &shapes {
            assert!(written(Format::Pretty, std::slice::from_ref(shape), width).contains("shop/views.py:"));
        }
    }
}

#[test]
fn labels_are_links_and_a_way_in_sarif() {
    let log: Value = serde_json::from_str(&written(Format::Sarif, &[finding()], 100)).expect("SARIF is JSON");
    let result = &log["runs"][0]["results"][0];
    assert_eq!(
        result["message"]["text"],
        "`Order.customer` is read once per row. See [read \\[here\\]](1), [and here](2). \
         Help: add `.select_related(\"customer\")`."
    );
    let related = result["relatedLocations"].as_array().expect("there are other places");
    let ids: Vec<&Value> = related.iter().map(|place| &place["id"]).collect();
    assert_eq!(ids, [&json!(1), &json!(2)]);
    let way = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    let steps: Vec<&Value> =
        way.as_array().into_iter().flatten().map(|step| &step["location"]["message"]["text"]).collect();
    assert_eq!(steps, ["1 query here.", "read [here].", "and here."]);
}

/// Returns a finding with a place in another file and two in its own.
fn finding() -> Diagnostic {
    let place = |text: &str, part: &str| {
        let start = text.find(part).expect("the text has this part");
        TextRange::of(start..start + part.len())
    };
    let views = RelPath::new("shop/views.py");
    let message = "`Order.customer` is read once per row".to_owned();
    let queryset = place(VIEWS, "Order.objects.filter(open=True)");
    let code = RuleCode::literal("errors/bare-except");
    let mut finding = Finding::new(code, Severity::Error, views, queryset, message);
    finding.at("1 query here").help("add `.select_related(\"customer\")`");
    finding.label_in(&RelPath::new("shop/orders.html"), place(TEMPLATE, "order.customer"), "read [here]");
    finding.label(place(VIEWS, "Order.objects.all()"), "and here");
    finding.diagnostic
}

fn written(format: Format, diagnostics: &[Diagnostic], width: usize) -> String {
    let registry = Registry::new(arrears_rules::all()).expect("the codes of the rules are unique");
    let config = Config::default();
    let settings = Settings::resolve(&config, &registry, jiff::civil::date(2026, 11, 20))
        .expect("an empty configuration is valid");
    let sources = [("shop/views.py", VIEWS, Language::Python), ("shop/orders.html", TEMPLATE, Language::Text)];
    let sources = sources.map(|(path, text, language)| classify(RelPath::new(path), text.to_owned(), language));
    let workspace = Workspace::of_sources(RuleSet::new(registry.clone(), settings), sources.to_vec());
    let reported = |it: &Diagnostic| Reported { diagnostic: it.clone(), fingerprint: "0".repeat(32) };
    let report = Report { diagnostics: diagnostics.iter().map(reported).collect(), ..Report::default() };
    let root = std::path::PathBuf::from("/srv/shop");
    let project =
        Project { root: root.clone(), git_root: Some(root.clone()), cwd: root, config, config_file: None, registry };
    let outcome = Outcome {
        report: &report,
        workspace: &workspace,
        project: &project,
        elapsed: Duration::ZERO,
        sarif_max_results: 5000,
        exit_code: 1,
        is_partial: false,
    };
    let mut out = Vec::new();
    super::write(format, &outcome, Style { color: false, links: false, width }, &mut out)
        .expect("memory can be written");
    String::from_utf8(out).expect("outputs are UTF-8")
}
