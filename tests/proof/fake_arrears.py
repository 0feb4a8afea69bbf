#!/usr/bin/env python3
"""Plays arrears for the tests of the prover: reports what the registry wants, with the faults that `FAKE` names."""

import json
import os
import sys
from pathlib import Path

import report
from cases import CASES, N_PLUS_ONE

FAULT = os.environ.get("FAKE", "")
FIXES = {
    "book-author": ("Book.objects.all():", 'Book.objects.select_related("author"):'),
    "page-key": ("Book.objects.all()", 'Book.objects.select_related("author")'),
    "admin-text": ('["__str__"]', '["__str__"]; list_select_related = ["customer"]'),
}
FAULTY_FIXES = {
    "idle-fix": 'Book.objects.select_related("translator"):',
    "breaking-fix": 'Book.objects.select_related("author":',
    "changing-fix": 'Book.objects.select_related("author").order_by("-pk"):',
}


def main():
    fixing = "--fix" in sys.argv
    diagnostics = []
    for name, marker in report.markers(Path.cwd(), CASES).items():
        case = next(case for case in CASES if case.name == name)
        line = Path(marker.path).read_text(encoding="utf-8").splitlines()[marker.line - 1]
        if "select_related" in line and name in FIXES:
            continue
        if case.grows and fixing and name in FIXES and FAULT != "no-fix":
            apply(name, marker)
        elif case.grows and FAULT != "miss" or name == "book-author-id" and FAULT == "accuse":
            diagnostics += reported(case, marker)
    if FAULT == "stray":
        diagnostics.append(diagnostic(N_PLUS_ONE, "shop/letters.py", 5, {"via": "function", "relation": "customer"}))
    json.dump({"version": 1, "diagnostics": diagnostics, "summary": {}}, sys.stdout)
    if FAULT == "crash":
        sys.exit(101)
    sys.exit(bool(diagnostics))


def apply(name, marker):
    old, new = FIXES[name]
    path = Path(marker.path)
    lines = path.read_text(encoding="utf-8").split("\n")
    new = FAULTY_FIXES.get(FAULT, new) if name == "book-author" else new
    lines[marker.line - 1] = lines[marker.line - 1].replace(old, new)
    path.write_text("\n".join(lines), encoding="utf-8")


def reported(case, marker):
    properties = {"via": case.via[0]} if case.via else {}
    properties |= {"relation": case.relation[-1]} if case.relation else {}
    if FAULT == "wrong-way":
        properties["via"] = "elsewhere"
    line = marker.line + 9 if FAULT == "far" else marker.line
    made = diagnostic(case.codes[0], marker.path, line, properties)
    made["fix"] = {"title": "load it"} if case.name in FIXES and FAULT != "no-fix" else None
    extra = diagnostic(N_PLUS_ONE, marker.path, marker.line, properties | {"relation": "tags"})
    return [made, made] if FAULT == "twice" else [made, extra] if FAULT == "extra" else [made]


def diagnostic(code, path, line, properties):
    spot = {"start": {"line": line, "column": 1}, "end": {"line": line, "column": 2}}
    return {
        "code": code, "severity": "warning", "message": "", "path": path, "range": spot, "labels": [], "fix": None,
        "properties": properties,
    }


if __name__ == "__main__":
    main()
