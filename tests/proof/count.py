"""Runs every case of a copy of the bookshop with few and with many rows, and prints what each one asked and answered.

usage: count.py PROJECT [CASE ...]

Prints a JSON object: name -> {"few": queries, "many": queries, "answer": text}, or {"error": text}.
A case that does not hold for the installed Django is not in it.
"""

import hashlib
import importlib
import json
import os
import re
import sys

from cases import CASES

FEW, MANY = 3, 9


def main(project, *names):
    sys.path.insert(0, project)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    known = [case for case in CASES if not case.until or django.VERSION < case.until]
    chosen = [case for case in known if not names or case.name in names]
    few, many = measure(chosen, FEW), measure(chosen, MANY)
    json.dump({case.name: joined(few[case.name], many[case.name]) for case in chosen}, sys.stdout)


def joined(few, many):
    if "error" in few or "error" in many:
        return {"error": few.get("error") or many.get("error")}
    return {"few": few["queries"], "many": many["queries"], "answer": many["answer"]}


def measure(chosen, rows):
    """Returns the queries and the answer of each case, with `rows` rows, and leaves the database empty."""
    from data import fill
    from django.contrib.auth.models import User
    from django.db import transaction
    from django.test import Client

    results = {}
    with transaction.atomic():
        fill(rows)
        client = Client(raise_request_exception=True)
        client.force_login(User.objects.get())
        for case in chosen:
            try:
                # The first run fills what Django keeps between requests: templates, content types.
                run(case, client)
                results[case.name] = run(case, client)
            except Exception as error:  # Whatever a case raises is its result.
                results[case.name] = {"error": f"{type(error).__name__}: {error}"}
        transaction.set_rollback(True)
    return results


def run(case, client):
    """Runs a case once and takes back what it wrote."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        answer = drive(case, client)
        transaction.set_rollback(True)
    asked = [query["sql"] for query in captured if not re.match(r"(RELEASE |ROLLBACK TO )?SAVEPOINT", query["sql"])]
    digest = hashlib.sha256(answer.encode()).hexdigest()
    return {"queries": len(asked), "answer": f"{len(answer)} {digest[:16]}"}


def drive(case, client):
    if ":" in case.drive:
        module, function = case.drive.split(":")
        answer = getattr(importlib.import_module(module), function)()
        if not answer:
            raise ValueError("it returned nothing")
        return repr(answer)
    response = client.get(case.drive)
    if response.status_code != 200:
        raise ValueError(f"status {response.status_code} at {case.drive}")
    text = response.content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", text)


if __name__ == "__main__":
    main(*sys.argv[1:])
