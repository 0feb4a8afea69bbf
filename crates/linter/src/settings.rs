//! What the configuration means: which rules run, how bad their findings are, which files count.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrears_core::diagnostic::Severity;
use arrears_core::rule::{Preset, RuleCode, Stability};
use arrears_core::source::RelPath;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use jiff::civil::Date;
use toml::Spanned;

use crate::config::{Config, ConfigError, Level, Override};
use crate::nearest::nearest;
use crate::registry::{Registry, UnknownRule};

/// What a run goes by.
#[derive(Debug, Clone)]
pub struct Settings {
    enabled: BTreeSet<RuleCode>,
    /// The largest preset that was asked for.
    preset: Preset,
    /// Rules that were asked for by their own codes.
    named: BTreeSet<RuleCode>,
    severities: BTreeMap<RuleCode, Severity>,
    overrides: Vec<ResolvedOverride>,
    options: BTreeMap<RuleCode, Arc<dyn Any + Send + Sync>>,
    /// The settings modules of Django that serve users.
    production_settings: Vec<String>,
    /// The day by which suppressions expire.
    pub today: Date,
}

/// What the command line says beside the configuration.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// `--preset`
    pub preset: Option<Preset>,
    /// `--select`
    pub select: Vec<String>,
    /// `--ignore`
    pub ignore: Vec<String>,
}

#[derive(Debug, Clone)]
struct ResolvedOverride {
    files: GlobSet,
    ignore: BTreeSet<RuleCode>,
    severities: BTreeMap<RuleCode, Severity>,
}

impl Settings {
    /// Resolves a configuration against the rules there are.
    pub fn resolve(config: &Config, registry: &Registry, today: Date) -> Result<Self, ConfigError> {
        let mut settings = Self {
            enabled: BTreeSet::new(),
            preset: Preset::Recommended,
            named: BTreeSet::new(),
            severities: BTreeMap::new(),
            overrides: Vec::new(),
            options: BTreeMap::new(),
            production_settings: config.production_settings.iter().map(|it| it.get_ref().clone()).collect(),
            today,
        };
        let preset = config.preset.or_else(|| config.select.is_none().then_some(Preset::Recommended));
        settings.enable_preset(preset, config.preview, registry);
        for word in config.select.iter().flatten() {
            settings.add_named(codes(word, registry)?);
        }
        for word in &config.ignore {
            for code in codes(word, registry)? {
                settings.enabled.remove(&code);
            }
        }
        let (severities, off) = levels(&config.severity, registry)?;
        settings.severities = severities;
        settings.enabled.retain(|code| !off.contains(code));
        settings.overrides =
            config.overrides.iter().map(|table| resolve_override(table, registry)).collect::<Result<_, _>>()?;
        for (code, table) in &config.rules {
            settings.add_options(code, table, registry)?;
        }
        Ok(settings)
    }

    /// Lets the command line have its say: `--select` and `--preset` replace what the configuration turns on.
    pub fn choose(&mut self, choice: &Choice, config: &Config, registry: &Registry) -> Result<(), UnknownRule> {
        if choice.preset.is_some() || !choice.select.is_empty() {
            let ignored: BTreeSet<_> = config
                .ignore
                .iter()
                .filter_map(|word| registry.named(word.get_ref()).ok())
                .flatten()
                .map(|rule| rule.meta.code.clone())
                .collect();
            self.enabled.clear();
            self.named.clear();
            self.preset = Preset::Recommended;
            self.enable_preset(choice.preset, config.preview, registry);
            self.enabled.retain(|code| !ignored.contains(code));
        }
        for word in &choice.select {
            self.add_named(registry.named(word)?.into_iter().map(|rule| rule.meta.code.clone()).collect());
        }
        for word in &choice.ignore {
            for rule in registry.named(word)? {
                self.enabled.remove(&rule.meta.code);
            }
        }
        Ok(())
    }

    fn enable_preset(&mut self, preset: Option<Preset>, preview: bool, registry: &Registry) {
        let Some(preset) = preset else { return };
        self.preset = preset;
        let stable_enough = |stability| stability == Stability::Stable || preview || preset == Preset::All;
        let chosen =
            registry.rules().iter().filter(|rule| rule.meta.preset <= preset && stable_enough(rule.meta.stability));
        self.enabled.extend(chosen.map(|rule| rule.meta.code.clone()));
    }

    /// Turns on what a word of `select` stands for: one code is that rule with all its findings, a group is not.
    fn add_named(&mut self, codes: Vec<RuleCode>) {
        if let [code] = codes.as_slice() {
            self.named.insert(code.clone());
        }
        self.enabled.extend(codes);
    }

    /// Returns whether a finding is shown that its rule keeps for a preset.
    pub fn shows(&self, code: &RuleCode, preset: Preset) -> bool {
        preset <= self.preset || self.named.contains(code)
    }

