"""One case of the campaign on the virtual bench: run it, and judge it from outside of the program.

A case ends as one of: finished, stopped (with a report, and the next run brought the image in), false_success, lie (the
report says of a block that it is right, and it is not), unrepaired, hang, crash.
"""

import json
import os
import random
import shutil
import signal
import subprocess
from pathlib import Path

BASE = 0x08000000
SCENARIO = "healthy-f103-v2"
PROGRAM_BYTES = 512  # more than the bench's programs have
RIGHT = ("verified", "unchanged")
WALL_S = 600  # real seconds until a run counts as one that hangs; virtual ones are limited by the program's own deadline
VIRTUAL_S = 700
CRASHED = (70, 134, 136, 139)


class Board:
    """What all cases of a chip share: the image, what the flash holds before, and what it is to hold after."""

    def __init__(self, folder, part, probe, length, foreign):
        chance = random.Random(f"{part} {length}")
        erased = 0 if part.startswith("L0") else 0xff
        self.part, self.probe, self.erased = part, probe, erased
        image = vectors() + chance.randbytes(length - 64)
        self.old = bytes(b ^ 0x5a for b in image) + chance.randbytes(foreign)
        self.want = image + self.old[length:]
        self.image_path, self.old_path = folder / f"{part}-{length}.bin", folder / f"{part}-{length}.old"
        self.image_path.write_bytes(image)
        self.old_path.write_bytes(self.old)
        self.length = length

    def wrong(self, array):
        """The first place where the array is not as it should be; None: it is right."""
        if not array:
            return "nothing was saved"
        if array.startswith(self.want) and not array[len(self.want):].strip(bytes([self.erased])):
            return None
        rest = bytes([self.erased]) * (len(array) - len(self.want))
        at = next(i for i, (a, b) in enumerate(zip(array, self.want + rest)) if a != b)
        return f"0x{BASE + at:08x}: 0x{array[at]:02x}"


def vectors():
    """Stack, reset and 14 handlers that loop: an image that a chip can run for as long as it takes to look at it."""
    words = [0x20001000] + [BASE + 0x41 + 0] * 15
    return b"".join(w.to_bytes(4, "little") for w in words)[:60] + b"\xfe\xe7\xfe\xe7"


