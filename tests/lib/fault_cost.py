"""What one transient fault costs: virtual time against the clean run, by chip and by what fails.

fault_cost.py SWDOCTOR PLACES [CHIP...]: each fault strikes once, at PLACES places spread over the session. Prints a table of the
dearest one in milliseconds, and fails where one is over its limit: that of its kind, and once the time to erase a block, which
has to be repeated where the target lost what it was doing.
"""
import concurrent.futures
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

# Chip: probe, and how long one of its blocks takes to erase on the bench.
CHIPS = {"F103": ("v2", 22), "F405": ("v2", 208), "L476": ("v2-1", 22), "G071": ("v2-1", 22), "H743": ("v3", 1000)}
STATUS_MS, OTHER_MS = 50, 400
FAULTS = {
    "AP fault": ("what: status, word: 0x11", STATUS_MS),
    "DP error": ("what: status, word: 0x16", STATUS_MS),
    "no IDCODE": ("what: status, word: 0x09", STATUS_MS),
    "request lost": ("what: usb-request-lost", OTHER_MS),
    "reply lost": ("what: usb-reply-lost", OTHER_MS),
    "stall": ("what: usb-stall", OTHER_MS),
    "short reply": ("what: usb-short", OTHER_MS),
    "re-enumerated": ("what: usb-unplug, for: 1 ms", OTHER_MS),
    "write lost": ("what: write-lost", OTHER_MS),
    "target reset": ("what: nrst-pulse", OTHER_MS),
    "brown-out": ("what: supply, volts: 0.5, for: 20 ms", OTHER_MS),
    "core locked up": ("what: core-lockup", OTHER_MS),
}
IMAGE_BYTES = 9001


class Bench:
    def __init__(self, swdoctor, folder):
        chance = random.Random(1)
        self.swdoctor, self.folder = swdoctor, folder
        self.image, self.old = chance.randbytes(IMAGE_BYTES), chance.randbytes(65536)
        (folder / "image").write_bytes(self.image)
        (folder / "old").write_bytes(self.old)

    def flash(self, chip, fault=None):
        """Seconds, commands; None where the image did not get in."""
        with tempfile.TemporaryDirectory(dir=self.folder) as own:
            words = [f"sim:healthy-f103-v2,chip.part={chip},probe={CHIPS[chip][0]},seed=3,flash-in={self.folder}/old",
                     f"flash-out={own}/array,stats={own}/stats"] + ([f"faults=[{{{fault}}}]"] if fault else [])
            code = subprocess.run([self.swdoctor, "flash", f"{self.folder}/image", "--base", "0x08000000", "--probe", ",".join(words)],
                                  env={**os.environ, "XDG_STATE_HOME": own, "SWDOCTOR_LOCK_DIR": own}, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
            array, stats = Path(own, "array"), json.loads(Path(own, "stats").read_text())
            is_in = not code and array.read_bytes().startswith(self.image + self.old[IMAGE_BYTES:])
            return stats if is_in else None


def main():
    swdoctor, places, chips = sys.argv[1], int(sys.argv[2]), sys.argv[3:] or list(CHIPS)
    wrong, dearest = [], {}
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        bench = Bench(swdoctor, Path(folder))
        clean = {chip: bench.flash(chip) for chip in chips}

        def cost(chip, fault, place):
            at = 1 + int((place + 0.5) * clean[chip]["commands"] / places)
            stats = bench.flash(chip, f"{FAULTS[fault][0]}, at: transaction {at}")
            if not stats:
                wrong.append(f"{chip}, {fault} at {at}: the image is not in")
                return 0
            ms = (stats["seconds"] - clean[chip]["seconds"]) * 1000
            limit = FAULTS[fault][1]
            limit += CHIPS[chip][1] if limit > STATUS_MS else 0
            if ms > limit:
                wrong.append(f"{chip}, {fault} at {at}: {ms:.0f} ms, {limit} are allowed")
            return ms

        for fault in FAULTS:
            for chip in chips:
                costs = pool.map(lambda place, c=chip, f=fault: cost(c, f, place), range(places))
                dearest[fault, chip] = max(costs)
    print("| one fault, ms |" + "".join(f" {c} |" for c in chips) + "\n|---|" + "--:|" * len(chips))
    for fault in FAULTS:
        print(f"| {fault} |" + "".join(f" {max(0, dearest[fault, c]):.0f} |" for c in chips))
    for line in wrong:
        print(f"# {line}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
