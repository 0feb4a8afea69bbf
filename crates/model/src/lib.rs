//! Facts about one file, and the model that joins the facts of all files.
//!
//! [`extract::extract`] reads a tree once and returns owned [`facts::Facts`] beside an
//! [`outline::Outline`] of the nodes that rules asked for. [`project::ProjectModel`] answers questions
//! across files: which definition a name means, which function records a traceback, which tasks exist.

pub mod client;
pub mod contract;
pub mod dependencies;
pub mod deployment;
pub mod django;
pub mod endpoint;
pub mod environment;
pub mod extract;
pub mod facts;
pub mod flow;
pub mod frontend;
pub mod i18n;
pub mod invention;
pub mod naming;
pub mod outline;
pub mod pages;
pub mod pair;
pub mod pipeline;
pub mod project;
pub mod python;
pub mod queryset;
pub mod rest;
pub mod role;
pub mod routes;
pub mod script;
pub mod served;
pub mod settings;
pub mod suite;
pub mod twin;
pub mod words;
