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

static TEXTS: LazyLock<Vec<(Language, String)>> = LazyLock::new(|| {
    let fixtures = fixture::all();
    let files = fixtures.iter().flat_map(|fixture| [fixture.bad(), fixture.good()]).flatten();
    files.filter(|file| file.language.family().is_some()).map(|file| (file.language, file.text.to_string())).collect()
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
        let (language, text) = at.get(&TEXTS);
        let place = |index: &prop::sample::Index| text.floor_char_boundary(index.index(text.len() + 1));
        let (from, to) = (place(&cut.0).min(place(&cut.1)), place(&cut.0).max(place(&cut.1)));
        // Take a part away, put it at the end, and put a fragment in its place.
        let mutated = [&text[..from], piece, &text[to..], &text[from..to]].concat();
        analyse(*language, &mutated)?;
    }
}

fn analyse_in_all_languages(text: &str) -> Result<(), TestCaseError> {
    for language in [Language::Python, Language::TypeScript, Language::Tsx, Language::JavaScript, Language::Text] {
        analyse(language, text)?;
    }
    Ok(())
}

fn analyse(language: Language, text: &str) -> Result<(), TestCaseError> {
    let path = match language {
        Language::Python => "shop/tasks.py",
        Language::TypeScript => "web/src/orders.ts",
        Language::Tsx => "web/src/Orders.tsx",
        Language::JavaScript => "web/src/Orders.jsx",
        Language::Text => "shop/templates/orders.html",
    };
    let source = classify(RelPath::new(path), text.to_owned(), language);
    let analysis = analyze(source, &RULES);
    prop_assert!(analysis.panic.is_none(), "{:?} on {text:?}", analysis.panic);
    Ok(())
}
