"""The cases of the campaign, part by part: what they are called, and how each is run. campaign.yaml has the facts."""

import json
import zlib

import campaign_bench as cb

PARTS = ("single", "power", "kill", "weather", "order")
TARGETS = {"F103": "stm32f1x", "F405": "stm32f4x", "L476": "stm32l4x"}


def flow(fault):
    return json.dumps(fault).replace('"', "")


def faults(*list_of):
    return ["faults=[" + ", ".join(flow(f) for f in list_of) + "]"]


def seed_of(name):
    return zlib.crc32(name.encode()) % 1000000 + 1


class Case:
    def __init__(self, part, chip, kind, number, **more):
        self.name = f"{part}/{chip}/{kind}/{number}"
        self.part, self.chip, self.kind, self.number = part, chip, kind, number
        self.more = more

    def order(self):
        """By chance, but always the same: wherever the campaign is cut off, what was run is a fair sample.

        What is compared, tool with tool or order with order, has one place, so that hardly a pair is cut in two.
        """
        alike = self.name if self.part in ("single", "power", "kill") else self.name.replace(self.kind, self.kind.split("/")[0])
        return zlib.crc32(alike.encode())


# ---- part 1: every transaction fails once ----

def single(plan, chip, clean):
    for kind in plan["single"]:
        for n in range(1, clean["commands"] + 1):
            yield Case("single", chip, kind, n)


def run_single(case, bench, board, plan):
    fault = {**plan["single"][case.kind]["fault"], "at": f"transaction {case.number}"}
    seed = seed_of(case.name)
    code = bench.in_process(board, faults(fault), seed)
    how, why = cb.judge_run(bench, board, code)
    result = {"how": how, "why": why, "s": bench.stats().get("seconds"), "fired": bench.stats().get("faults", 0)}
    if how == "stopped":
        again, why = cb.judge_second(bench, board, *bench.twice(board, faults(fault), seed, pause_s=1))
        if again in ("unrepaired", "false_success", "hang"):
            result.update(how=again, why=why)
    return result


# ---- part 2: power is cut in the middle of each operation of the flash ----

def power(_plan, chip, clean):
    for n in range(1, clean["flash_operations"] + 1):
        yield Case("power", chip, "cut", n)


def run_power(case, bench, board, plan):
    p = plan["power"]
    cut = {"what": "supply", "volts": 0, "at": f"operation {case.number}", "for": f"{p['off-ms']} ms"}
    codes = bench.twice(board, faults(cut), seed_of(case.name), ("--timeout", str(p["timeout-s"])), p["off-ms"] // 1000)
    how, why = cb.judge_second(bench, board, *codes)
    return {"how": how, "why": why, "s": None, "fired": bench.stats().get("faults", 0)}


# ---- part 3: the program is killed at each transaction ----

def kill(_plan, chip, clean):
    for n in range(1, clean["commands"] + 1):
        yield Case("kill", chip, "kill", n, operations=clean["flash_operations"], blocks=clean["blocks"])


def run_kill(case, bench, board, _plan):
    codes = bench.twice(board, faults({"what": "kill", "at": f"transaction {case.number}"}), seed_of(case.name), always=True)
    how, why = cb.judge_second(bench, board, *codes)
    stats = bench.stats()
    more = stats.get("flash_operations", 0) - case.more["operations"]
    return {"how": how, "why": why, "s": None, "fired": stats.get("faults", 0),
            "again": round(more / case.more["operations"] * case.more["blocks"], 1)}


# ---- part 4: weather ----

def peer_command(tool, board, under_reset):
    image = board.image_path
    if tool == "st-flash":
        return ["st-flash", "--freq=1800k", *["--connect-under-reset"] * under_reset, "write", image, hex(cb.BASE)]
    return ["openocd", "-c", "gdb_port disabled; tcl_port disabled; telnet_port disabled", "-f", "interface/stlink.cfg",
            "-f", f"target/{TARGETS[board.part]}.cfg", "-c", "adapter speed 1800",
            *["-c", "reset_config srst_only srst_nogate connect_assert_srst"] * under_reset, "-c", "init; reset halt",
            "-c", f"flash write_image erase {image} {cb.BASE:#x}", "-c", f"verify_image {image} {cb.BASE:#x}; reset run; shutdown"]


def weather(plan, chip, _clean):
    if chip in plan["weather-chips"]:
        for kind in plan["weather"]:
            for seed in range(1, plan["weather-seeds"] + 1):
                for tool in ("swdoctor", "openocd", "st-flash"):
                    yield Case("weather", chip, f"{kind}/{tool}", seed)


def run_weather(case, bench, board, plan):
    kind, tool = case.kind.split("/")
    settings = plan["weather"][kind]["set"]
    if tool == "swdoctor":
        return judge_weather(bench, board, bench.in_process(board, settings, case.number))
    code = bench.served(board, settings, case.number, peer_command(tool, board, plan["weather"][kind].get("under-reset", False)))
    image_in = bench.array()[:board.length] == board.want[:board.length]
    how = "hang" if code is None else "finished" if code == 0 and image_in else "false_success" if code == 0 else "stopped"
    return {"how": how, "why": f"{code}", "s": bench.stats().get("seconds"), "fired": 1}


def judge_weather(bench, board, code):
    how, why = cb.judge_run(bench, board, code)
    report = bench.report("first").get("outcome", {})
    return {"how": how, "why": why, "s": bench.stats().get("seconds"), "fired": 1, "attempts": report.get("attempts")}


# ---- part 5: recoveries in the order of causes, or in one fixed order ----

ORDERS = {"cause": (), "blind": ("--strategy", "blind")}


def order(plan, chip, _clean):
    if chip in plan["order-chips"]:
        for kind in plan["order"]:
            for seed in range(1, plan["order-seeds"] + 1):
                for how in ORDERS:
                    yield Case("order", chip, f"{kind}/{how}", seed)


def run_order(case, bench, board, plan):
    kind, how = case.kind.split("/")
    return judge_weather(bench, board, bench.in_process(board, plan["order"][kind]["set"], case.number, ORDERS[how]))


MAKE = {"single": single, "power": power, "kill": kill, "weather": weather, "order": order}
RUN = {"single": run_single, "power": run_power, "kill": run_kill, "weather": run_weather, "order": run_order}
