//! What the client asks for, held against what the server answers.

pub mod fit;
pub mod judge;
pub mod prefix;
