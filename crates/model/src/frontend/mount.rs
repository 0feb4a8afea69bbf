//! Where an application is put onto the screen.

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

/// Returns whether a module puts an application onto the screen.
pub(crate) fn is_mount(file: ProjectFile<'_>) -> bool {
    CALLS.iter().any(|call| file.source.text.contains(call))
}
