#!/usr/bin/env python3
"""Does `swdoctor check` leave healthy boards in peace? Every chip of the virtual bench behind every probe, over SWD and, where
the chip has it, JTAG, without consent and with --allow reset.

healthy.py SWDOCTOR [--every N] [--seed N] [--minutes N] [--processes N]

Nothing may be found above "possible", the verdict is "healthy", and an examination without consent takes less than 5 seconds
of the bench's time and less than 400 transactions. --every N: only every Nth board, in an order that the seed gives; --minutes:
boards for which no time is left are counted, not examined. Each board that is judged wrongly is told on stderr; the last line is
one line of JSON. A probe with the firmware of 2013 is rightly called outdated."""
import argparse
import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NO_JTAG = ("C0", "F0", "G0", "L0", "U0")  # Cortex-M0 and M0+
PROBES = ("v2", "v2-old", "v2-clone", "v2-1", "v2-1-plain", "v3", "v3e", "v3-mini", "v3-dual", "v3-pwr")
RIGHT = {"v2-old": {"probe-firmware-outdated"}}
CONSENTS = ([], ["--allow", "reset"])
SECONDS, TRANSACTIONS = 5, 400


def chips():
    """As the page about scenarios lists them."""
    with open(os.path.join(HERE, "../../doc/scenarios.md"), encoding="utf-8") as f:
        listed = re.search(r"^`chip: PART`.*?\n\n", f.read(), re.M | re.S).group(0)
    return re.findall(r"`([CFGHLUW][A-Z0-9]{3,5})`", listed)


def boards():
    return [(chip, probe, transport, consent) for chip in chips() for probe in PROBES for transport in ("swd", "jtag")
            for consent in range(len(CONSENTS)) if transport == "swd" or not chip.startswith(NO_JTAG)]


def examine(program, board):
    """(what is wrong, seconds of the bench, transactions)"""
    chip, probe, transport, consent = board
    with tempfile.TemporaryDirectory() as work:
        words = f"sim:healthy-f405-v2,probe={probe},chip={chip},stats={work}/stats"
        ran = subprocess.run([program, "check", "--no-history", "--format", "json", "--transport", transport, "--probe", words,
                              *CONSENTS[consent]], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                             check=False, env=dict(os.environ, XDG_STATE_HOME=work, SWDOCTOR_LOCK_DIR=work))
        if not ran.stdout:
            return [f"ended with {ran.returncode}: {ran.stderr.strip()[-200:]}"], 0, 0
        result = json.loads(ran.stdout)
        with open(f"{work}/stats", encoding="utf-8") as f:
            stats = json.load(f)
    right = RIGHT.get(probe, set())
    wrong = [f'{f["cause"]} {f["word"]}' for f in result["findings"]
             if f["word"] in ("probable", "likely") and f["cause"] not in right]
    if not wrong and result["verdict"] != "healthy" and not right:
        wrong = ["verdict " + result["verdict"]]
    if not consent and (stats["seconds"] >= SECONDS or stats["commands"] >= TRANSACTIONS):
        wrong.append(f'{stats["seconds"]:.1f} s and {stats["commands"]} transactions')
    return wrong, stats["seconds"], stats["commands"]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("program")
    p.add_argument("--every", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--minutes", type=float, default=1e9)
    p.add_argument("--processes", type=int, default=2)
    args = p.parse_args()
    todo = boards()
    random.Random(args.seed).shuffle(todo)
    todo = todo[::args.every]
    end = time.monotonic() + 60 * args.minutes
    done = wrong = 0
    most = [[0, 0], [0, 0]]  # seconds and transactions, by consent
    with concurrent.futures.ThreadPoolExecutor(args.processes) as pool:
        for board, found in zip(todo, pool.map(
                lambda b: examine(args.program, b) if time.monotonic() < end else None, todo)):
            if not found:
                continue
            done += 1
            wrong += bool(found[0])
            most[board[3]] = [max(a, b) for a, b in zip(most[board[3]], found[1:])]
            if found[0]:
                print(*board[:3], *CONSENTS[board[3]], ": ", ", ".join(found[0]), file=sys.stderr, sep=" ", flush=True)
    print(json.dumps({"target": "score-healthy", "n": done, "left_out": len(todo) - done, "wrong": wrong,
                      "seconds": round(most[0][0], 2), "transactions": most[0][1],
                      "seconds_with_reset": round(most[1][0], 2), "transactions_with_reset": most[1][1]}))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
