"""Accuracy on a labelled corpus: totals, a table per cause and per tool, and the confusions.

usage: score.py PROGRAM CORPUS [--rules DIR] [--misses] [--at-least KEY=SHARE ...]
"""
import argparse
import collections
import sys

import corpus


def table(title, pairs, key):
    rows = collections.defaultdict(list)
    for case, answer in pairs:
        rows[key(case)].append((case, answer))
    print(f"\n{title:32}   n strict  fair top-3  mistaken for")
    for name, group in sorted(rows.items(), key=lambda row: (-len(row[1]), row[0])):
        wrong = collections.Counter(a.first or "(nothing)" for c, a in group if a.first != c.cause)
        print(f"{name:32} {len(group):3} {sum(a.first == c.cause for c, a in group):6} "
              f"{sum(a.first in [c.cause] + c.also for c, a in group):5} "
              f"{sum(c.cause in a.top3 for c, a in group):5}  "
              + ", ".join(f"{cause} {n}" if n > 1 else cause for cause, n in wrong.most_common()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("corpus")
    parser.add_argument("--rules")
    parser.add_argument("--misses", action="store_true", help="list every case that is not strictly right")
    parser.add_argument("--at-least", action="append", default=[], metavar="KEY=SHARE",
                        help="exit with 1 when strict, fair or top3 is lower, or false_alarms higher")
    args = parser.parse_args()

    cases = corpus.load(args.corpus)
    answers = corpus.ask(args.program, [c.path for c in cases], args.rules)
    score = corpus.Score(cases, answers)
    if args.misses:
        for c, a in score.pairs:
            if a.first != c.cause:
                mark = "~" if a.first in c.also else "!"
                print(f"{mark} {c.name:28} {c.cause:24} got {a.verdict} {a.named[:4]}")
    table("cause", score.pairs, lambda c: c.cause)
    table("tool", score.pairs, lambda c: c.tool)
    print("\n" + score.line())
    print(score.json())
    sys.stdout.flush()
    for bound in args.at_least:
        key, share = bound.split("=")
        value = getattr(score, key)
        if value > float(share) if key == "false_alarms" else value < float(share):
            sys.exit(f"score: {key} is {value:.3f}, the bound is {share}")


if __name__ == "__main__":
    main()
