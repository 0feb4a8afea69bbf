//! Requests that are declared rather than made: RTK Query, SWR, React Query with a default function.

use super::eval::{Around, Eval};
use super::http::{Ask, methods};
use super::text;
use super::value::{Closure, FileId, Value};
use crate::endpoint::Methods;
use crate::script::value::{Expr, ExprId, List};

impl Eval<'_, '_> {
    /// Returns what a declaration asks for; nothing where the call is none.
    pub(super) fn form_asks(
        &self,
        file: FileId,
        site: ExprId,
        function: ExprId,
        args: List,
        around: Around<'_>,
    ) -> Option<Vec<Ask>> {
        let (values, source) = self.values(file)?;
        let name = match values.expr(function) {
            Expr::Member { name, .. } => name.slice(source),
            Expr::Name => values.span(function).slice(source),
            _ => return None,
        };
        match name {
            "query" | "mutation" | "infiniteQuery" => self.endpoint(file, site, args, around),
            "useSWR" | "useSWRImmutable" | "useSWRMutation" | "useSWRInfinite" => Some(self.swr(file, args, around)),
            "useQuery" => self.keyed(file, args, around),
            _ => None,
        }
    }

    /// `builder.query({ query: (id) => `orders/${id}/` })`
    fn endpoint(&self, file: FileId, site: ExprId, args: List, around: Around<'_>) -> Option<Vec<Ask>> {
        let (values, source) = self.values(file)?;
        let first = *values.list(args).first()?;
        let Expr::Object(list) = values.expr(first) else { return None };
        let prop = values.props(list).iter().find(|it| it.key.slice(source) == "query")?;
        let base = self.query_base(file, site).unwrap_or_else(|| Value::unknown("base"));
        let Value::Function(closure) = self.eval(file, prop.value, around) else { return None };
        let result = self.unasked_result(&closure);
        let mut asks = Vec::new();
        for result in result.each() {
            let spot = self.returned_spot(&closure);
            let (url, method, at) = match result {
                Value::Written(_) => {
                    let method = methods(&self.member(result, "method"), Some(Methods::GET));
                    (self.member(result, "url"), method, self.url_spot(result).or(spot))
                }
                _ => (result.clone(), Some(Methods::GET), spot),
            };
            asks.push(Ask {
                url: text::based(&base, &url),
                method,
                at,
                is_multipart: false,
                is_guess: false,
                socket: None,
            });
        }
        Some(asks)
    }

    fn returned_spot(&self, closure: &Closure) -> Option<(FileId, arrears_core::text::TextRange)> {
        let (values, _) = self.values(closure.file)?;
        let lambda = values.lambda(closure.id)?;
        lambda.returns.first().map(|it| (closure.file, values.span(*it)))
    }

    /// Returns the base of the API whose endpoint a place declares.
    fn query_base(&self, file: FileId, site: ExprId) -> Option<Value> {
        let (values, source) = self.values(file)?;
        let place = values.span(site);
        let around = values.calls.iter().filter_map(|call| match values.expr(call.expr) {
            Expr::Call { function, args, .. } => {
                let span = values.span(call.expr);
                let written = values.span(function).slice(source);
                let name = written.rsplit('.').next().unwrap_or(written);
                let is_api = matches!(name, "createApi" | "injectEndpoints");
                (is_api && span.contains(place) && span != place).then_some((span.len(), function, args))
            }
            _ => None,
        });
        let (_, function, args) = around.min_by_key(|it| it.0)?;
        self.api_base(file, function, args, 6)
    }

    /// Returns the base of `createApi(…)` or of what `injectEndpoints(…)` is called on.
    fn api_base(&self, file: FileId, function: ExprId, args: List, steps: u32) -> Option<Value> {
        let (values, source) = self.values(file)?;
        let steps = steps.checked_sub(1)?;
        if let Expr::Member { object, .. } = values.expr(function) {
            // The API itself: the call that made it, here or in another module.
            return self.made_api(file, object, steps);
        }
        let first = *values.list(args).first()?;
        let Expr::Object(list) = values.expr(first) else { return None };
        let prop = values.props(list).iter().find(|it| it.key.slice(source) == "baseQuery")?;
        self.base_query(file, prop.value, steps)
    }

    fn made_api(&self, file: FileId, object: ExprId, steps: u32) -> Option<Value> {
        let (values, source) = self.values(file)?;
        let steps = steps.checked_sub(1)?;
        let (at, expr) = match values.expr(object) {
            Expr::Call { .. } => (file, object),
            Expr::Name => self.definition(file, values.span(object).slice(source))?,
            _ => return None,
        };
        let (values, _) = self.values(at)?;
        match values.expr(expr) {
            Expr::Call { function, args, .. } => self.api_base(at, function, args, steps),
            Expr::Name if (at, expr) != (file, object) => self.made_api(at, expr, steps),
            _ => None,
        }
    }

