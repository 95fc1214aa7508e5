"""How long flashing takes, beside OpenOCD and st-flash: all through the same replacement libusb, in the same run.

    flash.py SWDOCTOR [--kib 64,256] [--hosts nominal] [--chips F405] [--jobs 2] [--keep FILE]

A row is a chip, a size of image, a probe with its clock, and a host; all three programs erase by sectors, and old contents
differ everywhere, so that each block is erased. The limit is what the flash itself takes to erase and program by typical
times, and entering SWD. With --keep, rows that the same programs have measured already are taken from that file, so that
a run that was cut off goes on. All times are the bench's virtual ones: the load of this machine does not show in them.
The last line is JSON: over the rows of the nominal host where it names none.
"""

import argparse
import concurrent.futures
import hashlib
import itertools
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PEERS = ("openocd", "st-flash")
HOSTS = ("fast", "nominal", "slow")
LINKS = [("v2", 1800), ("v2", 4000), ("v3", 24000)]
SIZES = (4, 64, 256, 1024)
ENTER_S = 0.02
TIMEOUT_S = 600
# Sectors of an F405 in KiB, and the seconds that one takes to erase.
F405_SECTORS = [(16, 0.2075)] * 4 + [(64, 0.4565)] + [(128, 0.83)] * 7


def f405_erase_s(kib):
    begins = itertools.accumulate((size for size, _ in F405_SECTORS), initial=0)
    return sum(seconds for begin, (_, seconds) in zip(begins, F405_SECTORS) if begin < kib)


# Chip: KiB of flash, OpenOCD's target file, seconds to erase and program so many KiB, as the bench's flash has them.
CHIPS = {
    "F103": (128, "stm32f1x", lambda kib: kib * 0.022 + kib * 512 * 52.5e-6),
    "F405": (1024, "stm32f4x", lambda kib: f405_erase_s(kib) + kib * 256 * 16e-6),
    "L476": (1024, "stm32l4x", lambda kib: math.ceil(kib / 2) * 0.02202 + kib * 128 * 81.69e-6),
    "G071": (128, "stm32g0x", lambda kib: math.ceil(kib / 2) * 0.022 + kib * 128 * 85e-6),
    # Its banks work at the same time; the first one has most of what begins at the first byte.
    "H743": (2048, "stm32h7x", lambda kib: math.ceil(min(kib, 1024) / 128) * 1.0 + min(kib, 1024) * 32 * 100e-6),
}


def command_of(tool, swdoctor, chip, khz, image):
    if tool == "swdoctor":
        return [swdoctor, "flash", image, "--base", "0x08000000", "--probe", "usb", "--speed", str(khz), "--format", "json"]
    if tool == "st-flash":
        return ["st-flash", f"--freq={khz}k", "write", image, "0x08000000"]
    return ["openocd", "-c", "gdb_port disabled; tcl_port disabled; telnet_port disabled", "-f", "interface/stlink.cfg",
            "-f", f"target/{CHIPS[chip][1]}.cfg", "-c", f"adapter speed {khz}", "-c", "init; reset halt",
            "-c", f"flash write_image erase {image} 0x08000000", "-c", f"verify_image {image} 0x08000000; reset run; shutdown"]


def measure(swdoctor, tool, row, image, old):
    """Seconds, USB transfers and, of our own, what it says about itself; None if the array does not hold the image then."""
    chip, _, (probe, khz), host = row
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {part: folder / part for part in ("image", "old", "out", "stats", "said")}
        files["image"].write_bytes(image)
        files["old"].write_bytes(old)
        with files["said"].open("w", encoding="utf-8") as said:
            subprocess.run([swdoctor, "sim", "run", "--set", f"chip={chip}", "--set", f"probe={probe}", "--set", f"host={host}",
                            *(["--set", "firmware=V3J10M3"] if probe == "v3" else []), "--flash-in", files["old"],
                            "--flash-out", files["out"], "--stats", files["stats"], "healthy-f405-v2", "--",
                            *command_of(tool, swdoctor, chip, khz, str(files["image"]))],
                           stdout=said, stderr=subprocess.DEVNULL, timeout=TIMEOUT_S, check=False,
                           env={**os.environ, "XDG_STATE_HOME": name, "SWDOCTOR_LOCK_DIR": name})
        if not files["stats"].exists() or files["out"].read_bytes()[:len(image)] != image:
            return None
        numbers = json.loads(files["stats"].read_text())
        took = {"seconds": numbers["seconds"], "transfers": numbers["usb_transfers"]}
        if tool == "swdoctor":
            took["phases"] = json.loads(files["said"].read_text().splitlines()[-1])["outcome"]["phases"]
        return took


def noise(kib):
    return random.Random(kib).randbytes(kib * 1024)


def row_name(row):
    chip, kib, (probe, khz), host = row
    return f"{chip:5}{kib:5} KiB  {probe} {khz:5} kHz  {host:8}"


class Kept:
    """Rows that were measured, in a file that only the same programs continue."""

    def __init__(self, path, swdoctor):
        self.path, self.rows = path, {}
        folder = Path(swdoctor).parent / "lib" / "swdoctor"
        parts = [Path(swdoctor), *sorted(folder.iterdir())] + [Path(p) for p in map(shutil.which, PEERS) if p]
        self.key = hashlib.sha256(b"".join(hashlib.sha256(p.read_bytes()).digest() for p in parts if p.is_file())).hexdigest()
        if path and Path(path).exists():
            lines = [json.loads(line) for line in Path(path).read_text().splitlines() if line.endswith("}")]
            self.rows = {line["row"]: line["took"] for line in lines if line["key"] == self.key}

    def add(self, row, took):
        self.rows[row_name(row)] = took
        if self.path:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            with open(self.path, "a", encoding="utf-8") as f:
                f.write(json.dumps({"key": self.key, "row": row_name(row), "took": took}) + "\n")


