//! What a call is worth by its name: work that somebody waits for, or an effort that may as well fail.

/// What becomes of things when a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Nothing of note: the browser refuses, the thing is closed already, a number is not counted, a dialog is left.
    Best,
    /// It cannot be told from the name.
    Plain,
    /// A request: something that was asked for does not happen.
    Request,
}

/// Objects of the browser and of the device, which refuse for reasons that no code can mend.
const PLATFORM: [&str; 48] = [
    "localStorage",
    "sessionStorage",
    "AsyncStorage",
    "SecureStore",
    "EncryptedStorage",
    "MMKV",
    "caches",
    "indexedDB",
    "navigator",
    "document",
    "window",
    "globalThis",
    "self",
    "screen",
    "history",
    "performance",
    "speechSynthesis",
    "Notification",
    "CSS",
    "Intl",
    "JSON",
    "URL",
    "URLSearchParams",
    "decodeURIComponent",
    "decodeURI",
    "atob",
    "btoa",
    "structuredClone",
    "matchMedia",
    "BroadcastChannel",
    "AudioContext",
    "audioContext",
    "audioCtx",
    "chrome",
    "browser",
    "Linking",
    "Haptics",
    "SplashScreen",
    "Keyboard",
    "StatusBar",
    "Share",
    "Clipboard",
    "ScreenOrientation",
    "KeepAwake",
    "Updates",
    "console",
    "fs",
    "fsp",
];

/// Parts of names of what counts, records and reports, and of what the person may leave.
const ASIDES: [&str; 15] = [
    "analytics",
    "telemetry",
    "tracking",
    "tracker",
    "metrics",
    "posthog",
    "mixpanel",
    "amplitude",
    "sentry",
    "datadog",
    "logger",
    "cache",
    "dialog",
    "modal",
    "clipboard",
];

/// Parts of names of what asks whether something is there; where it does not answer, it is not.
const PROBES: [&str; 8] = ["config", "feature", "flag", "capabilit", "availab", "health", "status", "version"];

/// The ends of names of calls that do so.
const TELEMETRY_SUFFIXES: [&str; 6] = ["Event", "Events", "Identify", "identify", "Telemetry", "Analytics"];

/// Names of calls that end something, touch the screen, or ask the person, and are expected to be refused at times.
const BEST: [&str; 72] = [
    "abort",
    "alert",
    "blur",
    "cancel",
    "cancelQueries",
    "clear",
    "close",
    "confirm",
    "copy",
    "copyToClipboard",
    "deactivateKeepAwake",
    "destroy",
    "disconnect",
    "dispose",
    "end",
    "exitFullscreen",
    "focus",
    "getItem",
    "heartbeat",
    "hide",
    "hideAsync",
    "identify",
    "impactAsync",
    "import",
    "invalidate",
    "invalidateQueries",
    "keepAlive",
    "kill",
    "lock",
    "logEvent",
    "logout",
    "navigate",
    "open",
    "openURL",
    "parse",
    "pause",
    "ping",
    "play",
    "preload",
    "preventAutoHideAsync",
    "prompt",
    "push",
    "quit",
    "readText",
    "refetch",
    "register",
    "release",
    "releaseLock",
    "removeItem",
    "replace",
    "require",
    "requestFullscreen",
    "requestPermission",
    "resume",
    "rm",
    "sendBeacon",
    "setItem",
    "share",
    "showModal",
    "shutdown",
    "signOut",
    "stop",
    "stopAsync",
    "suspend",
    "terminate",
    "track",
    "unlink",
    "unload",
    "unlock",
    "unregister",
    "unsubscribe",
    "validateFields",
];

/// The beginnings of such names, followed by a capital.
const BEST_PREFIXES: [&str; 22] = [
    "track",
    "log",
    "prefetch",
    "preload",
    "warm",
    "abort",
    "cancel",
    "close",
    "stop",
    "dispose",
    "cleanup",
    "unsubscribe",
    "confirm",
    "disconnect",
    "unload",
    "teardown",
    "copy",
    "revalidate",
    "refresh",
    "sync",
    "poll",
    "identify",
];

