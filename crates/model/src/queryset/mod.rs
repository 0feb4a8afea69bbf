//! Querysets as they are written: what they would have to load, and how to say so in the words of the code around.

pub mod change_list;
pub mod extension;
pub mod plan;
pub mod words;
