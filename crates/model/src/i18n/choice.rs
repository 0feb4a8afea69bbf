//! Texts between which the code chooses by language: `lang === "en" ? "Save" : "सेभ"`.

use arrears_core::source::Family;
use arrears_core::text::TextRange;
use arrears_syntax::node::{ancestors, children, descendants, field, parts, range, text};
use arrears_syntax::script::{call_path, is_jsx, unwrapped};
use tree_sitter::Node;

use super::language::{is_code, is_direction, is_flag, is_language, is_name, is_variable, may_choose};
use super::prose::{foreign_letters, is_phrase, is_prose, shown};

/// One place that chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The condition, or the object that is looked into.
    pub range: TextRange,
    /// The beginnings of two of the texts.
    pub texts: [String; 2],
}

/// Finds the places of a module that choose between texts by language. Choices within a choice are left out.
pub fn choices(root: Node<'_>, source: &str, family: Family) -> Vec<Choice> {
    let mut found = Vec::new();
    if !may_choose(source) {
        return found;
    }
    let mut nodes = descendants(root);
    while let Some(node) = nodes.next() {
        if node.has_error() && matches!(node.kind(), "ternary_expression" | "if_statement" | "conditional_expression") {
            continue;
        }
        let choice = match node.kind() {
            "ternary_expression" => {
                branch(field(node, "condition"), (field(node, "consequence"), field(node, "alternative")), source)
            }
            "conditional_expression" => {
                let mut at = parts(node);
                let (chosen, condition, other) = (at.next(), at.next(), at.next());
                branch(condition, (chosen, other), source)
            }
            "if_statement" => statement(node, source, family),
            "binary_expression" if family == Family::Script => guard(node, source),
            "object" | "dictionary" => lookup(node, source),
            _ => None,
        };
        if let Some(choice) = choice.filter(|it| !is_configuration(node, source, it)) {
            found.push(choice);
            nodes.skip_children();
        }
    }
    found
}

/// Returns whether a node lies in a choice by language, as far as its condition tells.
pub fn is_chosen(node: Node<'_>, source: &str) -> bool {
    ancestors(node).take(12).any(|it| match it.kind() {
        "ternary_expression" | "if_statement" => {
            field(it, "condition").is_some_and(|condition| asks_for_language(condition, source))
        }
        "conditional_expression" => parts(it).nth(1).is_some_and(|condition| asks_for_language(condition, source)),
        _ => false,
    })
}

fn branch<'t>(
    condition: Option<Node<'t>>,
    (chosen, other): (Option<Node<'t>>, Option<Node<'t>>),
    source: &str,
) -> Option<Choice> {
    let condition = unwrapped(condition?);
    let (left, right) = (text_of(chosen?, source)?, text_of(other?, source)?);
    // What runs from right to left may be an arrow; words of two scripts are two languages.
    let is_foreign = foreign_letters(&left) >= 2 || foreign_letters(&right) >= 2;
    let is_direction = is_foreign && is_direction(last_name(negated(condition), source));
    (is_direction || asks_for_language(condition, source)).then(|| pair(range(condition), left, right)).flatten()
}

