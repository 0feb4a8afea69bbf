#!/usr/bin/env python3
"""Proves by asking Django that what arrears says of a client's calls is true.

usage: prove.py [--arrears PATH]

Every call in `project/web` is marked with the request that it makes: `// -> DELETE /api/orders/1/`. Django's test client makes it. A
call that is reported as `contract/api-call-without-route` answers 404, one reported as `contract/api-method-mismatch` answers 405, and one
that is not spoken of answers neither. Wants an interpreter with Django and Django REST framework. Without `--arrears` the
answers are printed.
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
MARK = re.compile(r"// -> ([A-Z]+) (\S+)")
EXPECTED = {"contract/api-call-without-route": 404, "contract/api-method-mismatch": 405}


def main():
    parser = argparse.ArgumentParser(description="Proves by asking Django that what arrears says of calls is true.")
    parser.add_argument("--arrears", type=Path, help="the program to prove; without it the answers are printed")
    args = parser.parse_args()
    marks = marked_requests(HERE / "project")
    answers = ask(marks)
    if not args.arrears:
        for place, request in marks.items():
            print(answers[request], *request, *place)
        return 0
    with tempfile.TemporaryDirectory(prefix="shop-") as folder:
        copy = Path(shutil.copytree(HERE / "project", Path(folder) / "project", ignore=shutil.ignore_patterns("__pycache__")))
        reported = reports(args.arrears.resolve(), copy)
    wrong = judge(marks, answers, reported)
    for line in wrong:
        print("FAIL", line)
    found = sum(place in reported for place in marks)
    print(f"{len(marks)} requests, {found} reported, {len(wrong)} wrong")
    return 1 if wrong else 0


def marked_requests(project):
    """Returns the requests by path and line of their marks."""
    marks = {}
    for path in sorted((project / "web" / "src").rglob("*.ts*")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := MARK.search(line):
                marks[str(path.relative_to(project)), number] = (found[1], found[2])
    return marks


def ask(marks):
    """Returns what Django answers to each request."""
    sys.path.insert(0, str(HERE / "project" / "server"))
    sys.dont_write_bytecode = True
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from shop.models import Customer, Line, Order

    with connection.schema_editor() as editor:
        for model in (Customer, Order, Line):
            editor.create_model(model)
    answers = {}
    client = Client(raise_request_exception=False)
    for request in marks.values():
        # What is deleted by one request is there again for the next.
        for model in (Line, Order, Customer):
            model.objects.all().delete()
        customer = Customer.objects.create(pk=1, name="Ada")
        for pk in (1, 2):
            Order.objects.create(pk=pk, customer=customer)
        method, url = request
        body = {"customer": 1, "name": "Ada", "order": 1, "title": "Tea", "state": "open"}
        data = {} if method in ("GET", "DELETE") else {"data": json.dumps(body), "content_type": "application/json"}
        answers[request] = client.generic(method, url, **data).status_code
    return answers


def reports(arrears, project):
    """Returns the codes that are reported at each line, at a call or at the text of its path elsewhere."""
    command = [str(arrears), "check", "--preset", "all", "--output-format", "json", "--fail-on", "never", "."]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found = {}
    for diagnostic in json.loads(done.stdout)["diagnostics"]:
        if diagnostic["code"] not in EXPECTED:
            continue
        places = [diagnostic, *diagnostic["labels"]]
        for place in places:
            found[place["path"], place["range"]["start"]["line"]] = diagnostic["code"]
    return found


def judge(marks, answers, reported):
    wrong = []
    for place, request in marks.items():
        answer, code = answers[request], reported.get(place)
        if EXPECTED.get(code) != (answer if answer in (404, 405) else None):
            wrong.append(f"{place[0]}:{place[1]} {' '.join(request)} answers {answer}, reported: {code}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
