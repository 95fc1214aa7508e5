"""Every scenario of the virtual bench with real OpenOCD and real st-flash: is what they say enough for the cause?

Each tool's output is triaged by `swdoctor analyze` and held against the scenario's `truth` and `also`. A scenario is
*undecidable from a tool's words* when the tool says the same, numbers apart, about a scenario with another truth.

usage: scenarios.py PROGRAM [--keep FOLDER] [--tool TOOL] [--misses] [--at-least TOOL.KEY=SHARE ...] [NAME ...]
"""
import argparse
import collections
import concurrent.futures
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

import corpus

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIOS = os.path.join(HERE, "..", "..", "rules", "scenarios")
SECONDS = 60
LOG_BYTES = 200000
# Which chip and probe it was, and when, does not tell what is wrong; a zero and a voltage may.
VOLTAGE = re.compile(r"(Target voltage: \d)\.\d+")
NAME_OR_NUMBER = re.compile(r"\S*[1-9]\S*")
# Lines that only tell which speeds a probe has and how a chip's flash is laid out.
LAYOUT = re.compile(r"Info : (Unable to match|device id|flash size|flash mode|Bank|clock speed|\[.*processor|\[.*breakpoints)"
                    r"|EraseFlash|INFO common.c: (\S+: |Starting Flash write|enabling|Flash page|Finished erasing)|pages? written")
VOLTS = str.maketrans("0123456789", "abcdefghij")


class Scenario:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            tree = yaml.safe_load(f)
        chip = tree.get("chip", "F405")
        self.name = os.path.basename(path)[:-len(".yaml")]
        self.chip = chip["part"] if isinstance(chip, dict) else chip
        probe = tree.get("probe", "v2")
        self.probe = probe["type"] if isinstance(probe, dict) else probe
        self.truth = tree["truth"]
        self.also = [a["cause"] for a in tree.get("also", [])]


def load_scenarios(names):
    paths = sorted(os.path.join(SCENARIOS, f) for f in os.listdir(SCENARIOS) if f.endswith(".yaml"))
    scenarios = [Scenario(p) for p in paths]
    return [s for s in scenarios if not names or any(fnmatch.fnmatch(s.name, n) for n in names)]


def of_name(patterns, name, otherwise):
    return next((value for pattern, value in patterns.items() if fnmatch.fnmatch(name, pattern)), otherwise)


def command(how, tool, scenario, image):
    values = {"script": of_name(how["mistaken"], scenario.name, how["scripts"].get(scenario.chip)), "image": image,
              "transport": of_name(how["transports"], scenario.name, ""),
              "before": of_name(how["before"], scenario.name, {}).get(tool, "")}
    words = [word.format(**values) for word in how["tools"][tool]]
    return [w for i, w in enumerate(words) if w and not (w == "-c" and not words[i + 1])]


def run(program, log, words, scenario):
    """Leaves what the tool said in `log`; returns False when it did not come to an end. st-flash 1.7 asks a probe
    that is gone for ever, and says so each time."""
    command = [program, "sim", "run", scenario.name, "--", "timeout", str(SECONDS), *words]
    with open(log, "wb") as out, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                                  stderr=subprocess.STDOUT) as tool:
        said = tool.stdout.read(LOG_BYTES)
        out.write(said)
        tool.stdout.close()  # a tool that says more is ended by it
        return tool.wait() != 124 and len(said) < LOG_BYTES


def words_of(log):
    """What was said, without names, numbers, repetitions and the chip's layout."""
    with open(log, encoding="utf-8", errors="replace") as f:
        text = VOLTAGE.sub(lambda m: m[1].translate(VOLTS), f.read().replace("\r", "\n"))
    lines = (line.strip() for line in text.splitlines() if not LAYOUT.search(line))
    return tuple(dict.fromkeys(NAME_OR_NUMBER.sub("#", line) for line in lines))


class Row:
    def __init__(self, scenario, answer, said):
        self.scenario, self.answer, self.said = scenario, answer, said
        self.undecidable = False

    @property
    def strict(self):
        return self.answer.first == self.scenario.truth

    @property
    def fair(self):
        return self.answer.first in [self.scenario.truth] + self.scenario.also

    @property
    def top3(self):
        return self.scenario.truth in self.answer.top3


def mark_undecidable(rows):
    truths = collections.defaultdict(set)
    for row in rows:
        truths[row.said].add(row.scenario.truth)
    for row in rows:
        row.undecidable = len(truths[row.said]) > 1


def share(rows, right):
    return sum(bool(right(r)) for r in rows) / len(rows) if rows else 0.0


