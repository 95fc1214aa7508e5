#!/usr/bin/env python3
"""What `swdoctor check --sweep` says of the error rate of a link, held against the virtual bench's own model of it.

sweep.py SWDOCTOR [--seeds N] [--clean N] [--check]

Links: words that are wrong without a word (read, written), bits that flip at a rate, and a cable that carries less the faster
it goes. Each is measured with N seeds at every speed. within_bounds: the true rate lies in the 95 % interval of what was
counted; within_3: of the estimates from ten errors on, those within a factor of three. power: a quick verdict (no sweep) on
a link that spoils one word in ten thousand, at 1.8 MHz, finds it. clean: a good link with WAITs and one lost USB transfer;
false_alarms: errors were counted, or something is said to be wrong. With --check it fails below what was promised."""
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
    cmd = [program, "check", "--probe", words, "--format", "json", "--events", "--allow", "reset", *options]
    done = subprocess.run(cmd, capture_output=True, text=True, timeout=120, check=False)
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
    def __init__(self):
        self.n = self.bounds = self.counted = self.near = 0

    def add(self, errors, words, rate):
        if not words:
            return
        self.n += 1
        self.bounds += holds(errors, words, rate)
        if errors >= 10 and rate:
            self.counted += 1
            self.near += rate / 3 <= errors / words <= rate * 3

    def join(self, other):
        for name in ("n", "bounds", "counted", "near"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def measure(program, pool, folder, seeds):
    """Each link; the worst share of estimates within their bounds over the links."""
    total, worst = Tally(), 1.0
    for name, (wires, truth) in LINKS.items():
        path, tally = scene(folder, name, f"probe: v2\nchip: F405\nwires:\n  {wires}\ntruth: signal-integrity\n"), Tally()
        for report in each(pool, lambda seed: check(program, path, seed, "--sweep"), seeds):
            for khz, bad_read, read, bad_written, written in rates(report):
                rate_read, rate_written = truth(khz)
                tally.add(bad_read, read, rate_read)
                tally.add(bad_written, written, rate_written)
        share = tally.bounds / tally.n
        print(f"{name:14} {tally.n:6} estimates, {100 * share:5.1f} % within their bounds; "
              f"{tally.near} of {tally.counted} with ten errors or more within a factor of three")
        total.join(tally)
        worst = min(worst, share)
    return total, worst


def power(program, pool, folder, seeds):
    wires = "swdio: {silent-read: 1e-4}"
    path = scene(folder, "one-in-ten-thousand", f"probe: v2\nchip: F405\nwires:\n  {wires}\ntruth: signal-integrity\n")
    found = sum(r["verdict"] == "problem" and r["findings"][0]["cause"] == "signal-integrity"
                for r in each(pool, lambda seed: check(program, path, seed), seeds))
    return found / seeds


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

    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        os.environ["SWDOCTOR_LOCK_DIR"] = os.environ["XDG_STATE_HOME"] = folder
        total, worst = measure(args.program, pool, folder, args.seeds)
        found = power(args.program, pool, folder, args.seeds)
        wrong = alarms(args.program, pool, folder, args.clean)
    result = {"target": "sweep-stats", "seeds": args.seeds, "estimates": total.n,
              "within_bounds": round(total.bounds / total.n, 4), "worst_link": round(worst, 4),
              "within_3": round(total.near / total.counted, 4) if total.counted else 1.0,
              "power_1e-4": round(found, 4), "clean": args.clean, "false_alarms": wrong}
    print(json.dumps(result))
    if args.check and (worst < 0.93 or result["within_3"] < 0.99 or wrong > args.clean / 1000):
        sys.exit("sweep-stats: below what was promised")


main()
