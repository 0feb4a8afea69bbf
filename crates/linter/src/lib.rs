//! The rule contract and everything that happens to findings between a rule and a report.
//!
//! No rule is named here; the registry is handed in. Nothing here reads a file, a clock or the environment.

pub mod analyze;
pub mod config;
pub mod context;
pub mod custom;
pub mod finding;
pub mod fingerprint;
pub mod fix;
pub mod nearest;
pub mod registry;
pub mod report;
pub mod rule;
pub mod ruleset;
pub mod settings;
pub mod silence;
pub mod suppression;
pub mod workspace;
