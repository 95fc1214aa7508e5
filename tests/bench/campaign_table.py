"""What the campaign found, as one table for people and one object for programs."""

import campaign_pairs as pairs

BAD = ("false_success", "lie", "unrepaired", "hang", "crash")
COLUMNS = ("runs", "finished", "stopped", *BAD)
PEERS = ("openocd", "st-flash")
HEAD = """\
| what goes wrong | runs | finished | stopped with a true report | false success or untrue report | left unrepaired | \
hung or crashed | seconds beyond the clean run: median, 95 %, most | OpenOCD | st-flash |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


def count(rows):
    out = dict.fromkeys(COLUMNS, 0)
    for r in rows:
        out["runs"] += 1
        out[r["how"]] += 1
    return out


def share(c):
    return f"{c['finished']} ({100 * c['finished'] / c['runs']:.1f} %)" if c["runs"] else "-"


def extra(rows, clean):
    """What a run with trouble took beyond the clean one of its chip: seconds, sorted."""
    return sorted(r["s"] - clean[r["chip"]]["seconds"] for r in rows if r["how"] == "finished" and r["s"] and r["chip"] in clean)


def spread(values):
    if not values:
        return ""
    return ", ".join(f"{max(0, values[int(share * (len(values) - 1))]):.2f}" for share in (0.5, 0.95, 1))


def line(name, c, more="", openocd="", st_flash=""):
    return (f"| {name} | {c['runs']} | {share(c)} | {c['stopped']} | {c['false_success'] + c['lie']} | "
            f"{c['unrepaired']} | {c['hang'] + c['crash']} | {more} | {openocd} | {st_flash} |")


def by(rows, key):
    out = {}
    for r in rows:
        out.setdefault(key(r), []).append(r)
    return dict(sorted(out.items()))


# ---- part by part ----

def goal_ms(r, plan):
    way = plan["single"][r["kind"]]
    erase_ms = plan["chips"].get(r["chip"], {}).get("erase-ms", 0)
    return way["goal-ms"] + (erase_ms if way["class"] in ("data", "reset", "core") else 0)


def within(rows, clean, plan):
    """How many of the faults cost no more than they may."""
    took = [(1000 * (r["s"] - clean[r["chip"]]["seconds"]), goal_ms(r, plan)) for r in rows
            if r["how"] == "finished" and r["s"] and r["chip"] in clean]
    good = sum(ms <= goal for ms, goal in took)
    return f"{spread(extra(rows, clean))}; {100 * good / len(took):.1f} % within the goal" if took else ""


def single(rows, clean, plan, detail):
    def name(r):
        return f"{plan['single'][r['kind']]['class']}: {r['kind']}" if detail else plan["single"][r["kind"]]["class"]
    ways = by(plan["single"].values(), lambda w: w["class"])
    for what, some in by([r for r in rows if r["fired"]], name).items():
        more = "" if detail else f", one of {len(ways[what])} ways"
        yield line(f"one transaction: {what}{more}", count(some), within(some, clean, plan))


def power(rows, _clean, _plan, _detail):
    yield line("the supply, in the middle of an operation of the flash (no finish possible)", count([r for r in rows if r["fired"]]))


def kill(rows, _clean, _plan, _detail):
    again = max((r["again"] for r in rows if "again" in r), default=0)
    yield line("the program is killed (nor here)", count(rows), f"written again: at most {again} blocks")


def peer(rows):
    c = count(rows)
    took = sorted(r["s"] for r in rows if r["how"] == "finished" and r["s"])
    lies = f", {c['false_success']} false" if c["false_success"] else ""
    return f"{c['finished']} of {c['runs']}{lies}" + (f", {took[len(took) // 2]:.2f} s" if took else "") if rows else ""


def weather(rows, clean, _plan, _detail):
    for kind, some in by(rows, lambda r: r["kind"].split("/")[0]).items():
        tools = by(some, lambda r: r["kind"].split("/")[1])
        ours = tools.get("swdoctor", [])
        took = sorted(r["s"] for r in ours if r["how"] == "finished" and r["s"])
        near = [r["s"] <= 1.5 * clean[r["chip"]]["seconds"] for r in ours if r["how"] == "finished" and r["s"] and r["chip"] in clean]
        more = f"{spread(extra(ours, clean))}; {took[len(took) // 2]:.2f} s, {sum(near)} within 1.5 x clean" if near else ""
        yield line(f"weather: {kind}", count(ours), more, *(peer(tools.get(p, [])) for p in PEERS))


def order(rows, clean, _plan, _detail):
    for how, some in by(rows, lambda r: r["kind"].split("/")[1]).items():
        yield line({"cause": "recoveries by cause", "blind": "recoveries in a fixed order"}[how], count(some), spread(extra(some, clean)))


PARTS = {"single": single, "power": power, "kill": kill, "weather": weather, "order": order}


def write(rows, clean, total, plan, detail=False):
    """Lines of the table; `total`: how many cases of each part there are."""
    out = HEAD.split("\n")
    for part, lines in PARTS.items():
        some = [r for r in rows if r["part"] == part]
        if some:
            out += lines(some, clean, plan, detail)
    for part, n in total.items():
        tried = [r for r in rows if r["part"] == part]
        if tried:
            idle = sum(not r["fired"] for r in tried)
            out.append(f"{part}: {len(tried)} of {n} cases, one in {n / len(tried):.1f}" + (f"; in {idle} of them nothing happened" if idle else ""))
    return out + pairs.write([r for r in rows if r["part"] == "order"], detail)


def summary(rows, allows_finish):
    """`allows_finish`: of a row, whether its fault does."""
    ours = [r for r in rows if r["fired"] and not r["kind"].endswith(PEERS)]
    c = count(ours)
    return {"target": "campaign", "runs": c["runs"], "finished": c["finished"], "truthful_stop": c["stopped"],
            "false_success": c["false_success"] + c["lie"], "unrepaired": c["unrepaired"], "hangs": c["hang"] + c["crash"],
            "stopped_in_vain": sum(r["how"] == "stopped" and allows_finish(r) for r in ours),
            "parts": {part: count(some) for part, some in by(ours, lambda r: r["part"]).items()},
            "order": pairs.summary([r for r in rows if r["part"] == "order"])}
