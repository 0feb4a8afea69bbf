//! What does not end by itself.

use super::{asked, calls};

#[test]
fn constants_may_name_each_other_in_circles() {
    assert_eq!(asked("const a = b; const b = a; fetch(a);"), ["gap Url a"]);
    assert_eq!(asked("const a = `${b}/x`; const b = `${a}${a}/y`; fetch(`/p${a}`);").len(), 1);
    let files = [
        ("src/a.ts", "import { b } from './b'; export const a = b + b; fetch('/x/' + a);"),
        ("src/b.ts", "import { a } from './a'; export const b = a + a;"),
    ];
    assert_eq!(calls(&files).len(), 1);
}

#[test]
fn wrappers_may_call_themselves() {
    let text = "function request(url, again) { return fetch(url).catch(() => request(url, false)); } request('/a/');";
    assert_eq!(asked(text), ["GET /a/"]);
    let text = "function getA(url) { return getB(url); } function getB(url) { return getA(url); } getA('/a/');";
    assert_eq!(asked(text), [] as [&str; 0]);
    let text = "class A extends B { get(url) { return super.get(url); } } class B extends A {} new A().get('/a/');";
    assert!(asked(text).len() <= 1);
}

#[test]
fn long_sums_have_an_end() {
    let sum = vec!["'/a'"; 10_000].join(" + ");
    assert_eq!(asked(&format!("fetch({sum});")).len(), 1);
    let choices = vec!["(x ? '/a' : '/b')"; 40].join(" + ");
    assert!(asked(&format!("fetch({choices});")).len() <= 8);
}

#[test]
fn huge_tables_and_deep_nesting_have_an_end() {
    let entries: Vec<String> = (0..20_000).map(|it| format!("e{it}: '/api/{it}/'")).collect();
    let text = format!("const ENDPOINTS = {{ {} }}; fetch(ENDPOINTS.e7);", entries.join(", "));
    assert!(asked(&text).len() <= 1);
    let deep = format!("fetch({}'/a/'{});", "(x ? ".repeat(3_000), " : y)".repeat(3_000));
    assert!(asked(&deep).len() <= 2);
    let calls = format!("const a = {}1{}; fetch(a);", "f(".repeat(3_000), ")".repeat(3_000));
    assert!(asked(&calls).len() <= 2);
    let arrows = format!("const a = {}1; fetch(a('/x/'));", "(x) => ".repeat(2_000));
    assert!(asked(&arrows).len() <= 2);
}

#[test]
fn values_that_multiply_are_cut_short() {
    let mut text = String::from("const v0 = x ? '/a' : '/b';\n");
    for at in 1..60 {
        let before = at - 1;
        text.push_str(&format!("const v{at} = y ? v{before} + v{before} : f(v{before}, v{before});\n"));
    }
    text.push_str("function f(a, b) { return z ? a + b : b + a; }\nfetch(v59);");
    assert!(asked(&text).len() <= 10);
}
