//! What the clients of small projects ask for.
