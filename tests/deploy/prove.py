#!/usr/bin/env python3
"""Proves by asking Django that what arrears says of settings is true.

usage: prove.py [--arrears PATH]

`manage.py check --deploy` imports the settings of `project` and judges what they came to; arrears reads them. Each module is a case: Django
runs with it, and arrears is told by `production-settings` that it serves. What both speak of has to agree, code by code; where they do not,
`KNOWN` says why, and a reason that no case needs is wrong too. Wants an interpreter with Django. Without `--arrears` Django's answers are
printed.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CODE = re.compile(r"\(security\.(W\d+)\)")

# What is set where a case wants it; everything else is missing.
GIVEN = {
    "SECRET_KEY": "w8k2d0v3z1p5u7x9r4t6yc-w8k2d0v3z1p5u7x9r4t6yc-w8k2d0v3z1p5",
    "ALLOWED_HOSTS": "shop.example",
    "DB_NAME": "shop",
    "DB_PASSWORD": "from the vault",
    "REDIS_URL": "redis://cache:6379",
    "EMAIL_HOST": "mail.example",
    "SHOP_KEY": "r4t6ycw8k2d0v3z1p5u7x9-r4t6ycw8k2d0v3z1p5u7x9-r4t6ycw8k2d0",
}

# The cases: a settings module, and the variables that it does not start without.
CASES = {
    "development": [],
    "production": ["SECRET_KEY", "ALLOWED_HOSTS", "DB_NAME", "DB_PASSWORD", "REDIS_URL", "EMAIL_HOST"],
    "careless": [],
    "forgetful": [],
    "mended": [],
    "twelve": ["SECRET_KEY"],
    "trusting": [],
    "switched": ["SECRET_KEY"],
    "guarded": ["SECRET_KEY"],
    "bare": ["SECRET_KEY"],
    "framed": ["SECRET_KEY", "ALLOWED_HOSTS", "DB_NAME", "DB_PASSWORD", "REDIS_URL", "EMAIL_HOST"],
    "refusing": ["SECRET_KEY", "ALLOWED_HOSTS", "DB_NAME", "DB_PASSWORD", "REDIS_URL", "EMAIL_HOST", "SHOP_KEY"],
    "computed": ["SHOP_SETTINGS"],
    "overridden": [],
}

# What Django's codes are called here: a rule, and where the rule has several to say, the name it says.
NAMES = {
    "W001": "SecurityMiddleware",
    "W002": "XFrameOptionsMiddleware",
    "W003": "CsrfViewMiddleware",
    "W004": "SECURE_HSTS_SECONDS",
    "W005": "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "W006": "SECURE_CONTENT_TYPE_NOSNIFF",
    "W008": "SECURE_SSL_REDIRECT",
    "W009": "SECRET_KEY",
    "W010": "SESSION_COOKIE_SECURE",
    "W011": "SESSION_COOKIE_SECURE",
    "W012": "SESSION_COOKIE_SECURE",
    "W016": "CSRF_COOKIE_SECURE",
    "W018": "DEBUG",
    "W019": "X_FRAME_OPTIONS",
    "W020": "ALLOWED_HOSTS is empty",
    "W021": "SECURE_HSTS_PRELOAD",
    "W022": "SECURE_REFERRER_POLICY",
}
OURS = {
    "settings/debug-enabled": "DEBUG",
    "settings/hardcoded-secret-key": "SECRET_KEY",
    "settings/wildcard-allowed-hosts": "ALLOWED_HOSTS is open",
    "settings/sqlite-in-production": "DATABASES is SQLite",
    "settings/console-mail-in-production": "EMAIL_BACKEND",
    "settings/no-shared-cache": "CACHES",
    "settings/local-media-in-production": "MEDIA_ROOT",
    "settings/no-persistent-connections": "CONN_MAX_AGE",
}

UNSEEN = "what a file says that is not in the repository is not known: no claim"
NO_CHECK = "Django has no such check"
WITHOUT_MIDDLEWARE = "Django says so only where SecurityMiddleware would do it, and that is missing too"
OTHER_HOSTS = "binds hosts that the repository does not know"
# Why one speaks where the other does not: who does, in which case, of what; `*` stands for any.
KNOWN = {
    ("arrears", "*", "ALLOWED_HOSTS is open"): NO_CHECK,
    ("arrears", "*", "CACHES"): NO_CHECK,
    ("arrears", "*", "CONN_MAX_AGE"): NO_CHECK,
    ("arrears", "*", "DATABASES is SQLite"): NO_CHECK,
    ("arrears", "*", "EMAIL_BACKEND"): NO_CHECK,
    ("arrears", "*", "MEDIA_ROOT"): NO_CHECK,
    ("arrears", "forgetful", "SECRET_KEY"): "Django measures a key, and does not know that it is committed",
    ("arrears", "bare", "SECURE_HSTS_SECONDS"): WITHOUT_MIDDLEWARE,
    ("arrears", "bare", "SECURE_SSL_REDIRECT"): WITHOUT_MIDDLEWARE,
    ("Django", "bare", "ALLOWED_HOSTS is empty"): "nobody is answered, which the first request shows",
    ("Django", "framed", "SECURE_HSTS_INCLUDE_SUBDOMAINS"): OTHER_HOSTS,
    ("Django", "framed", "SECURE_HSTS_PRELOAD"): OTHER_HOSTS,
    ("Django", "framed", "X_FRAME_OPTIONS"): "frames of the own site are a choice",
    ("Django", "computed", "*"): UNSEEN,
    ("Django", "overridden", "*"): UNSEEN,
}


def main():
    parser = argparse.ArgumentParser(description="Proves by asking Django that what arrears says of settings is true.")
    parser.add_argument("--arrears", type=Path, help="the program to prove; without it Django's answers are printed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shop-") as folder:
        ignore = shutil.ignore_patterns("__pycache__")
        project = Path(shutil.copytree(HERE / "project", Path(folder) / "project", ignore=ignore))
        given = Path(folder) / "settings.json"
        given.write_text(json.dumps({"DEBUG": False, "ALLOWED_HOSTS": ["shop.example"]}), encoding="utf-8")
        django = {case: ask(project, case, wants, given) for case, wants in CASES.items()}
        if not args.arrears:
            for case, names in django.items():
                print(case, *sorted(names), sep="\n  ")
            return 0
        arrears = {case: read(args.arrears.resolve(), project, case, Path(folder)) for case in CASES}
    return judge(django, arrears)


def ask(project, case, wants, given):
    """Returns what Django's deployment checks say about a module."""
    own = {name: str(given) if name == "SHOP_SETTINGS" else GIVEN[name] for name in wants}
    kept = {name: value for name, value in os.environ.items() if name not in GIVEN and not name.startswith("DJANGO_")}
    command = [sys.executable, "-B", "manage.py", "check", "--deploy", f"--settings=config.settings.{case}"]
    done = subprocess.run(command, cwd=project, env=kept | own, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        sys.exit(f"{case}: {done.stderr}")
    codes = set(CODE.findall(done.stderr))
    if unknown := codes - NAMES.keys():
        sys.exit(f"{case}: Django says {sorted(unknown)}, which has no name here")
    return {NAMES[code] for code in codes}


def read(program, project, case, folder):
    """Returns what arrears says about a module that it is told to serve."""
    config = folder / f"{case}.toml"
    config.write_text(f'production-settings = ["config.settings.{case}"]\n', encoding="utf-8")
    command = [str(program), "check", "--preset", "all", "--config", str(config), "--output-format", "json", "--fail-on", "never", "."]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    names = set()
    for finding in json.loads(done.stdout)["diagnostics"]:
        code = finding["code"]
        if code == "settings/missing-security-setting":
            names.update(finding["properties"]["missing"].split())
        elif code == "settings/insecure-secret-fallback" and "`SECRET_KEY`" in finding["message"]:
            names.add("SECRET_KEY")
        # A key for development is a warning in all cases.
        elif code in OURS and not (code == "settings/hardcoded-secret-key" and finding["severity"] != "error"):
            names.add(OURS[code])
    return names


def judge(django, arrears):
    """Prints the table; returns 1 where it holds something that has no reason, or a reason that nothing needs."""
    wrong, needed, agreed = 0, set(), 0
    for case in CASES:
        for name in sorted(django[case] | arrears[case]):
            who = "both" if name in django[case] & arrears[case] else "Django" if name in django[case] else "arrears"
            reasons = [key for key in ((who, case, name), (who, case, "*"), (who, "*", name)) if key in KNOWN]
            reason = KNOWN[reasons[0]] if reasons else ""
            needed.update(reasons[:1])
            agreed += who == "both"
            if who != "both" and not reason:
                wrong, reason = wrong + 1, "WRONG: no reason is known"
            print(f"{case:12} {name:32} {who:8} {reason}".rstrip())
    idle = KNOWN.keys() - needed
    for who, case, name in sorted(idle):
        print(f"{case:12} {name:32} {who:8} WRONG: says nothing, the reason is not needed")
    print(f"{len(CASES)} settings modules: {agreed} said by both, {wrong + len(idle)} wrong")
    return 1 if wrong or idle else 0


if __name__ == "__main__":
    sys.exit(main())