    fn add_options(
        &mut self,
        code: &Spanned<String>,
        table: &Spanned<toml::Table>,
        registry: &Registry,
    ) -> Result<(), ConfigError> {
        let rule = registry.get(code.get_ref()).ok_or_else(|| unknown(code, registry))?;
        let Some(spec) = rule.options else {
            return Err(ConfigError::new(format!("rule `{}` has no options", rule.meta.code), code.span(), None));
        };
        let options = (spec.parse)(table.get_ref().clone()).map_err(|error| option_error(&error, table))?;
        self.options.insert(rule.meta.code.clone(), options);
        Ok(())
    }

    /// Returns whether a rule runs.
    pub fn is_enabled(&self, code: &RuleCode) -> bool {
        self.enabled.contains(code)
    }

    /// Turns all rules off that `keeps` does not keep.
    pub fn retain(&mut self, keeps: impl Fn(&RuleCode) -> bool) {
        self.enabled.retain(|code| keeps(code));
    }

    /// Returns how many rules run.
    pub fn rule_count(&self) -> usize {
        self.enabled.len()
    }

    /// Returns the severity of a rule's finding in a file, or none where it is not reported. `own` is what the rule said.
    pub fn severity(&self, code: &RuleCode, path: &RelPath, own: Severity) -> Option<Severity> {
        let mut severity = self.severities.get(code).copied().unwrap_or(own);
        for table in self.overrides.iter().filter(|table| table.files.is_match(path.as_str())) {
            if table.ignore.contains(code) {
                return None;
            }
            severity = table.severities.get(code).copied().unwrap_or(severity);
        }
        Some(severity)
    }

    /// Returns a rule's options: the configured ones, or the default.
    pub fn options<T: Default + Clone + 'static>(&self, code: &RuleCode) -> T {
        self.options.get(code).and_then(|options| options.downcast_ref::<T>()).cloned().unwrap_or_default()
    }

    /// Returns the settings modules of Django that serve users, as far as the configuration names them.
    pub fn production_settings(&self) -> &[String] {
        &self.production_settings
    }

    /// Returns a name for everything that decides what one file's analysis yields.
    pub fn identity(&self) -> String {
        self.enabled.iter().map(RuleCode::as_str).collect::<Vec<_>>().join(",")
    }
}

fn codes(word: &Spanned<String>, registry: &Registry) -> Result<Vec<RuleCode>, ConfigError> {
    let rules = registry.named(word.get_ref()).map_err(|_| unknown(word, registry))?;
    Ok(rules.into_iter().map(|rule| rule.meta.code.clone()).collect())
}

fn unknown(word: &Spanned<String>, registry: &Registry) -> ConfigError {
    let error = registry.unknown(word.get_ref());
    let help = error
        .suggestion
        .as_ref()
        .map_or_else(|| "`arrears rules` lists them all".to_owned(), |right| format!("did you mean `{right}`?"));
    ConfigError::new(error.to_string(), word.span(), Some(help))
}

type Levels = (BTreeMap<RuleCode, Severity>, BTreeSet<RuleCode>);

fn levels(table: &BTreeMap<Spanned<String>, Level>, registry: &Registry) -> Result<Levels, ConfigError> {
    let (mut severities, mut off) = (BTreeMap::new(), BTreeSet::new());
    // Groups first, so that a single code wins over its group.
    let (groups, single): (Vec<_>, Vec<_>) = table.iter().partition(|(word, _)| !word.get_ref().contains('/'));
    for (word, level) in groups.into_iter().chain(single) {
        for code in codes(word, registry)? {
            match level.severity() {
                Some(severity) => {
                    off.remove(&code);
                    severities.insert(code, severity);
                }
                None => {
                    off.insert(code);
                }
            }
        }
    }
    Ok((severities, off))
}

fn resolve_override(table: &Override, registry: &Registry) -> Result<ResolvedOverride, ConfigError> {
    let (severities, mut ignore) = levels(&table.severity, registry)?;
    for word in &table.ignore {
        ignore.extend(codes(word, registry)?);
    }
    Ok(ResolvedOverride { files: globs(&table.files)?, ignore, severities })
}

/// Builds a matcher of globs in which `*` stays within a folder.
pub fn globs(patterns: &[Spanned<String>]) -> Result<GlobSet, ConfigError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let text = pattern.get_ref();
        let wrong = |error: &globset::Error| {
            ConfigError::new(format!("`{text}` is not a glob: {}", error.kind()), pattern.span(), None)
        };
        for text in [text.trim_end_matches('/').to_owned(), format!("{}/**", text.trim_end_matches('/'))] {
            set.add(GlobBuilder::new(&text).literal_separator(true).build().map_err(|error| wrong(&error))?);
        }
    }
    set.build().map_err(|error| ConfigError::new(error.to_string(), 0..0, None))
}

fn option_error(error: &toml::de::Error, table: &Spanned<toml::Table>) -> ConfigError {
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let word = quoted.next().unwrap_or_default();
    let help = nearest(word, quoted).map(|right| format!("did you mean `{right}`?"));
    let message =
        if message.starts_with("unknown field") { format!("unknown option `{word}`") } else { message.to_owned() };
    ConfigError::new(message, table.span(), help)
}
