//! The floor that `arrears check` is measured against: walk, read, parse and traverse, with the same grammars and threads.
//!
//! `floor FOLDER [THREADS]` prints how many files and nodes it saw.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrears_core::source::{Language, RelPath};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse::parse;

#[expect(clippy::print_stdout, reason = "an example reports on standard output")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let root = PathBuf::from(arguments.next().unwrap_or_else(|| ".".to_owned()));
    let threads = arguments
        .next()
        .and_then(|count| count.parse().ok())
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let paths = Mutex::new(Vec::new());
    ignore::WalkBuilder::new(&root).add_custom_ignore_filename(".arrearsignore").threads(threads).build_parallel().run(
        || {
            Box::new(|entry| {
                if let Ok(entry) = entry
                    && grammar(entry.path()).is_some()
                    && entry.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() < 1 << 20)
                    && let Ok(mut paths) = paths.lock()
                {
                    paths.push(entry.into_path());
                }
                ignore::WalkState::Continue
            })
        },
    );
    let paths = paths.into_inner().unwrap_or_default();
    let (next, nodes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    nodes.fetch_add(visit(path), Ordering::Relaxed);
                }
            });
        }
    });
    println!("{} files, {} nodes", paths.len(), nodes.into_inner());
}

fn grammar(path: &Path) -> Option<Grammar> {
    Grammar::of(Language::of(&RelPath::new(path.to_str()?))?)
}

fn visit(path: &Path) -> usize {
    let (Some(grammar), Ok(text)) = (grammar(path), std::fs::read_to_string(path)) else { return 0 };
    let tree = parse(grammar, &text);
    let (mut cursor, mut count, mut kinds) = (tree.walk(), 0, 0_usize);
    loop {
        count += 1;
        kinds = kinds.wrapping_add(usize::from(cursor.node().kind_id()));
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                std::hint::black_box(kinds);
                return count;
            }
        }
    }
}
