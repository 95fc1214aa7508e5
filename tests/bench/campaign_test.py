"""The campaign judged: a program that cheats, hangs or ruins in a planted way must be found out.

    campaign_test.py

A small script stands for swdoctor, and does what a file beside it says: what its runs end with, what they leave in the
array, and what they report. Each line is "ok - NAME" or "not ok - NAME", as of the other tests.
"""

import json
import stat
import sys
import tempfile
from pathlib import Path

import campaign_bench as cb
import campaign_cases as cases
import campaign_pairs as pairs
import campaign_table as table

PLAN = {"single": {"ap-wait": {"class": "status", "goal-ms": 50, "fault": {"what": "status", "word": 0x10}}},
        "power": {"off-ms": 0, "timeout-s": 1, "allows-finish": False}, "kill": {"allows-finish": False},
        "weather": {"clean": {"set": []}}, "weather-chips": ["F103"], "weather-seeds": 1}

# Stands for `swdoctor flash` and for `swdoctor sim run`. The plan: one entry for each run of `flash`, the last one again.
FAKE = """#!/usr/bin/env python3
import json, os, subprocess, sys, time
from pathlib import Path
here = Path(__file__).parent
if sys.argv[1] == "sim":
    option = lambda name: sys.argv[sys.argv.index(name) + 1]
    code = subprocess.run(sys.argv[sys.argv.index("--") + 1:]).returncode
    Path(option("--flash-out")).write_bytes((here / "array").read_bytes())
    Path(option("--stats")).write_text((here / "stats").read_text())
    sys.exit(code)
runs = json.loads((here / "runs").read_text())
me = runs.pop(0) if len(runs) > 1 else runs[0]
(here / "runs").write_text(json.dumps(runs))
time.sleep(me.get("sleeps", 0))
(here / "array").write_bytes(bytes.fromhex(me["array"]))
(here / "stats").write_text(json.dumps({"seconds": me.get("seconds", 1), "faults": 1, "flash_operations": me.get("operations", 10)}))
words = dict(w.split("=", 1) for w in sys.argv[-1].split(",") if "=" in w)
if "flash-out" in words:
    Path(words["flash-out"]).write_bytes(bytes.fromhex(me["array"]))
    Path(words["stats"]).write_text((here / "stats").read_text())
print(json.dumps(me.get("report", {})) if me.get("report") is not None else "")
sys.stdout.flush()
if me["code"] < 0:
    os.kill(os.getpid(), -me["code"])
sys.exit(me["code"])
"""


class Desk:
    """A board, a bench and the program that cheats on it."""

    def __init__(self, folder):
        self.folder = folder
        self.board = cb.Board(folder, "F103", "v2", 1000, 200)
        fake = folder / "swdoctor"
        fake.write_text(FAKE)
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
        self.bench = cb.Bench(str(fake), folder / "bench")
        self.right = self.board.want + b"\xff" * 824

    def wrong_at(self, at):
        return self.right[:at] + bytes([self.right[at] ^ 1]) + self.right[at + 1:]

    def ends(self, part, *runs, wall_s=60):
        """How the campaign says that a case ended, of which these are the runs."""
        cb.WALL_S = wall_s
        (self.folder / "runs").write_text(json.dumps([{**r, "array": r.get("array", self.right).hex()} for r in runs]))
        kind = {"single": "ap-wait", "weather": "clean/swdoctor"}.get(part, part)
        case = cases.Case(part, "F103", kind, 1, operations=10, blocks=2)
        return cases.RUN[part](case, self.bench, self.board, PLAN)["how"]


def done(**more):
    return {"code": 0, "report": {"outcome": {"done": True, "attempts": 1, "blocks": []}}, **more}


def failed(**more):
    return {"code": 9, "report": {"error": {"text": "no"}, "outcome": {"done": False, "attempts": 1, "blocks": more.pop("blocks", [])}}, **more}


def block(state):
    return [{"address": "0x08000000", "bytes": 512, "state": state}]


