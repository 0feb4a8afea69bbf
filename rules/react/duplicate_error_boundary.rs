//! See [`RULE`].

use std::collections::{BTreeMap, BTreeSet};

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Precision, Scope};
use arrears_core::source::RelPath;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;
use arrears_model::script::boundary::Catcher;

rule! {
    /// Finds error boundaries that a package has twice: two of the same name, or one that is a copy of another.
    ///
    /// An import picks whichever the editor offers first. One of them reports errors, knows a new prop, has a way
    /// back; the other does not, and nobody sees which of the two a page is wrapped in.
    ///
    /// ```tsx bad
    /// import { Component } from "react";
    /// import { report } from "@shop/errors";
    /// class ChartBoundary extends Component<Props, State> {
    ///   state = { failed: false };
    ///   static getDerivedStateFromError() { return { failed: true }; }
    ///   componentDidCatch(error: Error) { report(error); }
    ///   render() { return this.state.failed ? <a href="/">Home</a> : this.props.children; }
    /// }
    /// class TableBoundary extends Component<Props, State> {
    ///   state = { failed: false };
    ///   static getDerivedStateFromError() { return { failed: true }; }
    ///   componentDidCatch(error: Error) { report(error); }
    ///   render() { return this.state.failed ? <a href="/">Home</a> : this.props.children; }
    /// }
    /// ```
    /// ```tsx good
    /// import { Component } from "react";
    /// import { report } from "@shop/errors";
    /// export class PartBoundary extends Component<Props, State> {
    ///   state = { failed: false };
    ///   static getDerivedStateFromError() { return { failed: true }; }
    ///   componentDidCatch(error: Error) { report(error); }
    ///   render() { return this.state.failed ? <a href="/">Home</a> : this.props.children; }
    /// }
    /// ```
    ///
    /// Not flagged: boundaries with names and fallbacks of their own, those of other packages of a repository unless
    /// they are copies, a class that only its own file can use beside an exported one, the same file for another
    /// platform. Clone detectors see the copies.
    pub(crate) const RULE = {
        code: "react/duplicate-error-boundary",
        summary: "second error boundary with the name or the code of another",
        check: Check::Project { run: check },
        severity: Severity::Info,
        precision: Precision::High,
        scope: Scope::Project,
    }
}

#[derive(Clone, Copy)]
struct Found<'p> {
    path: &'p RelPath,
    catcher: &'p Catcher,
    is_exported: bool,
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let mut found = catchers(model);
    // The one nearest to the root is the one that the others repeat; of several there the longest.
    found.sort_by_key(|it| (it.path.folders().count(), std::cmp::Reverse(it.catcher.lines), it.path));
    let mut by_code: BTreeMap<u64, Vec<Found<'_>>> = BTreeMap::new();
    let mut by_name: BTreeMap<(&str, &str), Vec<Found<'_>>> = BTreeMap::new();
    for one in &found {
        by_code.entry(one.catcher.hash).or_default().push(*one);
        if one.is_exported {
            by_name.entry((model.package_of(one.path), &one.catcher.name)).or_default().push(*one);
        }
    }
    let mut told = BTreeSet::new();
    for group in by_code.into_values() {
        report(&group, &mut told, ctx, |one, first| {
            format!("`{}` is a copy of `{}` in {}", one.catcher.name, first.catcher.name, first.path)
        });
    }
    for group in by_name.into_values() {
        let count = group.len();
        report(&group, &mut told, ctx, |one, _| {
            format!("`{}` is one of {count} error boundaries of this name in one package", one.catcher.name)
        });
    }
}

fn catchers<'p>(model: &ProjectModel<'p>) -> Vec<Found<'p>> {
    let mut found: Vec<Found<'p>> = Vec::new();
    for file in model.files().filter(|it| !it.source.roles.intersects(RULE.meta.exempt)) {
        let Some(facts) = file.facts.script() else { continue };
        for catcher in &facts.catchers {
            let is_exported =
                facts.exports.iter().any(|export| export.local == catcher.name && export.module.is_none());
            found.push(Found { path: &file.source.path, catcher, is_exported });
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|it| seen.insert((platform_free(it.path), it.catcher.name.clone())));
    found
}

/// Returns a path without what names a platform.
fn platform_free(path: &RelPath) -> String {
    [".native.", ".web.", ".ios.", ".android."].iter().fold(path.to_string(), |path, part| path.replace(part, "."))
}

fn report<'p>(
    group: &[Found<'p>],
    told: &mut BTreeSet<(&'p RelPath, &'p str)>,
    ctx: &mut ProjectContext<'_>,
    message: impl Fn(&Found<'p>, &Found<'p>) -> String,
) {
    let Some((first, others)) = group.split_first() else { return };
    for one in others {
        if !told.insert((one.path, &one.catcher.name)) {
            continue;
        }
        ctx.report(one.path, one.catcher.name_range, message(one, first))
            .label_in(first.path, first.catcher.name_range, "the first one")
            .help("keep one of them, and give it what differs as a prop");
    }
}
