//! How URLs are read.

use super::{Project, asked, calls, text};

#[test]
fn a_template_has_parameters() {
    assert_eq!(asked("export const f = (id: number) => fetch(`/api/orders/${id}/`);"), ["GET /api/orders/{id}/"]);
    assert_eq!(asked("fetch(`/api/orders/${order.id}/items`)"), ["GET /api/orders/{id}/items"]);
    assert_eq!(asked("fetch('/api/orders/' + encodeURIComponent(slug) + '/')"), ["GET /api/orders/{slug}/"]);
    assert_eq!(asked("fetch(`/files/report-${year}.pdf`)"), ["GET /files/report-{year}.pdf"]);
}

#[test]
fn what_stands_behind_the_mark_is_no_path() {
    assert_eq!(asked("fetch(`/api/orders/?page=${page}&size=10`)"), ["GET /api/orders/?page&size"]);
    assert_eq!(asked("fetch(`/api/orders/${queryString}`)"), ["GET /api/orders/?…"]);
    assert_eq!(asked("fetch('/api/orders/?' + new URLSearchParams(filters))"), ["GET /api/orders/?…"]);
    assert_eq!(asked("fetch(`/api/orders${full ? '?full=1' : ''}`)"), ["GET /api/orders?full"]);
    assert_eq!(
        asked("let url = '/api/orders/'; if (page) { url += `?page=${page}`; } fetch(url)"),
        ["GET /api/orders/",]
    );
    let built = "function buildQuery(p) { const s = new URLSearchParams(p).toString(); return s ? `?${s}` : ''; }
        export const list = (p) => fetch(`/api/orders/${buildQuery(p)}`);";
    assert_eq!(asked(built), ["GET /api/orders/?…"]);
}

#[test]
fn a_base_of_the_environment_is_named() {
    let text = "const BASE = process.env.REACT_APP_API ?? 'http://localhost:8000/api';
        fetch(`${BASE}/orders/`);";
    assert_eq!(asked(text), ["GET $REACT_APP_API/api/orders/"]);
    let text = "const BASE = (import.meta.env.VITE_API || 'http://localhost:8000/api/').replace(/\\/+$/, '');
        fetch(BASE + '/orders/');";
    assert_eq!(asked(text), ["GET $VITE_API/api/orders/"]);
    let text = "const raw = import.meta.env.VITE_API || 'http://localhost:8000/api/v1';
        const BASE = import.meta.env.DEV ? '' : raw.replace(/\\/api\\/v1$/, '');
        fetch(`${BASE}/api/v1/orders/`);";
    assert_eq!(asked(text), ["GET $VITE_API/api/v1/orders/"]);
}

#[test]
fn hosts_are_told_apart() {
    assert_eq!(asked("fetch('http://localhost:8000/api/orders/')"), ["GET /api/orders/"]);
    assert_eq!(asked("fetch('https://api.stripe.com/v1/charges')"), ["GET //api.stripe.com/v1/charges"]);
    assert_eq!(asked("fetch(`https://${host}/v1/charges`)"), ["GET //?/v1/charges"]);
    assert_eq!(asked("fetch(window.location.origin + '/api/orders/')"), ["GET /api/orders/"]);
    assert_eq!(
        asked("fetch(`${window.location.protocol}//${window.location.host}/api/orders/`)"),
        ["GET /api/orders/"]
    );
    assert_eq!(asked("fetch(new URL('/api/orders/', window.location.origin))"), ["GET /api/orders/"]);
    assert_eq!(asked("fetch('data:text/plain,hello')"), [] as [&str; 0]);
}

#[test]
fn tables_are_followed_through_imports() {
    let files = [
        (
            "src/config.ts",
            "export const API_ENDPOINTS = { orders: { list: '/api/orders/', detail: (id: number) => `/api/orders/${id}/`, old: '/api/old/' } } as const;",
        ),
        ("src/index.ts", "export * from './config';"),
        (
            "src/orders.ts",
            "import { API_ENDPOINTS } from './index';
             fetch(API_ENDPOINTS.orders.list, { method: 'POST' });
             fetch(API_ENDPOINTS.orders.detail(id));
             fetch(`${API_ENDPOINTS.orders.list}${id}/`);",
        ),
    ];
    assert_eq!(calls(&files), ["POST /api/orders/", "GET /api/orders/{id}/", "GET /api/orders/{id}/"]);
    let project = Project::new(&files);
    let model = project.model();
    let client = model.client();
    let also: Vec<&str> =
        client.calls.iter().flat_map(|it| &it.also).map(|it| text(&model, it.path, it.range)).collect();
    assert_eq!(also, ["/api/orders/", "/api/orders/", "/api/orders/"]);
    let declared: Vec<String> =
        client.declared.iter().map(|it| format!("{}.{} {}", it.table, it.entry, it.is_used)).collect();
    assert_eq!(
        declared,
        ["API_ENDPOINTS.orders.list true", "API_ENDPOINTS.orders.detail true", "API_ENDPOINTS.orders.old false"]
    );
}

#[test]
fn placeholders_are_replaced() {
    assert_eq!(asked("fetch('/api/orders/:id/'.replace(':id', orderId))"), ["GET /api/orders/{orderId}/"]);
    assert_eq!(asked("fetch(['/api', 'orders', id].join('/'))"), ["GET /api/orders/{id}"]);
    assert_eq!(asked("fetch('/api'.concat('/orders/', id))"), ["GET /api/orders/{id}"]);
}

#[test]
fn a_url_that_comes_from_elsewhere_is_a_gap() {
    assert_eq!(asked("fetch(response.next)"), ["gap Url response.next"]);
    assert_eq!(asked("export function load(url: string) { return fetch(url); }"), ["gap Wrapper url"]);
}

#[test]
fn the_blocks_of_a_function_have_names_of_their_own() {
    let text = "function f(kind) {
        if (kind) { const url = '/a/'; return fetch(url); } else { const url = '/b/'; return fetch(url); }
    }";
    assert_eq!(asked(text), ["GET /a/", "GET /b/"]);
    let text = "const url = '/outer/'; function f() { const url = '/inner/'; fetch(url); } fetch(url);";
    assert_eq!(asked(text), ["GET /inner/", "GET /outer/"]);
    assert_eq!(asked("const url = kind ? '/a/' : '/b/'; fetch(url);"), ["GET /a/", "GET /b/"]);
}
