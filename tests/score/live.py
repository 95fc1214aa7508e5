#!/usr/bin/env python3
"""How often `swdoctor check` finds what is wrong with a board of the virtual bench.

live.py SWDOCTOR SCENARIO... [--misses]

Each scenario names its truth and, in `also`, causes that no observation could separate from it. All are examined
twice: with --allow reset, and without any consent. strict: the truth comes first. fair: the truth or one of `also`.
A scenario whose fault shows only while flash is written, or with a tool's settings, cannot be seen by an examination;
it is counted in `latent`, and judged by `fair` alone, where "healthy" is right. The last line is one line of JSON."""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

import yaml

WRITING = ("erasing", "programming")
IN_SETTINGS = ("transport-wrong", "chip-mismatch")  # of another tool: on the board nothing is wrong


def is_latent(s):
    """True if nothing is wrong with the board before flash is erased or programmed."""
    faults = s.get("faults") or []
    chip = s.get("chip") if isinstance(s.get("chip"), dict) else {}
    supply = s.get("supply") if isinstance(s.get("supply"), dict) else {}
    late = [f for f in faults if f.get("when") in WRITING]
    bad_place = any(key in chip for key in ("bad-block", "bad-cell", "stuck-cell"))
    return (bool(late) and len(late) == len(faults) or bad_place or supply.get("when") in WRITING
            or s["truth"] in IN_SETTINGS)


class Case:
    def __init__(self, path):
        s = yaml.load(open(path, encoding="utf-8"), Loader=yaml.BaseLoader)
        self.path = path
        self.name = os.path.basename(path)[:-5]
        self.truth = s["truth"]
        self.also = {a["cause"] for a in s.get("also") or []}
        self.latent = is_latent(s)
        if self.latent:
            self.also.add("healthy")


def examine(program, case, consent):
    cmd = [program, "check", "--probe", "sim:" + case.path, "--format", "json", *consent]
    with tempfile.TemporaryDirectory() as state:  # not into the user's traces
        done = subprocess.run(cmd, capture_output=True, text=True, timeout=120, check=False,
                              env={**os.environ, "XDG_STATE_HOME": state})
    return json.loads(done.stdout)


def first_of(report):
    """What the report names first, and the causes in their order."""
    named = [f["cause"] for f in report["findings"] if f["word"]]
    if report["verdict"] == "healthy":
        return "healthy", ["healthy"] + named
    return (named[0] if named else report["verdict"]), named


def score(program, cases, consent, show):
    n = strict = seen = fair = top3 = healthy = false_alarms = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        reports = pool.map(lambda c: examine(program, c, consent), cases)
        for case, report in zip(cases, reports):
            first, order = first_of(report)
            right = first == case.truth
            n += 1
            seen += not case.latent
            strict += right and not case.latent
            fair += right or first in case.also
            top3 += bool({case.truth, *case.also} & set(order[:3]))
            healthy += case.truth == "healthy"
            false_alarms += case.truth == "healthy" and any(
                f["word"] in ("probable", "likely") for f in report["findings"] if f["cause"] not in case.also)
            if show and not right:
                mark = "also" if first in case.also else "MISS"
                print(f"{mark} {case.name}: {case.truth}, said {first}")
    percent = lambda part, of: round(part / of, 4) if of else 1.0
    return {"n": n, "strict": percent(strict, seen), "fair": percent(fair, n), "top3": percent(top3, n),
            "healthy": healthy, "false_alarms": false_alarms, "latent": n - seen}


def main():
    show = "--misses" in sys.argv
    program, *paths = [a for a in sys.argv[1:] if a != "--misses"]
    cases = [Case(p) for p in sorted(paths)]
    default = score(program, cases, [], False)
    allowed = score(program, cases, ["--allow", "reset"], show)
    print(json.dumps({"target": "score-live-default", **default}))
    print(json.dumps({"target": "score-live", **allowed}))


main()
