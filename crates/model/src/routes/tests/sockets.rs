use super::Project;

#[test]
fn sockets_are_those_of_the_application() {
    let files = [
        (
            "shop/asgi.py",
            "from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
import chat.routing
application = ProtocolTypeRouter({
    'http': get_asgi_application(),
    'websocket': AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(chat.routing.websocket_urlpatterns))),
})
",
        ),
        ("chat/__init__.py", ""),
        (
            "chat/routing.py",
            r"from django.urls import path, re_path
from channels.routing import URLRouter
from . import consumers
inner = [path('b/', consumers.B.as_asgi())]
websocket_urlpatterns = [
    re_path(r'^ws/chat/(?P<room>\w+)/$', consumers.Chat.as_asgi()),
    path('ws/', URLRouter(inner)),
]
",
        ),
        (
            "chat/consumers.py",
            "class Chat(AsyncConsumer): ...\nclass B(AsyncConsumer): ...\nclass C(AsyncConsumer): ...\n",
        ),
        (
            "live/routing.py",
            "from django.urls import path
from chat import consumers
websocket_urlpatterns = [path('ws/c/', consumers.C.as_asgi())]
",
        ),
    ];
    let project = Project::new(&files);
    let model = project.model();
    let routes = model.routes();
    let served: Vec<String> = routes.sockets.iter().map(|it| format!("{} {}", it.path, it.consumer_name)).collect();
    assert_eq!(served, ["/ws/chat/{room}/ Chat", "/ws/b/ B"]);
    let rest: Vec<String> = routes
        .unmounted_sockets
        .iter()
        .map(|it| format!("{} {} {}", it.place.path.as_str(), it.name, it.routes[0].path))
        .collect();
    assert_eq!(rest, ["live/routing.py websocket_urlpatterns /ws/c/"]);
}
