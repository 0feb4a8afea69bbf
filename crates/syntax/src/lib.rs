//! Turns source text into a tree, and makes trees pleasant to ask.

pub mod comment;
pub mod disabled;
pub mod document;
pub mod gaps;
pub mod grammar;
pub mod markup;
pub mod node;
pub mod parse;
mod proof;
pub mod python;
pub mod script;
pub mod script_jsx;
pub mod shell;
pub mod template;
