"""How well the bench's clock fits sessions that were published with their seconds.

    sim_fit.py SWDOCTOR [--part] [--median-at-most X] [--within-10-at-least X]

Every point is run: unmodified OpenOCD or st-flash does the published work on the bench, and the seconds it prints are
compared with those that the log had. The bench's times were fitted to the points that say so; the others are blind. One
line per point, the totals as JSON in the last line. --part runs a cheap selection.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WROTE = r"wrote \d+ bytes from file .* in ([\d.]+)s"
VERIFIED = r"verified \d+ bytes in ([\d.]+)s"
DUMPED = r"dumped \d+ bytes in ([\d.]+)s"
LOADED = r"downloaded \d+ bytes in ([\d.]+)s"


class Point:
    """A published figure: what was done, on what, and how long it took."""

    def __init__(self, name, seconds, chip, probe, script, pattern, size, **more):
        self.name, self.seconds, self.chip, self.probe = name, seconds, chip, probe
        self.script, self.pattern, self.size = script, pattern, size
        self.khz = more.get("khz", 950)
        self.start = more.get("start", "reset halt")
        self.host = more.get("host", "nominal")
        self.parts = more.get("parts", 1)  # the printed seconds are of so many of what was published
        self.blind = more.get("blind", False)
        self.cheap = more.get("cheap", False)


WRITE = "flash write_image erase {file} 0x08000000"
WRITE_VERIFY = WRITE + "; verify_image {file} 0x08000000"
WHOLE = "stm32f1x mass_erase 0; flash write_image {file} 0x08000000"
DUMP = "dump_image {out} 0x08000000 {size}"

POINTS = [
    Point("F103, V2-1, write 65536", 3.627, "F103", "v2-1", WRITE, WROTE, 65536),
    Point("F103, V2-1, verify 64676", 0.948, "F103", "v2-1", WRITE_VERIFY, VERIFIED, 64676),
    Point("F103, V2, write 19456", 1.118, "F103", "v2", WRITE, WROTE, 19456, cheap=True),
    Point("F103, V2, verify 18588", 0.288, "F103", "v2", WRITE_VERIFY, VERIFIED, 18588, cheap=True),
    Point("F103, V2, whole chip, write 131072", 3.950, "F103", "v2", WHOLE, WROTE, 131072),
    Point("F103, V2, write 3072", 0.249, "F103", "v2", WRITE, WROTE, 3072, cheap=True),
    Point("F401, V2-1, reset init, write 16384", 0.616, "F401", "v2-1", WRITE, WROTE, 16384, khz=4000,
          start="reset init", cheap=True),
    Point("F427, V2, reset init, write 16384", 0.576, "F429I", "v2", WRITE, WROTE, 16384, khz=4000,
          start="reset init", cheap=True),
    Point("F429, V2-1, write 32768", 1.105, "F429I", "v2-1", WRITE, WROTE, 32768, khz=1800, cheap=True),
    Point("F429, V2-1, verify 19520", 0.185, "F429I", "v2-1", WRITE_VERIFY, VERIFIED, 19520, khz=1800, cheap=True),
    Point("F411, V2, write 32768", 1.104, "F411", "v2", WRITE, WROTE, 32768, khz=1800),
    Point("L476, V2-1, write 202384", 8.696, "L476", "v2-1", WRITE, WROTE, 202384, khz=480),
    Point("L476, V2-1, verify 202384", 5.818, "L476", "v2-1", WRITE_VERIFY, VERIFIED, 202384, khz=480),
    Point("F103, V2-1, dump 131072", 1.981, "F103", "v2-1", DUMP, DUMPED, 131072, cheap=True),
    Point("F103, V2, dump 262144", 4.186, "F103E", "v2", DUMP, DUMPED, 262144),
    Point("AT32F403A, V2, dump 1048576", 9.720, "F405", "v2", DUMP, DUMPED, 1048576, khz=1800),
    Point("H7B0, V2, dump 131072", 1.235, "H743", "v2", DUMP, DUMPED, 131072, khz=1800, host="fast"),
    Point("F407, V2 of 2014, write 262144", 11.04, "F405", "v2-old", WRITE, WROTE, 262144, khz=1800),
    Point("F407, V2 of 2014, write 65536", 2.959, "F405", "v2-old", WRITE, WROTE, 65536, khz=1800),
    Point("F407, V2 of 2013, write 16384", 0.919, "F405", "v2-old", WRITE, WROTE, 16384, khz=1800, cheap=True),
    Point("F103, V2 of 2013, dump 131072", 3.292, "F103", "v2-old", DUMP, DUMPED, 131072),
    Point("F103, V2 of 2013, dump 131072, another", 2.915, "F103", "v2-old", DUMP, DUMPED, 131072),
    Point("F103, V2 of 2013, load 20480 to RAM", 0.494, "F103", "v2-old", "load_image {file} 0x20000000", LOADED, 20480),
    Point("V3 at 24 MHz, 1 KiB blocks, each", 0.001865, "H743", "v3", DUMP, DUMPED, 262144, khz=24000, parts=256),
    Point("V3 at 24 MHz, 6 KiB blocks, each", 0.009706, "F405", "v3", "st-flash read", "", 0x60000, khz=24000, parts=64),
    Point("L475, V2-1, write 411648", 11.588, "L476", "v2-1", WRITE, WROTE, 411648, khz=4000, blind=True),
    Point("L475, V2-1, verify 282440", 8.124, "L476", "v2-1", WRITE_VERIFY, VERIFIED, 282440, khz=4000, blind=True),
    Point("G0B1, V2-1, st-flash, write 74024", 9.0, "G071", "v2-1", "st-flash write", "", 74024, khz=1800,
          host="fast", blind=True),
]

# Which OpenOCD target file is for which chip.
TARGETS = {"F103": "stm32f1x", "F103E": "stm32f1x", "F401": "stm32f4x", "F405": "stm32f4x", "F411": "stm32f4x",
           "F429I": "stm32f4x", "L476": "stm32l4x", "H743": "stm32h7x"}


def on_bench(program, point, command, folder):
    stats = folder / "stats"
    done = subprocess.run(
        [program, "sim", "run", "--set", f"chip={point.chip}", "--set", f"probe={point.probe}",
         "--set", f"host={point.host}", "--stats", stats, "healthy-f103-v2", "--", *command],
        capture_output=True, text=True, errors="replace", timeout=100, check=False)
    if done.returncode:
        sys.exit(f"{point.name}: {command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr, json.loads(stats.read_text())["seconds"]


def st_flash(program, point, folder, size):
    file = folder / "image"
    command = ["st-flash", f"--freq={point.khz}k"]
    if point.script == "st-flash read":
        command += ["read", folder / "out", "0x08000000", str(size)]
    else:
        file.write_bytes(bytes(i * 7 % 251 for i in range(size)))
        command += ["write", file, "0x08000000"]
    return on_bench(program, point, command, folder)[1]


def openocd(program, point, folder):
    file = folder / "image"
    file.write_bytes(bytes(i * 7 % 251 for i in range(point.size)))
    script = point.script.format(file=file, out=folder / "out", size=point.size)
    text, _ = on_bench(program, point, [
        "openocd", "-c", "gdb_port disabled; tcl_port disabled; telnet_port disabled", "-f", "interface/stlink.cfg",
        "-f", f"target/{TARGETS[point.chip]}.cfg", "-c", "init", "-c", point.start,
        "-c", f"adapter speed {point.khz}", "-c", script, "-c", "shutdown"], folder)
    found = re.findall(point.pattern, text)
    if not found:
        sys.exit(f"{point.name}: no seconds in:\n{text}")
    return float(found[-1])


def measure(program, point, folder):
    """Seconds of what was published. Attaching is no part of a block: it is taken off by reading twice."""
    if point.script == "st-flash write":
        return st_flash(program, point, folder, point.size)
    if point.script == "st-flash read":
        block = 6144
        long = st_flash(program, point, folder, point.parts * block + block)
        return (long - st_flash(program, point, folder, block)) / point.parts
    return openocd(program, point, folder) / point.parts


def option(name, default):
    return float(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def main():
    program = Path(sys.argv[1]).resolve()
    points = [p for p in POINTS if p.cheap or "--part" not in sys.argv]
    errors, blind = [], []
    with tempfile.TemporaryDirectory() as folder:
        for point in points:
            seconds = measure(program, point, Path(folder))
            error = seconds / point.seconds - 1
            (blind if point.blind else errors).append(abs(error))
            print(f"{point.name:42} {point.seconds:9.6f} {seconds:9.6f} {100 * error:+6.1f} %"
                  f"{'  (blind)' if point.blind else ''}")
    every = errors + blind
    median, within = statistics.median(every), sum(e <= 0.10 for e in every) / len(every)
    result = {"target": "sim-fit", "points": len(every), "median_error": round(median, 4),
              "within_10": round(within, 3), "fitted_points": len(errors),
              "fitted_median_error": round(statistics.median(errors), 4)}
    if blind:
        result |= {"blind_points": len(blind), "blind_median_error": round(statistics.median(blind), 4)}
    print(json.dumps(result, separators=(",", ":")))
    return median > option("--median-at-most", 9) or within < option("--within-10-at-least", 0)


sys.exit(main())
