//! What hands requests on before the API sees them: development servers, rewrites, route handlers of Next.

use arrears_core::text::TextRange;

use super::eval::Eval;
use super::modules::File;
use super::text;
use super::value::{FileId, Piece, Value};
use super::{Proxy, ProxyKind};
use crate::project::ProjectModel;
use crate::script::value::{Expr, ExprId, List, Prop};

/// Returns what the project hands on.
pub(super) fn find<'p>(model: &ProjectModel<'p>, eval: &Eval<'_, 'p>) -> Vec<Proxy<'p>> {
    let mut found = Vec::new();
    for (id, file) in (0..).zip(&eval.modules.files) {
        let name = file.path.file_name();
        let is_config = [
            "vite.config.",
            "next.config.",
            "vue.config.",
            "webpack.",
            "rsbuild.config.",
            "craco.config.",
            "proxy.conf",
            "setupProxy.",
            "quasar.config",
            "nuxt.config.",
        ];
        if is_config.iter().any(|it| name.starts_with(it)) {
            eval.refuel();
            configured(eval, id, file, &mut found);
        }
    }
    let has_next = model.files().any(|file| file.source.path.file_name().starts_with("next.config."));
    for file in model.files() {
        if has_next && file.facts.script().is_some() {
            found.extend(handler(file.source.path.as_str()).map(|prefix| Proxy {
                path: &file.source.path,
                range: TextRange::default(),
                kind: ProxyKind::NextRoute,
                prefix,
                target: None,
                rewrites: false,
            }));
        }
        if file.source.path.file_name() == "package.json" {
            found.extend(packaged(&file.source.text).map(|(range, target)| Proxy {
                path: &file.source.path,
                range,
                kind: ProxyKind::Development,
                prefix: "/".to_owned(),
                target: Some(target),
                rewrites: false,
            }));
        }
    }
    found.sort_by(|left, right| (left.path, left.range, &left.prefix).cmp(&(right.path, right.range, &right.prefix)));
    found
}

fn configured<'p>(eval: &Eval<'_, 'p>, id: FileId, file: &File<'p>, found: &mut Vec<Proxy<'p>>) {
    let values = file.values;
    for (expr, kind) in values.exprs() {
        match kind {
            Expr::Object(list) => {
                let prop = |name: &str| values.props(list).iter().find(|it| it.key.slice(file.text) == name);
                if let Some(proxy) = prop("proxy") {
                    table(eval, id, file, proxy, found);
                }
                if let (Some(source), Some(destination)) = (prop("source"), prop("destination")) {
                    let prefix = eval.eval(id, source.value, None).plain();
                    let target = target(&eval.eval(id, destination.value, None));
                    found.extend(prefix.map(|prefix| Proxy {
                        path: file.path,
                        range: values.span(expr),
                        kind: ProxyKind::Rewrite,
                        prefix,
                        target,
                        rewrites: true,
                    }));
                }
            }
            Expr::Call { args, .. } if file.path.file_name().starts_with("setupProxy.") => {
                found.extend(used(eval, id, file, expr, args));
            }
            _ => {}
        }
    }
}

/// `proxy: { "/api": { target } }`
fn table<'p>(eval: &Eval<'_, 'p>, id: FileId, file: &File<'p>, proxy: &Prop, found: &mut Vec<Proxy<'p>>) {
    let values = file.values;
    let Expr::Object(list) = values.expr(proxy.value) else { return };
    for entry in values.props(list).iter().filter(|it| !it.is_spread && !it.key.is_empty()) {
        let value = eval.eval(id, entry.value, None);
        let target = match &value {
            Value::Written(_) => target(&eval.member(&value, "target")),
            other => target(other),
        };
        let rewrites = ["rewrite", "pathRewrite"]
            .iter()
            .any(|key| matches!(value, Value::Written(_)) && !matches!(eval.member(&value, key), Value::Nothing));
        found.push(Proxy {
            path: file.path,
            range: entry.key,
            kind: ProxyKind::Development,
            prefix: entry.key.slice(file.text).to_owned(),
            target,
            rewrites,
        });
    }
}

/// `app.use("/api", createProxyMiddleware({ target }))`
fn used<'p>(eval: &Eval<'_, 'p>, id: FileId, file: &File<'p>, call: ExprId, args: List) -> Option<Proxy<'p>> {
    let values = file.values;
    let spots = values.list(args);
    let prefix = eval.eval(id, *spots.first()?, None).plain().filter(|it| it.starts_with('/'))?;
    let Expr::Call { args, .. } = values.expr(*spots.get(1)?) else { return None };
    let config = eval.args(id, args, None).into_iter().find(|it| matches!(it, Value::Written(_)))?;
    Some(Proxy {
        path: file.path,
        range: values.span(*spots.first().unwrap_or(&call)),
        kind: ProxyKind::Development,
        prefix,
        target: target(&eval.member(&config, "target")),
        rewrites: !matches!(eval.member(&config, "pathRewrite"), Value::Nothing),
    })
}

/// Returns a target as far as it is written down: the value where nothing is set.
fn target(value: &Value) -> Option<String> {
    let pieces = text::texts(value).into_iter().next()?;
    let mut all = String::new();
    for piece in pieces.iter() {
        match piece {
            Piece::Fixed(text, _) => all.push_str(text),
            Piece::Env(_, Some(default)) => all.push_str(&target(&Value::Text(default.clone()))?),
            _ => return None,
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Returns the path that a route handler of Next answers.
fn handler(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let joined = format!("/{folder}");
    if let Some((_, below)) = joined.split_once("/pages/api") {
        let below = if below.is_empty() || below.starts_with('/') { below } else { return None };
        let last = if stem == "index" { String::new() } else { format!("/{stem}") };
        return Some(format!("/api{below}{last}"));
    }
    let (_, below) =
        format!("{joined}/").split_once("/app/").map(|(before, below)| (before.to_owned(), below.to_owned()))?;
    if stem != "route" {
        return None;
    }
    let shown: Vec<&str> = below.split('/').filter(|it| !it.is_empty() && !it.starts_with(['(', '@'])).collect();
    Some(format!("/{}", shown.join("/")))
}

/// `"proxy": "http://localhost:8000"` in a `package.json`
fn packaged(text: &str) -> Option<(TextRange, String)> {
    let at = text.find("\"proxy\"")?;
    let rest = text.get(at + 7..)?;
    let start = rest.find('"')?;
    if !rest.get(..start)?.trim().starts_with(':') || rest.get(..start)?.trim().len() != 1 {
        return None;
    }
    let value = rest.get(start + 1..)?;
    let value = value.get(..value.find('"')?)?;
    Some((TextRange::of(at..at + 7), value.to_owned())).filter(|_| value.starts_with("http"))
}
