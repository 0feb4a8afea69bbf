use super::{Kind, mask, name, places, shape};

fn shown(text: &str, kind: Kind) -> String {
    mask(text, 0, &places(text, kind)).into_owned()
}

#[test]
fn strings_with_the_name_of_a_secret_are_hidden_in_code() {
    for (line, expected) in [
        ("SECRET_KEY = 'abcdef'", "SECRET_KEY = '******'"),
        ("password: str = \"abcdef\"", "password: str = \"******\""),
        ("connect(user='a', password='abcdef')", "connect(user='a', password='******')"),
        ("os.environ.get('DB_PASSWORD', 'abcdef')", "os.environ.get('DB_PASSWORD', '******')"),
        ("env('SECRET_KEY', default='abcdef')", "env('SECRET_KEY', default='******')"),
        ("env = Env(SECRET_KEY=(str, 'abcdef'))", "env = Env(SECRET_KEY=(str, '******'))"),
        ("os.environ['API_KEY'] = 'abcdef'", "os.environ['API_KEY'] = '******'"),
        ("const k = process.env.API_KEY ?? 'abcdef'", "const k = process.env.API_KEY ?? '******'"),
        ("SECRET_KEY = os.getenv('X') or 'abcdef'", "SECRET_KEY = os.getenv('X') or '******'"),
        ("{'PASSWORD': 'abcdef', 'HOST': 'db'}", "{'PASSWORD': '******', 'HOST': 'db'}"),
        ("SECRET_KEY = (\n    'abc'\n    'def'\n)", "SECRET_KEY = (\n    '***'\n    '***'\n)"),
        ("x = 'postgres://shop:abcdef@db:5432/shop'", "x = 'postgres://shop:******@db:5432/shop'"),
        ("user.set_password('äß')", "user.set_password('··')"),
    ] {
        assert_eq!(shown(line, Kind::Code), expected);
    }
}

#[test]
fn what_is_about_a_secret_is_shown() {
    for line in [
        "SECRET_KEY = env('SECRET_KEY')",
        "TOKEN_URL = '/api/token/'",
        "const TOKEN_KEY = 'access_token'",
        "<input name=\"password\" type=\"password\" placeholder=\"Password\" />",
        "errors = {'password': 'Enter a password'}",
        "fields = ('username', 'password', 'email')",
        "AUTH_PASSWORD_VALIDATORS = ['x']",
        "headers = {'Authorization': f'Bearer {token}'}",
        "url = 'postgres://shop:${PASSWORD}@db/shop'",
        "PASSWORD = ''",
        "don't = it's(password, 'a')",
    ] {
        assert_eq!(shown(line, Kind::Code), line);
    }
}

#[test]
fn values_are_hidden_in_configuration() {
    for (line, expected) in [
        ("DB_PASSWORD=abcdef # why", "DB_PASSWORD=****** # why"),
        ("      POSTGRES_PASSWORD: abcdef", "      POSTGRES_PASSWORD: ******"),
        ("      - POSTGRES_PASSWORD=abcdef", "      - POSTGRES_PASSWORD=******"),
        ("ENV A=1 API_TOKEN=abcdef B=2", "ENV A=1 API_TOKEN=****** B=2"),
        ("  command: redis-server --requirepass abcdef", "  command: redis-server --requirepass ******"),
        ("{\"user\": \"a\", \"password\": \"abcdef\"}", "{\"user\": \"a\", \"password\": \"******\"}"),
        ("- name: SECRET_KEY\n  value: abcdef", "- name: SECRET_KEY\n  value: ******"),
        ("kind: Secret\ndata:\n  dsn: abcdef\ntype: Opaque", "kind: Secret\ndata:\n  dsn: ******\ntype: Opaque"),
        ("secret: |\n  abc\n  def\nother: x", "secret: |\n  ***\n  ***\nother: x"),
    ] {
        assert_eq!(shown(line, Kind::Config), expected);
    }
    for line in [
        "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}",
        "password: \"{{ db_password }}\"",
        "token: <your token>",
        "TOKEN=$(cat file)",
        "image: shop/token:latest",
        "PASSWORD_FILE=/run/secrets/x",
        "SECRET_KEY=",
    ] {
        assert_eq!(shown(line, Kind::Config), line);
    }
}

#[test]
fn documents_are_prose_with_variables() {
    assert_eq!(shown("Set `SECRET_KEY=abcdef` first.", Kind::Prose), "Set `SECRET_KEY=******` first.");
    assert_eq!(shown("Token: the token of a user", Kind::Prose), "Token: the token of a user");
}

#[test]
fn private_keys_are_hidden_as_a_whole() {
    let text = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----\nb";
    let expected = "a\n-----BEGIN RSA PRIVATE KEY-----\n****\n****\n-----END RSA PRIVATE KEY-----\nb";
    assert_eq!(shown(text, Kind::Code), expected);
    let part = "MIIE\nabcd\n-----END RSA PRIVATE KEY-----\n";
    assert_eq!(shown(part, Kind::Code), "****\n****\n-----END RSA PRIVATE KEY-----\n");
    let public = "-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----";
    assert_eq!(shown(public, Kind::Code), public);
}

#[test]
fn keys_of_services_are_known_by_their_beginning() {
    let key = format!("AKIA{}", "Q".repeat(16));
    assert_eq!(shape::token(&key), Some("access key of AWS"));
    assert_eq!(shown(&format!("x({key})"), Kind::Code), format!("x(AKIA{})", "*".repeat(16)));
    assert_eq!(shape::token("AKIA-no"), None);
}

#[test]
fn names_are_read_by_their_words() {
    for name in ["DB_PASSWORD", "dbPassword", "PGPASSWORD", "API_KEY", "apiKey", "AWS_SECRET_ACCESS_KEY", "SMTP_PASS"] {
        assert!(name::is_secret(name), "{name}");
    }
    for name in ["TOKEN_URL", "PASSWORD_RESET_TIMEOUT", "tokenizer", "STRIPE_PUBLIC_KEY", "cache_key", "passenger"] {
        assert!(!name::is_secret(name), "{name}");
    }
}

#[test]
fn hostile_texts_end() {
    for text in ["\"".repeat(20_000), "password=(".repeat(5_000), "://a:b@".repeat(5_000), "-----END ".repeat(5_000)] {
        for kind in [Kind::Code, Kind::Config, Kind::Prose] {
            let _ = places(&text, kind);
        }
    }
}
