"""Checks a SARIF file against the code that it speaks of: line hashes, paths, and the verdict of the multitool.

usage: sarif.py LOG MULTITOOL_RESULT ROOT
"""

import json
import os
import sys
from urllib.parse import unquote

from line_hash import line_hashes

log, verdict, root = sys.argv[1:4]
with open(verdict, encoding="utf-8-sig") as file:
    bad = [it for it in json.load(file)["runs"][0].get("results", []) if it.get("level", "warning") in ("error", "warning")]
for it in bad[:10]:
    print(it["ruleId"], it["message"], file=sys.stderr)

with open(log, encoding="utf-8") as file:
    results = json.load(file)["runs"][0]["results"]
hashes, wrong = {}, 0
for result in results:
    place = result["locations"][0]["physicalLocation"]
    path = unquote(place["artifactLocation"]["uri"])
    if path not in hashes:
        with open(os.path.join(root, path), encoding="utf-8", newline="") as file:
            hashes[path] = line_hashes(file.read())
    wrong += result["partialFingerprints"]["primaryLocationLineHash"] != hashes[path][place["region"]["startLine"] - 1]
print(f"{len(results)} results, {wrong} wrong line hashes, {len(bad)} errors and warnings")
sys.exit(bool(bad or wrong or not results))
