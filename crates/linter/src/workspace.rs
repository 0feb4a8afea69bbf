//! All analysed files, and the functions over them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrears_core::diagnostic::{Applicability, Diagnostic, Edit, Severity};
use arrears_core::rule::RuleCode;
use arrears_core::secret;
use arrears_core::source::{Language, RelPath, Roles, SourceFile};
use arrears_core::text::TextRange;
use arrears_model::project::inventory::Inventory;
use arrears_model::project::{ProjectFile, ProjectModel};
use rayon::prelude::*;

use crate::analyze::{FileAnalysis, analyze};
use crate::config::{Config, ConfigError};
use crate::context::ProjectContext;
use crate::finding::Finding;
use crate::fingerprint::fingerprints;
use crate::fix;
use crate::nearest::nearest;
use crate::report::{NotRun, Report, Reported, Skipped};
use crate::rule::{Check, Rule};
use crate::ruleset::RuleSet;
use crate::suppression::Suppression;

/// The code of a suppression that silences nothing.
pub const UNUSED: RuleCode = RuleCode::literal("suppression/unused");
/// The code of a suppression that is past its date.
pub const EXPIRED: RuleCode = RuleCode::literal("suppression/expired");
/// The code of a suppression that cannot be read or names no rule.
pub const MALFORMED: RuleCode = RuleCode::literal("suppression/malformed");

/// How often fixes are applied before the rest is left alone.
const FIX_ROUNDS: usize = 10;

/// The map from path to analysis.
#[derive(Debug)]
pub struct Workspace {
    rules: RuleSet,
    files: BTreeMap<RelPath, FileAnalysis>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    inventory: Option<Inventory>,
}

/// What fixing did.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The new texts of the files that changed.
    pub texts: BTreeMap<RelPath, String>,
    /// How many fixes were applied.
    pub count: usize,
}

impl Workspace {
    /// Creates a workspace of analysed files.
    pub fn new(rules: RuleSet, files: impl IntoIterator<Item = FileAnalysis>, skipped: Vec<Skipped>) -> Self {
        let files = files.into_iter().map(|file| (file.source.path.clone(), file)).collect();
        Self { rules, files, skipped, inventory: None }
    }

    /// Analyses files in parallel and creates a workspace of them.
    pub fn of_sources(rules: RuleSet, sources: Vec<SourceFile>) -> Self {
        let files: Vec<_> = sources.into_par_iter().map(|source| analyze(source, &rules)).collect();
        Self::new(rules, files, Vec::new())
    }

    /// Takes the paths of the repository, files that are not analysed too.
    #[must_use]
    pub fn with_inventory(self, inventory: Inventory) -> Self {
        Self { inventory: Some(inventory), ..self }
    }

    /// Takes note of a file of the repository that came or went, analysed or not; returns whether that is news.
    pub fn set_present(&mut self, path: &RelPath, exists: bool) -> bool {
        let known = self.inventory.as_mut().filter(|it| it.has_file(path.as_str()) != exists);
        known.map(|inventory| inventory.set(path, exists)).is_some()
    }

    /// Takes what git tracks now; returns the files that it tracks no more, which may still exist, or nothing where
    /// nothing changed.
    pub fn set_tracked(&mut self, tracked: Option<BTreeSet<RelPath>>) -> Option<BTreeSet<RelPath>> {
        self.inventory.as_mut()?.set_tracked(tracked)
    }

