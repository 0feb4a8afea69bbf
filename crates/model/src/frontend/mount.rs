//! Where an application is put onto the screen.

use arrears_core::text::TextRange;

use crate::project::ProjectFile;

/// The calls that do it.
pub(crate) const CALLS: [&str; 6] = [
    "createRoot(",
    "hydrateRoot(",
    "ReactDOM.render(",
    "ReactDOM.hydrate(",
    "registerRootComponent(",
    "AppRegistry.registerComponent(",
];

/// Returns whether a module does it when it is loaded, or in a function that starts the application.
pub(crate) fn is_start(file: ProjectFile<'_>) -> bool {
    const STARTS: [&str; 9] = ["main", "init", "bootstrap", "start", "mount", "render", "run", "boot", "setup"];
    let Some(facts) = file.facts.script() else { return false };
    let text = &file.source.text;
    let places = CALLS.iter().flat_map(|call| text.match_indices(call));
    places.map(|(at, call)| TextRange::of(at..at + call.len())).any(|range| {
        let owner = facts.outer_owner_at(range).map(|(owner, _)| owner.to_lowercase());
        owner.is_none_or(|owner| STARTS.iter().any(|it| owner.starts_with(it)))
    })
}

/// Returns whether a module puts an application onto the screen.
pub(crate) fn is_mount(file: ProjectFile<'_>) -> bool {
    CALLS.iter().any(|call| file.source.text.contains(call))
}
