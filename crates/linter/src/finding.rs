//! A finding while it is made: a diagnostic, and what the whole project has yet to say about it.

use std::collections::BTreeMap;

use arrears_core::diagnostic::{Diagnostic, Fix, Label, Severity};
use arrears_core::rule::{Preset, RuleCode};
use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use arrears_model::flow::Place;
use arrears_model::flow::effect::Step;
use arrears_model::project::condition::Condition;
use arrears_model::settings::SettingsModule;
use serde::{Deserialize, Serialize};

/// A diagnostic that stands while its conditions hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The diagnostic.
    pub diagnostic: Diagnostic,
    /// Questions to the model, all of which must hold.
    pub conditions: Vec<Condition>,
    /// The smallest preset that shows it, where that is a larger one than the rule's.
    pub preset: Preset,
}

impl Finding {
    /// Starts a finding.
    pub fn new(code: RuleCode, severity: Severity, path: RelPath, range: TextRange, message: String) -> Self {
        let primary = Label { path, range, message: String::new() };
        let diagnostic = Diagnostic {
            code,
            severity,
            message,
            primary,
            labels: Vec::new(),
            help: None,
            fix: None,
            symbol: String::new(),
            properties: BTreeMap::new(),
        };
        Self { diagnostic, conditions: Vec::new(), preset: Preset::Recommended }
    }

    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.diagnostic.help = Some(help.into());
        self
    }

    /// Says what is to be seen at the primary place.
    pub fn at(&mut self, message: impl Into<String>) -> &mut Self {
        self.diagnostic.primary.message = message.into();
        self
    }

    /// Shows another place of the same file.
    pub fn label(&mut self, range: TextRange, message: impl Into<String>) -> &mut Self {
        let path = self.diagnostic.primary.path.clone();
        self.label_in(&path, range, message)
    }

    /// Shows a place of any file.
    pub fn label_in(&mut self, path: &RelPath, range: TextRange, message: impl Into<String>) -> &mut Self {
        self.diagnostic.labels.push(Label { path: path.clone(), range, message: message.into() });
        self
    }

    /// Shows a place unless it is shown already.
    pub fn label_once(&mut self, place: Place<'_>, message: impl Into<String>) -> &mut Self {
        let known = std::iter::once(&self.diagnostic.primary).chain(&self.diagnostic.labels);
        let is_known = known.into_iter().any(|it| it.path == *place.path && it.range == place.range);
        if is_known { self } else { self.label_in(place.path, place.range, message) }
    }

    /// Shows the way from a queryset to where its rows are read, as far as it is not shown already.
    pub fn label_way(&mut self, steps: &[Step<'_>], access: Place<'_>, message: &str) -> &mut Self {
        let way: Vec<&Step<'_>> = steps.iter().filter(|step| step.place != access).collect();
        // Of a long way its beginning and its end, and where the queryset was made: what lies between tells nothing new.
        let made = usize::from(way.first().is_some_and(|step| step.what == "made here"));
        let between = way.len().saturating_sub(1).max(made + 1);
        for step in way.iter().take(made + 1).chain(way.iter().skip(between)) {
            self.label_once(step.place, step.what.as_str());
        }
        self.label_once(access, message)
    }

    /// Shows how settings of production come to a value that stands in another file.
    pub fn label_origin(&mut self, module: &SettingsModule<'_>, place: Place<'_>) -> &mut Self {
        let Some(import) = module.way_to(place.path) else { return self };
        let (module, from) = (module.path.file_name(), place.path.file_name());
        self.label_once(import, format!("`{module}` takes it from `{from}`"))
    }

    /// Offers a change.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.diagnostic.fix = Some(fix);
        self
    }

    /// Sets another severity than the rule's own.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.diagnostic.severity = severity;
        self
    }

    /// Adds a fact for programs.
    pub fn property(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.diagnostic.properties.insert(name.to_owned(), value.into());
        self
    }

    /// Shows the finding only under this preset or a larger one, or where the rule is selected by its code.
    pub fn preset(&mut self, preset: Preset) -> &mut Self {
        self.preset = preset;
        self
    }

    /// Lets the finding stand only while the model says so.
    pub fn only_if(&mut self, condition: Condition) -> &mut Self {
        self.conditions.push(condition);
        self
    }
}