    /// Returns the rules of the run.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Returns the files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = &FileAnalysis> {
        self.files.values()
    }

    /// Returns a file.
    pub fn file(&self, path: &RelPath) -> Option<&FileAnalysis> {
        self.files.get(path)
    }

    /// Takes the new text of a file.
    pub fn update(&mut self, source: SourceFile) {
        self.insert(analyze(source, &self.rules));
    }

    /// Takes the new texts of many files, analysed in parallel.
    pub fn update_all(&mut self, sources: Vec<SourceFile>) {
        let analyses: Vec<_> = sources.into_par_iter().map(|source| analyze(source, &self.rules)).collect();
        analyses.into_iter().for_each(|analysis| self.insert(analysis));
    }

    /// Takes the analysis of a file.
    pub fn insert(&mut self, analysis: FileAnalysis) {
        self.files.insert(analysis.source.path.clone(), analysis);
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &RelPath) {
        self.files.remove(path);
    }

    /// Joins the facts of all files.
    pub fn model(&self) -> ProjectModel<'_> {
        let files = self.files.values().map(|file| ProjectFile { source: &file.source, facts: &file.facts });
        let model = ProjectModel::join(files).with_production_settings(self.rules.settings().production_settings());
        match &self.inventory {
            Some(inventory) => model.with_inventory(inventory),
            None => model,
        }
    }

    /// Returns why the configuration cannot be used with these files: it names a settings module that is none.
    pub fn check_config(&self, config: &Config) -> Result<(), ConfigError> {
        if config.production_settings.is_empty() {
            return Ok(());
        }
        let model = self.model();
        let root = RelPath::new("");
        let Some(wrong) =
            config.production_settings.iter().find(|name| model.modules().module(&root, name.get_ref()).is_none())
        else {
            return Ok(());
        };
        let is_settings = |file: &&FileAnalysis| {
            file.source.roles.contains(Roles::SETTINGS) || file.facts.words.may_contain("INSTALLED_APPS")
        };
        let python = self.files.values().filter(|it| it.source.language == Language::Python).filter(is_settings);
        let names: Vec<String> = python.flat_map(|it| model.modules().names_of(&it.source.path)).collect();
        let help = nearest(wrong.get_ref(), names.iter().map(String::as_str))
            .map(|right| format!("did you mean `{right}`?"))
            .or_else(|| names.first().map(|first| format!("write it as `DJANGO_SETTINGS_MODULE` has it: `{first}`")));
        Err(ConfigError::new(format!("no module is called `{}`", wrong.get_ref()), wrong.span(), help))
    }

    /// Joins all facts, runs the project rules, and returns what is to be reported in the files that `is_wanted` picks.
    pub fn report(&self, is_wanted: &(dyn Fn(&RelPath) -> bool + Sync)) -> Report {
        let model = self.model();
        let mut panics: Vec<(RelPath, String)> =
            self.files.values().filter_map(|file| Some((file.source.path.clone(), file.panic.clone()?))).collect();
        let mut by_file: BTreeMap<&RelPath, Vec<(Diagnostic, bool)>> = BTreeMap::new();
        let mut unread: Vec<Diagnostic> = Vec::new();
        let mut add = |finding: Finding| {
            let Some(file) = self.files.get(finding.diagnostic.path()) else {
                return unread.extend(self.settle_unread(finding, &model));
            };
            let is_shown = self.rules.settings().shows(&finding.diagnostic.code, finding.preset);
            let settled = self.settle(finding, file).map(|diagnostic| (diagnostic, is_shown));
            by_file.entry(&file.source.path).or_default().extend(settled);
        };
        let local: Vec<Finding> = self
            .files
            .par_iter()
            .filter(|(path, _)| is_wanted(path))
            .flat_map_iter(|(path, file)| {
                let model = &model;
                file.findings
                    .iter()
                    .filter(move |finding| finding.conditions.iter().all(|condition| model.holds(path, condition)))
                    .cloned()
            })
            .collect();
        local.into_iter().for_each(&mut add);
        self.project_findings(&model, &mut panics)
            .into_iter()
            .filter(|it| is_wanted(it.diagnostic.path()))
            .for_each(&mut add);
        let code = |file: &&FileAnalysis| file.source.language.family().is_some();
        let mut report = Report {
            files: self.files().filter(code).count(),
            reported_files: self.files().filter(code).filter(|file| is_wanted(&file.source.path)).count(),
            rules: self.rules.settings().rule_count(),
            skipped: self.skipped.clone(),
            not_run: self.not_run(&model),
            panics,
            ..Report::default()
        };
        for (path, file) in self.files.iter().filter(|(path, _)| is_wanted(path)) {
            let diagnostics = by_file.remove(path).unwrap_or_default();
            self.finish_file(file, diagnostics, true, &mut report);
        }
        finish_unread(unread, &mut report);
        report
    }

    /// Returns what the rules of single files say about a file, without asking any other: no finding that rests on the
    /// project, and no suppression that silences nothing.
    pub fn alone(&self, file: &FileAnalysis) -> Vec<Reported> {
        let findings = file.findings.iter().filter(|finding| finding.conditions.is_empty());
        let diagnostics = findings.filter_map(|finding| {
            let is_shown = self.rules.settings().shows(&finding.diagnostic.code, finding.preset);
            Some((self.settle(finding.clone(), file)?, is_shown))
        });
        let mut report = Report::default();
        self.finish_file(file, diagnostics.collect(), false, &mut report);
        report.diagnostics
    }

    /// Returns whether a comment of the file silences a finding.
    pub fn is_silenced(&self, diagnostic: &Diagnostic, file: &FileAnalysis) -> bool {
        let today = self.rules.settings().today;
        silencers(diagnostic, file).any(|(_, it)| it.until.is_none_or(|until| today <= until))
    }

    /// Applies fixes at least as safe as `level` to the wanted files, again and again while there are some.
    pub fn fix(&mut self, level: Applicability, is_wanted: &(dyn Fn(&RelPath) -> bool + Sync)) -> Fixed {
        let mut fixed = Fixed::default();
        for _ in 0..FIX_ROUNDS {
            let report = self.report(is_wanted);
            let mut changed = false;
            let by_path = report.diagnostics.chunk_by(|left, right| left.diagnostic.path() == right.diagnostic.path());
            for chunk in by_path.collect::<Vec<_>>() {
                let diagnostics: Vec<&Diagnostic> = chunk.iter().map(|it| &it.diagnostic).collect();
                let Some(file) = diagnostics.first().and_then(|first| self.files.get(first.path())) else { continue };
                let Some((text, count)) = fix::apply(&file.source.text, &diagnostics, level) else { continue };
                let source =
                    SourceFile::new(file.source.path.clone(), text.as_str(), file.source.language, file.source.roles);
                let after = analyze(source, &self.rules);
                // A fix that breaks a file that parsed is a defect of ours; the file stays as it was.
                if after.facts.has_errors && !file.facts.has_errors {
                    continue;
                }
                changed = true;
                fixed.count += count;
                fixed.texts.insert(after.source.path.clone(), text);
                self.insert(after);
            }
            if !changed {
                break;
            }
        }
        fixed
    }

    /// Returns the rules that cannot run here.
    fn not_run(&self, model: &ProjectModel<'_>) -> Vec<NotRun> {
        if model.inventory().tracked().is_some() {
            return Vec::new();
        }
        let asking = self.rules.enabled().filter(|rule| rule.meta.asks_git);
        asking.map(|rule| NotRun { code: rule.meta.code.clone(), reason: "without git" }).collect()
    }

    fn project_findings(&self, model: &ProjectModel<'_>, panics: &mut Vec<(RelPath, String)>) -> Vec<Finding> {
        let left_out = self.not_run(model);
        let runs = |rule: &&Rule| left_out.iter().all(|it| it.code != rule.meta.code);
        let rules: Vec<&Rule> = self.rules.enabled().filter(runs).collect();
        let results: Vec<_> = rules
            .par_iter()
            .filter_map(|rule| {
                let Check::Project { run } = &rule.check else { return None };
                let mut findings = Vec::new();
                let mut context =
                    ProjectContext { rule: &rule.meta, settings: self.rules.settings(), findings: &mut findings };
                let done = catch_unwind(AssertUnwindSafe(|| run(model, &mut context)));
                Some(done.map(|()| findings).map_err(|_| rule.meta.code.clone()))
            })
            .collect();
        let mut findings = Vec::new();
        for result in results {
            match result {
                Ok(found) => findings.extend(found),
                Err(code) => panics.push((RelPath::new("."), format!("rule `{code}` panicked"))),
            }
        }
        let exempt = |finding: &Finding| {
            let rule = self.rules.registry().get(finding.diagnostic.code.as_str());
            let roles = self.files.get(finding.diagnostic.path()).map(|file| file.source.roles);
            rule.zip(roles).is_some_and(|(rule, roles)| roles.intersects(rule.meta.exempt))
        };
        findings.retain(|finding| !exempt(finding));
        findings
    }

    /// Gives a finding its configured severity and its symbol; none where it is not to be reported.
    fn settle(&self, finding: Finding, file: &FileAnalysis) -> Option<Diagnostic> {
        let mut diagnostic = finding.diagnostic;
        diagnostic.severity =
            self.rules.settings().severity(&diagnostic.code, diagnostic.path(), diagnostic.severity)?;
        let range = diagnostic.primary.range;
        diagnostic.symbol = match (file.facts.python(), file.facts.script()) {
            (Some(facts), _) => facts.symbol_at(range),
            (None, Some(facts)) => facts.symbol_at(range),
            (None, None) => String::new(),
        };
        hide_secrets(&mut diagnostic, &file.source);
        Some(diagnostic)
    }

    /// Settles a finding in a file of the repository that is not read: a picture, a database. It has no text, hence no
    /// line, and only the configuration silences it.
    fn settle_unread(&self, finding: Finding, model: &ProjectModel<'_>) -> Option<Diagnostic> {
        let mut diagnostic = finding.diagnostic;
        let settings = self.rules.settings();
        let is_there = model.inventory().has_file(diagnostic.path().as_str());
        if !is_there || !settings.shows(&diagnostic.code, finding.preset) {
            return None;
        }
        diagnostic.severity = settings.severity(&diagnostic.code, diagnostic.path(), diagnostic.severity)?;
        diagnostic.primary.range = TextRange::empty(0);
        diagnostic.fix = None;
        Some(diagnostic)
    }

    fn finish_file(
        &self,
        file: &FileAnalysis,
        diagnostics: Vec<(Diagnostic, bool)>,
        knows_all: bool,
        report: &mut Report,
    ) {
        let today = self.rules.settings().today;
        let mut used = BTreeSet::new();
        let mut kept = Vec::new();
        // A finding that the preset hides is none, but a suppression of it is not idle.
        for (diagnostic, is_shown) in diagnostics {
            let silencers: Vec<_> = silencers(&diagnostic, file).collect();
            used.extend(silencers.iter().map(|(at, _)| *at));
            if silencers.iter().any(|(_, it)| it.until.is_none_or(|until| today <= until)) {
                report.suppressed += usize::from(is_shown);
            } else if is_shown {
                kept.push(diagnostic);
            }
        }
        for (at, suppression) in file.suppressions.iter().enumerate() {
            kept.extend(
                self.idle(suppression, used.contains(&at) || !knows_all, file)
                    .and_then(|finding| self.settle(finding, file)),
            );
        }
        kept.sort_by(|left, right| left.sort_key().cmp(&right.sort_key()));
        kept.dedup();
        let prints = fingerprints(&kept, Some(&file.source));
        report
            .diagnostics
            .extend(kept.into_iter().zip(prints).map(|(diagnostic, fingerprint)| Reported { diagnostic, fingerprint }));
    }

    fn idle(&self, suppression: &Suppression, is_used: bool, file: &FileAnalysis) -> Option<Finding> {
        let settings = self.rules.settings();
        let registry = self.rules.registry();
        let finding = |code: RuleCode, range, message: String| {
            let severity = registry.get(code.as_str()).map_or(Severity::Warning, |rule| rule.meta.severity);
            settings.is_enabled(&code).then(|| Finding::new(code, severity, file.source.path.clone(), range, message))
        };
        if let Some(fault) = &suppression.fault {
            return finding(MALFORMED, suppression.range, format!("this suppression is not understood: {fault}"));
        }
        for (word, range) in &suppression.codes {
            if let Err(unknown) = registry.named(word) {
                let mut made = finding(MALFORMED, *range, unknown.to_string())?;
                if let Some(right) = unknown.suggestion {
                    made.help(format!("did you mean `{right}`?"));
                }
                return Some(made);
            }
        }
        let words: Vec<&str> = suppression.codes.iter().map(|(word, _)| word.as_str()).collect();
        if let Some(until) = suppression.until.filter(|until| *until < settings.today) {
            let mut made = finding(
                EXPIRED,
                suppression.range,
                format!("this suppression of `{}` expired on {until}", words.join("`, `")),
            )?;
            made.help("mend what it hides, or give it a new date and a reason");
            return Some(made);
        }
        // A rule that did not run proves nothing.
        let all_ran = words
            .iter()
            .flat_map(|word| registry.named(word).into_iter().flatten())
            .all(|rule| settings.is_enabled(&rule.meta.code));
        if is_used || !all_ran {
            return None;
        }
        let mut made =
            finding(UNUSED, suppression.range, format!("nothing here is reported as `{}`", words.join("` or `")))?;
        made.help("take the comment away");
        Some(made)
    }
}

