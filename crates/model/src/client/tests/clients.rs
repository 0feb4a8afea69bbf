//! The libraries that ask servers.

use super::{Project, asked, calls, show_url};

#[test]
fn fetch_takes_the_method_from_its_options() {
    assert_eq!(asked("fetch('/a/', { method: 'delete' })"), ["DELETE /a/"]);
    assert_eq!(asked("fetch('/a/', { method })"), ["? /a/"]);
    assert_eq!(asked("const options = { method: 'PUT' }; fetch('/a/', { ...options, headers })"), ["PUT /a/"]);
    assert_eq!(asked("fetch('/a/', { method: id ? 'PUT' : 'POST' })"), ["POST, PUT /a/"]);
    assert_eq!(asked("fetch(new Request('/a/'))"), ["GET /a/"]);
}

#[test]
fn axios_is_known_by_its_import() {
    let text = "import axios from 'axios';
        axios.get('/a/'); axios.post('/b/', data); axios('/c/', { method: 'put' });
        axios({ url: '/d/', method: 'patch' }); axios.request({ url: '/e/' });";
    assert_eq!(asked(text), ["GET /a/", "POST /b/", "PUT /c/", "PATCH /d/", "GET /e/"]);
    assert_eq!(asked("const axios = require('axios'); axios.delete(`/a/${id}/`)"), ["DELETE /a/{id}/"]);
    assert_eq!(asked("import cache from './cache'; cache.get('/a/')"), [] as [&str; 0]);
}

#[test]
fn instances_have_bases() {
    let files = [
        ("src/http.ts", "import axios from 'axios';\nexport default axios.create({ baseURL: '/api/v1/' });"),
        (
            "src/a.ts",
            "import http from './http'; http.get('orders/'); http.get('/items/', { baseURL: '/other' }); http.get('https://x.org/y');",
        ),
    ];
    assert_eq!(calls(&files), ["GET /api/v1/orders/", "GET /other/items/", "GET //x.org/y"]);
    let text = "import axios from 'axios'; axios.defaults.baseURL = '/api'; axios.get('/orders/');";
    assert_eq!(asked(text), ["GET /api/orders/"]);
    let text = "import ky from 'ky'; const api = ky.create({ prefixUrl: '/api' }); api.post('orders/', { json });";
    assert_eq!(asked(text), ["POST /api/orders/"]);
}

#[test]
fn jquery_is_read() {
    let text = "$.ajax({ url: '/a/', type: 'POST' }); $.get('/b/', done); $.post('/c/'); $.getJSON('/d/');
        $.ajax('/e/', { method: 'PUT' }); jQuery.ajax({ url: '/f/' + id + '/' });";
    assert_eq!(
        calls(&[("static/a.js", text)]),
        ["POST /a/", "GET /b/", "POST /c/", "GET /d/", "PUT /e/", "GET /f/{id}/"]
    );
}

#[test]
fn requests_of_the_browser_and_of_angular_are_read() {
    assert_eq!(asked("const x = new XMLHttpRequest(); x.open('POST', '/a/');"), ["POST /a/"]);
    let text = "import { HttpClient } from '@angular/common/http';
        export class Orders {
            private base = '/api/orders';
            constructor(private http: HttpClient) {}
            list() { return this.http.get<Order[]>(`${this.base}/`); }
            save(order) { return this.http.put(`${this.base}/${order.id}/`, order); }
        }";
    assert_eq!(asked(text), ["GET /api/orders/", "PUT /api/orders/{id}/"]);
    let text = "import { HttpClient } from '@angular/common/http'; import { inject } from '@angular/core';
        export class Orders { private http = inject(HttpClient); list() { return this.http.get('/a/'); } }";
    assert_eq!(asked(text), ["GET /a/"]);
}

#[test]
fn rtk_query_declares_requests() {
    let files = [
        (
            "src/api.ts",
            "import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react';
             const base = async (args, api, extra) => {
                 const raw = fetchBaseQuery({ baseUrl: '/api/' });
                 return raw(args, api, extra);
             };
             export const api = createApi({ baseQuery: base, endpoints: (builder) => ({
                 orders: builder.query<Order[], void>({ query: () => 'orders/' }),
                 save: builder.mutation({ query: ({ id, ...body }) => ({ url: `orders/${id}/`, method: 'PATCH', body }) }),
             }) });",
        ),
        (
            "src/items.ts",
            "import { api } from './api';
             export const items = api.injectEndpoints({ endpoints: (build) => ({
                 items: build.query({ query: (page) => ({ url: '/items/', params: { page } }) }),
             }) });",
        ),
    ];
    assert_eq!(calls(&files), ["GET /api/orders/", "PATCH /api/orders/{id}/", "GET /api/items/"]);
    let project = Project::new(&files);
    let model = project.model();
    let first = model.client().calls.first().and_then(|it| it.response.as_ref());
    assert_eq!(first.map(|it| it.text.as_str()), Some("Order[]"));
}