def print_table(tool, rows):
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row.scenario.truth].append(row)
    print(f"\n{tool:26}   n first  fair top-3 undecidable  mistaken for")
    for cause, group in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        wrong = collections.Counter(r.answer.first or "(nothing)" for r in group if not r.strict)
        print(f"{cause:26} {len(group):3} {sum(r.strict for r in group):5} {sum(r.fair for r in group):5} "
              f"{sum(r.top3 for r in group):5} {sum(r.undecidable for r in group):11}  "
              + ", ".join(f"{name} {n}" if n > 1 else name for name, n in wrong.most_common()))
    decidable = [r for r in rows if not r.undecidable]
    print(f"{'all':26} {len(rows):3} {share(rows, lambda r: r.strict):5.0%} {share(rows, lambda r: r.fair):5.0%} "
          f"{share(rows, lambda r: r.top3):5.0%} {len(rows) - len(decidable):11}  "
          f"of the {len(decidable)} others first {share(decidable, lambda r: r.strict):.0%}, "
          f"fair {share(decidable, lambda r: r.fair):.0%}, top-3 {share(decidable, lambda r: r.top3):.0%}")


def score(tool, rows):
    decidable = [r for r in rows if not r.undecidable]
    return {"tool": tool, "n": len(rows), "strict": round(share(rows, lambda r: r.strict), 4),
            "fair": round(share(rows, lambda r: r.fair), 4), "top3": round(share(rows, lambda r: r.top3), 4),
            "undecidable": len(rows) - len(decidable),
            "fair_of_decidable": round(share(decidable, lambda r: r.fair), 4)}


def is_able(how, tool, scenario):
    unable = how["unable"][tool]
    return not (scenario.chip in unable.get("chips", []) or scenario.probe in unable.get("probes", [])
                or any(fnmatch.fnmatch(scenario.name, p) for p in unable.get("scenarios", [])))


def judge(program, how, tool, scenarios, folder):
    scenarios = [s for s in scenarios if is_able(how, tool, s)]
    image = os.path.join(folder, "image.bin")
    logs = {s.name: os.path.join(folder, f"{s.name}.{tool}.log") for s in scenarios}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        ended = list(pool.map(lambda s: run(program, logs[s.name], command(how, tool, s, image), s), scenarios))
    hung = [s.name for s, e in zip(scenarios, ended) if not e]
    if hung:
        print(f"{tool} did not come to an end: {', '.join(hung)}")
    answers = corpus.ask(program, [logs[s.name] for s in scenarios])
    rows = [Row(s, a, words_of(logs[s.name])) for s, a in zip(scenarios, answers)]
    mark_undecidable(rows)
    return rows


def make_image(path):
    with open(path, "wb") as f:
        f.write(b"\x00\x20\x00\x20\x41\x00\x00\x08" + bytes((i * 7 + (i >> 8)) & 0xff for i in range(8, 64)))
        f.write(b"\xfe\xe7" + bytes((i * 7 + (i >> 8)) & 0xff for i in range(66, 4096)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("names", nargs="*", help="some scenarios only; * stands for anything")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the logs there")
    parser.add_argument("--tool", help="this one alone")
    parser.add_argument("--misses", action="store_true", help="list what was not right at first")
    parser.add_argument("--at-least", action="append", default=[], metavar="TOOL.KEY=SHARE")
    args = parser.parse_args()

    with open(os.path.join(HERE, "scenarios.yaml"), encoding="utf-8") as f:
        how = yaml.safe_load(f)
    folder = args.keep or tempfile.mkdtemp(prefix="swdoctor-scenarios-")
    os.makedirs(folder, exist_ok=True)
    make_image(os.path.join(folder, "image.bin"))
    scenarios, scores = load_scenarios(args.names), []
    for tool in [args.tool] if args.tool else how["tools"]:
        if not shutil.which(tool):
            print(f"{tool} is not installed: left out")
            continue
        rows = judge(args.program, how, tool, scenarios, folder)
        for row in rows if args.misses else []:
            if not row.strict:
                mark = "~" if row.fair else "?" if row.undecidable else "!"
                print(f"{mark} {row.scenario.name:32} {row.scenario.truth:24} got {row.answer.verdict} "
                      f"{row.answer.named[:4]}")
        print_table(tool, rows)
        scores.append(score(tool, rows))
    if not args.keep:
        shutil.rmtree(folder)
    print("\n" + json.dumps({"target": "score-scenarios", "n": len(scenarios), "tools": scores}))
    sys.stdout.flush()
    for bound in args.at_least:
        name, value = bound.split("=")
        tool, key = name.rsplit(".", 1)
        got = [s[key] for s in scores if s["tool"] == tool]
        if got and got[0] < float(value):
            sys.exit(f"score-scenarios: {name} is {got[0]}, the bound is {value}")


if __name__ == "__main__":
    main()
