//! Calls that ask a server for something.

use crate::script::ScriptFacts;
use crate::script::effort::{Effort, effort, is_mutation, starts_word, without_promise};

/// Returns whether a call asks a server: by what it calls, or because a module of requests offers it.
pub fn is_request(path: &str, facts: &ScriptFacts) -> bool {
    let path = without_promise(path);
    // `put` of a database in the browser.
    if path.contains("bjectStore") {
        return false;
    }
    if effort(&path) == Effort::Request {
        return true;
    }
    let mut names: Vec<&str> = path.split('.').collect();
    let Some(last) = names.pop() else { return false };
    let is_client = |name: &&str| {
        let name = name.to_ascii_lowercase();
        ["api", "client", "http", "axios"].iter().any(|word| name.starts_with(word) || name.ends_with(word))
            && !name.contains("queryclient")
    };
    if matches!(last, "get" | "delete") {
        return names.last().is_some_and(is_client);
    }
    let head = names.first().copied().unwrap_or(last);
    let Some((module, _)) = facts.imported(head) else { return false };
    let is_local = module.starts_with('.') || module.starts_with('@') || module.starts_with('~');
    is_local && is_of_requests(module) && effort(&path) != Effort::Best && (is_mutation(last) || reads(last))
}

fn is_of_requests(module: &str) -> bool {
    let mut segments = module.split('/');
    segments.any(|segment| {
        let stem = segment.split('.').next().unwrap_or(segment).to_ascii_lowercase();
        matches!(stem.as_str(), "api" | "apis" | "services" | "service" | "requests" | "http")
            || segment.contains(".service")
            || segment.contains(".api")
    })
}

fn reads(name: &str) -> bool {
    // What is kept on the device is no answer of a server.
    if ["Token", "Url", "URL", "Headers", "Config", "Client"].iter().any(|end| name.ends_with(end)) {
        return false;
    }
    ["get", "fetch", "load", "list", "search", "find", "retrieve"].iter().any(|verb| starts_word(name, verb))
}