#[test]
fn keys_of_swr_are_urls() {
    let text = "import useSWR from 'swr'; const fetcher = (url) => fetch(`/api${url}`);
        export function useOrders() { return useSWR('/orders/', fetcher); }";
    assert_eq!(asked(text), ["GET /api/orders/"]);
    assert_eq!(asked("import useSWR from 'swr'; useSWR(`ORDERS_${id}`, () => load(id));"), [] as [&str; 0]);
    let text = "import useSWR from 'swr'; import axios from 'axios';
        const fetcher = url => axios.get(url).then(r => r.data); useSWR(id ? `/api/orders/${id}/` : null, fetcher);";
    assert_eq!(asked(text), ["GET /api/orders/{id}/"]);
}

#[test]
fn queries_ask_in_their_functions() {
    let text = "import { useQuery } from '@tanstack/react-query'; import axios from 'axios';
        useQuery({ queryKey: ['orders'], queryFn: () => axios.get('/api/orders/') });
        useQuery({ queryKey: ['/api/items/'] });";
    assert_eq!(asked(text), ["GET /api/orders/", "GET /api/items/"]);
}

#[test]
fn what_is_not_known_but_looks_like_a_client_is_one() {
    assert_eq!(asked("export function f(api) { return api.get('/orders/'); }"), ["GET …/orders/"]);
    assert_eq!(
        asked("import { apiFetch } from './missing'; apiFetch('/orders/', { method: 'POST' })"),
        ["POST …/orders/"]
    );
    assert_eq!(asked("import { http } from 'msw'; http.get('/orders/', () => 1)"), [] as [&str; 0]);
    assert_eq!(asked("app.get('/orders/', handler); router.push('/orders/'); map.get('/a')"), [] as [&str; 0]);
}

#[test]
fn sockets_are_connections() {
    let text = "import { io } from 'socket.io-client';
        const s = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/chat/${room}/`);
        const t = new WebSocket('ws://localhost:8000/ws/orders/?token=' + token);
        const u = io('http://localhost:8000', { path: '/ws' }); const e = new EventSource('/events/');";
    let project = Project::new(&[("src/a.ts", text)]);
    let model = project.model();
    let sockets: Vec<String> =
        model.client().sockets.iter().map(|it| format!("{:?} {} {}", it.kind, it.library, show_url(&it.url))).collect();
    assert_eq!(
        sockets,
        [
            "WebSocket WebSocket /ws/chat/{room}/",
            "WebSocket WebSocket /ws/orders/?token",
            "SocketIo io /",
            "EventSource EventSource /events/"
        ]
    );
}

#[test]
fn wrappers_of_sockets_connect_where_they_are_called() {
    let text = "export class Channel {
            connect(path: string) { this.socket = new WebSocket(`ws://${window.location.host}${path}`); }
        }
        const channel = new Channel(); channel.connect(`/ws/orders/${id}/`);";
    let project = Project::new(&[("src/a.ts", text)]);
    let model = project.model();
    let sockets: Vec<String> = model.client().sockets.iter().map(|it| show_url(&it.url)).collect();
    assert_eq!(sockets, ["/ws/orders/{id}/"]);
}

#[test]
fn proxies_are_collected() {
    let files = [
        (
            "vite.config.ts",
            "export default defineConfig({ server: { proxy: { '/api': { target: 'http://localhost:8000', rewrite: (p) => p } } } });",
        ),
        (
            "web/next.config.js",
            "module.exports = { async rewrites() { return [{ source: '/api/:path*', destination: `${process.env.API}/:path*` }]; } };",
        ),
        ("web/app/api/orders/[id]/route.ts", "export async function GET() { return Response.json({}); }"),
        (
            "src/setupProxy.js",
            "module.exports = (app) => { app.use('/api', createProxyMiddleware({ target: 'http://localhost:8000' })); };",
        ),
    ];
    let project = Project::new(&files);
    let model = project.model();
    let proxies: Vec<String> = model
        .client()
        .proxies
        .iter()
        .map(|it| format!("{:?} {} {} {}", it.kind, it.prefix, it.target.as_deref().unwrap_or("?"), it.rewrites))
        .collect();
    assert_eq!(
        proxies,
        [
            "Development /api http://localhost:8000 false",
            "Development /api http://localhost:8000 true",
            "NextRoute /api/orders/[id] ? false",
            "Rewrite /api/:path* ? true"
        ]
    );
}
