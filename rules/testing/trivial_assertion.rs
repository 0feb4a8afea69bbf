//! See [`RULE`].

use arrears_core::rule::RuleMeta;
use arrears_core::source::{Family, Roles};
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_syntax::node::{ancestors, children, descendants, field, parts, range, text};
use arrears_syntax::python::{body_statements, callee, docstring, is_constant, lone_string};
use arrears_syntax::script::{self, arguments, is_function};
use tree_sitter::Node;

rule! {
    /// Finds tests that cannot fail: the only thing they assert is a constant, or they stop before they assert anything.
    ///
    /// The runner counts them as passed. The number of tests grows, and with it the trust in what nobody has tried.
    ///
    /// ```python bad path=orders/tests/test_orders.py
    /// def test_order_is_sent(client):
    ///     assert True
    /// ```
    /// ```ts bad path=web/src/orders.test.ts
    /// it("sends the order", () => {
    ///   expect(true).toBe(true);
    /// });
    /// ```
    /// ```python good path=orders/tests/test_orders.py
    /// def test_order_is_sent(client):
    ///     assert client.post("/orders/", {"item": 1}).status_code == 201
    /// ```
    ///
    /// Found are a constant as the only assertion of a test, and bodies that are empty, or that prepare something and
    /// end with `pass`. Not flagged: a test that calls something without asserting, since that may raise; assertions in
    /// branches, which mark a way that was taken; skipped tests; methods of classes whose base may be what they
    /// switch off. Sonar's S2701 and S5914 see the constants, not the empty bodies.
    pub(crate) const RULE = {
        code: "testing/trivial-assertion",
        summary: "test that cannot fail",
        check: Check::AnyFile { kinds: &[], run: check },
        exempt: RuleMeta::MACHINE_MADE,
    }
}

const HELP: &str = "assert what the test is called after, or delete it; a test that is still to be written can be skipped \
                    with a reason";

fn check(ctx: &mut FileContext<'_, '_>) {
    if !ctx.source().roles.contains(Roles::TEST) {
        return;
    }
    let found: Vec<(TextRange, String)> = match ctx.source().language.family() {
        Some(Family::Python) => python_tests(ctx),
        Some(Family::Script) => script_tests(ctx),
        None => Vec::new(),
    };
    for (range, message) in found {
        ctx.report(range, message).help(HELP);
    }
}

fn python_tests(ctx: &FileContext<'_, '_>) -> Vec<(TextRange, String)> {
    let source = ctx.text();
    let name_of = |node: Node<'_>| field(node, "name").map(|it| text(it, source).to_owned());
    let is_test = |node: &Node<'_>| {
        node.kind() == "function_definition" && name_of(*node).is_some_and(|it| it.starts_with("test"))
    };
    let mut found = Vec::new();
    for note in descendants(ctx.root()).filter(is_test) {
        let Some(name) = name_of(note) else { continue };
        let decorated = note.parent().filter(|it| it.kind() == "decorated_definition");
        if decorated.is_some_and(|it| is_put_off(it, source)) || is_fixture_or_override(note, decorated, source) {
            continue;
        }
        let own = python_test(note, &name, source);
        // What lies in a function is not collected.
        found.extend(own.filter(|_| !ancestors(note).any(|it| it.kind() == "function_definition")));
    }
    found
}

/// Returns whether a decorator skips a test, expects it to fail, or makes it a fixture.
fn is_put_off(decorated: Node<'_>, source: &str) -> bool {
    children(decorated).filter(|it| it.kind() == "decorator").any(|it| {
        let text = text(it, source);
        ["skip", "xfail", "expectedFailure", "fixture", "abstract", "given", "hookimpl"]
            .iter()
            .any(|word| text.contains(word))
    })
}

