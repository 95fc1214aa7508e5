"""What the scenarios of the bench leave out: prints a line for each cause, fault of a wire, or number that is missing.

scenario_coverage.py SCENARIOS DOC < what `swdoctor rules list` prints
"""
import collections
import glob
import os
import re
import sys

import yaml

# A fault of a wire, and how a scenario says it.
WIRES = {line: ["open", "shorted", "high", "noisy", "intermittent"] for line in ("swdio", "swclk")}
WIRES |= {"gnd": ["open", "long"], "vtref": ["open", "shorted"], "nrst": ["open", "shorted", "high"]}
AT_LEAST = 3


def wire_faults(tree):
    for line, how in (tree.get("wires") or {}).items():
        yield line, how.get("is") if isinstance(how, dict) else how
        if isinstance(how, dict) and "rise-ms" in how:
            yield line, "rise-ms"
    for fault in tree.get("faults") or []:
        if fault["what"] == "wire":
            yield fault["wire"], fault["is"]


def name_of(what, key):
    return what[key] if isinstance(what, dict) else what


def main():
    trees = []
    for path in glob.glob(os.path.join(sys.argv[1], "*.yaml")):
        with open(path, encoding="utf-8") as f:
            trees.append(yaml.safe_load(f))
    causes = re.findall(r"^  ([a-z][a-z-]+)(?: +\S|$)", sys.stdin.read().split("\n\n")[0], re.M)
    with open(sys.argv[2], encoding="utf-8") as f:
        rows = "".join(line.split("|")[1] for line in f.read().split("## Which causes")[1].splitlines() if line.startswith("|"))
    excused = set(re.findall(r"`([a-z-]+)`", rows))
    shown = {t["truth"] for t in trees}
    missing = [f"no scenario for {c}, and no reason" for c in causes if c not in shown | excused]
    missing += [f"{c} has a scenario and a reason for none" for c in sorted(shown & excused)]
    count = collections.Counter(fault for t in trees for fault in wire_faults(t))
    wanted = [(line, state) for line, states in WIRES.items() for state in states]
    for fault in wanted + [("nrst", "rise-ms"), ("swdio", "swapped")]:
        if count[fault] < AT_LEAST:
            missing.append(f"{fault[0]} {fault[1]}: {count[fault]} scenarios")
    chips = {name_of(t.get("chip", "F405"), "part") for t in trees}
    probes = {name_of(t.get("probe", "v2"), "type") for t in trees}
    healthy = sum(t["truth"] == "healthy" for t in trees)
    for what, n, least in (("chips", len(chips), 5), ("probes", len(probes), 3), ("healthy boards", healthy, 10), ("causes", len(causes), 30)):
        if n < least:
            missing.append(f"{n} {what}")
    print("\n".join(missing), end="\n" if missing else "")
    return bool(missing)


sys.exit(main())
