//! One test binary; a module for each part of the harness.

mod agreement;
mod architecture;
mod arbitrary;
mod documents;
mod fixes;
mod fixtures;
mod generated;
mod registry;
mod suppressions;
