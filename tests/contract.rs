//! `arrears contract`: the table of routes and calls.

use arrears_tests::run::Project;

/// A server with one view of two methods, and a client that asks rightly, with a wrong method, and for nothing.
fn shop() -> Project {
    let project = Project::empty();
    project.write(
        "shop/urls.py",
        "from django.urls import path\nfrom shop.views import orders\n\nurlpatterns = [\n    path(\"api/orders/\", orders),\n    path(\"api/totals/\", orders),\n]\n",
    );
    project.write(
        "shop/views.py",
        "from django.http import JsonResponse\nfrom django.views.decorators.http import require_http_methods\n\n\n@require_http_methods([\"GET\", \"POST\"])\ndef orders(request):\n    return JsonResponse({})\n",
    );
    project.write("web/package.json", "{\"name\": \"web\"}\n");
    project.write(
        "web/src/api.ts",
        "export const list = () => fetch(\"/api/orders/\");\nexport const drop = () => fetch(\"/api/orders/\", { method: \"DELETE\" });\nexport const refund = () => fetch(\"/api/refunds/\");\n",
    );
    project
}

#[test]
fn the_table_shows_both_sides() {
    shop()
        .run(&["contract"])
        .exits(0)
        .said("GET POST")
        .said("/api/orders/")
        .said("web/src/api.ts:1")
        .said("Calls that no route answers (404) (1)")
        .said("Calls with a method that the route refuses (405) (1)")
        .said("2 routes, 1 without a call that could be read")
        .said("3 calls: 1 answered, 1 without a route, 1 with a refused method");
}

#[test]
fn only_what_is_unmatched_is_shown_where_that_is_asked_for() {
    let run = shop().run(&["contract", "--unmatched"]);
    run.exits(0).said("/api/totals/").said("GET /api/refunds/");
    assert!(!run.stdout.contains("Routes that the client calls"), "{}", run.stdout);
}

#[test]
fn the_json_has_the_totals_and_the_answers() {
    let run = shop().run(&["contract", "--output-format", "json"]);
    run.exits(0);
    let table: serde_json::Value = serde_json::from_str(&run.stdout).expect("one JSON document is printed");
    assert_eq!(table["version"], 1);
    assert_eq!(table["totals"]["without_route"], 1);
    assert_eq!(table["totals"]["wrong_method"], 1);
    assert_eq!(table["calls"][1]["answer"], "wrong-method");
    assert_eq!(table["calls"][1]["place"]["line"], 2);
    assert_eq!(table["routes"][0]["methods"], serde_json::json!(["GET", "POST"]));
}

#[test]
fn the_markdown_is_made_of_tables() {
    shop()
        .run(&["contract", "--output-format", "markdown"])
        .exits(0)
        .said("# Routes and calls")
        .said("| CALL | WHERE | NOTE |")
        .said("| `DELETE /api/orders/` | `web/src/api.ts:2` |");
}

#[test]
fn a_path_that_does_not_exist_is_an_error() {
    shop().run(&["contract", "nowhere"]).exits(2).complained("no such path");
}

#[test]
fn a_repository_without_routes_has_an_empty_table() {
    let project = Project::empty();
    project.write("a.py", "total = 1\n");
    project.run(&["contract"]).exits(0).said("0 routes").said("0 calls");
}
