//! The languages that an application speaks: texts in the code, texts in catalogues, and what asks for which.

pub mod catalogue;
pub mod choice;
pub mod drift;
pub mod interface;
mod json;
pub mod keys;
pub mod language;
pub mod literal;
pub mod missing;
pub mod placeholder;
pub mod prose;
pub mod translations;
pub mod unused;
