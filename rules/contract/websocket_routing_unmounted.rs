//! See [`RULE`].

use arrears_core::diagnostic::Severity;
use arrears_core::rule::Scope;
use arrears_linter::context::ProjectContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::project::ProjectModel;

rule! {
    /// Finds lists of WebSocket routes that are not part of the ASGI application.
    ///
    /// The consumers are written, the paths are decided, and every client that connects is turned away: nothing serves
    /// the list.
    ///
    /// ```python bad path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// ASGI_APPLICATION = "shop.asgi.application"
    /// ```
    /// ```python bad path=shop/urls.py
    /// urlpatterns = []
    /// ```
    /// ```python bad path=shop/asgi.py
    /// from channels.routing import ProtocolTypeRouter, URLRouter
    /// from chat.routing import websocket_urlpatterns
    ///
    /// application = ProtocolTypeRouter({"websocket": URLRouter(websocket_urlpatterns)})
    /// ```
    /// ```python bad path=chat/routing.py
    /// from django.urls import path
    /// from chat.consumers import ChatConsumer
    ///
    /// websocket_urlpatterns = [path("ws/chat/", ChatConsumer.as_asgi())]
    /// ```
    /// ```python bad path=stock/routing.py
    /// from django.urls import path
    /// from stock.consumers import StockConsumer
    ///
    /// websocket_urlpatterns = [path("ws/stock/", StockConsumer.as_asgi())]
    /// ```
    /// ```python good path=shop/settings.py
    /// ROOT_URLCONF = "shop.urls"
    /// ASGI_APPLICATION = "shop.asgi.application"
    /// ```
    /// ```python good path=shop/urls.py
    /// urlpatterns = []
    /// ```
    /// ```python good path=shop/asgi.py
    /// from channels.routing import ProtocolTypeRouter, URLRouter
    /// import stock.routing
    ///
    /// application = ProtocolTypeRouter({"websocket": URLRouter(stock.routing.websocket_urlpatterns)})
    /// ```
    /// ```python good path=stock/routing.py
    /// from django.urls import path
    /// from stock.consumers import StockConsumer
    ///
    /// websocket_urlpatterns = [path("ws/stock/", StockConsumer.as_asgi())]
    /// ```
    ///
    /// Lists that are joined, nested in other `URLRouter`s or wrapped in middleware are followed. Not flagged where the
    /// application is put together by code that cannot be followed, nor in packages that others install.
    pub(crate) const RULE = {
        code: "contract/websocket-routing-unmounted",
        summary: "WebSocket routes that no application serves",
        check: Check::Project { run: check },
        severity: Severity::Error,
        scope: Scope::Project,
        follows_values: true,
    }
}

fn check(model: &ProjectModel<'_>, ctx: &mut ProjectContext<'_>) {
    let routes = model.routes();
    if !routes.has_settled_root() || !routes.has_all_sockets || !model.python_is_complete() {
        return;
    }
    for list in &routes.unmounted_sockets {
        let count = match list.routes.len() {
            1 => "one route".to_owned(),
            count => format!("{count} routes"),
        };
        let finding = ctx.report(
            list.place.path,
            list.place.range,
            format!("`{}` is not part of the ASGI application: {count} no client can reach", list.name),
        );
        for route in list.routes.iter().take(4) {
            finding.label(route.place.range, format!("`{}` answers nobody at `{}`", route.consumer_name, route.path));
        }
        finding.help("add the list to the `URLRouter` of the ASGI application, or delete it with its consumers");
    }
}
