//! The language server: what `arrears check` reports, in the editor.
//!
//! [`serve`] speaks the protocol over a connection and asks a [`host::Host`] for everything that lies on the disk.
//! It is synchronous: one thread reads messages and keeps the open documents, another holds the projects.

mod actions;
mod buffer;
mod capabilities;
mod client;
mod convert;
mod document;
pub mod host;
pub mod position;
mod project;
mod requests;
mod server;
mod worker;

pub use lsp_server::{Connection, IoThreads, ProtocolError};
pub use server::serve;
