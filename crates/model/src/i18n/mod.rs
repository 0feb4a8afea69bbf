//! The languages that an application speaks: texts in the code, texts in catalogues, and what asks for which.

pub mod choice;
pub mod interface;
pub mod language;
pub mod literal;
pub mod prose;
