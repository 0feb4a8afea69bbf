//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleMeta, Scope};
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::django::ModelId;
use arrears_model::flow::{LoopQuery, Place};
use arrears_model::project::ProjectModel;

use arrears_model::queryset::words::{is_short, model_name};

rule! {
    /// Finds rows that are written one by one in a loop.
    ///
    /// Each `INSERT`, `UPDATE` or `DELETE` is a round trip to the database: importing a thousand rows takes a thousand
    /// of them where `bulk_create` takes one.
    ///
    /// ```python bad
    /// from django.db import models
    ///
    /// class Product(models.Model):
    ///     name = models.CharField(max_length=80)
    ///
    /// def load(names):
    ///     for name in names:
    ///         Product.objects.create(name=name)
    /// ```
    /// ```python good
    /// from django.db import models
    ///
    /// class Product(models.Model):
    ///     name = models.CharField(max_length=80)
    ///
    /// def load(names):
    ///     Product.objects.bulk_create([Product(name=name) for name in names])
    /// ```
    ///
    /// Creating is in the preset `recommended`; saving, updating and deleting, which more often has a reason, is in
    /// `strict`. `bulk_create` and `update` neither call `save()` nor send signals: models that override `save()` or
    /// `delete()`, or that a receiver listens to, are only in `all`, and so is `get_or_create`.
    ///
    /// Not flagged: rows that are used after they were created, loops over a few literals, migrations and seeders.
    pub(crate) const RULE = {
        code: "queries/write-in-loop",
        summary: "one write per turn of a loop",
        check: Check::Project { run: check },
        severity: Severity::Info,
        scope: Scope::Project,
        exempt: RuleMeta::RUN_ONCE,
        follows_values: true,
    }
}

/// What is written, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Write {
    Create,
    FindOrCreate,
    Save,
    Update,
    Delete,
}

impl Write {
    fn of(method: &str) -> Option<Self> {
        Some(match method {
            "create" | "acreate" | "insert" => Self::Create,
            "get_or_create" | "aget_or_create" | "update_or_create" | "aupdate_or_create" => Self::FindOrCreate,
            "save" | "asave" => Self::Save,
            "update" | "aupdate" => Self::Update,
            "delete" | "adelete" => Self::Delete,
            _ => return None,
        })
    }

