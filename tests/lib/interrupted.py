"""The commands that change or read a chip, on the virtual bench, told to stop (Ctrl-C) at every Nth of their transactions.
The board is looked at from outside: the reset line is let go, the probe was left, a program that is whole runs without a
debugger's marks on it, and what was printed is so."""
import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import jsonschema

from board_program import program as standing_still

HERE = os.path.dirname(os.path.abspath(__file__))
BASE, RAM = 0x08000000, 0x20000000
ERASED = range(0x08000800, 0x08001000)  # what `erase` is asked for: a block or more, not the first where they are small

# Name, board, words of the command. {} is the folder.
CASES = [
    ("flash", "healthy-f103-v2", ["flash", "{}/image", "--base", hex(BASE)]),
    ("flash one block", "healthy-f405-v2", ["flash", "{}/image", "--base", hex(BASE)]),
    ("flash without a loader", "healthy-l476-nucleo", ["flash", "{}/short", "--base", hex(BASE), "--no-loader"]),
    ("erase", "healthy-f103-v2", ["erase", "--range", f"{ERASED.start:#x}+{len(ERASED)}", "--allow", "erase"]),
    ("erase all", "healthy-g071-nucleo", ["erase", "--all", "--allow", "mass-erase"]),
    ("option", "healthy-f405-v2", ["option"]),
    ("option on F1", "healthy-f103-v2", ["option", "iwdg-software=no", "--allow", "reset"]),
    ("option on F4", "healthy-f405-v2", ["option", "bor-level=0", "--allow", "reset"]),
    ("option on L0", "healthy-l053-v2", ["option", "bor-level=0", "--allow", "reset"]),
    ("option on L4", "healthy-l476-nucleo", ["option", "iwdg-software=no", "--allow", "reset"]),
    ("reset", "healthy-f405-v2", ["reset"]),
    ("reset by the line", "healthy-f103-v2", ["reset", "--how", "hardware"]),
    ("read", "healthy-f405-v2", ["read", "{}/read", "--range", f"{BASE:#x}+64K"]),
]


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        # Both run; they differ in their vectors, too.
        self.old = standing_still(RAM).ljust(20000, b"\x5a")
        self.image = standing_still(RAM, 0x1000).ljust(6644, b"\xa7")
        with open(os.path.join(HERE, "../../doc/flash.schema.json"), encoding="utf-8") as f:
            self.schema = jsonschema.Draft7Validator(json.load(f))

    def call(self, work, board, words, fault=""):
        settings = [f"sim:{board}", f"state-out={work}/state", f"stats={work}/stats", f"flash-in={work}/old",
                    f"flash-out={work}/array"]
        for name, content in (("old", self.old), ("image", self.image), ("short", self.image[:1500])):
            with open(f"{work}/{name}", "wb") as f:
                f.write(content)
        if fault:
            settings.append(f"faults=[{fault}]")
        env = dict(os.environ, XDG_STATE_HOME=work, SWDOCTOR_LOCK_DIR=work)
        argv = [self.program] + [word.replace("{}", work) for word in words]
        return subprocess.run(argv + ["--format", "json", "--probe", ",".join(settings)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, env=env,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def board_wrong(state, runs):
    """What is not as it should be left. `runs`: the core is said to run a program that is whole."""
    after = state["after"]
    wrong = []
    if after["probe_pulls_nrst"] or after["nrst_low"]:
        wrong.append("the reset line is low")
    if after["probe"] == "debug":
        wrong.append("the probe is left in debug mode")
    if runs and after["core"] not in ("running", state["before"]["core"]):
        wrong.append(f"the core is {after['core']}")
    if runs and (after["debug_enabled"] or int(after["demcr"], 16)):
        wrong.append("halting debug or a vector catch is left on")
    return wrong


def blocks_wrong(result, array, old, image):
    """Blocks that are told to be old, new or blank and are not."""
    erases = result["command"] == "erase"
    wanted = {"old": old, "new": b"" if erases else image + old[len(image):]}
    wrong = []
    for name, want in wanted.items():
        for part in result["outcome"]["state"][name]:
            at = int(part["address"], 16) - BASE
            if array[at:at + part["bytes"]] != want[at:at + part["bytes"]].ljust(part["bytes"], b"\xff"):
                wrong.append(f"a block that is told to be {name} is not")
    for block in result["outcome"]["blocks"]:
        at = int(block["address"], 16) - BASE
        if block["state"] == "erased" and array[at:at + block["bytes"]].strip(b"\xff"):
            wrong.append("a block that is told to be erased is not")
    boots = result["outcome"]["state"]["boots"]  # without their vectors chips do not
    if {"new": image[:8], "as-before": old[:8], "nothing": b"\xff" * 8}.get(boots, array[:8]) != array[:8]:
        wrong.append(f"boots {boots}, it says")
    return wrong


def told_wrong(bench, ran, work, words, done):
    """What was said and is not so. `done`: it had come to its end before it was told to stop."""
    lines = ran.stdout.splitlines()
    if len(lines) != 1:
        return [f"{len(lines)} lines on stdout"]
    result = json.loads(lines[0])
    wrong = [f"schema: {e.message[:80]}" for e in bench.schema.iter_errors(result)]
    if result["code"] != ran.returncode:
        wrong.append(f"exit code {ran.returncode}, told as {result['code']}")
    if ran.returncode not in ([0, 130] if done else [130]):
        wrong.append(f"ended with {ran.returncode}")
    if ran.returncode == 130:
        if result.get("error", {}).get("kind") != "interrupted":
            wrong.append("not told that it was interrupted")
        if result.get("findings"):
            wrong.append(f"blamed: {result['findings'][0]['cause']}")
        if "RESULT code=130 class=user cause=none" not in ran.stderr:
            wrong.append("the last line names a cause")
        if words[0] == "read" and any(name.startswith("read") for name in os.listdir(work)):
            wrong.append("a part of a file was left")
    return wrong


def try_one(bench, job):
    name, board, words, n = job
    with tempfile.TemporaryDirectory(dir=bench.folder) as work:
        try:
            ran = bench.call(work, board, words, f"{{what: interrupt, at: transaction {n}}}")
            state = load(f"{work}/state")
            done = ran.returncode == 0
            result = json.loads(ran.stdout)
            outcome = result.get("outcome")
            runs = not outcome or outcome["state"]["boots"] in ("new", "as-before")
            wrong = told_wrong(bench, ran, work, words, done) + board_wrong(state, runs)
            if outcome:
                with open(f"{work}/array", "rb") as f:
                    wrong += blocks_wrong(result, f.read(), bench.old,
                                          bench.image[:1500] if name.endswith("loader") else bench.image)
                if "running" in outcome and outcome["running"] == (state["after"]["core"] == "halted"):
                    wrong.append("what is said of the core is not so")
            return job, done, wrong
        except (subprocess.TimeoutExpired, OSError, ValueError, KeyError) as e:
            return job, False, [f"{type(e).__name__}: {e}"[:100]]


def jobs_of(bench, cases, every, seed):
    for i, (name, board, words) in enumerate(cases):
        with tempfile.TemporaryDirectory(dir=bench.folder) as work:
            bench.call(work, board, words)
            last = load(f"{work}/stats")["commands"]
        for n in range(1 + (seed + 5 * i) % every, last + 1, every):
            yield name, board, words, n


def main():
    p = argparse.ArgumentParser()
    p.add_argument("program")
    p.add_argument("--every", type=int, default=1, help="only every Nth transaction")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--only", help="cases whose name has this in it")
    p.add_argument("--processes", type=int, default=2)
    args = p.parse_args()
    wrong, cut, whole = Counter(), Counter(), Counter()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(args.processes) as pool:
        bench = Bench(os.path.abspath(args.program), folder)
        cases = [c for c in CASES if not args.only or args.only in c[0]]
        for job, done, found in pool.map(lambda j: try_one(bench, j), jobs_of(bench, cases, args.every, args.seed)):
            (whole if done else cut)[job[0]] += 1
            for what in found:
                wrong[what] += 1
                if wrong[what] <= 6:
                    print(f"{job[0]} at {job[-1]}: {what}", file=sys.stderr)
    for name in cut | whole:
        print(f"# {name}: {cut[name]} interrupted, {whole[name]} over before", file=sys.stderr)
    print(json.dumps({"target": "interrupted", "runs": cut.total() + whole.total(), "cut_short": cut.total(),
                      "wrong": wrong.total(), "what": dict(wrong)}))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
