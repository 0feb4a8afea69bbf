//! However the files are analysed, the report is the same.

use arrears_core::source::SourceFile;
use arrears_linter::analyze::analyze;
use arrears_linter::report::Reported;
use arrears_linter::rule::Check;
use arrears_linter::settings::Choice;
use arrears_linter::workspace::Workspace;
use arrears_tests::fixture;
use arrears_tests::workspace::{every_rule, inventory, registry, rules, workspace_of};

#[test]
fn a_shuffled_run_agrees_with_a_batch_run() {
    for_each_repository(|name, sources| {
        let set = rules(&every_rule());
        let mut order: Vec<SourceFile> = sources.to_vec();
        for step in [1, 2, 3] {
            let by = step % order.len().max(1);
            order.rotate_left(by);
            order.reverse();
            let analyses: Vec<_> = order.iter().map(|source| analyze(source.clone(), &set)).collect();
            let inventory = inventory(order.iter().map(|source| source.path.clone()));
            let shuffled = Workspace::new(rules(&every_rule()), analyses, Vec::new()).with_inventory(inventory);
            assert_eq!(report(&shuffled), report(&workspace_of(sources.to_vec())), "{name}");
        }
    });
}

#[test]
fn a_single_threaded_run_agrees_with_a_batch_run() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread can be built");
    for_each_repository(|name, sources| {
        let alone = pool.install(|| report(&workspace_of(sources.to_vec())));
        assert_eq!(alone, report(&workspace_of(sources.to_vec())), "{name}");
    });
}

#[test]
fn an_incremental_update_of_each_file_agrees_with_a_batch_run() {
    for_each_repository(|name, sources| {
        let batch = report(&workspace_of(sources.to_vec()));
        for source in sources {
            let mut workspace = workspace_of(sources.to_vec());
            let broken =
                format!("def broken(:\n{}", &source.text[..source.text.floor_char_boundary(source.text.len() / 2)]);
            workspace.update(SourceFile::new(source.path.clone(), broken, source.language, source.roles));
            let _ = workspace.report(&|_| true);
            workspace.update(source.clone());
            assert_eq!(report(&workspace), batch, "{name}: {}", source.path);
        }
    });
}

/// `suppression/unused` depends by design on which rules ran, so the rules that the engine makes itself are left out.
#[test]
fn each_rule_alone_agrees_with_all_rules_together() {
    let registry = registry();
    let single: Vec<_> = registry.rules().iter().filter(|rule| !matches!(rule.check, Check::Engine)).collect();
    for_each_repository(|name, sources| {
        let together = report(&workspace_of(sources.to_vec()));
        for rule in &single {
            let code = rule.meta.code.as_str();
            let choice = Choice { select: vec![code.to_owned()], ..Choice::default() };
            let inventory = inventory(sources.iter().map(|source| source.path.clone()));
            let alone = report(&Workspace::of_sources(rules(&choice), sources.to_vec()).with_inventory(inventory));
            let own = together.iter().filter(|it| it.diagnostic.code.as_str() == code);
            assert!(alone.iter().eq(own), "{name}: `{code}` alone differs from `{code}` among all");
        }
    });
}

#[test]
fn a_report_of_one_path_agrees_with_its_part_of_the_whole() {
    for_each_repository(|name, sources| {
        let workspace = workspace_of(sources.to_vec());
        let whole = report(&workspace);
        for source in sources {
            let part = workspace.report(&|path| *path == source.path).diagnostics;
            let own = whole.iter().filter(|it| *it.diagnostic.path() == source.path);
            assert!(part.iter().eq(own), "{name}: {}", source.path);
        }
    });
}

fn report(workspace: &Workspace) -> Vec<Reported> {
    let report = workspace.report(&|_| true);
    assert_eq!(report.panics, Vec::new());
    report.diagnostics
}

fn for_each_repository(check: impl Fn(&str, &[SourceFile])) {
    for fixture in fixture::all() {
        check(&format!("{}/bad", fixture.code), &fixture.bad());
        check(&format!("{}/good", fixture.code), &fixture.good());
    }
}