/// Returns what `!x` negates.
fn negated(condition: Node<'_>) -> Node<'_> {
    if condition.kind() == "unary_expression" { field(condition, "argument").unwrap_or(condition) } else { condition }
}

/// Two texts make a choice where they are written for people and are no names of the languages themselves.
fn pair(range: TextRange, left: String, right: String) -> Option<Choice> {
    let is_foreign = foreign_letters(&left) >= 2 || foreign_letters(&right) >= 2;
    let are_texts = if is_foreign {
        [&left, &right].iter().all(|it| it.chars().any(char::is_alphabetic))
    } else {
        is_prose(&left) && is_prose(&right) && left.trim() != right.trim()
    };
    let are_names = is_name(&left) && is_name(&right);
    (are_texts && !are_names).then(|| Choice { range, texts: [shown(&left), shown(&right)] })
}

/// `isNepali && "…"` shows a text of another script in one language only.
fn guard(node: Node<'_>, source: &str) -> Option<Choice> {
    if field(node, "operator").is_none_or(|it| it.kind() != "&&") {
        return None;
    }
    let condition = field(node, "left").filter(|it| asks_for_language(*it, source))?;
    let shown_text = text_of(field(node, "right")?, source)?;
    let is_text = foreign_letters(&shown_text) >= 2 && !is_name(&shown_text);
    is_text.then(|| Choice { range: range(unwrapped(condition)), texts: [shown(&shown_text), String::new()] })
}

/// `if lang == "np": message = "…"`, with another text in the other branch or after it.
fn statement(node: Node<'_>, source: &str, family: Family) -> Option<Choice> {
    let condition = field(node, "condition").filter(|it| asks_for_language(*it, source))?;
    let chosen = only_statement(field(node, "consequence")?)?;
    let other = match field(node, "alternative") {
        Some(clause) if family == Family::Python && clause.kind() == "elif_clause" => {
            only_statement(field(clause, "consequence")?)?
        }
        Some(clause) if family == Family::Python => only_statement(field(clause, "body")?)?,
        Some(clause) => {
            let inner = parts(clause).next()?;
            let is_chain = inner.kind() == "if_statement";
            only_statement(if is_chain { field(inner, "consequence")? } else { inner })?
        }
        None if chosen.kind() == "return_statement" => {
            let next = node.next_named_sibling()?;
            let is_chain = next.kind() == "if_statement";
            if is_chain { only_statement(field(next, "consequence")?)? } else { next }
        }
        None => return None,
    };
    let ((left_form, left), (right_form, right)) = (worded(chosen, source)?, worded(other, source)?);
    let is_same = left_form == right_form;
    is_same.then(|| pair(range(unwrapped(condition)), left, right)).flatten()
}

/// Returns the statement of a block that holds no other.
fn only_statement(block: Node<'_>) -> Option<Node<'_>> {
    if !matches!(block.kind(), "statement_block" | "block") {
        return Some(block);
    }
    let mut statements = parts(block);
    let first = statements.next()?;
    statements.next().is_none().then_some(first)
}

/// Returns what a statement does with a text, and the text: `return "…"`, `x = "…"`, `show("…")`.
fn worded(statement: Node<'_>, source: &str) -> Option<(String, String)> {
    let value = parts(statement).next()?;
    if statement.kind() == "return_statement" {
        return Some(("return".to_owned(), text_of(value, source)?));
    }
    match value.kind() {
        "assignment_expression" | "assignment" => {
            let target = text(field(value, "left")?, source).to_owned();
            Some((target, text_of(field(value, "right")?, source)?))
        }
        "call_expression" | "call" => {
            let arguments = field(value, "arguments")?;
            let worded = parts(arguments).find_map(|it| text_of(it, source).filter(|it| is_prose(it)))?;
            Some((call_path(value, source), worded))
        }
        _ => None,
    }
}

/// `{ en: "…", np: "…" }[lang]`, `{"en": …}.get(lang)`.
fn lookup(object: Node<'_>, source: &str) -> Option<Choice> {
    let rest = source.get(object.end_byte()..).unwrap_or("");
    if !rest.trim_start_matches(|it: char| it == ')' || it.is_whitespace()).starts_with(['[', '.']) {
        return None;
    }
    let user = ancestors(object).find(|it| it.kind() != "parenthesized_expression")?;
    let is_looked_into = match user.kind() {
        "subscript_expression" => field(user, "object").is_some_and(|it| unwrapped(it).id() == object.id()),
        "subscript" => field(user, "value").is_some_and(|it| it.id() == object.id()),
        "attribute" => field(user, "attribute").is_some_and(|it| text(it, source) == "get"),
        _ => false,
    };
    if !is_looked_into {
        return None;
    }
    let mut texts = Vec::new();
    for pair in parts(object) {
        let key = text(field(pair, "key")?, source).trim_matches(['"', '\'']);
        if !is_code(key) {
            return None;
        }
        texts.push(text_of(field(pair, "value")?, source)?);
    }
    let mut texts = texts.into_iter();
    pair(range(object), texts.next()?, texts.next()?)
}

/// Returns whether an expression asks which language is chosen.
pub fn asks_for_language(condition: Node<'_>, source: &str) -> bool {
    let condition = unwrapped(condition);
    match condition.kind() {
        "identifier" | "member_expression" | "attribute" => is_flag(last_name(condition, source)),
        "unary_expression" | "not_operator" => field(condition, "argument").is_some_and(|it| {
            matches!(unwrapped(it).kind(), "identifier" | "member_expression" | "attribute")
                && asks_for_language(it, source)
        }),
        "binary_expression" => {
            let operator = field(condition, "operator").map_or("", |it| it.kind());
            matches!(operator, "===" | "==" | "!==" | "!=")
                && compares(field(condition, "left"), field(condition, "right"), source)
        }
        "comparison_operator" => {
            let mut sides = parts(condition);
            let (left, right) = (sides.next(), sides.next());
            let is_equality = field(condition, "operators").is_some_and(|it| matches!(it.kind(), "==" | "!="));
            is_equality && sides.next().is_none() && compares(left, right, source)
        }
        "call_expression" | "call" => {
            let Some(function) = field(condition, "function") else { return false };
            let holder = field(function, "object")
                .filter(|_| text(function, source).to_ascii_lowercase().ends_with("startswith"));
            let argument = field(condition, "arguments").and_then(|it| parts(it).next());
            holder.is_some() && compares(holder, argument, source)
        }
        _ => false,
    }
}

fn compares(left: Option<Node<'_>>, right: Option<Node<'_>>, source: &str) -> bool {
    let (Some(left), Some(right)) = (left.map(unwrapped), right.map(unwrapped)) else { return false };
    let is_held = |it: Node<'_>| is_variable(last_name(it, source));
    let is_named = |it: Node<'_>| match it.kind() {
        "string" => is_language(text(it, source).trim_matches(['"', '\'']).trim_end_matches('-')),
        // `Language.EN`
        "member_expression" | "attribute" => {
            let last = last_name(it, source);
            last.starts_with(|first: char| first.is_ascii_uppercase()) && is_language(last)
        }
        _ => false,
    };
    is_held(left) && is_named(right) || is_held(right) && is_named(left)
}

/// Returns the last name of `a.b.c`, `a["c"]` or `c()`.
fn last_name<'s>(node: Node<'_>, source: &'s str) -> &'s str {
    let mut at = unwrapped(node);
    while let "call_expression" | "call" = at.kind() {
        let Some(function) = field(at, "function") else { return "" };
        at = unwrapped(function);
    }
    let name = match at.kind() {
        "identifier" => Some(at),
        "member_expression" => field(at, "property"),
        "attribute" => field(at, "attribute"),
        _ => None,
    };
    name.map_or("", |it| text(it, source))
}

/// Returns the words that a literal or an element shows: a string, a template without its holes, the text of JSX, the
/// first of a nested choice. `None` where something else is there, which may hold any text.
pub fn text_of(node: Node<'_>, source: &str) -> Option<String> {
    let mut at = unwrapped(node);
    loop {
        let first = match at.kind() {
            "ternary_expression" => field(at, "consequence"),
            "conditional_expression" => parts(at).next(),
            _ => break,
        };
        at = unwrapped(first?);
    }
    match at.kind() {
        "string" | "template_string" | "concatenated_string" => {
            let mut words = String::new();
            for part in descendants(at).filter(|it| matches!(it.kind(), "string_fragment" | "string_content")) {
                words.push_str(text(part, source));
                words.push(' ');
            }
            Some(words.trim_end().to_owned())
        }
        _ if is_jsx(at) => {
            let texts = descendants(at).filter(|it| it.kind() == "jsx_text");
            let words: Vec<&str> = texts.map(|it| text(it, source).trim()).filter(|it| !it.is_empty()).collect();
            (!words.is_empty()).then(|| words.join(" "))
        }
        _ => None,
    }
}

/// Latin words in the place of a style, a format or a font are no texts.
fn is_configuration(node: Node<'_>, source: &str, choice: &Choice) -> bool {
    const PLACES: &[&str] = &[
        "class",
        "style",
        "font",
        "format",
        "dir",
        "direction",
        "locale",
        "lang",
        "language",
        "key",
        "id",
        "href",
        "src",
        "url",
        "path",
        "currency",
        "theme",
        "align",
    ];
    if choice.texts.iter().any(|it| foreign_letters(it) >= 2) || choice.texts.iter().all(|it| is_phrase(it)) {
        return false;
    }
    let holder = ancestors(node).take(4).find_map(|it| match it.kind() {
        "jsx_attribute" => children(it).next(),
        "pair" => field(it, "key"),
        "variable_declarator" | "keyword_argument" => field(it, "name"),
        "assignment" | "assignment_expression" => field(it, "left"),
        _ => None,
    });
    let name = holder.map_or("", |it| text(it, source));
    super::language::words(name).any(|word| PLACES.iter().any(|it| word.to_ascii_lowercase().starts_with(it)))
}