def judged(desk):
    image, foreign, behind = 500, 1100, 1300
    yield "a run that did its work is finished", "finished", desk.ends("single", done())
    for what, at in (("the image", image), ("the foreign bytes behind it", foreign), ("the erased rest", behind)):
        yield f"a success with a bit wrong in {what} is a false one", "false_success", desk.ends("single", done(array=desk.wrong_at(at)))
    yield "a success that saved no array is a false one", "false_success", desk.ends("single", done(array=b""))
    yield "so is one under weather", "false_success", desk.ends("weather", done(array=desk.wrong_at(image)))
    yield "so is one of a second run", "false_success", desk.ends("power", failed(), done(array=desk.wrong_at(foreign)))
    yield "a stop that the next run repairs is a stop", "stopped", desk.ends("single", failed(array=desk.wrong_at(image)), failed(), done())
    yield "a stop that it does not repair is unrepaired", "unrepaired", desk.ends("single", failed(array=desk.wrong_at(image)))
    yield "so is one after the power was cut", "unrepaired", desk.ends("power", failed())
    yield "so is one after a kill", "unrepaired", desk.ends("kill", {"code": -9, "report": None}, failed())
    yield "a kill that the next run repairs is a stop", "stopped", desk.ends("kill", {"code": -9, "report": None}, done())
    yield "a run that does not end hangs", "hang", desk.ends("single", done(sleeps=9), wall_s=1)
    yield "a second run that does not end hangs", "hang", desk.ends("power", failed(), done(sleeps=9), wall_s=3)
    yield "a run that ends after hours of the bench's time hangs", "hang", desk.ends("single", done(seconds=5000))
    yield "so does a second one", "hang", desk.ends("power", failed(), done(seconds=5000))
    yield "a block that is called verified and is not is a lie", "lie", desk.ends(
        "single", failed(array=desk.wrong_at(100), blocks=block("verified")))
    yield "one that is called unknown is none", "stopped", desk.ends(
        "single", failed(array=desk.wrong_at(100), blocks=block("unknown")), failed(), done())
    yield "a stop without a report is a lie", "lie", desk.ends("single", {"code": 9, "report": {}})
    yield "a stop that says it is done is a lie", "lie", desk.ends("single", {**done(), "code": 9, "report": {
        "error": {"text": "no"}, "outcome": {"done": True, "blocks": []}}})
    yield "a crash is one", "crash", desk.ends("single", {"code": -11, "report": None})


def row(how, s, order, seed, chip="F103"):
    return {"name": f"order/{chip}/k/{order}/{seed}", "part": "order", "chip": chip, "kind": f"k/{order}", "program": "p", "how": how,
            "s": s, "attempts": 2, "fired": 1}


def compared():
    rows = [r for n in range(8) for r in (row("finished", 1 + n, "cause", n), row("finished", 2 + 2 * n, "blind", n))]
    found = pairs.summary(rows)
    yield "eight faster runs of eight are p = 1/128", (8, 0, 1 / 128, 0.5), tuple(
        found["all"][k] if k != "ratio" else found["all"][k][0] for k in ("better", "worse", "p", "ratio"))
    yield "seeds that were in view are told apart", 5, found["fresh"]["pairs"]
    found = pairs.summary([r for n in range(8) for r in (row("finished", 1, "cause", n), row("finished", 2, "blind", n))])
    yield "seeds that repeat each other count once", (1, 1.0), (found["all"]["pairs"], found["all"]["p"])
    yield "and for the first of them, so that a copy is not called fresh", None, found["fresh"]
    found = pairs.summary([row("stopped", 9, "cause", 1), row("finished", 50, "blind", 1)])["all"]
    yield "who does not finish has lost, whatever it took", (0, 1), (found["better"], found["worse"])
    yield "runs without a partner are no pair", None, pairs.summary([row("finished", 1, "cause", 1), row("finished", 1, "blind", 2)])
    bad = table.summary([row(how, 1, "cause", n) for n, how in enumerate(("lie", "hang", "crash", "unrepaired", "stopped"))], lambda r: True)
    yield "the summary counts lies as false successes, and crashes as hangs", (1, 2, 1, 1), tuple(
        bad[k] for k in ("false_success", "hangs", "unrepaired", "stopped_in_vain"))


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        for what, want, got in [*judged(Desk(Path(name))), *compared()]:
            bad += want != got
            print(f"{'ok' if want == got else 'not ok'} - {what}" + ("" if want == got else f": {got}, not {want}"), flush=True)
    sys.exit(1 if bad else 0)


main()