/// A method may switch off what its base tests; only bases that hold no tests are known.
fn is_fixture_or_override(function: Node<'_>, decorated: Option<Node<'_>>, source: &str) -> bool {
    let outer = decorated.unwrap_or(function).parent().and_then(|it| it.parent());
    let Some(outer) = outer.filter(|it| it.kind() == "class_definition") else {
        // The runners of unittest and Django collect methods only; a function beside them is a helper.
        return source.contains("TestCase") && !source.contains("pytest");
    };
    let name = field(outer, "name").map_or("", |it| text(it, source));
    let bases = field(outer, "superclasses").into_iter().flat_map(parts).map(|it| text(it, source));
    let is_plain = |base: &str| {
        const PLAIN: [&str; 11] = [
            "object",
            "TestCase",
            "SimpleTestCase",
            "TransactionTestCase",
            "APITestCase",
            "APISimpleTestCase",
            "APITransactionTestCase",
            "IsolatedAsyncioTestCase",
            "LiveServerTestCase",
            "StaticLiveServerTestCase",
            "AsyncTestCase",
        ];
        PLAIN.contains(&base.rsplit('.').next().unwrap_or(base))
    };
    ["Mixin", "Base", "Abstract"].iter().any(|it| name.contains(it)) || !bases.into_iter().all(is_plain)
}

fn python_test(function: Node<'_>, name: &str, source: &str) -> Option<(TextRange, String)> {
    let statements = body_statements(function);
    let last = statements.last().copied();
    let name_range = field(function, "name").map(range)?;
    let Some(last) = last else {
        let what = if docstring(function).is_some() { "only a docstring" } else { "nothing" };
        return Some((name_range, format!("`{name}` passes whatever happens: its body holds {what}")));
    };
    let is_empty =
        |it: &Node<'_>| it.kind() == "pass_statement" || text(*it, source) == "..." || lone_string(*it).is_some();
    let prepares = |it: &Node<'_>| {
        let inner = parts(*it).next().map_or("", |it| it.kind());
        matches!(it.kind(), "import_statement" | "import_from_statement")
            || it.kind() == "expression_statement" && matches!(inner, "assignment" | "string")
    };
    if last.kind() == "pass_statement" || statements.iter().all(is_empty) {
        let is_unfinished = statements.iter().all(|it| is_empty(it) || prepares(it)) && !asserts(function, source);
        let message = match statements.len() {
            1 => format!("`{name}` passes whatever happens: its body is empty"),
            _ => format!("`{name}` prepares, asserts nothing and stops at `pass`"),
        };
        return is_unfinished.then(|| (range(last), message));
    }
    let constants: Vec<Node<'_>> = statements.iter().copied().filter(|it| asserts_constant(*it, source)).collect();
    let [only] = constants.as_slice() else { return None };
    (assertions(function, source) == 1)
        .then(|| (range(*only), format!("`{name}` asserts a constant: `{}`", shown(*only, source))))
}

fn shown(node: Node<'_>, source: &str) -> String {
    let line = text(node, source).lines().next().unwrap_or("").trim_end_matches(';');
    let cut: String = line.chars().take(40).collect();
    if cut.len() < line.len() { format!("{cut}…") } else { cut }
}

/// `assert True`, `self.assertTrue(True)`, `self.assertEqual(1, 1)`
fn asserts_constant(statement: Node<'_>, source: &str) -> bool {
    if statement.kind() == "assert_statement" {
        // `assert False` fails always, and says so.
        return parts(statement)
            .next()
            .is_some_and(|it| it.kind() == "true" || it.kind() == "integer" && text(it, source) != "0");
    }
    let call = parts(statement).next().filter(|it| statement.kind() == "expression_statement" && it.kind() == "call");
    let Some(call) = call else { return false };
    let values: Vec<Node<'_>> = field(call, "arguments").into_iter().flat_map(parts).collect();
    match (callee(call, source), values.as_slice()) {
        (Some("self.assertTrue"), [value] | [value, ..]) => value.kind() == "true",
        (Some("self.assertFalse"), [value] | [value, ..]) => value.kind() == "false",
        (Some("self.assertEqual"), [left, right, ..]) => {
            is_constant(*left) && is_constant(*right) && text(*left, source) == text(*right, source)
        }
        _ => false,
    }
}

fn asserts(function: Node<'_>, source: &str) -> bool {
    assertions(function, source) > 0
}

