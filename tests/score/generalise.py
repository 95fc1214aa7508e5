"""Does the score hold beyond the logs that the rules were written with?

Four questions, each answered on tests/corpus:
  perturbed  every log once more with other numbers, another version, lines lost, mixed, wrapped (perturb.py)
  halves     the discussions split in two halves; everything that fires in no log of one half (patterns and
             evidence) is taken out of the rules, as if it had not been written, and the other half is scored;
             patterns marked `fallback` stay, since they were written from no log
  weighed    the same halves; all evidence is weighed anew by the cases of one half (weigh.py), the other half is scored
  once       every pattern and evidence line that fires in one discussion only is taken out

usage: generalise.py PROGRAM CORPUS RULES_DIR [perturbed|halves|weighed|once ...] [--fair-at-least SHARE]
"""
import argparse
import copy
import hashlib
import os
import sys
import tempfile

import yaml

import corpus
import perturb
import weigh

SEED = 1


def shipped(rules_dir):
    files = {}
    for folder, _, names in os.walk(rules_dir):
        for name in names:
            if name.endswith(".yaml"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as f:
                    files[os.path.relpath(path, rules_dir)] = yaml.load(f, Loader=yaml.BaseLoader)
    return files


def fired(cases, answers):
    """For each pattern id and each (cause, evidence text): the threads in which it fired."""
    threads = {}
    for case, answer in zip(cases, answers):
        for event in answer.events:
            threads.setdefault(event["pattern"], set()).add(case.thread)
        for finding in answer.findings:
            for line in finding["evidence"] + finding["against"]:
                says = line["says"].split(": ", 1)[-1]
                threads.setdefault((finding["cause"], says), set()).add(case.thread)
    return threads


def write(folder, path, doc):
    target = os.path.join(folder, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as f:
        yaml.dump(doc, f, default_flow_style=False, allow_unicode=True, width=1000)


def weighed(files, weights, folder):
    """Write the rules with all evidence weighed anew."""
    for path, doc in files.items():
        if "causes" in doc:
            doc = copy.deepcopy(doc)
            for cause, body in doc["causes"].items():
                body["evidence"] = [weights.weigh(cause, line) for line in body["evidence"]]
            write(folder, path, doc)


def reduced(files, keep, folder):
    """Write the rules with only the patterns and evidence for which keep(key) holds; the rest is as shipped."""
    left_out = 0
    for path, doc in files.items():
        doc = copy.deepcopy(doc)
        if "patterns" in doc:
            gone = [k for k, p in doc["patterns"].items() if not keep(k) and "fallback" not in p]
            left_out += len(gone)
            for k in gone:
                del doc["patterns"][k]
        for cause, body in doc.get("causes", {}).items():
            kept = [e for e in body["evidence"]
                    if "says" not in e or keep((cause, e["says"])) or ("else-says" in e and keep((cause, e["else-says"])))]
            left_out += len(body["evidence"]) - len(kept)
            body["evidence"] = kept
        write(folder, path, doc)
    return left_out


def ask_perturbed(program, cases, kind):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for case in cases:
            with open(case.path, "rb") as f:
                data = perturb.perturb(kind, case.name, f.read(), SEED)
            paths.append(os.path.join(folder, case.name + ".log"))
            with open(paths[-1], "wb") as f:
                f.write(data)
        return corpus.ask(program, paths)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("corpus")
    parser.add_argument("rules")
    parser.add_argument("wanted", nargs="*", metavar="perturbed|halves|weighed|once")
    parser.add_argument("--fair-at-least", type=float, default=0.0, metavar="SHARE",
                        help="exit with 1 when a perturbed corpus scores lower")
    args = parser.parse_args()
    program, folder, rules_dir = args.program, args.corpus, args.rules
    wanted = args.wanted or ["perturbed", "halves", "weighed", "once"]
    cases = corpus.load(folder)
    answers = corpus.ask(program, [c.path for c in cases])
    files = shipped(rules_dir)
    print(f"{'as written':24} {corpus.Score(cases, answers).line()}")

    if "perturbed" in wanted:
        for kind in perturb.KINDS:
            score = corpus.Score(cases, ask_perturbed(program, cases, kind))
            print(f"{'perturbed: ' + kind:24} {score.line()}")
            if score.fair < args.fair_at_least:
                sys.exit(f"generalise: {kind}: fair is {score.fair:.3f}, the bound is {args.fair_at_least}")
    half = {c.name: hashlib.sha256(c.thread.encode()).digest()[0] % 2 for c in cases}
    for one in (0, 1):
        mine = [(c, a) for c, a in zip(cases, answers) if half[c.name] == one]
        others = [c for c in cases if half[c.name] != one]
        if "halves" in wanted:
            known = fired([c for c, _ in mine], [a for _, a in mine])
            with tempfile.TemporaryDirectory() as d:
                n = reduced(files, lambda key, known=known: key in known, d)
                score = corpus.Score(others, corpus.ask(program, [c.path for c in others], d))
            print(f"{'half %d without %d lines' % (1 - one, n):24} {score.line()}")
        if "weighed" in wanted:
            with tempfile.TemporaryDirectory() as d:
                weighed(files, weigh.Weights([c for c, _ in mine], [a for _, a in mine]), d)
                score = corpus.Score(others, corpus.ask(program, [c.path for c in others], d))
            print(f"{'half %d by weights of %d' % (1 - one, one):24} {score.line()}")
    if "once" in wanted:
        threads = fired(cases, answers)
        with tempfile.TemporaryDirectory() as d:
            n = reduced(files, lambda key: len(threads.get(key, ())) != 1, d)
            score = corpus.Score(cases, corpus.ask(program, [c.path for c in cases], d))
        print(f"{'once-only %d lines off' % n:24} {score.line()}")


if __name__ == "__main__":
    main()
