#!/usr/bin/env python3
"""What `swdoctor check --sweep` says of the error rate of a link, held against the virtual bench's own model of it.

sweep.py SWDOCTOR [--seeds N] [--clean N] [--check]

Links: words that are wrong without a word (read, written), bits that flip at a rate, and a cable that carries less the faster
it goes. Each is measured with N seeds at every speed, reading and writing apart. within_bounds: the true rate lies in the 95 %
interval of what was counted, worked out here; told_within_bounds: that of reads and writes together in the one that was
told. worst_link: the least of both over the links. within_3: of the estimates from ten errors on, those within a factor of
three. power: a quick verdict (no sweep) on a link that spoils one word in ten thousand, at 1.8 MHz, finds it; quick_s: the
most virtual seconds that its reading took. clean: a good link with WAITs and one lost USB transfer; false_alarms: errors
were counted, or something is said to be wrong. With --check it fails below what was promised.

--seeds 0 or --clean 0 leave a part out."""
import argparse
import concurrent.futures
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile

BITS = 44  # of a transfer, that carry something
RATE = re.compile(r"(\d+) kHz: (\d+) of (\d+) words read and (\d+) of (\d+) written went wrong")
CABLE_HZ, STEEPNESS = 12e6 * 20 / 90, 0.08  # jumpers, 90 cm


def flips(p):
    return 1 - (1 - p) ** BITS


def cable(khz):
    return flips(1 / (1 + math.exp((math.log(CABLE_HZ) - math.log(khz * 1e3)) / STEEPNESS)))


# Words of the scenario, and the true rate of words read and written wrongly, by speed.
LINKS = {
    "silent-read": ("swdio: {silent-read: 3e-4}", lambda khz: (3e-4, 0)),
    "silent-write": ("swdio: {silent-write: 3e-4}", lambda khz: (0, 3e-4)),
    "noise-1e-5": ("swdio: {edge: 1e-5}", lambda khz: (flips(1e-5),) * 2),
    "noise-1e-4": ("swdio: {edge: 1e-4}", lambda khz: (flips(1e-4),) * 2),
    "noise-5e-4": ("swclk: {edge: 5e-4}", lambda khz: (flips(5e-4),) * 2),
    "noise-1e-3": ("swdio: {edge: 1e-3}", lambda khz: (flips(1e-3),) * 2),
    "cable": ("swclk: {cable: jumpers, cm: 90}", lambda khz: (cable(khz),) * 2),
}


# ---- exact bounds, worked out apart from the program's ----

def at_most(k, mean):
    """P(at most k events) where mean are expected."""
    term = total = math.exp(-mean)
    for i in range(1, k + 1):
        term *= mean / i
        total += term
    return total


def mean_for(k, probability):
    low, high = 0.0, k + 12 * math.sqrt(k + 1) + 12
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(k, middle) > probability else (low, middle)
    return low


def holds(errors, words, rate):
    least = mean_for(errors - 1, 0.975) if errors else 0
    return least <= rate * words <= mean_for(errors, 0.025)


# ---- runs ----

def check(program, path, seed, *options):
    words = f"sim:{path},seed={seed}"
    cmd = [program, "check", "--no-history", "--probe", words, "--format", "json", "--events", "--allow", "reset", *options]
    done = subprocess.run(cmd, capture_output=True, text=True, timeout=120, check=False)
    if not done.stdout:
        raise RuntimeError(f"{path} with seed {seed} ended with {done.returncode} and no report: {done.stderr[-300:]}")
    return json.loads(done.stdout)


def rates(report):
    """Speed, words read wrongly and read, written wrongly and written."""
    found = (RATE.match(e["text"]) for e in report["events"] if e["event"] == "link.rate")
    return [tuple(map(int, m.groups())) for m in found if m]


def scene(folder, name, text):
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def each(pool, run, n):
    return pool.map(run, range(1, n + 1))


