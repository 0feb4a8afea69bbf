//! Helpers of the harness: reading fixtures, building workspaces, running the binary.

pub mod binary;
pub mod workspace;
