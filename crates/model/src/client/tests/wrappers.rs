//! Functions and classes of the project that ask for what they are given.

use super::{Project, asked, calls};

#[test]
fn a_wrapper_is_asked_by_its_callers() {
    let files = [
        (
            "src/client.ts",
            "import { BASE } from './config';
             export async function apiRequest<T>(endpoint: string, { method = 'GET', body }: Options = {}): Promise<T> {
                 const url = endpoint.startsWith('http') ? endpoint : `${BASE}${endpoint}`;
                 return (await fetch(url, { method, body })).json();
             }",
        ),
        ("src/config.ts", "export const BASE = process.env.API ?? 'http://localhost:8000';"),
        (
            "src/hooks/useApi.ts",
            "import { apiRequest } from '../client';
             export const useApi = <T>(endpoint: string, lazy = false, options?: { method?: string }) => {
                 const execute = useCallback(async (body?: unknown) => {
                     const method = options?.method ?? (body ? 'POST' : 'GET');
                     return apiRequest<T | Page<T>>(endpoint, { body, method });
                 }, [endpoint]);
                 return { execute };
             };",
        ),
        (
            "src/orders.ts",
            "import { apiRequest } from './client';
             export const list = () => apiRequest<Order[]>('/api/orders/');
             export const save = (body) => apiRequest<Order>('/api/orders/', { method: 'POST', body });",
        ),
        ("src/page.tsx", "import { useApi } from './hooks/useApi';
             export function Page() { const { data } = useApi<Stats>('/api/stats/', true, { method: 'POST' }); return <p>{data}</p>; }
             export function Other() { const { data } = useApi<Stats>(id ? `/api/stats/${id}/` : ''); return <p>{data}</p>; }"),
    ];
    assert_eq!(
        calls(&files),
        ["GET $API/api/orders/", "POST $API/api/orders/", "POST $API/api/stats/", "GET, POST $API/api/stats/{id}/"]
    );
}

#[test]
fn a_service_asks_through_the_class_it_extends() {
    let files = [
        (
            "src/api.service.ts",
            "import axios from 'axios';
             export abstract class APIService {
                 private axiosInstance: AxiosInstance;
                 constructor(baseURL: string) { this.baseURL = baseURL; this.axiosInstance = axios.create({ baseURL }); this.setUp(); }
                 get(url: string, params = {}, config = {}) { return this.axiosInstance.get(url, { ...params, ...config }); }
                 post(url: string, data = {}, config = {}) { return this.axiosInstance.post(url, data, config); }
                 request(config = {}) { return this.axiosInstance(config); }
             }",
        ),
        (
            "src/issue.service.ts",
            "import { APIService } from './api.service';
             export class IssueService extends APIService {
                 constructor() { super('/api'); }
                 async list(slug: string): Promise<Issue[]> {
                     return this.get(`/workspaces/${slug}/issues/`).then((response) => response?.data);
                 }
                 async create(slug: string, data): Promise<Issue> { return this.post(`/workspaces/${slug}/issues/`, data); }
                 async odd() { return this.request({ method: 'delete', url: '/odd/' }); }
             }",
        ),
        ("src/use.ts", "import { IssueService } from './issue.service'; const service = new IssueService(); service.list('a');"),
    ];
    assert_eq!(
        calls(&files),
        ["GET /api/workspaces/{slug}/issues/", "POST /api/workspaces/{slug}/issues/", "DELETE /api/odd/"]
    );
    let project = Project::new(&files);
    let model = project.model();
    let first = model.client().calls.first().and_then(|it| it.response.as_ref());
    assert_eq!(first.map(|it| it.text.as_str()), Some("Issue[]"));
}

#[test]
fn static_members_and_instances_ask_too() {
    let text = "import axios from 'axios';
        class Dashboard {
            static req = axios.create({ baseURL: '/dashboard/api' });
            static post = (url, body) => Dashboard.req.post(url, JSON.stringify(body));
            static rename = async (id) => { await Dashboard.post('/rename/', { id }); };
        }";
    assert_eq!(asked(text), ["POST /dashboard/api/rename/"]);
    let text =
        "class Api { constructor(private base: string) {} get(path: string) { return fetch(this.base + path); } }
        const api = new Api('/api/v1'); api.get('/orders/');";
    assert_eq!(asked(text), ["GET /api/v1/orders/"]);
}

#[test]
fn wrappers_of_wrappers_end_at_the_call() {
    let text = "const send = (path, init) => fetch(new URL(path, window.location.origin), init);
        export function GET(url: string) { return send(String(new URL(url, window.location.origin)), { method: 'GET' }); }
        export function POST(url: string, body) { return send(url, { method: 'POST', body }); }
        GET('/a/'); POST(`/b/${id}/`, {});";
    assert_eq!(asked(text), ["GET /a/", "POST /b/{id}/"]);
    let text =
        "const request = (config) => axios({ ...config, baseURL: '/api' }); request({ url: '/a/', method: 'PUT' });";
    assert_eq!(asked(text), ["PUT /api/a/"]);
    let text = "const api = { get: (url) => axios.get('/api' + url), del(url) { return axios.delete('/api' + url); } };
        api.get('/a/'); api.del('/b/');";
    assert_eq!(asked(text), ["GET /api/a/", "DELETE /api/b/"]);
}

#[test]
fn a_value_that_may_be_there_is_no_reason_to_ask_for_nothing() {
    let text = "const useApi = (url) => { const [state] = useState({ data: null }); fetch(url); return { ...state }; };
        const { data: order } = useApi('/api/orders/'); useApi(order ? `/api/orders/${order.id}/` : '');";
    assert_eq!(asked(text), ["GET /api/orders/", "GET /api/orders/{id}/"]);
}

#[test]
fn a_path_of_a_subclass_is_not_a_segment() {
    let text = "abstract class Core { protected abstract basePath: string;
            get(url) { return fetch(url); }
            page(id) { return this.get(`${this.basePath}/pages/${id}/`); } }";
    assert_eq!(asked(text), ["GET …/pages/{id}/"]);
    assert_eq!(
        asked("fetch(new URL(this.urlValue, window.location.origin))"),
        ["gap Url new URL(this.urlValue, window.location.origin)"]
    );
}

#[test]
fn a_hook_gives_its_wrapper_away() {
    let text = "export function useHttp() {
            const sendRequest = useCallback(async (url, method = 'GET') => { return fetch(`/api${url}`, { method }); }, []);
            return { sendRequest };
        }
        function Page() { const { sendRequest } = useHttp(); sendRequest('/a/', 'POST'); }";
    assert_eq!(asked(text), ["POST /api/a/"]);
}

#[test]
fn a_resource_is_taken_from_the_callers() {
    let text = "const get = (id, resource) => axios.get(`/api/organizations/${id}/${resource}`);
        get(1, 'usage'); get(org, 'members');";
    assert_eq!(asked(text), ["GET /api/organizations/1/usage", "GET /api/organizations/{org}/members"]);
    assert_eq!(asked("export const get = (resource) => axios.get(`/api/${resource}/`);"), ["GET /api/{resource}/"]);
}
