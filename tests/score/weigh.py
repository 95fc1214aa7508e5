"""Weights of the evidence worked out from labelled cases, in place of those given by hand.

A line's weight is the log-likelihood ratio of its firing, in decibels: how much more often it fires where its cause is
the truth (or one of `also`) than elsewhere. Whether it speaks for or against stays as the rules say.
"""
import collections
import math

LEAST, MOST, UNSEEN = 2.0, 20.0, 6.0  # dB


def ratio_db(with_cause, causes, without, others):
    """Half a case is added to each count, so that one firing is no proof."""
    return 10 * math.log10((with_cause + 0.5) / (causes + 1) / ((without + 0.5) / (others + 1)))


class Weights:
    def __init__(self, cases, answers):
        self.fired = collections.defaultdict(set)
        self.truth = {c.name: {c.cause, *c.also} for c in cases if c.counted}
        for case, answer in zip(cases, answers):
            for finding in answer.findings if case.counted else []:
                for line in finding["evidence"] + finding["against"]:
                    self.fired[finding["cause"], line["says"].split(": ", 1)[-1]].add(case.name)

    def db(self, cause, says, by_hand):
        fired = self.fired.get((cause, says))
        if not fired:
            return math.copysign(UNSEEN, by_hand)
        true = {name for name, causes in self.truth.items() if cause in causes}
        db = ratio_db(len(fired & true), len(true), len(fired - true), len(self.truth) - len(true))
        return math.copysign(min(max(db * math.copysign(1, by_hand), LEAST), MOST), by_hand)

    def weigh(self, cause, line):
        """One evidence line of the rules, weighed anew; by hand: "then: +8 dB"."""
        line = dict(line)
        for weight, says in (("then", "says"), ("else", "else-says")):
            if weight in line and says in line:
                line[weight] = f"{self.db(cause, line[says], float(line[weight].split()[0])):+.1f} dB"
        return line
