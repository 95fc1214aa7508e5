"""What the campaign found, as one table for people and one object for programs."""

import statistics

BAD = ("false_success", "lie", "unrepaired", "hang", "crash")
COLUMNS = ("runs", "finished", "stopped", *BAD)


def count(rows):
    out = dict.fromkeys(COLUMNS, 0)
    for r in rows:
        out["runs"] += 1
        out[r["how"]] += 1
    return out


def seconds(values):
    return f"{statistics.median(values):.2f} / {max(values):.2f} s" if values else ""


def extra(rows, clean):
    """What a run with trouble took beyond the clean one of its chip: seconds, sorted."""
    return sorted(r["s"] - clean[r["chip"]]["seconds"] for r in rows if r["how"] == "finished" and r["s"] and r["chip"] in clean)


def line(name, c, more=""):
    share = f"{100 * c['finished'] / c['runs']:.1f} %" if c["runs"] else "-"
    return (f"| {name} | {c['runs']} | {c['finished']} ({share}) | {c['stopped']} | {c['false_success']} | {c['lie']} | "
            f"{c['unrepaired']} | {c['hang']} | {c['crash']} | {more} |")


def groups(rows):
    out = {}
    for r in rows:
        out.setdefault((r["part"], r["kind"]), []).append(r)
    return dict(sorted(out.items()))


def weather(rows, clean):
    took = sorted(r["s"] for r in rows if r["how"] == "finished" and r["s"])
    text = f"whole runs: {seconds(took)}" if took else ""
    near = [r["s"] <= 1.5 * clean[r["chip"]]["seconds"] for r in rows if r["how"] == "finished" and r["s"] and r["chip"] in clean]
    if near and not rows[0]["kind"].endswith(("openocd", "st-flash")):
        text += f", {sum(near)} of {len(near)} within 1.5 x the clean one"
    return text


def more_of(part, rows, clean):
    if part == "kill":
        again = [r["again"] for r in rows if "again" in r]
        return f"blocks written again: at most {max(again)}" if again else ""
    if part == "power":
        return "finishing is not possible"
    if part in ("weather", "order"):
        return weather(rows, clean)
    return seconds(extra(rows, clean))


def write(rows, clean, total):
    """Lines of the table; `total`: how many cases of each part there are."""
    out = ["| fault | runs | finished | stopped, repaired by the next run | false success | untrue report | unrepaired | hang | crash "
           "| beyond the clean run, median / most |",
           "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    fired = [r for r in rows if r["fired"]]
    for (part, kind), some in groups(fired).items():
        out.append(line(f"{part}: {kind}", count(some), more_of(part, some, clean)))
    for part, n in total.items():
        tried = sum(r["part"] == part for r in rows)
        if tried:
            out.append(f"{part}: {tried} of {n} cases were run ({100 * tried / n:.1f} %), in {tried - sum(r['part'] == part for r in fired)} "
                       "of them nothing happened")
    return out


def summary(rows):
    ours = [r for r in rows if r["fired"] and "openocd" not in r["kind"] and "st-flash" not in r["kind"]]
    c = count(ours)
    return {"target": "campaign", "runs": c["runs"], "finished": c["finished"], "truthful_stop": c["stopped"],
            "false_success": c["false_success"] + c["lie"], "unrepaired": c["unrepaired"], "hangs": c["hang"] + c["crash"]}