/// Counts what may fail on purpose: assertions, `raises`, helpers that are called after them.
fn assertions(function: Node<'_>, source: &str) -> usize {
    const WORDS: [&str; 9] = ["assert", "raises", "warns", "fail", "expect", "check", "verify", "validate", "should"];
    let is_one = |node: Node<'_>| match node.kind() {
        "assert_statement" | "raise_statement" => true,
        "call" => callee(node, source).is_some_and(|it| {
            let last = it.rsplit('.').next().unwrap_or(it).to_ascii_lowercase();
            WORDS.iter().any(|word| last.contains(word))
        }),
        _ => false,
    };
    descendants(function).filter(|it| is_one(*it)).count()
}

fn script_tests(ctx: &FileContext<'_, '_>) -> Vec<(TextRange, String)> {
    let source = ctx.text();
    let mut found = Vec::new();
    for call in descendants(ctx.root()).filter(|it| it.kind() == "call_expression") {
        let Some("it" | "test" | "it.only" | "test.only") = script::callee(call, source) else { continue };
        let mut values = arguments(call);
        let (Some(title), Some(body)) = (values.next(), values.find(|it| is_function(*it))) else { continue };
        let Some(title) = script::string_value(title, source) else { continue };
        let Some(block) = field(body, "body").filter(|it| it.kind() == "statement_block") else { continue };
        let title: String = title.chars().take(60).collect();
        let mut statements = parts(block);
        let is_commented = children(block).any(script::is_comment);
        let Some(first) = statements.next() else {
            let inside = if is_commented { "its body holds only comments" } else { "its body is empty" };
            found.push((script::block_range(block), format!("\"{title}\" passes whatever happens: {inside}")));
            continue;
        };
        let constant = std::iter::once(first).chain(statements).find(|it| expects_constant(*it, source));
        let Some(constant) = constant.filter(|_| expectations(block, source) == 1) else { continue };
        found.push((range(constant), format!("\"{title}\" asserts a constant: `{}`", shown(constant, source))));
    }
    found
}

/// `expect(true).toBe(true)`, `assert(true)`, `assert.ok(true)`
fn expects_constant(statement: Node<'_>, source: &str) -> bool {
    let call = parts(statement)
        .next()
        .filter(|it| statement.kind() == "expression_statement" && it.kind() == "call_expression");
    let Some(call) = call else { return false };
    let is_literal = |it: &Node<'_>| matches!(it.kind(), "true" | "false" | "number" | "string" | "null");
    let first = |it: Node<'_>| arguments(it).next().filter(is_literal).map(|it| text(it, source).to_owned());
    if matches!(script::callee(call, source), Some("assert" | "assert.ok" | "assert.isTrue")) {
        return first(call).as_deref() == Some("true");
    }
    let Some(member) = field(call, "function").filter(|it| it.kind() == "member_expression") else { return false };
    let method = field(member, "property").map_or("", |it| text(it, source));
    let inner = field(member, "object").filter(|it| it.kind() == "call_expression");
    let Some(inner) = inner.filter(|it| script::callee(*it, source) == Some("expect")) else { return false };
    match (first(inner).as_deref(), method) {
        (Some(value), "toBe" | "toEqual" | "toStrictEqual") => first(call).as_deref() == Some(value),
        (Some("true"), "toBeTruthy" | "toBeDefined") | (Some("false"), "toBeFalsy") => true,
        _ => false,
    }
}

/// Counts what may fail: `expect`, `assert`, queries that throw where nothing is found.
fn expectations(block: Node<'_>, source: &str) -> usize {
    const WORDS: [&str; 9] =
        ["expect", "assert", "getby", "findby", "getallby", "findallby", "waitfor", "should", "verify"];
    let is_one = |node: &Node<'_>| {
        node.kind() == "call_expression"
            && field(*node, "function").is_some_and(|it| {
                let name = text(it, source);
                let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
                it.kind() != "member_expression" && WORDS.iter().any(|word| last.starts_with(word))
                    || it.kind() == "member_expression"
                        && WORDS.iter().any(|word| last.starts_with(word) || name.starts_with("assert."))
            })
    };
    descendants(block).filter(is_one).count()
}
