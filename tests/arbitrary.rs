//! Arbitrary text never panics `analyze`.

use std::sync::LazyLock;

use arrears_core::source::{Language, RelPath};
use arrears_linter::analyze::{analyze, classify};
use arrears_linter::ruleset::RuleSet;
use arrears_syntax::template;
use arrears_tests::fixture;
use arrears_tests::workspace::{every_rule, rules};
use proptest::prelude::*;

/// What source text is made of: fragments that open, close and break things.
const PIECES: [&str; 60] = [
    "def f(",
    "class A(",
    "):",
    ":\n",
    "\n    ",
    "\n",
    "try:",
    "except",
    "except*",
    " as e:",
    "finally:",
    "pass",
    "...",
    "return ",
    "raise ",
    "yield ",
    "await ",
    "async ",
    "with ",
    "for x in ",
    "while ",
    "if ",
    "else:",
    "lambda: ",
    "@",
    "import ",
    "from . import *",
    "=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "\"\"\"",
    "f\"{",
    "`${",
    "`",
    "# ",
    "// ",
    "/* ",
    "*/",
    "arrears: ignore[",
    "errors/bare-except",
    "é",
    "\u{1F600}",
    "\r\n",
    "\t",
    "\u{feff}",
    "<",
    "/>",
    "</",
    "=>",
    "catch",
    "export default ",
    "@shared_task",
    "\\",
    "0",
];

/// What templates are made of.
const TAGS: [&str; 34] = [
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "{# ",
    " #}",
    "{% for a, b in ",
    "{% empty %}",
    "{% endfor %}",
    "{% if ",
    "{% elif ",
    "{% else %}",
    "{% endif %}",
    "{% with ",
    "{% endwith %}",
    "{% include ",
    "{% block ",
    "{% endblock %}",
    "{% regroup ",
    "{% comment %}",
    "{% endcomment %}",
    "{% verbatim %}",
    "{% endverbatim %}",
    "{% box %}",
    "{% endbox %}",
    "a.b",
    "|",
    ":",
    "=",
    " as ",
    "'",
    "\\",
    "é",
    "\n",
];

static TEXTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let fixtures = fixture::all();
    let files = fixtures.iter().flat_map(|fixture| [fixture.bad(), fixture.good()]).flatten();
    files.map(|file| (file.path.to_string(), file.text.to_string())).collect()
});

static RULES: LazyLock<RuleSet> = LazyLock::new(|| rules(&every_rule()));

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_characters_never_panic(text in any::<String>()) {
        analyse_in_all_languages(&text)?;
    }

    #[test]
    fn arbitrary_fragments_of_code_never_panic(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..80)) {
        analyse_in_all_languages(&pieces.concat())?;
    }

    #[test]
    fn arbitrary_fragments_of_templates_never_panic(pieces in prop::collection::vec(prop::sample::select(&TAGS[..]), 0..80)) {
        let text = pieces.concat();
        let template = template::parse(&text);
        template::visit(&template.nodes, &mut |node| {
            if let template::Node::Variable(value) = node {
                assert!(!value.range.slice(&text).is_empty(), "{value:?}");
            }
        });
    }

    #[test]
    fn arbitrary_characters_in_templates_never_panic(text in any::<String>(), tag in any::<String>()) {
        template::parse(&text);
        template::parse(&format!("{{% {tag} %}}{text}{{{{ {tag} }}}}"));
    }

    #[test]
    fn mutations_of_fixtures_never_panic(
        at in any::<prop::sample::Index>(),
        cut in any::<(prop::sample::Index, prop::sample::Index)>(),
        piece in prop::sample::select(&PIECES[..]),
    ) {
        let (path, text) = at.get(&TEXTS);
        let place = |index: &prop::sample::Index| text.floor_char_boundary(index.index(text.len() + 1));
        let (from, to) = (place(&cut.0).min(place(&cut.1)), place(&cut.0).max(place(&cut.1)));
        // Take a part away, put it at the end, and put a fragment in its place.
        let mutated = [&text[..from], piece, &text[to..], &text[from..to]].concat();
        analyse(path, &mutated)?;
    }
}

fn analyse_in_all_languages(text: &str) -> Result<(), TestCaseError> {
    const PATHS: [&str; 17] = [
        "shop/tasks.py",
        "web/src/orders.ts",
        "web/src/Orders.tsx",
        "web/src/Orders.jsx",
        "shop/templates/orders.html",
        "README.md",
        "pyproject.toml",
        "docker-compose.yml",
        "web/package.json",
        "web/app.json",
        "setup.cfg",
        ".env",
        "Dockerfile",
        "Procfile",
        "requirements.txt",
        "nginx.conf",
        ".github/workflows/ci.yml",
    ];
    PATHS.into_iter().try_for_each(|path| analyse(path, text))
}

fn analyse(path: &str, text: &str) -> Result<(), TestCaseError> {
    let path = RelPath::new(path);
    let language = Language::of(&path).expect("the paths end like files that arrears reads");
    let source = classify(path, text.to_owned(), language);
    let analysis = analyze(source, &RULES);
    prop_assert!(analysis.panic.is_none(), "{:?} on {text:?}", analysis.panic);
    Ok(())
}
