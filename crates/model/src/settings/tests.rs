//! What settings come to.

use arrears_core::source::{Language, RelPath, SourceFile};
use arrears_syntax::grammar::Grammar;
use arrears_syntax::parse;

use super::value::{Setting, Value};
use crate::extract::{extract, words_only};
use crate::facts::Facts;
use crate::outline::Interest;
use crate::project::{ProjectFile, ProjectModel};
use crate::role::roles;

/// Returns what a setting comes to in the production settings of a small project.
fn production(files: &[(&str, &str)], name: &str) -> String {
    with(files, |model| {
        let settings = model.settings();
        let root = settings.roots().first().copied().unwrap_or_default();
        let found = settings.production(root);
        let shown = found.iter().map(|module| module.get(name).map_or_else(|| "nothing".to_owned(), show));
        shown.collect::<Vec<_>>().join(" & ")
    })
}

fn with<T>(files: &[(&str, &str)], ask: impl FnOnce(&ProjectModel<'_>) -> T) -> T {
    let interest = Interest { bodies: true, ..Interest::none(Grammar::Python) };
    let read = |(path, text): &(&str, &str)| {
        let path = RelPath::new(path);
        let language = Language::of(&path).unwrap_or(Language::Text);
        let roles = roles(&path, text, language);
        let source = SourceFile::new(path, *text, language, roles);
        let facts = if language == Language::Python {
            extract(&source, &parse::parse(Grammar::Python, text), &interest).0
        } else {
            words_only(&source)
        };
        (source, facts)
    };
    let files: Vec<(SourceFile, Facts)> = files.iter().map(read).collect();
    ask(&ProjectModel::join(files.iter().map(|(source, facts)| ProjectFile { source, facts })))
}

/// Returns what a setting comes to in the only settings module.
fn of(text: &str, name: &str) -> String {
    let text = format!("INSTALLED_APPS = []\nROOT_URLCONF = 'shop.urls'\n{text}");
    production(&[("manage.py", ""), ("shop/settings.py", &text)], name)
}

fn show(setting: &Setting<'_>) -> String {
    let all = |items: Vec<String>, is_open: bool, signs: [&str; 2]| {
        let open = if is_open { ", …" } else { "" };
        format!("{}{}{open}{}", signs[0], items.join(", "), signs[1])
    };
    match &setting.value {
        Value::None => "None".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::Opaque => "text".to_owned(),
        Value::List { items, is_open } => all(items.iter().map(|it| show(it)).collect(), *is_open, ["[", "]"]),
        Value::Dict { entries, is_open } => {
            let items = entries.iter().map(|it| format!("{}: {}", it.key, show(&it.value)));
            all(items.collect(), *is_open, ["{", "}"])
        }
        Value::Env(variable) => {
            let default = variable.default.as_ref().map_or_else(|| "required".to_owned(), |it| show(it));
            format!("${}({default})", variable.name)
        }
        Value::Reader(_) => "reader".to_owned(),
        Value::Either(either) => format!("{} or {}", show(&either.then), show(&either.other)),
        Value::Unset => "unset".to_owned(),
        Value::Call(name) | Value::Name(name) => name.clone(),
        Value::Unknown => "?".to_owned(),
    }
}

#[test]
fn lists_are_added_to_in_every_way() {
    let text = "A = ['a']\nA += ['b']\nA.append('c')\nA.extend(['d', 'e'])\nA.insert(0, 'f')\nA = A + ('g',)\nB = [*A, 'h']\nB.remove('a')\n";
    assert_eq!(of(text, "B"), "['b', 'c', 'd', 'e', 'f', 'g', 'h']");
}

#[test]
fn dictionaries_are_changed_in_every_way() {
    let text = "A = {'a': 1}\nA['b'] = {'c': 2}\nA['b']['d'] = 3\nA.update({'e': 4}, f=5)\nB = {**A, 'a': 6}\nB |= {'g': 7}\nB['b'].update(c=8)\n";
    assert_eq!(of(text, "B"), "{a: 6, b: {c: 8, d: 3}, e: 4, f: 5, g: 7}");
}

#[test]
fn the_environment_is_read_with_its_defaults() {
    let text = "import os\nimport environ\nfrom decouple import config, Csv\n\
        env = environ.Env(DEBUG=(bool, False), HOSTS=(list, ['a']))\n\
        A = os.environ.get('A', 'x')\nB = os.environ['B']\nC = os.getenv('C')\nD = env('DEBUG')\nE = env.list('HOSTS')\n\
        F = config('F', default='no', cast=bool)\nG = config('G', default='a, b', cast=Csv())\n\
        H = os.environ.get('H', 'False') == 'True'\nI = int(os.environ.get('I', '30'))\n\
        J = env.bool('J', default=True)\nK = not env.bool('K', True)\nL = os.getenv('L', 'a,b').split(',')\n";
    let found: Vec<String> = ('A'..='L').map(|name| of(text, &name.to_string())).collect();
    assert_eq!(
        found,
        [
            "$A('x')",
            "$B(required)",
            "$C(None)",
            "$DEBUG(false)",
            "$HOSTS(['a'])",
            "$F(false)",
            "$G(['a', 'b'])",
            "$H(false)",
            "$I(30)",
            "$J(true)",
            "$K(false)",
            "$L(['a', 'b'])"
        ]
    );
}

#[test]
fn a_helper_of_the_project_reads_the_environment_too() {
    let helper = "import os\n\ndef get_bool(name, default=False):\n    value = os.environ.get(name)\n    if value is None:\n        return default\n    return value == 'True'\n";
    let settings =
        "from shop.envs import get_bool\nINSTALLED_APPS = []\nROOT_URLCONF = ''\nDEBUG = get_bool('DEBUG', True)\n";
    let files = [("manage.py", ""), ("shop/__init__.py", ""), ("shop/envs.py", helper), ("shop/settings.py", settings)];
    assert_eq!(production(&files, "DEBUG"), "$DEBUG(true)");
}

#[test]
fn branches_are_kept_with_their_condition() {
    let text = "DEBUG = True\nA = ['a']\nif DEBUG:\n    A += ['debug']\n    B = 1\nelse:\n    B = 2\n";
    assert_eq!((of(text, "A"), of(text, "B")), ("['a', 'debug' or unset]".to_owned(), "1 or 2".to_owned()));
    let text = format!("INSTALLED_APPS = []\nROOT_URLCONF = ''\n{text}");
    let leaves = with(&[("manage.py", ""), ("shop/settings.py", &text)], |model| {
        let module = &model.settings().modules()[0];
        let leaves =
            |name: &str| module.get(name).map(|it| it.in_production().into_iter().map(show).collect::<Vec<_>>());
        let items = module.get("A").map(|it| it.items().into_iter().map(show).collect::<Vec<_>>());
        (leaves("B"), items)
    });
    assert_eq!(leaves, (Some(vec!["2".to_owned()]), Some(vec!["'a'".to_owned()])));
}

#[test]
fn a_star_brings_the_names_of_a_package_in_and_later_lines_win() {
    let files = [
        ("manage.py", ""),
        ("shop/__init__.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/base.py", "INSTALLED_APPS = ['a']\nROOT_URLCONF = ''\nREST = {'x': 1}\nDEBUG = True\n"),
        ("shop/settings/production.py", "from .base import *\nDEBUG = False\nINSTALLED_APPS += ['b']\nREST['y'] = 2\n"),
        ("shop/settings/development.py", "from .base import *\nREST['x'] = 3\n"),
    ];
    let found: Vec<String> = ["DEBUG", "INSTALLED_APPS", "REST"].iter().map(|it| production(&files, it)).collect();
    assert_eq!(found, ["false", "['a', 'b']", "{x: 1, y: 2}"]);
}

#[test]
fn the_server_says_which_settings_serve() {
    let settings = |name| format!("INSTALLED_APPS = []\nROOT_URLCONF = ''\nNAME = '{name}'\n");
    let (first, second) = (settings("first"), settings("second"));
    let files = [
        ("manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.alpha')\n"),
        ("shop/__init__.py", ""),
        ("shop/wsgi.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.beta')\n"),
        ("shop/alpha.py", first.as_str()),
        ("shop/beta.py", second.as_str()),
    ];
    assert_eq!(production(&files, "NAME"), "'second'");
}

#[test]
fn a_deployment_says_which_settings_serve() {
    let settings = |name| format!("INSTALLED_APPS = []\nROOT_URLCONF = ''\nNAME = '{name}'\n");
    let (first, second) = (settings("first"), settings("second"));
    let of = |path: &'static str, text: &'static str| {
        let files = [
            ("manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.alpha')\n"),
            ("shop/__init__.py", ""),
            ("shop/wsgi.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.alpha')\n"),
            (path, text),
            ("shop/alpha.py", first.as_str()),
            ("shop/beta.py", second.as_str()),
        ];
        production(&files, "NAME")
    };
    let manifest =
        "apiVersion: apps/v1\nkind: Deployment\nenv:\n  - name: DJANGO_SETTINGS_MODULE\n    value: shop.beta\n";
    for (path, text) in [
        ("Dockerfile", "ENV DJANGO_SETTINGS_MODULE=shop.beta\n"),
        ("Procfile", "web: DJANGO_SETTINGS_MODULE=shop.beta gunicorn shop.wsgi\n"),
        ("deploy/web.yaml", manifest),
        ("compose.production.yml", "services:\n  web:\n    environment:\n      DJANGO_SETTINGS_MODULE: shop.beta\n"),
    ] {
        assert_eq!(of(path, text), "'second'", "{path}");
    }
    for (path, text) in [
        ("Dockerfile.dev", "ENV DJANGO_SETTINGS_MODULE=shop.beta\n"),
        ("docker-compose.yml", "services:\n  web:\n    environment:\n      DJANGO_SETTINGS_MODULE: shop.beta\n"),
        ("Dockerfile", "# ENV DJANGO_SETTINGS_MODULE=shop.beta\n"),
    ] {
        assert_eq!(of(path, text), "'first'", "{path}");
    }
}

#[test]
fn a_deployment_sets_variables_in_many_ways() {
    let files = [
        ("Dockerfile", "ENV A=1 B=\"two words\"\nENV C three\n"),
        (
            "deploy/web.yaml",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  A: 'four'\n  AB: five\nenv:\n  - name: C\n    valueFrom: {}\n",
        ),
        ("docker-compose.yml", "services:\n  web:\n    environment:\n      - A=${A:-six}\n# A=7\n"),
        (".env.example", "A=8\n"),
        ("docker-compose.dev.yml", "services:\n  web:\n    environment:\n      - A=9\n"),
    ];
    let of = |name: &str| {
        with(&files, |model| {
            let all = model.deployed(name);
            all.into_iter().map(|it| format!("{} {}", it.place.path, it.value.unwrap_or("?"))).collect::<Vec<_>>()
        })
    };
    assert_eq!(of("A"), ["Dockerfile 1", "deploy/web.yaml four", "docker-compose.yml ?"]);
    assert_eq!(of("B"), ["Dockerfile two words"]);
    assert_eq!(of("C"), ["Dockerfile three", "deploy/web.yaml ?"]);
}

#[test]
fn what_is_set_again_unseen_is_not_certain() {
    let base = "INSTALLED_APPS = []\nROOT_URLCONF = ''\nMIDDLEWARE = []\nCACHES = {'default': {'BACKEND': 'x'}}\nDEBUG = True\n";
    let of = |text: &str, name: &str| {
        let files = [
            ("manage.py", ""),
            ("shop/__init__.py", ""),
            ("shop/settings/__init__.py", ""),
            ("shop/settings/base.py", base),
            ("shop/settings/production.py", text),
        ];
        with(&files, |model| model.settings().served(model).iter().map(|it| it.outcomes(name).len()).sum::<usize>())
    };
    let load = "from .base import *\nvars().update(load())\n";
    assert_eq!(of("from .base import *\n", "DEBUG"), 1);
    assert_eq!(of(load, "DEBUG"), 0);
    assert_eq!(of(&format!("{load}DEBUG = False\n"), "DEBUG"), 1);
    assert_eq!(of(&format!("{load}CACHES['default']['KEY_PREFIX'] = 'y'\n"), "CACHES"), 0);
    assert_eq!(of("from company import *\nfrom .base import *\n", "DEBUG"), 1);
    assert_eq!(of("from .base import *\nfrom company import *\n", "DEBUG"), 0);
}

#[test]
fn a_url_may_be_added_to() {
    let text = "import environ\nenv = environ.Env()\nDATABASES = {'default': env.db('URL', default='sqlite:///x')}\nDATABASES['default']['CONN_MAX_AGE'] = 60\n";
    assert_eq!(of(text, "DATABASES"), "{default: {{url}: $URL('sqlite:///x'), CONN_MAX_AGE: 60, …}}");
}

#[test]
fn an_import_that_may_fail_is_no_gap() {
    let text = "try:\n    from .local_settings import *\nexcept ImportError:\n    pass\n";
    let gaps = |text: &str| {
        let text = format!("INSTALLED_APPS = []\nROOT_URLCONF = ''\n{text}");
        with(&[("manage.py", ""), ("shop/settings.py", &text)], |model| {
            let module = &model.settings().modules()[0];
            (module.gaps.len(), module.missing.len())
        })
    };
    assert_eq!((gaps(text), gaps("from company.settings import *\n")), ((0, 1), (1, 0)));
}

#[test]
fn classes_and_included_files_are_settings() {
    let base = "class Base(Settings):\n    INSTALLED_APPS = ['a']\n    DEBUG = True\n\n    @property\n    def MIDDLEWARE(self):\n        found = ['m']\n        found.append('n')\n        return found\n";
    let files = [
        ("manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.prod')\n"),
        ("shop/__init__.py", ""),
        ("shop/settings/__init__.py", ""),
        ("shop/settings/base.py", base),
        (
            "shop/settings/prod.py",
            "from .base import Base\n\nclass Prod(Base):\n    DEBUG = False\n\nProd.load_settings(__name__)\n",
        ),
    ];
    let found: Vec<String> =
        ["DEBUG", "INSTALLED_APPS", "MIDDLEWARE"].iter().map(|it| production(&files, it)).collect();
    assert_eq!(found, ["false", "['a']", "['m', 'n']"]);
    let files = [
        ("manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"),
        ("shop/__init__.py", ""),
        (
            "shop/settings.py",
            "from split_settings.tools import include, optional\ninclude('settings.dist.py', optional('local.py'))\n",
        ),
        ("shop/settings.dist.py", "INSTALLED_APPS = ['a']\n"),
    ];
    assert_eq!(production(&files, "INSTALLED_APPS"), "['a']");
}

#[test]
fn modules_that_grow_without_end_end() {
    let double = "A = ['a']\n".to_owned() + &"A = A + A\n".repeat(60);
    let nested = "A = 1\n".to_owned() + &"A = {'a': A, 'b': A}\n".repeat(60);
    let deep = format!("A = {}1{}\n", "[".repeat(300), "]".repeat(300));
    let call = "def f(x):\n    return f(x) + f(x)\nA = f(1)\n";
    assert!(of(&double, "A").len() > 100);
    for text in [nested.as_str(), deep.as_str(), call] {
        assert!(!of(text, "A").is_empty());
    }
    let circle = [
        ("manage.py", ""),
        ("shop/__init__.py", ""),
        ("shop/settings.py", "INSTALLED_APPS = []\nROOT_URLCONF = ''\nfrom .other import *\n"),
        ("shop/other.py", "from .settings import *\nDEBUG = True\n"),
    ];
    assert!(production(&circle, "DEBUG").contains("true"));
}