    fn preset(self) -> Preset {
        match self {
            Self::Create => Preset::Recommended,
            Self::Save | Self::Update | Self::Delete => Preset::Strict,
            Self::FindOrCreate => Preset::All,
        }
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    for query in model.flow().loop_queries.iter().filter(|it| it.writes) {
        let Some(write) = Write::of(&query.method) else { continue };
        let text = text_at(model, query.around);
        if !is_short(text) && !is_used(query, write, model) && !leaves_loop(model, query.place) {
            report(query, write, model, ctx);
        }
    }
}

fn report(query: &LoopQuery<'_>, write: Write, model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let id = model.models().of_label(&query.model);
    let has_hooks = write != Write::Update && id.is_some_and(|id| has_hooks(id, write, model));
    let name = model_name(&query.model);
    let (message, help) = match write {
        Write::Create => (
            format!("one INSERT of `{name}` per turn of this loop"),
            format!("collect the rows in a list, then call `{name}.objects.bulk_create(…)` once after the loop"),
        ),
        Write::FindOrCreate => (
            format!("`{name}` is looked up and written once per turn of this loop, by `{}`", query.method),
            format!(
                "`{name}.objects.bulk_create(…, update_conflicts=True)` or `ignore_conflicts=True` does it in one query"
            ),
        ),
        Write::Save => (
            format!("one UPDATE of `{name}` per turn of this loop"),
            format!(
                "set the fields in the loop, then call `{name}.objects.bulk_update(…)` once, or `update(…)` on the queryset"
            ),
        ),
        Write::Update => (
            format!("one UPDATE of `{name}` per turn of this loop"),
            "one `update(…)` with `Case` and `When`, or `bulk_update`, writes all rows".to_owned(),
        ),
        Write::Delete => (
            format!("one DELETE of `{name}` per turn of this loop"),
            format!("call `delete()` once, on `{name}.objects.filter(pk__in=…)`"),
        ),
    };
    let finding = ctx.report(query.place.path, query.place.range, message);
    finding.help(help).preset(write.preset());
    if has_hooks {
        let hook = if write == Write::Delete { "delete()" } else { "save()" };
        let more = format!(
            "`{hook}` of `{name}`, or a receiver of its signals, does more for each row: do that once for all rows, then write them once"
        );
        finding.help(more).preset(Preset::All).property("hooks", "true");
    }
    finding.label_once(query.around, "the loop");
    finding.label_way(&query.steps, query.asked, "written here");
    finding.property("model", query.model.as_str()).property("method", query.method.as_str());
}

/// Returns whether somebody reads the row that is created.
fn is_used(query: &LoopQuery<'_>, write: Write, model: &ProjectModel<'_>) -> bool {
    let creates = matches!(write, Write::Create | Write::FindOrCreate) && query.method != "insert";
    creates && !is_statement(model, query.asked)
}

/// Returns whether the loop ends with the statement after a write: `order.save()`, `return`.
fn leaves_loop(model: &ProjectModel<'_>, place: Place<'_>) -> bool {
    let text = model.file(place.path).map_or("", |file| file.source.text.as_ref());
    let range = place.range.to_usize();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = text.get(..range.start).unwrap_or("").rsplit('\n').next().map_or(0, indent);
    let next = text.get(range.end..).unwrap_or("").lines().skip(1).find(|line| !line.trim().is_empty());
    let leaves = |word: &str| matches!(word, "return" | "break" | "raise");
    next.is_some_and(|line| indent(line) == own && line.split_whitespace().next().is_some_and(leaves))
}

/// Returns whether something of the project happens when a row of the model is written.
fn has_hooks(id: ModelId, write: Write, model: &ProjectModel<'_>) -> bool {
    let facts = model.models().get(id);
    let hook = if write == Write::Delete { "delete" } else { "save" };
    let overrides = facts.class.is_some_and(|class| model.method(class, hook, 20).is_some());
    overrides || is_received(&facts.name, write, model)
}

/// Returns whether a receiver of the project listens to the model, or to all models.
fn is_received(name: &str, write: Write, model: &ProjectModel<'_>) -> bool {
    let signals: &[&str] = match write {
        Write::Delete => &["pre_delete", "post_delete"],
        _ => &["pre_save", "post_save"],
    };
    signals.iter().flat_map(|signal| model.files_with_word(signal).map(move |file| (signal, file))).any(
        |(signal, file)| {
            let Some(facts) = file.facts.python() else { return false };
            let listens = |decorator: &arrears_model::python::function::Decorator| {
                let is_receiver = decorator.path.rsplit('.').next() == Some("receiver");
                let is_of_signal = decorator.argument.as_ref().is_some_and(|it| it.contains(signal));
                let mut senders = decorator.keywords.iter().filter(|(key, _)| key == "sender").peekable();
                let is_of_all = senders.peek().is_none() && !decorator.computed.iter().any(|key| key == "sender");
                is_receiver
                    && is_of_signal
                    && (is_of_all || senders.any(|(_, sender)| sender.rsplit('.').next() == Some(name)))
            };
            let is_decorated = facts.functions.iter().flat_map(|it| &it.decorators).any(listens);
            let text = file.source.text.as_ref();
            // `post_save.connect(receiver, sender=Order)`
            let is_connected = text.split(&format!("{signal}.connect(")).skip(1).any(|call| {
                let call = call.split_once(')').map_or(call, |(inside, _)| inside);
                !call.contains("sender") || call.contains(name)
            });
            is_decorated || is_connected
        },
    )
}

/// Returns whether an expression is a whole statement, so that nobody reads its value.
fn is_statement(model: &ProjectModel<'_>, place: Place<'_>) -> bool {
    let Some(file) = model.file(place.path) else { return false };
    let (text, range) = (file.source.text.as_ref(), place.range.to_usize());
    let before = text.get(..range.start).unwrap_or("").rsplit('\n').next().unwrap_or("").trim();
    let after = text.get(range.end..).unwrap_or("").lines().next().unwrap_or("").trim();
    matches!(before, "" | "await")
        && (after.is_empty() || after.starts_with('#'))
        && !is_inside_brackets(text.get(..range.start).unwrap_or(""))
}

/// Returns whether the line before ends so that the next one goes on.
fn is_inside_brackets(before: &str) -> bool {
    let previous = before.trim_end().lines().next_back().unwrap_or("").trim_end();
    previous.ends_with(['(', '[', '{', ',', '=', '\\'])
}

fn text_at<'m>(model: &ProjectModel<'m>, place: Place<'_>) -> &'m str {
    model.file(place.path).and_then(|file| file.source.text.get(place.range.to_usize())).unwrap_or("")
}
