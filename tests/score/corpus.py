"""A folder of labelled logs (NAME.log + NAME.yaml), and the verdicts of swdoctor on them."""
import json
import os
import re
import subprocess

import yaml

COUNTED = ("confirmed", "strong")


class Case:
    def __init__(self, folder, name):
        with open(os.path.join(folder, name + ".yaml"), encoding="utf-8") as f:
            label = yaml.safe_load(f)
        self.name = name
        self.path = os.path.join(folder, name + ".log")
        self.cause = label["cause"]
        self.also = label.get("also") or []
        self.tool = label.get("tool") or "unknown"
        self.counted = label.get("certainty") in COUNTED

    @property
    def thread(self):
        """Cases from one discussion share a thread: their names differ in a last -2, a, b only."""
        return re.sub(r"(?<=\d)[a-d]$", "", re.sub(r"-[2-9]$", "", re.sub(r"-[a-d]$", "", self.name)))


def load(folder):
    names = sorted(f[:-4] for f in os.listdir(folder) if f.endswith(".log"))
    missing = [n for n in names if not os.path.exists(os.path.join(folder, n + ".yaml"))]
    if missing:
        raise SystemExit(f"{folder}: no label for {', '.join(missing)}")
    return [Case(folder, n) for n in names]


class Answer:
    """What swdoctor said about one log."""

    def __init__(self, result):
        self.verdict = result["verdict"]
        self.causes = [f["cause"] for f in result["findings"]]
        self.named = [f["cause"] for f in result["findings"] if f["word"]]
        self.loud = [f["cause"] for f in result["findings"] if f["word"] in ("probable", "likely")]
        self.findings = result["findings"]
        self.events = result.get("events", [])
        if self.verdict == "healthy":
            self.first, self.top3 = "healthy", ["healthy"]
        elif self.causes:
            self.first, self.top3 = self.causes[0], self.causes[:3]
        else:
            self.first, self.top3 = None, self.causes[:3]


def ask(program, paths, rules=None):
    """One answer for each path, in order."""
    command = [program, "analyze", "--format", "jsonl", "--events", "-j", "2"]
    if rules:
        command += ["--rules", rules]
    done = subprocess.run(command + ["--"] + paths, stdout=subprocess.PIPE, check=False)
    lines = done.stdout.decode("utf-8").splitlines()
    if len(lines) != len(paths):
        raise SystemExit(f"{program}: {len(lines)} results for {len(paths)} logs (exit {done.returncode})")
    return [Answer(json.loads(line)) for line in lines]


class Score:
    def __init__(self, cases, answers):
        self.pairs = [(c, a) for c, a in zip(cases, answers) if c.counted]
        self.n = len(self.pairs)
        self.strict = self._share(lambda c, a: a.first == c.cause)
        self.fair = self._share(lambda c, a: a.first in [c.cause] + c.also)
        self.top3 = self._share(lambda c, a: c.cause in a.top3)
        self.healthy = sum(c.cause == "healthy" for c, _ in self.pairs)
        self.false_alarms = sum(c.cause == "healthy" and a.verdict != "healthy" for c, a in self.pairs)
        self.silent = sum(a.first is None for _, a in self.pairs)

    def _share(self, right):
        return sum(right(c, a) for c, a in self.pairs) / self.n if self.n else 0.0

    def line(self):
        return (f"{self.n:4} cases  strict {self.strict:6.1%}  fair {self.fair:6.1%}  top-3 {self.top3:6.1%}  "
                f"false alarms {self.false_alarms} of {self.healthy}  no finding {self.silent}")

    def json(self, target="score"):
        return json.dumps({"target": target, "n": self.n, "strict": round(self.strict, 4),
                           "fair": round(self.fair, 4), "top3": round(self.top3, 4), "healthy": self.healthy,
                           "false_alarms": self.false_alarms})
