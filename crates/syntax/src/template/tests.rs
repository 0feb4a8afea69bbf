use std::fmt::Write as _;

use super::{FilterExpr, Node, Operand, Template, parse};

/// Writes nodes tersely: what a test compares.
fn show(text: &str) -> String {
    let template = parse(text);
    let mut shown = nodes(&template.nodes);
    for (flag, name) in [(template.has_errors, " !errors"), (template.is_jinja, " !jinja")] {
        if flag {
            shown.push_str(name);
        }
    }
    shown
}

fn nodes(list: &[Node]) -> String {
    list.iter().map(node).collect::<Vec<_>>().join(" ")
}

fn node(node: &Node) -> String {
    let named = |list: &[(String, FilterExpr)]| {
        list.iter().map(|(name, value)| format!("{name}={}", value_of(value))).collect::<Vec<_>>().join(",")
    };
    let args = |list: &[(Option<String>, FilterExpr)]| {
        let one = |(name, value): &(Option<String>, FilterExpr)| match name {
            Some(name) => format!("{name}={}", value_of(value)),
            None => value_of(value),
        };
        list.iter().map(one).collect::<Vec<_>>().join(",")
    };
    let result = |name: &Option<String>| name.as_ref().map(|name| format!(">{name}")).unwrap_or_default();
    match node {
        Node::Variable(value) => value_of(value),
        Node::For { targets, iter, reversed, body, empty, .. } => {
            let order = if *reversed { "-" } else { "" };
            format!("for({}:{order}{})[{}][{}]", targets.join(","), value_of(iter), nodes(body), nodes(empty))
        }
        Node::If { branches, otherwise } => {
            let mut shown = String::from("if");
            for (operands, body) in branches {
                let _ = write!(shown, "({})[{}]", values(operands), nodes(body));
            }
            shown + &format!("[{}]", nodes(otherwise))
        }
        Node::With { bindings, body } => format!("with({})[{}]", named(bindings), nodes(body)),
        Node::Include { template, bindings, only, .. } => {
            let only = if *only { " only" } else { "" };
            format!("include({};{}{only})", value_of(template), named(bindings))
        }
        Node::Extends { template, .. } => format!("extends({})", value_of(template)),
        Node::Block { name, body, .. } => format!("block({name})[{}]", nodes(body)),
        Node::Regroup { list, by, name, .. } => format!("regroup({} by {}>{name})", value_of(list), by.join(".")),
        Node::Cycle { values: list, as_name } => format!("cycle({}{})", values(list), result(as_name)),
        Node::FirstOf { values: list, as_name } => format!("firstof({}{})", values(list), result(as_name)),
        Node::IfChanged { watched, body, otherwise } => {
            format!("ifchanged({})[{}][{}]", values(watched), nodes(body), nodes(otherwise))
        }
        Node::BlockTranslate { bindings, body, as_name } => {
            format!("translate({}{})[{}]", named(bindings), result(as_name), nodes(body))
        }
        Node::Url { name, args: list, as_name, .. } => {
            format!("url({};{}{})", value_of(name), args(list), result(as_name))
        }
        Node::PartialDef { name, inline, body } => format!("partialdef({name} {inline})[{}]", nodes(body)),
        Node::Partial { name } => format!("partial({name})"),
        Node::Simple { name, args: list, as_name, .. } => format!("{name}<{}{}>", args(list), result(as_name)),
        Node::Tag { name, args: list, as_name, body, .. } => {
            format!("{name}<{}{}>[{}]", args(list), result(as_name), nodes(body))
        }
    }
}

fn values(list: &[FilterExpr]) -> String {
    list.iter().map(value_of).collect::<Vec<_>>().join(",")
}

fn value_of(value: &FilterExpr) -> String {
    let mut shown = operand(&value.head);
    for (name, argument) in &value.filters {
        let _ = write!(shown, "|{name}");
        if let Some(argument) = argument {
            let _ = write!(shown, ":{}", operand(argument));
        }
    }
    shown
}