/// Puts the findings in files that are not read where their paths belong.
fn finish_unread(mut unread: Vec<Diagnostic>, report: &mut Report) {
    if unread.is_empty() {
        return;
    }
    unread.sort_by(|left, right| left.sort_key().cmp(&right.sort_key()));
    unread.dedup();
    for same in unread.chunk_by(|left, right| left.path() == right.path()) {
        let prints = fingerprints(same, None);
        let reported = same.iter().cloned().zip(prints);
        report.diagnostics.extend(reported.map(|(diagnostic, fingerprint)| Reported { diagnostic, fingerprint }));
    }
    report.diagnostics.sort_by(|left, right| left.diagnostic.sort_key().cmp(&right.diagnostic.sort_key()));
}

/// Keeps secrets out of what is said of a finding. A change that carries one is not offered.
fn hide_secrets(diagnostic: &mut Diagnostic, source: &SourceFile) {
    let hide = |text: &mut String| {
        if let Cow::Owned(masked) = secret::mask_shapes(text) {
            *text = masked;
        }
    };
    hide(&mut diagnostic.message);
    hide(&mut diagnostic.primary.message);
    diagnostic.labels.iter_mut().for_each(|label| hide(&mut label.message));
    diagnostic.help.iter_mut().for_each(hide);
    diagnostic.properties.values_mut().for_each(hide);
    let kind = secret::Kind::of(source);
    let carries = |edit: &Edit| !secret::places(&edit.content, kind).is_empty();
    if diagnostic.fix.as_ref().is_some_and(|fix| fix.edits.iter().any(carries)) {
        diagnostic.fix = None;
    }
}

/// Returns the comments of a file that stand for a finding, each with its number.
fn silencers<'f>(diagnostic: &Diagnostic, file: &'f FileAnalysis) -> impl Iterator<Item = (usize, &'f Suppression)> {
    file.suppressions.iter().enumerate().filter(move |(_, it)| {
        it.fault.is_none() && it.names(diagnostic.code.as_str()) && it.covers(diagnostic.primary.range, &file.source)
    })
}
