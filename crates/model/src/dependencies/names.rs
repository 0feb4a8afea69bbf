//! What distributions are called, and what they are imported as.

use super::table::IMPORTS;

/// Returns the name of a distribution as the index knows it: `django-redis` for `Django_Redis`.
pub fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.trim().chars() {
        match letter {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            _ => out.extend(letter.to_lowercase()),
        }
    }
    out
}

/// Packages that many distributions share.
const NAMESPACES: [&str; 12] = [
    "azure",
    "backports",
    "google",
    "jaraco",
    "opentelemetry",
    "paste",
    "repoze",
    "ruamel",
    "sphinxcontrib",
    "wagtail",
    "zope",
    "llama-index",
];

/// Returns the modules that a distribution may be imported as, by its normalised name, the likeliest first.
///
/// A table knows those that are called otherwise; of the rest several are guessed.
pub fn imports_of(key: &str) -> Vec<String> {
    if let Ok(at) = IMPORTS.binary_search_by_key(&key, |(name, _)| name) {
        return IMPORTS.get(at).map_or("", |(_, modules)| modules).split(' ').map(str::to_owned).collect();
    }
    let plain = key.replace('-', "_");
    let mut found = vec![plain.clone()];
    let mut add = |name: &str| {
        if !name.is_empty() && !found.iter().any(|it| it == name) {
            found.push(name.to_owned());
        }
    };
    if let Some((head, _)) = key.split_once('-').filter(|(head, _)| NAMESPACES.contains(head)) {
        add(&key.replace('-', "."));
        if head == "google" || head == "azure" || head == "opentelemetry" {
            return found.into_iter().rev().collect();
        }
    }
    for prefix in ["python-", "python3-", "py-", "py", "django-", "django", "drf-", "flask-", "edx-", "wagtail-"] {
        if let Some(rest) = key.strip_prefix(prefix).filter(|rest| rest.len() > 1) {
            add(&rest.replace('-', "_"));
        }
    }
    for suffix in
        ["-python", "-py", "-py3", "-python3", "-binary", "-client", "-sdk", "-django", "-ng", "-async", "-cffi"]
    {
        if let Some(rest) = key.strip_suffix(suffix) {
            add(&rest.replace('-', "_"));
        }
    }
    add(&key.replace('-', ""));
    if let Some(rest) = key.strip_prefix("django-") {
        add(&format!("django{}", rest.replace('-', "_")));
        add(&format!("dj{}", rest.replace('-', "_")));
    }
    found
}

/// Returns whether it is known, not guessed, what a distribution is imported as.
pub fn is_known(key: &str) -> bool {
    IMPORTS.binary_search_by_key(&key, |(name, _)| name).is_ok()
}

/// Words that say nothing of what a distribution brings.
const GENERIC: [&str; 26] = [
    "admin",
    "api",
    "app",
    "apps",
    "auth",
    "aws",
    "azure",
    "base",
    "client",
    "common",
    "contrib",
    "core",
    "django",
    "drf",
    "edx",
    "extra",
    "extras",
    "fastapi",
    "flask",
    "framework",
    "google",
    "python",
    "rest",
    "sdk",
    "tools",
    "utils",
];

/// Returns the words of a distribution's name that may be a module of its own: `notifications` of
/// `django-notifications-community`. None of one that is known.
pub fn telling_words(key: &str) -> Vec<String> {
    if is_known(key) {
        return Vec::new();
    }
    let words = key.split('-').map(|word| word.trim_end_matches(|it: char| it.is_ascii_digit()));
    words.filter(|word| word.len() > 2 && !GENERIC.contains(word)).map(str::to_owned).collect()
}

/// Returns whether all words of a module stand in the name of a distribution that is not known otherwise.
pub fn may_bring(key: &str, head: &str) -> bool {
    if is_known(key) {
        return false;
    }
    let plain = |word: &str| word.trim_end_matches(|it: char| it.is_ascii_digit()).to_ascii_lowercase();
    let words: Vec<String> = key.split('-').map(plain).collect();
    let mut own = head.split('_').map(plain).peekable();
    let is_telling = head.split('_').any(|word| word.len() > 2 && !GENERIC.contains(&plain(word).as_str()));
    is_telling && own.peek().is_some() && own.all(|word| words.contains(&word))
}

/// Returns the distribution that a module comes from, where it is called otherwise.
///
/// Of several the one that people install: `opencv-python`, not `opencv-contrib-python`.
pub fn distribution_of(head: &str) -> String {
    const PREFERRED: [(&str, &str); 12] = [
        ("Crypto", "pycryptodome"),
        ("MySQLdb", "mysqlclient"),
        ("PIL", "Pillow"),
        ("captcha", "django-recaptcha"),
        ("cv2", "opencv-python"),
        ("dotenv", "python-dotenv"),
        ("environ", "django-environ"),
        ("magic", "python-magic"),
        ("psycopg", "psycopg"),
        ("psycopg2", "psycopg2"),
        ("sklearn", "scikit-learn"),
        ("yaml", "PyYAML"),
    ];
    if let Some((_, name)) = PREFERRED.iter().find(|(module, _)| *module == head) {
        return (*name).to_owned();
    }
    let of_table = IMPORTS.iter().find(|(_, modules)| modules.split(' ').next() == Some(head));
    of_table.map_or_else(|| head.to_owned(), |(name, _)| (*name).to_owned())
}