fn operand(operand: &Operand) -> String {
    match operand {
        Operand::Path(path) => path.join("."),
        Operand::Str(text) => format!("'{text}'"),
        Operand::Number(text) => format!("#{text}"),
        Operand::Translated => "_()".to_owned(),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(show(text), expected, "{text}");
}

#[test]
fn a_variable_is_a_path_with_filters() {
    check("Hi {{ row.author.0.name|default:\"a|b\"|date:fmt.x }}!", "row.author.0.name|default:'a|b'|date:fmt.x");
    check("{{ a | upper|add:-1 }}", "a|upper|add:#-1");
    check(r#"{{ "it\"s" }} {{ 'x' }} {{ 1.5 }} {{ _("Name")|upper }}"#, "'it\"s' 'x' #1.5 _()|upper");
}

#[test]
fn a_range_covers_the_whole_expression() {
    let text = "é{{  a.b|d:1  }}{% for x in  c.d|e reversed %}{% endfor %}";
    let template = parse(text);
    let [Node::Variable(value), Node::For { iter, range, .. }] = template.nodes.as_slice() else {
        panic!("{template:?}")
    };
    assert_eq!(value.range.slice(text), "a.b|d:1");
    assert_eq!(iter.range.slice(text), "c.d|e");
    assert_eq!(range.slice(text), "{% for x in  c.d|e reversed %}");
}

#[test]
fn a_loop_has_targets_a_body_and_what_is_shown_when_empty() {
    check("{% for a, b in x.items %}{{ a }}{% empty %}{{ c }}{% endfor %}", "for(a,b:x.items)[a][c]");
    check("{% for a,b in x reversed %}{% endfor %}", "for(a,b:-x)[][]");
}

#[test]
fn a_condition_is_the_list_of_its_operands() {
    check(
        "{% if a and not b.c == 'x' %}{{ a }}{% elif d not in e|length %}{{ d }}{% else %}{{ f }}{% endif %}",
        "if(a,b.c,'x')[a](d,e|length)[d][f]",
    );
    check("{% ifequal a b %}{{ c }}{% else %}{{ d }}{% endifequal %}", "if(a,b)[c][d]");
}

#[test]
fn with_binds_in_both_spellings() {
    check("{% with a=b.c d='e f' %}{{ a }}{% endwith %}", "with(a=b.c,d='e f')[a]");
    check("{% with b.c|f as a and d as e %}{{ a }}{% endwith %}", "with(a=b.c|f,e=d)[a]");
}

#[test]
fn an_include_has_a_template_and_bindings() {
    check("{% include 'a.html' %}", "include('a.html';)");
    check("{% include t with a=b.c d=1 only %}", "include(t;a=b.c,d=#1 only)");
}

#[test]
fn a_child_extends_and_has_blocks() {
    check(
        "{% extends 'base.html' %}{% block a %}{{ block.super }}{% block b %}{% endblock b %}{% endblock %}",
        "extends('base.html') block(a)[block.super block(b)[]]",
    );
    let template =
        parse("{% extends base %}{% block a %}{% if x %}{% block b %}{{ c }}{% endblock %}{% endif %}{% endblock %}");
    assert_eq!(template.parent().and_then(FilterExpr::path), Some(&["base".to_owned()][..]));
    let blocks = template.blocks();
    assert_eq!(blocks.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn built_in_tags_keep_their_operands() {
    check("{% regroup a.all by b.c as d %}", "regroup(a.all by b.c>d)");
    check("{% cycle 'a' b as c silent %}{% cycle c %}", "cycle('a',b>c) cycle(c)");
    check("{% firstof a b 'c' as d %}", "firstof(a,b,'c'>d)");
    check("{% ifchanged a.b %}{{ a }}{% else %}{{ c }}{% endifchanged %}", "ifchanged(a.b)[a][c]");
    check("{% url 'order' a.pk b=c as d %}", "url('order';a.pk,b=c>d)");
    check("{% now 'Y' as year %}{% widthratio a b 100 %}", "now<'Y'>year> widthratio<a,b,#100>");
}

#[test]
fn a_translation_binds_and_holds_variables() {
    check(
        "{% blocktrans trimmed with a=b.c count n=d.count %}{{ a }}{% plural %}{{ n }}{% endblocktrans %}",
        "translate(a=b.c,n=d.count)[a n]",
    );
    check("{% blocktranslate asvar x %}{% endblocktranslate %}", "translate(>x)[]");
}

#[test]
fn partials_are_defined_and_used() {
    check("{% partialdef a inline %}{{ b }}{% endpartialdef %}{% partial a %}", "partialdef(a true)[b] partial(a)");
    assert!(parse("{% if x %}{% partialdef a %}{{ b }}{% endpartialdef %}{% endif %}").partial("a").is_some());
}

#[test]
fn tags_that_only_change_the_output_are_their_bodies() {
    check("{% spaceless %}{% autoescape off %}{{ a }}{% endautoescape %}{% endspaceless %}", "a");
    check("{% filter upper|cut:b %}{{ a }}{% endfilter %}", "filter<''|upper|cut:b>[a]");
    check("{% cache 500 name a.pk %}{{ b }}{% endcache %}", "cache<#500,name,a.pk>[b]");
}

#[test]
fn tags_without_data_are_left_out() {
    check("{% load static i18n %}{% csrf_token %}{# {{ a }} #}{% comment 'x' %}{{ b }}{% endcomment %}", "");
}

#[test]
fn nothing_verbatim_is_read() {
    check("{% verbatim %}{{ a }}{% endverbatim x %}{% if %}{% endverbatim %}{{ b }}", "b");
    check("{% verbatim x %}{{ a }}{% endverbatim %}{% endverbatim x %}{{ b }}", "b");
}

#[test]
fn a_custom_tag_has_arguments_and_a_result() {
    check("{% get_rows a.b 'x y' limit=c|add:1 as rows %}", "get_rows<a.b,'x y',limit=c|add:#1>rows>");
}

#[test]
fn a_custom_tag_with_an_end_has_a_body() {
    check(
        "{% thumbnail a.photo '10x10' as im %}{{ im.url }}{% endthumbnail %}",
        "thumbnail<a.photo,'10x10'>im>[im.url]",
    );
    check("{% box a %}{% box b %}{{ c }}{% endbox %}{% box d %}", "box<a> box<b>[c] box<d>");
    check("{% switch a %}{% else %}{{ b }}{% endswitch %}", "switch<a>[b]");
}

#[test]
fn a_tag_does_not_span_lines() {
    check("{% if a\n %}{{ b\n}}{{ c }}", "c");
}

#[test]
fn the_first_end_ends_a_tag_even_in_a_string() {
    check("{% x '%}' %}", "x<>");
}

#[test]
fn what_is_unclosed_or_stray_is_an_error() {
    check("{% if a %}{% for b in c %}{{ b }}{% endif %}{{ d }}", "if(a)[for(b:c)[b][]][] d !errors");
    check("{% for b in c %}{{ b }}", "for(b:c)[b][] !errors");
    check("{% endfor %}{{ a }}{% else %}", "a !errors");
    check("{% comment %}{{ a }}", " !errors");
    check("{{ a b }}{{ a..b }}{{ }}", " !errors");
    check("{% for x in %}{{ a }}{% endfor %}", "a !errors");
}

#[test]
fn an_end_of_unknown_kind_is_a_tag() {
    check("{% endless %}{{ a }}", "endless<> a");
}

#[test]
fn jinja_is_seen() {
    for text in [
        "{{ url_for('x') }}",
        "{{ a|default('b') }}",
        "{% set a = b %}",
        "{% macro a(b) %}{% endmacro %}",
        "{%- if a -%}{% endif %}",
        "{% if a() %}{% endif %}",
        "{% for k, v in a.items() %}{% endfor %}",
        "{% for a in b if a %}{% endfor %}",
    ] {
        assert!(parse(text).is_jinja, "{text}");
    }
    for text in ["{{ _('a (b)') }}", "{{ -1 }}", "{{ 'f()' }}", "{% box onclick='f()' %}", "{% if a %}f(){% endif %}"] {
        assert!(!parse(text).is_jinja, "{text}");
    }
}

#[test]
fn deep_nesting_is_flattened() {
    let text = "{% if a %}".repeat(20_000) + "{{ b }}" + &"{% endif %}".repeat(20_000);
    let template = parse(&text);
    let mut depth = 0;
    let mut list = template.nodes.as_slice();
    while let Some(Node::If { branches, .. }) = list.first() {
        depth += 1;
        list = &branches[0].1;
    }
    assert!(matches!(list, [Node::Variable(_)]) && depth < super::MAX_DEPTH && !template.has_errors, "{depth}");
}

#[test]
fn hostile_texts_are_read_in_linear_time() {
    let many = |piece: &str| piece.repeat(1_000_000 / piece.len());
    let texts = [
        many("{{"),
        many("{%"),
        many("{{ a"),
        many("{% if a %}"),
        many("{% box %}"),
        many("{% endbox %}{% box %}"),
        many("{% if a %}{% for b in c %}{% endif %}"),
        many("{% else %}"),
        many("{%}"),
        many("{%\n"),
        format!("{{% x {} %}}", many("'\\")),
        format!("{{% x {} %}}", many("\"'")),
        format!("{{{{ a{} }}}}", many("|b:c")),
        format!("{{{{ {} }}}}", many("a.")),
        format!("{{% if {} %}}", many("a ")),
        many("é{{é}}"),
        many("{% verbatim "),
        many("{% comment %}"),
    ];
    // A reader that is not linear does not come back from these.
    for text in &texts {
        let Template { .. } = parse(text);
    }
}