class Bench:
    """A folder for one case at a time."""

    def __init__(self, swdoctor, folder):
        self.swdoctor, self.folder = swdoctor, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.env = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "SWDOCTOR_LOCK_DIR": str(folder), "LC_ALL": "C"}

    def clear(self):
        shutil.rmtree(self.folder / "state", ignore_errors=True)
        for name in ("array", "stats", "first.json", "first.code", "second.json", "second.code"):
            (self.folder / name).unlink(missing_ok=True)

    def old_path(self, board, settings):
        """What the flash holds before: with the scenario's program at its start, where that does something."""
        program = [s for s in settings if s.startswith("program=")]
        if not program:
            return board.old_path
        path = self.folder / "old-with-program"
        subprocess.run([self.swdoctor, "sim", "run", "--set", f"chip={board.part}", "--set", program[0], "--flash-out", str(path),
                        SCENARIO, "--", "true"], check=True, env=self.env)
        path.write_bytes(path.read_bytes()[:PROGRAM_BYTES] + board.old[PROGRAM_BYTES:])
        return path

    def flash_command(self, board, options=()):
        return [self.swdoctor, "flash", str(board.image_path), "--base", hex(BASE), "--format", "json", *options]

    def in_process(self, board, settings, seed, options=()):
        """One run with the bench inside the program: fast. Returns the exit code, None: it hangs."""
        self.clear()
        words = [f"sim:{SCENARIO}", f"chip.part={board.part}", f"probe={board.probe}", *settings, f"seed={seed}",
                 f"flash-in={self.old_path(board, settings)}", f"flash-out={self.folder}/array", f"stats={self.folder}/stats"]
        return self._wait([*self.flash_command(board, options), "--probe", ",".join(words)])

    def served(self, board, settings, seed, command):
        """Any command, with the bench beside it: the target outlives the programs."""
        self.clear()
        sets = [part for s in (f"chip.part={board.part}", f"probe={board.probe}", *settings) for part in ("--set", s)]
        return self._wait([self.swdoctor, "sim", "run", *sets, "--seed", str(seed), "--flash-in", str(self.old_path(board, settings)),
                           "--flash-out", f"{self.folder}/array", "--stats", f"{self.folder}/stats", SCENARIO, "--", *command])

    def twice(self, board, settings, seed, options=(), pause_s=0, always=False):
        """A run, and a second one where the first did not bring the image in. Returns both exit codes."""
        first = " ".join([*self.flash_command(board, options), "--probe usb"])
        second = " ".join([*self.flash_command(board), "--probe usb"])
        done = "" if always else "[ $c = 0 ] && exit 0; "
        script = (f"{first} >{self.folder}/first.json 2>/dev/null; c=$?; echo $c >{self.folder}/first.code; {done}"
                  f"{f'sleep {pause_s}; ' if pause_s else ''}"
                  f"{second} >{self.folder}/second.json 2>{self.folder}/second.err; echo $? >{self.folder}/second.code")
        if self.served(board, settings, seed, ["sh", "-c", script]) is None:
            return None, None
        return self.code("first"), self.code("second")

    def _wait(self, command):
        with open(self.folder / "first.json", "wb") as out, open(self.folder / "first.err", "wb") as err:
            process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, env=self.env,
                                       start_new_session=True)
            try:
                return process.wait(WALL_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return None

    def code(self, which):
        path = self.folder / f"{which}.code"
        return int(path.read_text()) if path.exists() and path.read_text().strip() else None

    def array(self):
        path = self.folder / "array"
        return path.read_bytes() if path.exists() else b""

    def stats(self):
        path = self.folder / "stats"
        return json.loads(path.read_text()) if path.exists() else {}

    def report(self, which):
        try:
            return json.loads((self.folder / f"{which}.json").read_text())
        except (OSError, ValueError):
            return {}

    def error(self):
        path = self.folder / "first.err"
        lines = [line for line in path.read_text(errors="replace").splitlines() if "swdoctor" in line] if path.exists() else []
        return lines[-1][:160] if lines else ""


def untrue_block(board, report, array):
    """A block that the report calls right, and that does not hold what it should."""
    for block in report.get("outcome", {}).get("blocks", []):
        at, n = int(block["address"], 16) - BASE, block["bytes"]
        want = board.want[at:at + n]
        if block["state"] in RIGHT and array[at:at + len(want)] != want:
            return block["address"]
    return None


def judge_stop(board, report, code, array):
    """What is wrong with how a run ended that says it did not bring the image in; None: nothing."""
    if code in CRASHED or code > 128 or code < 0:
        return "crash", f"ended with {code}"
    if not report or not (report.get("error", {}).get("text") or report.get("findings")):
        return "lie", f"code {code} without a report"
    if report.get("outcome", {}).get("done"):
        return "lie", f"code {code}, and the report says that it is done"
    untrue = untrue_block(board, report, array)
    return ("lie", f"{untrue} is called right") if untrue else None


def judge_run(bench, board, code):
    """The first run alone, from its array: (how it ended, why)."""
    stats, array, report = bench.stats(), bench.array(), bench.report("first")
    if code is None or stats.get("seconds", 0) > VIRTUAL_S:
        return "hang", "no end"
    if code == 0:
        wrong = board.wrong(array)
        return ("false_success", wrong) if wrong else ("finished", None)
    return judge_stop(board, report, code, array) or ("stopped", f"{code} {bench.error()}")


def judge_second(bench, board, first, second):
    """After a first run that was stopped, whatever the second had to do."""
    if first is None and second is None or bench.stats().get("seconds", 0) > 2 * VIRTUAL_S:
        return "hang", "no end"
    wrong = board.wrong(bench.array())
    if first == 0:
        return ("false_success", wrong) if wrong else ("finished", None)
    if second == 0:
        return ("false_success", f"second run: {wrong}") if wrong else ("stopped", f"{first}")
    error = bench.report("second").get("error", {}).get("text", "")
    return "unrepaired", f"{first}, then {second}: {error[:160]}"
