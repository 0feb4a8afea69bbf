//! See [`RULE`].

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::condition::Condition;
use arrears_model::python::entry::entry;
use arrears_model::python::function::{Function, Stub, StubKind, Traits};
use arrears_model::python::placeholder::{announcement, explains_emptiness, promises_work};
use arrears_syntax::node::{field, parts, range};
use tree_sitter::Node;

rule! {
    /// Finds functions that are called and do nothing, where their own words say that they should do something, and
    /// branches that hold only a comment that says so.
    ///
    /// The caller goes on as if the mail was sent, the record deleted, the event audited. No test fails and no log
    /// tells.
    ///
    /// ```python bad
    /// def checkout(order):
    ///     _audit(order)
    ///
    /// def _audit(order):
    ///     # Implementation would write to the audit log
    ///     pass
    /// ```
    /// ```python good
    /// def checkout(order):
    ///     _audit(order)
    ///
    /// def _audit(order):
    ///     AuditEntry.objects.create(order=order)
    /// ```
    ///
    /// The evidence is a placeholder word or an announcement in comment, docstring or message; for a body without any
    /// statement also a name that promises work (`send_…`), or a docstring that says what the name says. Not flagged:
    /// functions that nothing calls, protocols, abstract methods and overloads, `Null…` and `Mock…` classes, fallbacks
    /// for a missing import, methods that subclasses write anew or that take a base's body away, hooks, bodies that say
    /// why they are empty, `except` and `else` branches. Sonar's S1186 finds `pass` without a comment.
    pub(crate) const RULE = {
        code: "stubs/stub-function",
        summary: "placeholder is called as if it worked",
        check: Check::File { language: Family::Python, kinds: &["pass_statement"], run: check },
        scope: arrears_core::rule::Scope::Project,
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    // Examples show the shape and leave the work to the reader.
    if ctx.source().path.folders().any(|folder| matches!(folder, "examples" | "example" | "docs")) {
        return;
    }
    let facts = ctx.python();
    for function in &facts.functions {
        let Some(stub) = &function.stub else { continue };
        let Some(evidence) = evidence(function, stub) else { continue };
        if entry(facts, function, ctx.text()).is_some() {
            continue;
        }
        ctx.report(
            function.name_range,
            format!("`{}` is called, but {}: {evidence}", function.name, stub.kind.effect()),
        )
        .help("write it, or raise NotImplementedError so that callers know")
        .only_if(Condition::IsCalled(function.name_range))
        .only_if(Condition::IsFinal(function.name_range));
    }
    for note in ctx.noted() {
        if let Some((header, evidence)) = idle_branch(note.node, ctx.text()) {
            ctx.report(range(note.node), format!("branch does nothing: \"{evidence}\""))
                .help("write what the comment announces, or delete the branch")
                .label(header, "the condition that leads here");
        }
    }
}

fn evidence(function: &Function, stub: &Stub) -> Option<String> {
    let exempt = Traits::ABSTRACT | Traits::FALLBACK | Traits::EXPLAINED;
    let is_property = function.decorators.iter().any(|it| it.path.ends_with("property"));
    if function.traits.intersects(exempt) || stub.is_for_others || stub.kind == StubKind::NotImplemented {
        return None;
    }
    if let Some(evidence) = &stub.evidence {
        return Some(format!("\"{evidence}\""));
    }
    // Without an admission: a body of nothing, and a function that is nobody's extension point.
    let is_own = function.class.is_none() || function.name.starts_with('_');
    let is_nothing = matches!(stub.kind, StubKind::Pass | StubKind::Ellipsis | StubKind::Docstring);
    if !is_own || !is_nothing || is_property || function.outer.is_some() {
        return None;
    }
    match &stub.summary {
        Some(summary) if says_the_name(summary, &function.name) => Some(format!("\"{summary}\"")),
        _ if promises_work(&function.name) => Some(format!("its body is {}", stub.kind.describe())),
        _ => None,
    }
}

/// `"""Delete the file record."""` says what `_delete_file_record` says.
fn says_the_name(summary: &str, name: &str) -> bool {
    let first = |text: &str| {
        text.split(|it: char| !it.is_ascii_alphanumeric()).find(|it| !it.is_empty()).map(str::to_ascii_lowercase)
    };
    let name = name.replace('_', " ");
    first(summary).is_some() && first(summary) == first(&name) && name.trim().contains(' ')
}

/// Returns the header of a branch that holds only comments and `pass`, and the comment that announces its work.
fn idle_branch<'s>(pass: Node<'_>, source: &'s str) -> Option<(TextRange, &'s str)> {
    let block = pass.parent()?;
    let branch = block.parent()?;
    if !matches!(branch.kind(), "if_statement" | "elif_clause" | "for_statement" | "while_statement")
        || parts(block).count() != 1
    {
        return None;
    }
    let header = field(branch, "condition").or_else(|| field(branch, "right"))?;
    let end = source[pass.end_byte()..].find('\n').map_or(source.len(), |length| pass.end_byte() + length);
    let spoken = source.get(header.end_byte()..end)?;
    let spoken = &spoken[spoken.find('\n')?..];
    let comments: Vec<&str> =
        spoken.lines().filter_map(|line| line.split_once('#')).map(|(_, words)| words.trim()).collect();
    if comments.is_empty() || explains_emptiness(spoken) {
        return None;
    }
    let announced = comments.iter().find_map(|words| announcement(words));
    let evidence = announced.or_else(|| comments.into_iter().find(|words| asks_for_work(words)))?;
    Some((range(header), evidence))
}

/// "Notify the contributor?", "we should block or handle the update", "Better to schedule it".
fn asks_for_work(comment: &str) -> bool {
    let lower = comment.to_ascii_lowercase();
    lower.ends_with('?')
        || ["we should ", "should be ", "needs to ", "need to ", "better to ", "not handled", "assum"]
            .iter()
            .any(|words| lower.contains(words))
}
