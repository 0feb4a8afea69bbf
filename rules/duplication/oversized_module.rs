//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_core::text::TextRange;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::{ClassRef, ProjectFile, ProjectModel};
use arrears_model::python::{ClassId, PythonFacts};
use schemars::JsonSchema;
use serde::Deserialize;

rule! {
    /// Finds modules that have grown past what anybody keeps in mind.
    ///
    /// Two people who work on different things meet in the same file, every import of one view loads all the others,
    /// and a reader scrolls through a hundred definitions to find the three that belong together.
    ///
    /// ```python bad path=shop/views.py
    /// def cart(request): return render(request, "cart.html")
    /// def checkout(request): return render(request, "checkout.html")
    /// def order(request): return render(request, "order.html")
    /// def orders(request): return render(request, "orders.html")
    /// def invoice(request): return render(request, "invoice.html")
    /// def invoices(request): return render(request, "invoices.html")
    /// def product(request): return render(request, "product.html")
    /// def products(request): return render(request, "products.html")
    /// def category(request): return render(request, "category.html")
    /// def categories(request): return render(request, "categories.html")
    /// def customer(request): return render(request, "customer.html")
    /// def customers(request): return render(request, "customers.html")
    /// def address(request): return render(request, "address.html")
    /// def payment(request): return render(request, "payment.html")
    /// def payments(request): return render(request, "payments.html")
    /// def refund(request): return render(request, "refund.html")
    /// def refunds(request): return render(request, "refunds.html")
    /// def shipment(request): return render(request, "shipment.html")
    /// def shipments(request): return render(request, "shipments.html")
    /// def report(request): return render(request, "report.html")
    /// def reports(request): return render(request, "reports.html")
    /// ```
    /// ```python good path=shop/views/orders.py
    /// def orders(request):
    ///     return render(request, "orders.html")
    /// ```
    ///
    /// Counts: code of more than `max-lines` lines (1500), and Python modules with more than `max-views` views (20),
    /// `max-models` models with tables (20) or `max-serializers` serializers (40). Not flagged: generated and vendored
    /// code, tests, migrations, tables of data without functions and classes. Sonar (S104) and pylint (C0302) count
    /// lines.
    pub(crate) const RULE = {
        code: "duplication/oversized-module",
        summary: "module with too many lines, views or models",
        check: Check::Project { run: check },
        options: Options,
        severity: Severity::Info,
        preset: Preset::All,
        scope: Scope::Project,
        exempt: RuleMeta::RUN_ONCE,
        follows_values: true,
    }
}

/// Options of `duplication/oversized-module`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Options {
    /// How many lines a module may have.
    max_lines: u32,
    /// How many views a module may hold.
    max_views: usize,
    /// How many models with tables a module may hold.
    max_models: usize,
    /// How many serializers a module may hold.
    max_serializers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_lines: 1500, max_views: 20, max_models: 20, max_serializers: 40 }
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let options: Options = ctx.options();
    for file in model.files().filter(|file| !file.source.roles.intersects(RuleMeta::RUN_ONCE)) {
        let source = file.source;
        if is_library(source.path.as_str()) {
            continue;
        }
        let definitions = match (file.facts.python(), file.facts.script()) {
            (Some(facts), _) => facts.functions.len() + facts.classes.len(),
            (None, Some(facts)) => facts.functions.len() + facts.classes.len(),
            (None, None) => continue,
        };
        let lines = source.lines.line_count().saturating_sub(1);
        let mut counts = Vec::new();
        if lines > options.max_lines && definitions >= 10 {
            counts.push(format!("{lines} lines"));
        }
        if let Some(facts) = file.facts.python() {
            let (views, models, serializers) = (views(model, file, facts), models(model, file), serializers(facts));
            let kinds = [
                (views, options.max_views, "views"),
                (models, options.max_models, "models"),
                (serializers, options.max_serializers, "serializers"),
            ];
            let is_reported = |count: &&(usize, usize, &str)| count.0 > count.1;
            counts.extend(kinds.iter().filter(is_reported).map(|(count, _, what)| format!("{count} {what}")));
        }
        let Some((last, first)) = counts.split_last() else { continue };
        let what = if first.is_empty() { last.clone() } else { format!("{} and {last}", first.join(", ")) };
        let range = TextRange::of(0..source.text.lines().next().map_or(0, str::len));
        let finding = ctx.report(&source.path, range, format!("{what} in one module"));
        finding.help("make it a package with one module for each part of the domain");
        finding.property("lines", lines.to_string());
    }
}

/// Returns whether a script that pages load is somebody else's: `static/js/lib/…`, `jquery-3.6.1.js`.
fn is_library(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let has_version = name.split('-').any(|part| part.split('.').take(2).all(|it| it.parse::<u32>().is_ok()));
    let is_served = path.contains("static/") || path.contains("public/");
    let is_folder = ["/lib/", "/libs/", "/plugins/", "/vendors/"].iter().any(|folder| path.contains(folder));
    name.ends_with(".js") && (has_version || name.contains("jquery") || is_served && is_folder)
}

/// Counts views: functions of a request, and classes that descend from one.
fn views<'p>(model: &ProjectModel<'p>, file: ProjectFile<'p>, facts: &PythonFacts) -> usize {
    let path = &file.source.path;
    let is_home = path.as_str().contains("view") || path.folder().ends_with("api") || path.file_name() == "api.py";
    let takes_request = |name: &str| name == "request" || name == "_request";
    let functions = facts.functions_with_ids().filter(|(id, function)| {
        let bodies = facts.bodies.as_deref().and_then(|bodies| bodies.function(*id));
        let first = bodies.and_then(|body| body.params.first()).map(|it| it.name.slice(&file.source.text));
        is_home && facts.top_function(&function.name) == Some(*id) && first.is_some_and(takes_request)
    });
    let is_view = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        last.ends_with("View") || last.ends_with("ViewSet")
    };
    let classes = (0..).map(ClassId).zip(&facts.classes).filter(|(id, class)| {
        let class_ref = ClassRef { path, id: *id };
        !class.is_nested
            && !class.name.ends_with("Mixin")
            && (class.bases.iter().any(|base| is_view(base)) || model.descends_from(class_ref, &is_view))
    });
    functions.count() + classes.count()
}

/// Counts models that have a table.
fn models(model: &ProjectModel<'_>, file: ProjectFile<'_>) -> usize {
    let has_table = model.models().all().filter(|(_, it)| !it.is_abstract && it.proxy_of.is_none());
    has_table.filter(|(_, it)| it.class.is_some_and(|class| *class.path == file.source.path)).count()
}

fn serializers(facts: &PythonFacts) -> usize {
    let is_serializer = |base: &String| base.ends_with("Serializer");
    facts.classes.iter().filter(|class| !class.is_nested && class.bases.iter().any(is_serializer)).count()
}