def geomean(values):
    return round(math.exp(sum(map(math.log, values)) / len(values)), 3) if values else None


class Table:
    """What was measured, and what it comes to."""

    def __init__(self):
        self.at = {}

    def add(self, row, took):
        self.at[row] = took
        limit = CHIPS[row[0]][2](row[1]) + ENTER_S
        ours, peers = took["swdoctor"], [took[t]["seconds"] for t in PEERS if took[t]]
        cells = "  ".join(f"{took[t]['seconds']:8.3f} {took[t]['transfers']:7}" if took[t] else f"{'failed':>16}"
                          for t in ("swdoctor", *PEERS))
        ratios = f"{ours['seconds'] / limit:6.2f}" if ours else f"{'-':>6}"
        ratios += f"{ours['seconds'] / min(peers):9.2f}" if ours and peers else f"{'-':>9}"
        print(f"{row_name(row)}{limit:8.3f} {cells} {ratios}", flush=True)

    def ratios(self, wanted=lambda row: True):
        to_limit, to_peer = [], []
        for row, took in self.at.items():
            peers = [took[t]["seconds"] for t in PEERS if took[t]]
            if took["swdoctor"] and wanted(row):
                to_limit.append(took["swdoctor"]["seconds"] / (CHIPS[row[0]][2](row[1]) + ENTER_S))
                to_peer += [took["swdoctor"]["seconds"] / min(peers)] if peers else []
        return to_limit, to_peer

    def means(self):
        print("\ngeometric mean of our time to the limit, to the better peer; the worst")
        for part in range(4):
            for value in dict.fromkeys(row[part] for row in self.at):
                to_limit, to_peer = self.ratios(lambda row, p=part, v=value: row[p] == v)
                name = {0: "{}", 1: "{} KiB", 2: "{0[0]} {0[1]} kHz", 3: "host {}"}[part].format(value)
                print(f"  {name:14} {geomean(to_limit)}  {geomean(to_peer)}  {round(max(to_peer), 3) if to_peer else None}")

    def seconds(self, row, tool="swdoctor"):
        took = self.at.get(row)
        return round(took[tool]["seconds"], 3) if took and took[tool] else None


def again(swdoctor):
    """Nothing changed on an F405 with 64 KiB; one page of 256 KiB changed on an L476."""
    seconds = []
    for chip, kib, page in ("F405", 64, None), ("L476", 256, 100):
        image = noise(kib)
        old = bytearray(image)
        if page:
            old[page * 2048:(page + 1) * 2048] = bytes(2048)
        took = measure(swdoctor, "swdoctor", (chip, kib, LINKS[0], "nominal"), image, bytes(old))
        seconds.append(round(took["seconds"], 3) if took else None)
    return seconds


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("swdoctor")
    p.add_argument("--kib", default=",".join(map(str, SIZES)))
    p.add_argument("--hosts", default=",".join(HOSTS))
    p.add_argument("--chips", default=",".join(CHIPS))
    p.add_argument("--jobs", type=int, default=os.cpu_count())
    p.add_argument("--keep")
    return p.parse_args()


def measure_all(a, kept, rows):
    """Each row with what it took, in order; several are measured at a time."""
    images = {kib: noise(kib) for _, kib, _, _ in rows}
    olds = {kib: bytes(b ^ 0x5a for b in image) for kib, image in images.items()}

    def one(row):
        if row_name(row) not in kept.rows:
            kept.add(row, {tool: measure(a.swdoctor, tool, row, images[row[1]], olds[row[1]])
                           for tool in ("swdoctor", *PEERS)})
        return kept.rows[row_name(row)]

    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        yield from zip(rows, pool.map(one, rows))


def main():
    a = arguments()
    kept, table = Kept(a.keep, a.swdoctor), Table()
    rows = [row for row in itertools.product(a.chips.split(","), map(int, a.kib.split(",")), LINKS, a.hosts.split(","))
            if row[1] <= CHIPS[row[0]][0]]
    if kept.rows:
        print(f"{len(kept.rows)} rows were measured before, by the same programs")
    print(f"{'':36}{'limit':>8} {'swdoctor, USB':>16}  {'OpenOCD':>16}  {'st-flash':>16}  limit best peer")
    for row, took in measure_all(a, kept, rows):
        table.add(row, took)
    table.means()
    unchanged, one_page = again(a.swdoctor)
    known = ("F405", 64, LINKS[0], "nominal")
    f405 = table.at.get(known, {}).get("swdoctor")
    to_limit, to_peer = table.ratios(lambda row: row[3] == "nominal")
    all_limit, all_peer = table.ratios()
    print(json.dumps({
        "target": "bench-flash", "geomean_vs_limit": geomean(to_limit), "geomean_vs_best_peer": geomean(to_peer),
        "worst_vs_best_peer": round(max(to_peer), 3) if to_peer else None, "f405_64k_v2_1800_s": table.seconds(known),
        "transfers_64k": f405 and f405["transfers"], "unchanged_s": unchanged, "one_page_s": one_page,
        "f405_64k_openocd_s": table.seconds(known, "openocd"), "f405_64k_st_flash_s": table.seconds(known, "st-flash"),
        "f405_64k_verify_s": f405 and round(f405["phases"]["verify"], 3), "rows": len(rows),
        "failed": sum(not took["swdoctor"] for took in table.at.values()), "all_hosts_geomean_vs_limit": geomean(all_limit),
        "all_hosts_geomean_vs_best_peer": geomean(all_peer),
        "all_hosts_worst_vs_best_peer": round(max(all_peer), 3) if all_peer else None}))
    sys.exit(any(not took["swdoctor"] for took in table.at.values()))


main()
