//! See [`RULE`].

use arrears_core::diagnostic::{Applicability, Edit, Fix, Severity};
use arrears_core::rule::{Precision, Preset};
use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{ancestors, field, parts, range, text};
use arrears_syntax::script::{call_path, is_function};
use tree_sitter::Node;

rule! {
    /// Finds `any` where data enters a component: in members of types, in parameters, in state, in answers of a server.
    ///
    /// A member of type `any` takes everything that is read of it out of the compiler's sight, and passes on to
    /// whatever it is assigned to. A renamed field of the API then fails at the reader's, not at the build.
    ///
    /// ```tsx bad
    /// interface Props {
    ///   order: any;
    /// }
    /// export function Total({ order }: Props) {
    ///   return <p>{order.total}</p>;
    /// }
    /// ```
    /// ```tsx good
    /// interface Props {
    ///   order: { total: number };
    /// }
    /// export function Total({ order }: Props) {
    ///   return <p>{order.total}</p>;
    /// }
    /// ```
    ///
    /// Not flagged: `catch (error: any)`, assertions such as `value as any`, `Record<string, any>`, bounds and defaults
    /// of type parameters, rest parameters, declaration files. typescript-eslint's, Biome's and oxlint's
    /// `no-explicit-any` flag these as well.
    pub(crate) const RULE = {
        code: "types/explicit-any",
        summary: "`any` switches the compiler off for everything that is read of it",
        check: Check::Node { language: Family::Script, kinds: &["predefined_type"], run: check },
        severity: Severity::Info,
        preset: Preset::All,
        precision: Precision::High,
        mentions: &["any"],
        fix: Applicability::DisplayOnly,
    }
}

fn check(node: Node<'_>, ctx: &mut FileContext<'_, '_>) {
    if ctx.slice(node) != "any" || ctx.source().path.as_str().ends_with(".d.ts") {
        return;
    }
    let Some(place) = place_of(node, ctx.text()) else { return };
    let message = format!("`any` for {place}: nothing that is read of it is checked");
    ctx.report(range(node), message)
        .help("name the fields that are read, or use `unknown` and narrow it")
        .fix(Fix::suggestion("Use `unknown`", Edit::replace(range(node), "unknown")));
}

/// Returns what has the type, where that is something data enters by.
fn place_of(any: Node<'_>, source: &str) -> Option<String> {
    for at in ancestors(any).take(8) {
        match at.kind() {
            "type_annotation" | "array_type" | "union_type" | "readonly_type" => {}
            "property_signature" | "public_field_definition" => {
                return field(at, "name").map(|name| format!("`{}`", text(name, source)));
            }
            "required_parameter" | "optional_parameter" => return parameter(at, source),
            "type_arguments" => return argument_of(at, source),
            "generic_type" => {
                let name = field(at, "name").map_or("", |name| text(name, source));
                if !matches!(name, "Array" | "Promise" | "ReadonlyArray" | "Partial") {
                    return None;
                }
            }
            _ => return None,
        }
    }
    None
}

/// A parameter of a type of functions binds nothing, and a rest parameter takes what a generic wrapper passes on.
fn parameter(parameter: Node<'_>, source: &str) -> Option<String> {
    let pattern = field(parameter, "pattern").or_else(|| field(parameter, "name"))?;
    let owner = ancestors(parameter).nth(1)?;
    if !is_function(owner) || pattern.kind() == "rest_pattern" {
        return None;
    }
    match pattern.kind() {
        "identifier" => Some(format!("parameter `{}`", text(pattern, source))),
        "object_pattern" => Some("the parameters".to_owned()),
        _ => None,
    }
}

/// `useState<any>()`, `axios.get<any>()`; the arguments of other types are looked at further out.
fn argument_of(arguments: Node<'_>, source: &str) -> Option<String> {
    let holder = arguments.parent()?;
    if holder.kind() != "call_expression" {
        let name = parts(holder).next().map_or("", |name| text(name, source));
        return matches!(name, "Array" | "Promise" | "ReadonlyArray" | "Partial")
            .then(|| place_of(holder, source))
            .flatten();
    }
    let path = call_path(holder, source);
    let last = path.rsplit('.').next().unwrap_or(&path);
    match last {
        "useState" | "useReducer" | "useRef" => Some("state".to_owned()),
        "get" | "post" | "put" | "patch" | "delete" | "request" | "useQuery" | "useMutation" | "useSWR" => {
            Some(format!("the answer of `{path}`"))
        }
        _ => None,
    }
}
