//! One test binary; a module for each part of the harness.

mod agreement;
mod arbitrary;
mod architecture;
mod command;
mod configuration;
mod contract;
mod documents;
mod editor;
mod fixes;
mod fixtures;
mod frontend_hostile;
mod generated;
// Permissions, links and names that are no UTF-8 are made the Unix way.
#[cfg(unix)]
mod hostile;
mod outputs;
mod queries_hostile;
mod registry;
mod secrets;
mod staged;
mod suppressions;
mod templates;
