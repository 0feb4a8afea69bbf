"""Runs arrears on a folder, and finds which of its reports speak of which case."""

import ast
import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cases import CODES

# How far from its marker a report may stand.
NEAR = 3


@dataclass(frozen=True)
class Marker:
    """The line of a case, and the function or class at the top of the file that holds it."""

    path: str
    line: int
    first: int
    last: int

    def holds(self, place):
        path, first, _ = place
        return path == self.path and self.first <= first <= self.last

    def is_near(self, place):
        _, first, last = place
        return self.holds(place) and first - NEAR <= self.line <= last + NEAR


def markers(project, cases):
    """Returns where each case is marked, but for cases without a marker and files that are broken."""
    found = {}
    for path in sorted({case.file for case in cases}):
        text = Path(project, path).read_text(encoding="utf-8")
        try:
            body = ast.parse(text).body
        except SyntaxError:
            continue
        units = [extent(node) for node in body if hasattr(node, "decorator_list")]
        for number, line in enumerate(text.splitlines(), start=1):
            name = re.search(r"# case: ([a-z-]+)$", line)
            unit = next((unit for unit in units if unit[0] <= number <= unit[1]), None)
            if name and unit:
                found[name[1]] = Marker(path, number, *unit)
    return {case.name: found[case.name] for case in cases if case.name in found and found[case.name].path == case.file}


def extent(node):
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]), node.end_lineno


def check(arrears, folder, *options):
    """Returns what arrears reports of the judged rules on `folder`. Raises `RuntimeError` where it fails."""
    command = [str(arrears), "check", "--isolated", "--preset", "all", "--output-format", "json", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"`{' '.join(command)}` ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    try:
        diagnostics = json.loads(done.stdout)["diagnostics"]
    except ValueError as error:
        raise RuntimeError(f"`{' '.join(command)}` printed no JSON: {error}") from error
    return [diagnostic for diagnostic in diagnostics if diagnostic["code"] in CODES]


def places(diagnostic):
    """Returns the place of a diagnostic and the places of its labels: path, first line, last line."""
    spots = [diagnostic, *diagnostic.get("labels", [])]
    return [(spot["path"], spot["range"]["start"]["line"], spot["range"]["end"]["line"]) for spot in spots]


def near(marker, diagnostics):
    """Returns the diagnostics that stand at the marker."""
    return [it for it in diagnostics if any(marker.is_near(place) for place in places(it))]


def within(marker, diagnostics):
    """Returns the diagnostics that speak of anything in the function or class of the marker."""
    return [it for it in diagnostics if any(marker.holds(place) for place in places(it))]


def told(diagnostic):
    """Returns a diagnostic in one line."""
    properties = diagnostic.get("properties", {})
    facts = [properties[key] for key in ("via", "relation") if key in properties]
    path, line, _ = places(diagnostic)[0]
    return " ".join([f"{path}:{line}", diagnostic["code"], *facts])