/// Names of calls that ask a server for something.
const REQUESTS: [&str; 9] = ["fetch", "axios", "ky", "request", "post", "put", "patch", "$fetch", "mutateAsync"];

/// Returns a path without what is said about its promise: `fetch` for `fetch.then.then`.
pub fn without_promise(path: &str) -> String {
    const ABOUT: [&str; 6] = ["then", "catch", "finally", "unwrap", "json", "$promise"];
    path.split('.').filter(|name| !ABOUT.contains(name)).collect::<Vec<_>>().join(".")
}

/// Judges a call by its path, as [`arrears_syntax::script::call_path`] gives it; promise methods are passed over.
pub fn effort(path: &str) -> Effort {
    let is_reading = ["json", "text", "blob", "formData"].iter().any(|part| path.ends_with(part));
    if is_reading && path.matches('.').count() == 1 {
        return Effort::Best;
    }
    let path = without_promise(path);
    let names: Vec<&str> = path.split('.').collect();
    let names = names.strip_prefix(&["this"]).unwrap_or(&names);
    let (Some(first), Some(last)) = (names.first(), names.last()) else { return Effort::Plain };
    let root = if names.len() > 2 && matches!(*first, "window" | "globalThis" | "self") { names[1] } else { first };
    let is_fetch = *last == "fetch" && matches!(*first, "window" | "globalThis" | "self" | "fetch");
    if is_fetch {
        return Effort::Request;
    }
    let lower = path.to_ascii_lowercase();
    let mut words = lower.split('.');
    if PLATFORM.contains(&root)
        || ASIDES.iter().any(|word| lower.contains(word))
        || words.any(|word| matches!(word, "socket" | "websocket" | "worker" | "observer" | "gtag" | "plausible"))
        || PROBES.iter().any(|word| last.to_ascii_lowercase().contains(word)) && !is_mutation(&path)
        || BEST.contains(last)
        || BEST_PREFIXES.iter().any(|prefix| starts_word(last, prefix))
        || TELEMETRY_SUFFIXES.iter().any(|suffix| last.ends_with(suffix))
    {
        Effort::Best
    } else if REQUESTS.contains(last) || REQUESTS[..3].contains(first) {
        Effort::Request
    } else {
        Effort::Plain
    }
}

/// Returns whether a name begins with a verb of a change: `saveOrder`, `delete`.
pub fn is_mutation(path: &str) -> bool {
    const VERBS: [&str; 22] = [
        "accept",
        "add",
        "approve",
        "archive",
        "assign",
        "cancel",
        "create",
        "delete",
        "duplicate",
        "invite",
        "leave",
        "move",
        "mutate",
        "patch",
        "post",
        "publish",
        "put",
        "remove",
        "save",
        "submit",
        "update",
        "upload",
    ];
    let path = without_promise(path);
    let last = path.rsplit('.').next().unwrap_or(&path);
    VERBS.iter().any(|verb| last == *verb || starts_word(last, verb))
}

/// Returns whether a camel-case name begins with a word.
pub fn starts_word(name: &str, word: &str) -> bool {
    name.strip_prefix(word).is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_uppercase() || next == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_judged_by_its_object_and_by_its_name() {
        for (path, expected) in [
            ("fetch.then", Effort::Request),
            ("window.fetch", Effort::Request),
            ("api.post", Effort::Request),
            ("orders.list.then", Effort::Plain),
            ("navigator.clipboard.writeText", Effort::Best),
            ("this.video.play", Effort::Best),
            ("trackVisit", Effort::Best),
            ("response.json", Effort::Best),
            ("window.localStorage.setItem", Effort::Best),
        ] {
            assert_eq!(effort(path), expected, "{path}");
        }
    }
}
