"""Flashing while things go wrong: the campaign, or a fixed sample of it.

    campaign.py SWDOCTOR [--parts single power] [--chips F103] [--kinds ap-errors-1e-2] [--jobs 2] [--minutes 20] [--keep FOLDER] [--small]
                         [--seeds 5] [--detail] [--sample]

With --small the images are small ones, which take a fraction of the time. Cases come in a random order that is always
the same, so that whatever was run when the time is up is a fair sample. With --keep, each result is added to
FOLDER/results.jsonl, and a case that ended well is not run again; one that did not is, once the program has changed.
The last line is JSON. Ends with 1 where a run claimed what is not so, left a chip that the next run did not repair,
or did not end.
"""

import argparse
import concurrent.futures
import hashlib
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

import yaml

import campaign_bench as cb
import campaign_cases as cases
import campaign_table as table

# So many cases of each part for one of the others, while there is a choice: power alone has most of all cases.
WEIGHTS = {"single": 6, "power": 2, "kill": 2, "weather": 4, "order": 2}
# The sample: so many cases of each part, over the small boards.
SEEDED = ("weather", "order")
SAMPLE = {"single": 48, "power": 6, "kill": 8}


class Campaign:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.plan = yaml.safe_load((Path(__file__).parent / "campaign.yaml").read_text())
        self.program = hashlib.sha256(Path(args.swdoctor).read_bytes()).hexdigest()[:12]
        self.keep = Path(args.keep) / f"results{'-small' * args.small}.jsonl" if args.keep else None
        self.local, self.lock, self.benches = threading.local(), threading.Lock(), 0
        rows = self.plan["small" if args.sample or args.small else "chips"]
        self.boards = {part: cb.Board(folder, part, row["probe"], row["bytes"], self.plan["foreign-bytes"])
                       for part, row in rows.items() if not args.chips or part in args.chips}
        self.clean, self.done = {}, {}

    def bench(self):
        if not hasattr(self.local, "bench"):
            with self.lock:
                self.benches += 1
                self.local.bench = cb.Bench(self.args.swdoctor, self.folder / f"bench{self.benches}")
        return self.local.bench

    def reference(self, part):
        """A run without trouble: how many transactions and operations there are, and what it takes."""
        bench, board = self.bench(), self.boards[part]
        code = bench.in_process(board, [], 1)
        if code or board.wrong(bench.array()):
            sys.exit(f"{part}: the clean run failed: {code} {bench.error()} {board.wrong(bench.array())}")
        return {**bench.stats(), "blocks": len(bench.report("first")["outcome"]["blocks"])}

    def load(self):
        """What earlier runs of the campaign found, as far as it counts."""
        if not self.keep or not self.keep.exists():
            return
        for text in self.keep.read_text().splitlines():
            row = json.loads(text)
            if row["how"] in ("finished", "stopped") or row["program"] == self.program:
                self.done[row["name"]] = row
            else:
                self.done.pop(row["name"], None)

    def run(self, case):
        try:
            result = cases.RUN[case.part](case, self.bench(), self.boards[case.chip], self.plan)
        except Exception as problem:  # pylint: disable=broad-except
            result = {"how": "crash", "why": f"the campaign's own: {problem!r}", "s": None, "fired": 1}
        return {"name": case.name, "part": case.part, "chip": case.chip, "kind": case.kind, "program": self.program, **result}

    def allows_finish(self, row):
        kind, part = row["kind"].split("/"), self.plan[row["part"]]
        if row["part"] == "single":
            return self.plan["single-finish"][part[kind[0]]["class"]]["allows-finish"]
        return kind[-1] not in table.PEERS and (part if "allows-finish" in part else part[kind[0]])["allows-finish"]

    def take(self, row):
        self.done[row["name"]] = row
        if self.keep:
            with open(self.keep, "a", encoding="utf-8") as f:
                f.write(json.dumps(row) + "\n")
        if row["how"] in table.BAD or row["how"] == "stopped" and self.allows_finish(row):
            print(f"{row['name']}: {row['how']}: {row['why']}", flush=True)

    def todo(self):
        every = {p: [c for chip in self.boards for c in cases.MAKE[p](self.plan, chip, self.clean[chip])] for p in self.args.parts}
        total = {p: len(some) for p, some in every.items()}
        turns = []
        for part, some in every.items():
            some = [c for c in some if not self.args.kinds or c.kind.startswith(tuple(self.args.kinds))]
            some = [c for c in some if not self.args.seeds or c.part not in SEEDED or c.number <= self.args.seeds]
            some.sort(key=cases.Case.order)
            some = some[:SAMPLE.get(part, 0)] if self.args.sample else some
            turns += [(rank / WEIGHTS[part], case) for rank, case in enumerate(some)]
        turns.sort(key=lambda turn: turn[0])
        return total, [case for _, case in turns if case.name not in self.done]

    def go(self):
        end = time.monotonic() + 60 * self.args.minutes if self.args.minutes else None
        with concurrent.futures.ThreadPoolExecutor(self.args.jobs) as pool:
            self.clean = dict(zip(self.boards, pool.map(self.reference, self.boards)))
            self.load()
            total, todo = self.todo()
            waiting = set()
            for case in todo:
                if end and time.monotonic() > end:
                    break
                waiting.add(pool.submit(self.run, case))
                if len(waiting) >= 2 * self.args.jobs:
                    over, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                    for future in over:
                        self.take(future.result())
            for future in concurrent.futures.as_completed(waiting):
                self.take(future.result())
        return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("swdoctor", type=lambda p: str(Path(p).resolve()))
    parser.add_argument("--parts", nargs="*", default=list(cases.PARTS), choices=cases.PARTS)
    parser.add_argument("--chips", nargs="*")
    parser.add_argument("--kinds", nargs="*", help="faults and weather by the beginning of their names")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--keep")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--seeds", type=int, help="so many seeds of weather and order")
    parser.add_argument("--detail", action="store_true", help="a line for each kind of fault")
    args = parser.parse_args()
    if args.keep:
        Path(args.keep).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        campaign = Campaign(args, Path(name))
        total = campaign.go()
    rows = [r for r in campaign.done.values() if r["part"] in args.parts and r["chip"] in campaign.boards]
    print("\n".join(table.write(rows, campaign.clean, total, campaign.plan, args.detail)))
    summary = table.summary(rows, campaign.allows_finish)
    print(json.dumps(summary))
    sys.exit(1 if summary["false_success"] or summary["unrepaired"] or summary["hangs"] else 0)


main()
