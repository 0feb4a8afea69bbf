//! What only the whole project can decide about a finding that a file's own rules made.

use arrears_core::source::RelPath;
use arrears_core::text::TextRange;
use serde::{Deserialize, Serialize};

use super::ProjectModel;
use crate::python::handler::Breadth;

/// A question that is put to the model after all files are read. A finding stands while its condition holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// None of the called functions records a traceback or raises.
    NoCallHandles(Vec<TextRange>),
    /// None of the called functions raises on every path.
    NoCallRaises(Vec<TextRange>),
    /// Every one of the called functions, which get the exception object, is known and does nothing with it.
    GivenInVain(Vec<TextRange>),
    /// One of the named types is a constant that holds `Exception`.
    CatchesEverything(Vec<TextRange>),
    /// The project runs Celery: some module holds this word.
    ProjectMentions(String),
    /// Celery tasks exist, and their messages are not pickled.
    TasksSpeakJson,
    /// Code that is no test calls the function whose name stands here.
    IsCalled(TextRange),
    /// No class derives from the class of the method whose name stands here and writes the method anew, and no base
    /// in the project has a body for it that is taken away here on purpose.
    IsFinal(TextRange),
    /// A module that makes URL patterns or registers routes names this function or class.
    IsRouted(String),
    /// Code of the frontend that is no test holds the name in a file that also holds one of the words in quotes.
    NameMeetsWord {
        /// The name.
        name: String,
        /// The words.
        words: Vec<String>,
    },
    /// The component of that name is known, and nothing in its module could report an error.
    OnlyShows(String),
    /// Nothing in the project collects what is written to the console.
    ConsoleIsNotCollected,
    /// Each of these imported functions is known and does nothing but write to the console.
    OnlyWriteConsole(Vec<String>),
    /// The component is rendered, and no element of it gives it something that reports errors.
    IsGivenNoReporter {
        /// The name of the component.
        component: String,
        /// The properties that are called with the error.
        props: Vec<String>,
        /// The properties on which its own report depends.
        gates: Vec<String>,
    },
    /// Most texts of the frontend are written in Latin letters.
    InterfaceIsLatin,
    /// The package of the file asks catalogues for texts.
    AsksForTexts,
    /// The backend's texts are marked for translation.
    MarksTexts,
}

impl ProjectModel<'_> {
    /// Returns whether a condition about a file holds.
    pub fn holds(&self, path: &RelPath, condition: &Condition) -> bool {
        match condition {
            Condition::NoCallHandles(callees) => !self.any_call_handles(path, callees),
            Condition::NoCallRaises(callees) => !self.any_call_raises(path, callees),
            Condition::GivenInVain(callees) => self.all_are_given_in_vain(path, callees),
            Condition::CatchesEverything(types) => self.breadth(path, types) >= Breadth::Broad,
            Condition::TasksSpeakJson => !self.tasks().tasks.is_empty() && !self.pickles_task_messages(),
            Condition::ProjectMentions(word) => self.files_with_word(word).next().is_some(),
            Condition::IsCalled(name) => self.is_called(path, *name),
            Condition::IsFinal(name) => self.is_final(path, *name),
            Condition::IsRouted(name) => self.is_routed(name),
            Condition::NameMeetsWord { name, words } => self.name_meets_word(name, words),
            Condition::OnlyShows(component) => self.only_shows(path, component),
            Condition::ConsoleIsNotCollected => !self.collects_console(),
            Condition::OnlyWriteConsole(names) => names.iter().all(|name| self.only_writes_console(path, name)),
            Condition::IsGivenNoReporter { component, props, gates } => {
                self.is_given_no_reporter(path, component, props, gates)
            }
            Condition::AsksForTexts => self.translations().is_asked_in(self, path),
            Condition::MarksTexts => self.marks_texts(),
            Condition::InterfaceIsLatin => self.interface_is_latin(),
        }
    }
}
