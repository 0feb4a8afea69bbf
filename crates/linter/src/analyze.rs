//! One file, from its text to everything worth knowing about it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrears_core::rule::RuleMeta;
use arrears_core::source::{Language, RelPath, Roles, SourceFile};
use arrears_core::text::TextRange;
use arrears_model::extract::{document, extract, is_template, template, words_only};
use arrears_model::facts::Facts;
use arrears_model::outline::{Outline, ScopeId};
use arrears_model::role::roles;
use arrears_syntax::grammar::{Grammar, KindTable};
use arrears_syntax::node;
use arrears_syntax::parse::{Parsed, reparse};
use tree_sitter::{Node, QueryCursor, StreamingIterator, Tree};

use crate::context::FileContext;
use crate::custom::QueryCheck;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::ruleset::{Dispatch, RuleSet};
use crate::suppression::{self, Suppression};

/// Everything worth knowing about one file. It owns its data: no tree leaves [`analyze`].
#[derive(Debug, Clone)]
pub struct FileAnalysis {
    /// The text and what was seen from the path.
    pub source: SourceFile,
    /// What other files may ask about it.
    pub facts: Facts,
    /// The findings of its own rules, not yet filtered.
    pub findings: Vec<Finding>,
    /// Its suppression comments.
    pub suppressions: Vec<Suppression>,
    /// What a rule that panicked said.
    pub panic: Option<String>,
}

/// Makes a source file of a text: reads its lines and decides which parts it plays.
pub fn classify(path: RelPath, text: String, language: Language) -> SourceFile {
    let roles = roles(&path, &text, language);
    SourceFile::new(path, text, language, roles)
}

/// Analyses one file. A rule that panics costs the file its findings, not the run.
pub fn analyze(source: SourceFile, rules: &RuleSet) -> FileAnalysis {
    analyze_again(source, rules, None).0
}

/// Analyses a file whose text was edited; `before` is the tree of the text before, to which the edits were told.
///
/// Returns the tree to hand in the next time; none for what is not parsed.
pub fn analyze_again(source: SourceFile, rules: &RuleSet, before: Option<&Tree>) -> (FileAnalysis, Option<Tree>) {
    let analysis = match catch_unwind(AssertUnwindSafe(|| analyze_parsed(&source, rules, before))) {
        Ok((facts, findings, suppressions, tree)) => {
            return (FileAnalysis { source, facts, findings, suppressions, panic: None }, tree);
        }
        Err(payload) => {
            let said = payload
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| payload.downcast_ref::<&str>().map(|said| (*said).to_owned()));
            let facts = Facts { has_errors: true, ..words_only(&source) };
            let panic = Some(said.unwrap_or_else(|| "a rule panicked".to_owned()));
            FileAnalysis { source, facts, findings: Vec::new(), suppressions: Vec::new(), panic }
        }
    };
    (analysis, None)
}

type Analyzed = (Facts, Vec<Finding>, Vec<Suppression>, Option<Tree>);

fn analyze_parsed(source: &SourceFile, rules: &RuleSet, before: Option<&Tree>) -> Analyzed {
    let Some(grammar) =
        Grammar::of(source.language).filter(|_| !source.roles.intersects(Roles::VENDORED | Roles::MINIFIED))
    else {
        let is_read = rules.follows_values() && is_template(source);
        let facts = if is_read { template(source) } else { document(source) };
        let suppressions = suppression::read_text(source);
        return (facts, Vec::new(), suppressions, None);
    };
    let Parsed { tree, plain } = reparse(grammar, &source.text, before);
    if source.roles.contains(Roles::FLOW) && tree.root_node().has_error() {
        let facts = Facts { has_errors: true, ..words_only(source) };
        return (facts, Vec::new(), Vec::new(), Some(plain));
    }
    let dispatch = rules.dispatch(grammar);
    let (facts, outline) = extract(source, &tree, &dispatch.interest);
    let findings = Checker { source, facts: &facts, tree: &tree, outline: &outline, rules, dispatch }.run();
    let suppressions = suppression::read_all(&facts.directives, source, Some(tree.root_node()));
    (facts, findings, suppressions, Some(plain))
}

struct Checker<'a, 't> {
    source: &'a SourceFile,
    facts: &'a Facts,
    tree: &'t Tree,
    outline: &'a Outline<'t>,
    rules: &'a RuleSet,
    dispatch: &'a Dispatch,
}

impl<'t> Checker<'_, 't> {
    fn run(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        // Asked once a file, not once a node.
        let is_silent: Vec<bool> = self.rules.registry().rules().iter().map(|rule| !self.applies(rule)).collect();
        for note in self.outline.notes() {
            let slot = self.dispatch.slots.get(note.node.kind_id()) as usize;
            for at in self.dispatch.node_rules[slot].iter().filter(|at| !is_silent[**at]) {
                let rule = self.rules.rule(*at);
                if let Check::Node { run, .. } = &rule.check {
                    run(note.node, &mut self.context(&rule.meta, None, note.scope, &mut findings));
                }
            }
        }
        for (at, noted) in self.dispatch.file_rules.iter().filter(|(at, _)| !is_silent[*at]) {
            let rule = self.rules.rule(*at);
            if let Check::File { run, .. } | Check::AnyFile { run, .. } = &rule.check {
                run(&mut self.context(&rule.meta, Some(noted), ScopeId::ROOT, &mut findings));
            }
        }
        for at in self.dispatch.query_rules.iter().filter(|at| !is_silent[**at]) {
            let rule = self.rules.rule(*at);
            if let Check::Query(check) = &rule.check {
                self.query(check, &rule.meta, &mut findings);
            }
        }
        findings
    }

    /// Returns whether a rule could find anything in the file.
    fn applies(&self, rule: &Rule) -> bool {
        let mentions = rule.meta.mentions;
        !self.source.roles.intersects(rule.meta.exempt)
            && (mentions.is_empty() || mentions.iter().any(|word| self.facts.words.may_contain(word)))
    }

    fn context<'c>(
        &'c self,
        rule: &'c RuleMeta,
        noted: Option<&'c KindTable<bool>>,
        scope: ScopeId,
        findings: &'c mut Vec<Finding>,
    ) -> FileContext<'c, 't> {
        FileContext {
            source: self.source,
            root: self.tree.root_node(),
            facts: self.facts,
            outline: self.outline,
            scope,
            rule,
            settings: self.rules.settings(),
            noted,
            findings,
        }
    }

    fn query(&self, check: &QueryCheck, rule: &RuleMeta, findings: &mut Vec<Finding>) {
        let grammar = Grammar::of(self.source.language);
        let Some((_, query)) = check.queries.iter().find(|(known, _)| Some(*known) == grammar) else { return };
        let Some(flagged) = query.capture_index_for_name("match") else { return };
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(query, self.tree.root_node(), self.source.text.as_bytes());
        while let Some(found) = matches.next() {
            for capture in found.captures().iter().filter(|capture| capture.index == flagged) {
                let mut finding = Finding::new(
                    rule.code.clone(),
                    rule.severity,
                    self.source.path.clone(),
                    self.first_line(capture.node),
                    check.message.clone(),
                );
                finding.diagnostic.help.clone_from(&check.help);
                findings.push(finding);
            }
        }
    }

    /// A finding that spans lines would hide the alert on a changed line of a pull request: the first line is enough.
    fn first_line(&self, node: Node<'_>) -> TextRange {
        let range = node::range(node);
        let line = node::text(node, &self.source.text).lines().next().unwrap_or("");
        TextRange::of(range.to_usize().start..range.to_usize().start + line.len())
    }
}
