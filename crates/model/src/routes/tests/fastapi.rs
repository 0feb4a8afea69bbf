use super::{Project, routes_of, show};

const ORDERS: &str = "from fastapi import APIRouter
router = APIRouter(prefix='/orders')
@router.get('/')
async def read(): ...
@router.post('/{order_id}/pay', name='pay')
async def pay(order_id: int): ...
@router.api_route('/both', methods=['GET', 'PUT'])
async def both(): ...
@router.websocket('/live')
async def live(socket): ...
";

#[test]
fn routers_are_included_with_prefixes() {
    let files = [
        ("app/orders.py", ORDERS),
        (
            "app/users.py",
            "from fastapi import APIRouter\nrouter = APIRouter()\n@router.delete('/me')\ndef leave(): ...\n",
        ),
        (
            "app/factory.py",
            "from fastapi import FastAPI
from app import orders
def create_app(testing: bool = False):
    if testing:
        print('testing')
    app = FastAPI()
    app.state.testing = testing
    register(app)
    return app
def register(app):
    for name, prefix in [('app.users', '/users')]:
        try:
            module = __import__(name, fromlist=['router'])
            router = getattr(module, 'router')
            if prefix:
                app.include_router(router, prefix=prefix)
            else:
                app.include_router(router)
        except ImportError:
            pass
    app.include_router(orders.router, prefix='/api')
    app.include_router(missing.router, prefix='/missing')
",
        ),
        (
            "app/main.py",
            "from app.factory import create_app
app = create_app()
@app.get('/health')
def health(): ...
",
        ),
    ];
    let found = routes_of(&files);
    let wanted = [
        "/users/me DELETE leave leave",
        "/api/orders/ GET read read",
        "/api/orders/{order_id}/pay POST pay pay",
        "/api/orders/both GET PUT both both",
        "/health GET health health",
        "gap /missing: missing.router",
    ];
    assert_eq!(found, wanted);
    let project = Project::new(&files);
    let model = project.model();
    let sockets: Vec<String> = model.routes().sockets.iter().map(|it| it.path.to_string()).collect();
    assert_eq!(sockets, ["/api/orders/live"]);
    assert_eq!(show(model.routes()).len(), 6);
}
