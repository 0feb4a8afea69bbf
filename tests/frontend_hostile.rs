//! Bad input for what compares functions and follows boundaries: bounded time, no panic.

use std::fmt::Write;

use arrears_tests::run::Project;

#[test]
fn functions_nested_two_thousand_deep_are_compared() {
    let project = Project::empty();
    let mut nested = String::new();
    for depth in 0..2_000 {
        let _ = writeln!(nested, "function f{depth}() {{\n  a();\n  b();\n  c();\n  d();\n  e();\n  g();\n  h();");
    }
    nested.push_str(&"}\n".repeat(2_000));
    project.write("web/one.ts", &nested);
    project.write("web/two.ts", &nested);
    let run = project.check(&["--isolated", "--preset", "all"]);
    assert!(matches!(run.code, Some(0 | 1)), "{run}");
}

#[test]
fn ten_thousand_statements_that_are_the_same_are_compared() {
    let project = Project::empty();
    let body = "    total = total + 1\n".repeat(10_000);
    project.write("shop/prices.py", &format!("def up(total):\n{body}\n\ndef more(total):\n{body}    return total\n"));
    let run = project.check(&["--isolated", "--preset", "all"]);
    assert!(run.stdout.contains("duplication/duplicate-function"), "{run}");
}

#[test]
fn a_boundary_whose_elements_never_end_is_analysed() {
    let project = Project::empty();
    let class = "import React from 'react';\nexport class AppErrorBoundary extends React.Component {\n  \
        static getDerivedStateFromError() { return { failed: true }; }\n  \
        componentDidCatch(error) { this.props.onError(error); }\n  \
        render() { return this.state.failed ? <a href='/'>Home</a> : this.props.children; }\n}\n";
    project.write("web/AppErrorBoundary.tsx", class);
    let uses = "// {\n<AppErrorBoundary onError={ '\n".repeat(5_000);
    project.write("web/main.tsx", &format!("import {{ AppErrorBoundary }} from './AppErrorBoundary';\n{uses}"));
    project.write("web/index.ts", "export * from './index';\nexport * from './barrel';\n");
    project.write("web/barrel.ts", "export * from './index';\nexport { AppErrorBoundary } from './index';\n");
    project
        .write("web/app.tsx", "import { AppErrorBoundary } from './index';\nexport const a = <AppErrorBoundary />;\n");
    let run = project.check(&["--isolated", "--preset", "all"]);
    assert!(matches!(run.code, Some(0 | 1)), "{run}");
}
