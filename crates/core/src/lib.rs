//! Plain values shared by every part of `arrears`.
//!
//! Nothing here parses, reads or prints. Positions inside the engine are half-open byte ranges
//! ([`text::TextRange`]); lines and columns exist only at the edges, through [`text::LineIndex`].

pub mod diagnostic;
pub mod rule;
pub mod secret;
pub mod source;
pub mod text;