class Tally:
    """Of n estimates: how many lie within their bounds, and of those from ten errors on, how many are near."""

    def __init__(self):
        self.n = self.bounds = self.counted = self.near = self.told = self.told_bounds = 0

    def add(self, errors, words, rate):
        if not words:
            return
        self.n += 1
        self.bounds += holds(errors, words, rate)
        if errors >= 10 and rate:
            self.counted += 1
            self.near += rate / 3 <= errors / words <= rate * 3

    def add_told(self, speed, rates):
        """What the report itself gives as bounds, of reading and writing together."""
        words = speed["words_read"], speed["words_written"]
        if not sum(words):
            return
        rate = sum(n * r for n, r in zip(words, rates)) / sum(words)
        self.told += 1
        self.told_bounds += speed["error_rate_least"] <= rate <= speed["error_rate_most"]

    def join(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def worst(self):
        return min(self.bounds / self.n, self.told_bounds / self.told)


def measure(program, pool, folder, seeds):
    """Each link; the worst share of estimates within their bounds over the links."""
    total, worst = Tally(), 1.0
    for name, (wires, truth) in LINKS.items():
        path, tally = scene(folder, name, f"probe: v2\nchip: F405\nwires:\n  {wires}\ntruth: signal-integrity\n"), Tally()
        for report in each(pool, lambda seed: check(program, path, seed, "--sweep"), seeds):
            for speed in report.get("sweep", []):
                of_reads, of_writes = truth(speed["khz"])
                tally.add(speed["read_errors"], speed["words_read"], of_reads)
                tally.add(speed["write_errors"], speed["words_written"], of_writes)
                tally.add_told(speed, (of_reads, of_writes))
        if not tally.n:
            print(f"{name:14}  no speed could be measured", flush=True)
            continue
        print(f"{name:14} {tally.n:6} estimates, {100 * tally.bounds / tally.n:5.1f} % within their bounds, "
              f"{100 * tally.told_bounds / tally.told:5.1f} % of {tally.told} within those told; "
              f"{tally.near} of {tally.counted} with ten errors or more within a factor of three", flush=True)
        total.join(tally)
        worst = min(worst, tally.worst())
    return total, worst


def seconds_of(program, trace, step):
    """How long a step of the examination took."""
    told = subprocess.run([program, "trace", trace], capture_output=True, text=True, timeout=120, check=True).stdout
    begin, end = (re.search(rf"(\d+\.\d+) -- {step}{done}$", told, re.MULTILINE) for done in ("", ": done"))
    return float(end[1]) - float(begin[1])


def power(program, pool, folder, seeds):
    """The share of seeds in which it was found, and the longest reading."""
    wires = "swdio: {silent-read: 1e-4}"
    path = scene(folder, "one-in-ten-thousand", f"probe: v2\nchip: F405\nwires:\n  {wires}\ntruth: signal-integrity\n")

    def run(seed):
        trace = os.path.join(folder, f"{seed}.pcapng")
        report = check(program, path, seed, "--speed", "1800", "--trace", trace)
        found = report["verdict"] == "problem" and report["findings"][0]["cause"] == "signal-integrity"
        return found, seconds_of(program, trace, "thousands of words read, twice the same")

    found, seconds = zip(*each(pool, run, seeds))
    return sum(found) / seeds, max(seconds)


def alarms(program, pool, folder, n):
    def run(seed):
        lost = random.Random(seed).randint(1, 700)
        text = ("probe: v2\nchip: F405\nfaults:\n- {what: status, word: 0x10, probability: 0.01}\n"
                f"- {{what: usb-lost, at: transaction {lost}}}\ntruth: healthy\n")
        return check(program, scene(folder, f"clean-{seed}", text), seed, "--sweep")

    return sum(r["verdict"] != "healthy" or any(bad_read or bad_written for _, bad_read, _, bad_written, _ in rates(r))
               for r in each(pool, run, n))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--clean", type=int, default=1000)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()

    result = {"target": "sweep-stats", "seeds": args.seeds, "clean": args.clean}
    kept = True
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        os.environ["SWDOCTOR_LOCK_DIR"] = os.environ["XDG_STATE_HOME"] = folder
        if args.seeds:
            total, worst = measure(args.program, pool, folder, args.seeds)
            found, seconds = power(args.program, pool, folder, args.seeds)
            near = total.near / total.counted if total.counted else 1
            kept = worst >= 0.93 and near >= 0.99 and seconds <= 2.5
            result |= {"estimates": total.n, "within_bounds": round(total.bounds / total.n, 4),
                       "told_within_bounds": round(total.told_bounds / total.told, 4), "worst_link": round(worst, 4),
                       "within_3": round(near, 4), "power_1e-4": round(found, 4), "quick_s": round(seconds, 2)}
        if args.clean:
            result["false_alarms"] = alarms(args.program, pool, folder, args.clean)
            kept &= result["false_alarms"] <= args.clean / 1000
    print(json.dumps(result))
    if args.check and not kept:
        sys.exit("sweep-stats: below what was promised")


main()
