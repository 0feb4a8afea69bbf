//! Facts about one file, and the model that joins the facts of all files.
//!
//! [`extract::extract`] reads a tree once and returns owned [`facts::Facts`] beside an
//! [`outline::Outline`] of the nodes that rules asked for. [`project::ProjectModel`] answers questions
//! across files: which definition a name means, which function records a traceback, which tasks exist.

pub mod django;
pub mod endpoint;
pub mod extract;
pub mod facts;
pub mod flow;
pub mod invention;
pub mod naming;
pub mod outline;
pub mod project;
pub mod python;
pub mod queryset;
pub mod role;
pub mod script;
pub mod words;