    /// Returns the base of `fetchBaseQuery({ baseUrl })`, or of what wraps it.
    fn base_query(&self, file: FileId, expr: ExprId, steps: u32) -> Option<Value> {
        let steps = steps.checked_sub(1)?;
        let (values, source) = self.values(file)?;
        match values.expr(expr) {
            Expr::Call { args, .. } => {
                for arg in values.list(args) {
                    if let Expr::Object(list) = values.expr(*arg) {
                        let key = |it: &str| matches!(it, "baseUrl" | "baseURL" | "prefixUrl");
                        if let Some(prop) = values.props(list).iter().find(|it| key(it.key.slice(source))) {
                            return Some(self.eval(file, prop.value, None));
                        }
                    }
                    if let Some(base) = self.base_query(file, *arg, steps) {
                        return Some(base);
                    }
                }
                None
            }
            Expr::Name => {
                let (at, expr) = self.definition(file, values.span(expr).slice(source))?;
                self.base_query(at, expr, steps)
            }
            Expr::Lambda(id) => {
                let whole = values.lambda(id)?.range;
                // `fetchBaseQuery` is called in the function, or a constant that it made is.
                let inside: Vec<ExprId> = values
                    .calls
                    .iter()
                    .filter(|it| whole.contains(values.span(it.expr)))
                    .map(|it| it.expr)
                    .take(20)
                    .collect();
                inside.into_iter().find_map(|call| match values.expr(call) {
                    Expr::Call { function, .. } => {
                        let own = self.base_query(file, call, steps);
                        own.or_else(|| match values.expr(function) {
                            Expr::Name => self.base_query(file, function, steps),
                            _ => None,
                        })
                    }
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// `useSWR("/orders/", fetcher)`
    fn swr(&self, file: FileId, args: List, around: Around<'_>) -> Vec<Ask> {
        let Some((values, _)) = self.values(file) else { return Vec::new() };
        let spots = values.list(args);
        let given = self.args(file, args, around);
        let mut key = given.first().cloned().unwrap_or(Value::Nothing);
        if let Value::Function(closure) = &key {
            key = self.result(closure, Vec::new());
        }
        let key = Value::any(key.each().iter().map(|it| self.first_of(it)).collect());
        let at = spots.first().map(|it| (file, values.span(*it)));
        let is_url = |value: &Value| {
            text::texts(value).iter().any(|it| matches!(url_read(it), super::url::Read::Url(..)) && starts_like_url(it))
        };
        if !is_url(&key) {
            return Vec::new();
        }
        match given.get(1) {
            Some(Value::Function(closure)) => {
                let sites = self.open_sites(closure.file, closure.id);
                let mut asks = self.given(closure, &sites, vec![key]);
                asks.iter_mut().for_each(|ask| ask.at = at);
                asks
            }
            Some(Value::Written(_) | Value::Unknown(_) | Value::Param(_) | Value::Global(_) | Value::Foreign(..))
            | None => {
                let base = Value::unknown("base");
                let url = text::based(&base, &key);
                vec![Ask { url, method: Some(Methods::GET), at, is_multipart: false, is_guess: true, socket: None }]
            }
            _ => Vec::new(),
        }
    }

    fn first_of(&self, value: &Value) -> Value {
        match value {
            Value::Written(_) => match self.member(value, "0") {
                Value::Nothing => self.member(value, "url"),
                found => found,
            },
            other => other.clone(),
        }
    }

    /// `useQuery({ queryKey: ["/api/orders"] })` without a function asks for its key.
    fn keyed(&self, file: FileId, args: List, around: Around<'_>) -> Option<Vec<Ask>> {
        let config = self.args(file, args, around).into_iter().next()?;
        let Value::Written(_) = &config else { return None };
        if !matches!(self.member(&config, "queryFn"), Value::Nothing) {
            return None;
        }
        let key = self.member(&config, "queryKey");
        let first = self.first_of(&key);
        let is_api = text::texts(&first).iter().any(|it| starts_like_url(it));
        let (values, _) = self.values(file)?;
        let at = values.list(args).first().map(|it| (file, values.span(*it)));
        is_api.then(|| {
            vec![Ask { url: first, method: Some(Methods::GET), at, is_multipart: false, is_guess: true, socket: None }]
        })
    }
}

fn url_read(text: &[super::value::Piece]) -> super::url::Read {
    super::url::read(text, &|_| false)
}

fn starts_like_url(text: &[super::value::Piece]) -> bool {
    matches!(text.first(), Some(super::value::Piece::Fixed(start, _)) if start.starts_with('/') || start.starts_with("http"))
        || matches!(text.first(), Some(super::value::Piece::Env(..)))
}
