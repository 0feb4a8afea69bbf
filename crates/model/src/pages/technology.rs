//! Technologies that pages claim, and how each would show in a repository.

/// A technology.
#[derive(Debug, PartialEq, Eq)]
pub struct Technology {
    /// What it is called in a message.
    pub name: &'static str,
    /// What pages call it, in lower case.
    pub said: &'static [&'static str],
    /// What some file of code or configuration would hold, in lower case: a dependency, a setting, an import, a header.
    pub shown: &'static [&'static str],
    /// What some path would hold, in lower case.
    pub files: &'static [&'static str],
}

const fn of(name: &'static str, said: &'static [&'static str], shown: &'static [&'static str]) -> Technology {
    Technology { name, said, shown, files: &[] }
}

const fn with_files(
    name: &'static str,
    said: &'static [&'static str],
    shown: &'static [&'static str],
    files: &'static [&'static str],
) -> Technology {
    Technology { name, said, shown, files }
}

/// The technologies whose absence can be seen.
pub const TECHNOLOGIES: &[Technology] = &[
    of("GZip", &["gzip", "response compression", "brotli"], &["gzip", "compress", "brotli", "zstd"]),
    of("Formik", &["formik"], &["formik"]),
    of("Yup", &["yup"], &["yup"]),
    of("Zod", &["zod"], &["zod"]),
    of("React Hook Form", &["react hook form", "react-hook-form"], &["react-hook-form"]),
    of("i18next", &["react-i18next", "i18next"], &["i18next"]),
    of("React Query", &["react query", "react-query", "tanstack query"], &["react-query", "tanstack"]),
    of("Redux", &["redux", "redux toolkit"], &["redux"]),
    of("Zustand", &["zustand"], &["zustand"]),
    of("Tailwind CSS", &["tailwind", "tailwindcss", "tailwind css"], &["tailwind"]),
    of("Material UI", &["material ui", "material-ui", "mui"], &["@mui", "material-ui"]),
    of("Framer Motion", &["framer motion", "framer-motion"], &["framer-motion", "motion/react"]),
    of("Storybook", &["storybook"], &["storybook"]),
    of("Cypress", &["cypress"], &["cypress"]),
    of("Playwright", &["playwright"], &["playwright"]),
    of("Vitest", &["vitest"], &["vitest"]),
    of("Jest", &["jest"], &["jest"]),
    of("pytest", &["pytest"], &["pytest"]),
    of("rate limiting", &["rate limiting", "rate-limiting", "rate limits", "request throttling"], LIMITS),
    of("Sentry", &["sentry"], &["sentry"]),
    of("Prometheus", &["prometheus"], &["prometheus"]),
    of("Grafana", &["grafana"], &["grafana"]),
    of("OpenTelemetry", &["opentelemetry"], &["opentelemetry", "otel"]),
    of("Redis", &["redis"], &["redis", "valkey"]),
    of("Memcached", &["memcached"], &["memcache"]),
    of("Celery", &["celery"], &["celery"]),
    of("RabbitMQ", &["rabbitmq"], &["rabbit", "amqp"]),
    of("Kafka", &["kafka"], &["kafka"]),
    of("Elasticsearch", &["elasticsearch"], &["elastic", "opensearch", "haystack"]),
    of("PostgreSQL", &["postgresql", "postgres"], &["postgres", "psycopg", "postgis", "asyncpg", "supabase"]),
    of("MySQL", &["mysql"], &["mysql", "mariadb"]),
    of("MongoDB", &["mongodb"], &["mongo"]),
    of("S3", &["amazon s3", "aws s3", "s3 storage", "s3"], &["s3", "boto", "minio"]),
    of("Swagger", &["swagger", "openapi"], &["swagger", "openapi", "spectacular", "redoc", "fastapi", "ninja"]),
    of("GraphQL", &["graphql"], &["graphql", "graphene", "strawberry", "apollo"]),
    of("JWT", &["jwt", "jwt authentication"], &["jwt", "jose", "jsonwebtoken"]),
    of("two-factor authentication", &["2fa", "mfa", "two-factor authentication", "totp"], FACTORS),
    of("WebSockets", &["websocket", "websockets"], &["websocket", "socket.io", "channels", "pusher", "daphne"]),
    of("Django Channels", &["django channels"], &["channels"]),
    of("CSP", &["csp", "content security policy", "content-security-policy"], &["content-security-policy", "csp"]),
    of("HSTS", &["hsts"], &["hsts", "strict-transport-security"]),
    of("CORS", &["django-cors-headers"], &["corsheaders", "cors-headers"]),
    of("WhiteNoise", &["whitenoise"], &["whitenoise"]),
    of("Nginx", &["nginx"], &["nginx"]),
    of("Gunicorn", &["gunicorn"], &["gunicorn"]),
    of("Stripe", &["stripe"], &["stripe"]),
    of("Twilio", &["twilio"], &["twilio"]),
    of("SendGrid", &["sendgrid"], &["sendgrid", "anymail"]),
    of("Firebase", &["firebase"], &["firebase", "fcm"]),
    of("pre-commit", &["pre-commit hooks", "pre-commit"], &["pre-commit", "husky", "lefthook", "lint-staged"]),
    of("ESLint", &["eslint"], &["eslint"]),
    of("Terraform", &["terraform"], &["terraform"]),
    with_files(
        "Docker",
        &["docker", "dockerized", "docker compose"],
        &["docker"],
        &["docker", "compose.y", "containerfile"],
    ),
    with_files(
        "Kubernetes",
        &["kubernetes", "k8s"],
        &["kubernetes", "kind: deployment", "helm"],
        &["k8s", "kubernetes", "helm"],
    ),
    with_files(
        "a CI pipeline",
        &["ci/cd", "continuous integration", "github actions"],
        &["github/workflows", "gitlab-ci"],
        &[
            ".github/workflows/",
            ".gitlab-ci",
            ".circleci/",
            "jenkinsfile",
            "azure-pipelines",
            "bitbucket-pipelines",
            ".travis",
            "teamcity",
            "buildspec",
            "cloudbuild",
            "codemagic",
            "eas.json",
            ".drone",
            ".woodpecker",
        ],
    ),
];

const LIMITS: &[&str] = &[
    "throttl",
    "ratelimit",
    "rate_limit",
    "rate-limit",
    "rate limit",
    "limiter",
    "limit_req",
    "django_axes",
    "slowapi",
    "brute",
    "axes",
];

const FACTORS: &[&str] = &["otp", "two_factor", "two-factor", "twofactor", "2fa", "mfa", "webauthn"];
