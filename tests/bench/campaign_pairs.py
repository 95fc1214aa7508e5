"""Recoveries by cause against a fixed order, on the same seeds: what a pair of runs says about which of them is better.

A pair is the same board, trouble and seed. Who finishes where the other does not has won; where both did, the faster.
The test is the exact sign test: p is the chance that a coin falls so unevenly. Where there is no chance in the trouble,
seeds repeat each other to the millisecond; such pairs count once. Seeds that the ranking was worked on with are told apart.
"""

import math
import random
import statistics

ALIKE = 1.01  # closer than that is no difference
DRAWS = 2000  # of the bootstrap
SEEN_SEEDS = 2  # the first ones, which were in view when the ranking was worked on


def match(rows):
    """Pairs of rows of one program: [(kind, by cause, blind)]."""
    both = {}
    for r in rows:
        kind, how = r["kind"].split("/")
        both.setdefault((kind, r["chip"], r["name"].rsplit("/", 1)[1], r["program"]), {})[how] = r
    return [(key[0], p["cause"], p["blind"]) for key, p in sorted(both.items()) if len(p) == 2]


def seed(pair):
    return int(pair[1]["name"].rsplit("/", 1)[1])


def distinct(some):
    """Without those that repeat an earlier seed of the same board and trouble."""
    first = {}
    for kind, c, b in sorted(some, key=seed):
        first.setdefault((kind, c["chip"], c["how"], c["s"], b["how"], b["s"]), (kind, c, b))
    return list(first.values())


def sign_test(a, b):
    """Two-sided: a and b are how often each of them won."""
    n = a + b
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(min(a, b) + 1)) / 2 ** n) if n else 1.0


def winner(cause, blind):
    """1: by cause; -1: blind; 0: nothing to choose between them."""
    done = (cause["how"] == "finished") - (blind["how"] == "finished")
    if done or cause["how"] != "finished":
        return done
    if max(cause["s"], blind["s"]) <= ALIKE * min(cause["s"], blind["s"]):
        return 0
    return 1 if cause["s"] < blind["s"] else -1


def ratio(some):
    """Time by cause for one of blind, where both finished: (geometric mean, low, high) with 95 % of the bootstrap."""
    logs = [math.log(c["s"] / b["s"]) for _, c, b in some if c["how"] == b["how"] == "finished" and c["s"] and b["s"]]
    if not logs:
        return None
    chance = random.Random(len(logs))
    means = sorted(statistics.fmean(chance.choices(logs, k=len(logs))) for _ in range(DRAWS))
    return tuple(round(math.exp(x), 3) for x in (statistics.fmean(logs), means[DRAWS // 40], means[-DRAWS // 40]))


def compare(some):
    won = [winner(c, b) for _, c, b in some]
    took = {name: [r["s"] for r in rows if r["how"] == "finished"] for name, rows in
            (("cause", [c for _, c, b in some]), ("blind", [b for _, c, b in some]))}
    return {"pairs": len(some), "tried": sum(c["attempts"] != 1 or b["attempts"] != 1 for _, c, b in some),
            "finished": [len(took["cause"]), len(took["blind"])],
            "median_s": [round(statistics.median(t), 2) if t else None for t in took.values()],
            "mean_s": [round(statistics.fmean(t), 2) if t else None for t in took.values()],
            "ratio": ratio(some), "better": won.count(1), "worse": won.count(-1), "p": sign_test(won.count(1), won.count(-1))}


def text(name, c):
    low_high = f"{c['ratio'][0]} x the time ({c['ratio'][1]} to {c['ratio'][2]})" if c["ratio"] else ""
    return (f"order, {name}: {c['pairs']} pairs, in {c['tried']} of them something was tried; finished {c['finished'][0]} by cause, {c['finished'][1]} "
            f"blind; median {c['median_s'][0]} and {c['median_s'][1]} s, mean {c['mean_s'][0]} and {c['mean_s'][1]} s, {low_high}; better in "
            f"{c['better']}, worse in {c['worse']}, p = {c['p']:.2g}")


def write(rows, detail):
    some = distinct(match(rows))
    fresh = [p for p in some if seed(p) > SEEN_SEEDS]
    kinds = sorted({kind for kind, _, _ in some}) if detail else []
    out = [text(kind, compare([p for p in some if p[0] == kind])) for kind in kinds]
    out += [text("seeds that were not in view", compare(fresh))] if fresh else []
    return out + [text("all seeds", compare(some))] if some else out


def summary(rows):
    some = distinct(match(rows))
    fresh = [p for p in some if seed(p) > SEEN_SEEDS]
    return {"all": compare(some), "fresh": compare(fresh) if fresh else None} if some else None
