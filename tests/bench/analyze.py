"""Throughput of `swdoctor analyze` through a pipe, beside `rg -F -f` with the same literals and `wc -l`.

usage: analyze.py BUILD MIB

Two logs, made anew but always the same bytes: MIB MiB of which 1 % of the lines are from tests/corpus, and a fifth of
that with all lines from it. Each command reads each log three times from `cat`; the best time counts, since other
work on the machine only ever adds. Of both logs the first MiB is also read without the prefilter: all that the JSON
says must be the same, or the bench fails. The last line is JSON: gbps and rg_gbps for the first log, ratio_rg the worse of both.
"""
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import yaml

TRIES = 3


def literals(path):
    texts = set()
    for name in glob.glob("rules/logs/*.yaml"):
        with open(name, encoding="utf-8") as f:
            for pattern in yaml.safe_load(f)["patterns"].values():
                text = pattern["text"]
                texts.update(text if isinstance(text, list) else [text])
    with open(path, "w", encoding="utf-8") as f:
        f.write("".join(t + "\n" for t in sorted(texts)))
    return len(texts)


def once(log, command):
    """Seconds from the start of the pipe to its end, and the reader's peak memory in MiB."""
    begin = time.monotonic()
    cat = subprocess.Popen(["cat", log], stdout=subprocess.PIPE)
    reader = subprocess.Popen(command, stdin=cat.stdout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cat.stdout.close()
    _, _, usage = os.wait4(reader.pid, 0)
    reader.returncode = 0
    cat.wait()
    return time.monotonic() - begin, usage.ru_maxrss / 1024


def best(log, command):
    runs = [once(log, command) for _ in range(TRIES)]
    return min(r[0] for r in runs), max(r[1] for r in runs)


def small(program, folder):
    """Start to finish for a log of 100 lines: the median of 21 runs, in ms."""
    log = os.path.join(folder, "small.log")
    with open("tests/golden/seed/openocd-0.8-f405-stlink-v2.log", encoding="utf-8") as f:
        lines = f.readlines()
    with open(log, "w", encoding="utf-8") as f:
        f.writelines((lines * 3)[:100])
    runs = []
    for _ in range(21):
        begin = time.monotonic()
        subprocess.run([program, "analyze", log], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        runs.append(time.monotonic() - begin)
    return 1000 * statistics.median(runs)


def same_findings(program, plain, log):
    """The first MiB of a log read both ways."""
    with open(log, "rb") as f:
        head = f.read(1 << 20)
    fast, slow = (json.loads(subprocess.run(command, input=head, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout)
                  for command in ([program, "analyze", "--format", "json", "-"], [plain]))
    if fast != slow:
        sys.exit(f"without the prefilter the findings differ: {[k for k in fast if fast[k] != slow.get(k)]}")
    return f"{fast['verdict']}, {len(fast['findings'])} causes, {fast['unrecognised_lines']} lines not recognised"


def main():
    build, mib = sys.argv[1], int(sys.argv[2])
    program, gen_log = build + "/swdoctor", build + "/bench/gen_log"
    corpus = sorted(glob.glob("tests/corpus/*.log"))
    speeds = {}
    peak = 0
    with tempfile.TemporaryDirectory() as folder:
        words = os.path.join(folder, "literals")
        print(f"{literals(words)} literals; GB/s, best of {TRIES}, through a pipe")
        print(f"{'log':30} {'swdoctor':>9} {'rg -F -f':>9} {'wc -l':>9} {'to rg':>7}")
        for percent, size in ((1, mib), (100, mib // 5)):
            log = os.path.join(folder, "log")
            with open(log, "wb") as f:
                subprocess.run([gen_log, str(size), str(percent), "1"] + corpus, stdout=f, check=True)
            gb = os.path.getsize(log) / 1e9
            ours, memory = best(log, [program, "analyze", "-"])
            rg, _ = best(log, ["rg", "-j1", "-c", "-F", "-f", words])
            wc, _ = best(log, ["wc", "-l"])
            peak = max(peak, memory)
            speeds[percent] = (gb / ours, gb / rg)
            said = same_findings(program, build + "/bench/plain", log)
            print(f"{f'{size} MiB, {percent} % from the corpus':30} {gb / ours:9.2f} {gb / rg:9.2f} {gb / wc:9.2f} {rg / ours:7.2f}")
            print(f"    its first MiB without the prefilter: the same ({said})")
        print(f"a log of 100 lines: {small(program, folder):.0f} ms; peak memory {peak:.0f} MiB")
    print(json.dumps({"target": "bench-analyze", "gbps": round(speeds[1][0], 3), "rg_gbps": round(speeds[1][1], 3),
                      "ratio_rg": round(min(a / b for a, b in speeds.values()), 2), "peak_mb": round(peak, 1)}))


if __name__ == "__main__":
    main()
