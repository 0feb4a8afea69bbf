#!/usr/bin/env python3
"""Proves by running that what arrears says of queries is true.

usage: prove.py [--arrears PATH] [--only CASE]

Wants an interpreter with Django and Django REST framework. Without `--arrears`, Django judges the registry alone.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import report
from cases import CASES, N_PLUS_ONE, VIAS

HERE = Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description="Proves by running that what arrears says of queries is true.")
    parser.add_argument("--arrears", type=Path, help="the program to prove; without it only the cases are judged")
    parser.add_argument("--only", metavar="CASE", action="append", default=[], choices=[case.name for case in CASES])
    args = parser.parse_args()
    cases = [case for case in CASES if not args.only or case.name in args.only]
    # The folder of the copy must not be called `tests`: code in such a folder is not judged.
    with tempfile.TemporaryDirectory(prefix="bookshop-") as temporary:
        try:
            verdicts = prove(cases, args.arrears and args.arrears.resolve(), Path(temporary), not args.only)
        except RuntimeError as error:
            verdicts = [Verdict("the run", "all")]
            verdicts[0].wrong.append(str(error))
    for verdict in verdicts:
        print(verdict)
    passed, failed = sum(verdict.passed for verdict in verdicts), sum(bool(verdict.wrong) for verdict in verdicts)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


class Verdict:
    """What was seen of a case, and what is wrong with it."""

    def __init__(self, name, kind):
        self.name, self.kind = name, kind
        self.seen, self.wrong, self.is_left_out = [], [], False

    @property
    def passed(self):
        return not self.wrong and not self.is_left_out

    def __str__(self):
        words = "; ".join([*self.wrong, *self.seen])
        state = "ok" if self.passed else "FAIL" if self.wrong else "-"
        return f"{state:4} {self.kind:4} {self.name:28} {words}"


def prove(cases, arrears, temporary, is_whole):
    before = counted(HERE / "project", cases)
    verdicts = {case.name: Verdict(case.name, "bad" if case.grows else "good") for case in cases}
    left_out = [case for case in cases if case.name not in before]
    cases = [case for case in cases if case.name in before]
    for case in left_out:
        verdicts[case.name].is_left_out = True
        verdicts[case.name].seen.append("left out: this Django behaves otherwise")
    markers = report.markers(HERE / "project", cases)
    for case in cases:
        judge_growth(case, before[case.name], case.name in markers, verdicts[case.name])
    cases = [case for case in cases if case.name in markers]
    if not arrears:
        return list(verdicts.values())

    plain, fixed = copied(temporary / "plain"), copied(temporary / "fixed")
    diagnostics = report.check(arrears, plain)
    for case in cases:
        judge_reports(case, markers[case.name], diagnostics, verdicts[case.name])
    report.check(arrears, fixed, "--fix", "--unsafe-fixes")
    after, still = counted(fixed, cases), report.check(arrears, fixed)
    moved = report.markers(fixed, cases)
    for case in cases:
        found = answering(case, report.near(markers[case.name], diagnostics)) if case.grows else []
        left = answering(case, report.near(moved[case.name], still)) if case.name in moved else found
        judge_fix(found, left, before[case.name], after[case.name], verdicts[case.name])
    rest = strays(diagnostics, [*markers.values(), *report.markers(plain, left_out).values()]) if is_whole else []
    unproved = [judge_vias(cases, markers, diagnostics, verdicts)] if is_whole else []
    return [*verdicts.values(), *rest, *unproved]


def copied(folder):
    return shutil.copytree(HERE / "project", folder, ignore=shutil.ignore_patterns("__pycache__"))


def counted(project, cases):
    """Returns what the cases of a project asked, each counted in a process of its own interpreter."""
    command = [sys.executable, "-B", str(HERE / "count.py"), str(project), *(case.name for case in cases)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        error = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return {case.name: {"error": f"the project does not start: {error}"} for case in cases}
    return json.loads(done.stdout)


def grows(count):
    return count["many"] > count["few"]


def judge_growth(case, count, is_marked, verdict):
    """Django is the judge of the registry."""
    if not is_marked:
        verdict.wrong.append(f"no function or class in {case.file} has its marker")
    if "error" in count:
        verdict.wrong.append(count["error"])
        return
    verdict.seen.append(f"{count['few']} -> {count['many']} queries")
    if grows(count) != case.grows:
        verdict.wrong.append("its queries " + ("do not grow" if case.grows else "grow"))


def judge_reports(case, marker, diagnostics, verdict):
    """A case that grows is reported where it is marked, and one that does not is not spoken of at all."""
    if not case.grows:
        spoken = report.within(marker, diagnostics)
        loud = [it for it in spoken if not (case.bounded and it["severity"] == "info")]
        verdict.wrong += [f"reported: {report.told(it)}" for it in loud]
        return
    found = answering(case, report.near(marker, diagnostics))
    verdict.seen += [f"reported: {report.told(it)}" for it in found]
    if not found:
        verdict.wrong.append(f"not reported at {marker.path}:{marker.line} as {wanted(case)}")
    others = [report.told(it) for it in report.within(marker, diagnostics) if it not in found]
    verdict.wrong += [f"reported as well: {it}" for it in others]
    keys = [(it["code"], report.places(it)[0], it.get("properties", {}).get("relation")) for it in found]
    again = [it for it, key in zip(found, keys, strict=True) if keys.count(key) > 1]
    verdict.wrong += [f"reported more than once: {report.told(it)}" for it in again]


def wanted(case):
    parts = [case.codes, case.via, case.relation]
    return " ".join(" or ".join(part) for part in parts if part)


def answering(case, diagnostics):
    """Returns the diagnostics that say what the case expects. Only `queries/n-plus-one` tells way and relation."""

    def is_right(diagnostic):
        properties = diagnostic.get("properties", {})
        asked = diagnostic["code"] == N_PLUS_ONE
        is_way = not asked or not case.via or properties.get("via") in case.via
        is_relation = not asked or not case.relation or properties.get("relation") in case.relation
        return diagnostic["code"] in case.codes and is_way and is_relation

    return [it for it in diagnostics if is_right(it)]


def judge_fix(found, left, before, after, verdict):
    """What had a fix no longer grows and is no longer reported; everything else answers and asks as before."""
    if "error" in before:
        return
    if "error" in after:
        verdict.wrong.append(f"after the fixes: {after['error']}")
        return
    fixable = [it for it in found if it.get("fix")]
    if fixable:
        verdict.seen.append(f"fixed: {after['few']} -> {after['many']} queries")
        if len(fixable) == len(found) and grows(after):
            verdict.wrong.append("it grows after its fix")
        if len(left) > len(found) - len(fixable):
            verdict.wrong.append("it is reported after its fix")
    if after["many"] > before["many"]:
        verdict.wrong.append(f"the fixes made it ask more: {after['many']} queries")
    elif not fixable and grows(after) != grows(before):
        verdict.wrong.append("it had no fix, and the fixes changed whether it grows")
    if after["answer"] != before["answer"]:
        verdict.wrong.append("the fixes changed what it answers")


def strays(diagnostics, markers):
    """Returns a failure for each diagnostic that speaks of no case."""
    verdicts = []
    for diagnostic in diagnostics:
        if not any(report.within(marker, [diagnostic]) for marker in markers):
            verdict = Verdict("-", "free")
            verdict.wrong.append(f"no case is there: {report.told(diagnostic)}")
            verdicts.append(verdict)
    return verdicts


def judge_vias(cases, markers, diagnostics, verdicts):
    """Returns whether each kind of `queries/n-plus-one` was seen in a case that passed."""
    proved = {}
    for case in cases:
        if case.grows and verdicts[case.name].passed:
            for diagnostic in answering(case, report.near(markers[case.name], diagnostics)):
                via = diagnostic.get("properties", {}).get("via")
                proved[via] = proved.get(via, 0) + (diagnostic["code"] == N_PLUS_ONE)
    verdict = Verdict("every via is proved", "all")
    verdict.wrong += [f"`{via}` is not" for via in VIAS if not proved.get(via)]
    verdict.seen += [f"{via} {total}" for via, total in sorted(proved.items(), key=str) if total]
    return verdict


if __name__ == "__main__":
    sys.exit(main())
