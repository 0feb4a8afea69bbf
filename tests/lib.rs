//! Helpers of the harness: reading fixtures, building workspaces.

pub mod workspace;
