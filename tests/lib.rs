//! Helpers of the harness: reading fixtures, building workspaces, running the binary.

pub mod binary;
pub mod client;
pub mod example;
pub mod fixture;
pub mod run;
pub mod workspace;
