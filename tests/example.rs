//! The examples in the documents of rules: fenced blocks that run.
//!
//! The info string of a block is `LANGUAGE bad|good [path=PATH]`. Blocks of one word form one small repository, so that
//! a rule that looks at several files has an example of several blocks with different paths.

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_linter::analyze::classify;

/// One fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// `bad` or `good`
    pub word: String,
    /// Where the file lies.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Returns the blocks of a document that are marked `bad` or `good`.
pub fn examples(docs: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut open = None;
    for line in docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)) {
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(_), Some(example)) => found.extend::<Option<Example>>(example),
            (Some(info), None) => open = Some(opened(info)),
            (None, Some(example)) => {
                open = Some(example.map(|mut example: Example| {
                    example.text.push_str(line);
                    example.text.push('\n');
                    example
                }));
            }
            (None, None) => {}
        }
    }
    found
}

fn opened(info: &str) -> Option<Example> {
    let mut words = info.split_whitespace();
    let language = words.next()?;
    let word = words.next().filter(|word| matches!(*word, "bad" | "good"))?.to_owned();
    let path = words.find_map(|word| word.strip_prefix("path=")).unwrap_or_else(|| default_path(language));
    Some(Example { word, path: path.to_owned(), text: String::new() })
}

fn default_path(language: &str) -> &'static str {
    match language {
        "python" | "py" => "shop/services.py",
        "ts" | "typescript" => "web/src/orders.ts",
        "js" | "javascript" | "jsx" => "web/src/Orders.jsx",
        _ => "web/src/Orders.tsx",
    }
}

/// Returns the repository that the blocks of one word form.
pub fn sources(examples: &[Example], word: &str) -> Vec<SourceFile> {
    let mut sources = Vec::new();
    for example in examples.iter().filter(|example| example.word == word) {
        let path = RelPath::new(&example.path);
        let language = Language::of(&path).expect("an example's path ends like a file that arrears reads");
        sources.push(classify(path, example.text.clone(), language));
    }
    sources
}
