//! Turns source text into a tree, and makes trees pleasant to ask.

pub mod gaps;
pub mod grammar;
pub mod node;
pub mod parse;
pub mod python;
pub mod script;
