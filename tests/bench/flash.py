"""How long flashing takes, beside OpenOCD and st-flash: all through the same replacement libusb, in the same run.

    flash.py SWDOCTOR [KIB...]

Old contents differ everywhere, so that each block is erased. One line a row; the limit is what erasing and programming
need by typical times, and entering SWD. The last line is JSON.
"""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

# Chip; OpenOCD's target file; seconds to erase and to program 64 KiB (4 KiB: of a first block), as the bench's flash has them.
CHIPS = {
    "F103": ("stm32f1x", lambda kib: kib * 0.022 + kib * 512 * 52.5e-6),
    "F405": ("stm32f4x", lambda kib: math.ceil(kib / 16) * 0.2075 + kib * 256 * 16e-6),
    "L476": ("stm32l4x", lambda kib: math.ceil(kib / 2) * 0.02202 + kib * 128 * 81.69e-6),
    "G071": ("stm32g0x", lambda kib: math.ceil(kib / 2) * 0.022 + kib * 128 * 85e-6),
    "H743": ("stm32h7x", lambda kib: math.ceil(kib / 128) * 1.0 + kib * 32 * 100e-6),
}
LINKS = [("v2", 1800), ("v2", 4000), ("v3", 24000)]
ENTER = 0.02


def commands(swdoctor, target, khz, image):
    return {
        "swdoctor": [swdoctor, "flash", image, "--base", "0x08000000", "--probe", "usb", "--speed", str(khz)],
        "openocd": ["openocd", "-f", "interface/stlink.cfg", "-f", f"target/{target}.cfg", "-c", f"adapter speed {khz}",
                    "-c", "init; reset halt", "-c", f"flash write_image erase {image} 0x08000000",
                    "-c", f"verify_image {image} 0x08000000; reset run; shutdown"],
        "st-flash": ["st-flash", f"--freq={khz}k", "write", image, "0x08000000"],
    }


def run(swdoctor, chip, probe, command, folder, image):
    """Seconds, USB transfers, and whether the image is in the array afterwards."""
    stats, out = folder / "stats.json", folder / "out.bin"
    stats.unlink(missing_ok=True)
    subprocess.run([swdoctor, "sim", "run", "--set", f"chip={chip}", "--set", f"probe={probe}",
                    *(["--set", "firmware=V3J10M3"] if probe == "v3" else []),
                    "--flash-in", folder / "old.bin", "--flash-out", out, "--stats", stats, "healthy-f405-v2", "--", *command],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300, check=False,
                   env={**os.environ, "XDG_STATE_HOME": str(folder), "SWDOCTOR_LOCK_DIR": str(folder)})
    if not stats.exists():
        return None
    numbers = json.loads(stats.read_text())
    right = out.exists() and out.read_bytes()[:len(image)] == image
    return (numbers["seconds"], numbers["usb_transfers"]) if right else None


def geomean(values):
    return round(math.exp(sum(map(math.log, values)) / len(values)), 3) if values else None


def again(swdoctor, folder):
    """Nothing changed on an F405 with 64 KiB; one page of 256 KiB changed on an L476."""
    seconds = []
    for chip, target, kib, page in ("F405", "stm32f4x", 64, None), ("L476", "stm32l4x", 256, 100):
        image = random.randbytes(kib * 1024)
        old = bytearray(image)
        if page:
            old[page * 2048:(page + 1) * 2048] = bytes(2048)
        (folder / "old.bin").write_bytes(old)
        (folder / "image.bin").write_bytes(image)
        took = run(swdoctor, chip, "v2", commands(swdoctor, target, 1800, str(folder / "image.bin"))["swdoctor"], folder, image)
        seconds.append(round(took[0], 3) if took else None)
    return seconds


def main():
    swdoctor = sys.argv[1]
    sizes = [int(a) for a in sys.argv[2:]] or [64]
    random.seed(1)
    limit_ratios, peer_ratios, best = [], [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kib in sizes:
            image = random.randbytes(kib * 1024)
            path = folder / "image.bin"
            path.write_bytes(image)
            (folder / "old.bin").write_bytes(bytes(b ^ 0x5a for b in image))
            for chip, (target, flash_s) in CHIPS.items():
                for probe, khz in LINKS:
                    took = {tool: run(swdoctor, chip, probe, command, folder, image)
                            for tool, command in commands(swdoctor, target, khz, str(path)).items()}
                    limit = flash_s(kib) + ENTER
                    cells = "  ".join(f"{tool} {t[0]:.3f} s {t[1]}" if t else f"{tool} failed" for tool, t in took.items())
                    ours = took["swdoctor"]
                    peers = [t[0] for tool, t in took.items() if t and tool != "swdoctor"]
                    print(f"{chip} {kib} KiB {probe} {khz} kHz: limit {limit:.3f} s  {cells}", flush=True)
                    if ours:
                        limit_ratios.append(ours[0] / limit)
                        best[chip, kib, probe, khz] = ours
                    if ours and peers:
                        peer_ratios.append(ours[0] / min(peers))
        unchanged, one_page = again(swdoctor, folder)
    f405 = best.get(("F405", 64, "v2", 1800))
    print(json.dumps({"target": "bench-flash", "geomean_vs_limit": geomean(limit_ratios),
                      "geomean_vs_best_peer": geomean(peer_ratios),
                      "worst_vs_best_peer": round(max(peer_ratios), 3) if peer_ratios else None,
                      "f405_64k_v2_1800_s": round(f405[0], 3) if f405 else None,
                      "transfers_64k": f405[1] if f405 else None, "unchanged_s": unchanged, "one_page_s": one_page}))


main()
