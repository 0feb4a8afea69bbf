//! One test binary; a module for each part of the harness.

mod fixtures;
mod outputs;
