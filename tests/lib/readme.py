"""The README held against reality: its commands are run as they are written, its blocks of output compared with what comes
out, its folders, files and goals of make looked for. Prints TAP lines.

    readme.py README.md check|accept PROGRAM PAGES
    readme.py README.md commands      # lists what would be run

In the README a line that is indented by four blanks and begins with a program is a command; a ``` block whose lines begin
with "$ " shows commands with their output. Commands that need a probe find a healthy one: all of them run inside one
`swdoctor sim run`. Files that they name are laid out by tests/cli/readme.sh. Exit codes other than 0 are told in CODES.
"""
import os
import re
import subprocess
import sys
import tempfile

PROGRAMS = ("swdoctor", "openocd", "wireshark", "tshark")
BENCH = "healthy-f405-v2"
# What ends with another code than 0, by the words it begins with.
CODES = [
    (r"swdoctor analyze flash\.log", 1),
    (r"swdoctor analyze session\.pcapng", 1),
    (r"openocd .*\| swdoctor analyze -", 0),
    (r"swdoctor run -- west flash", 1),
    (r"swdoctor check --probe sim:(swd-swapped|swdio-open)", 6),
    (r"swdoctor flash --probe sim:write-protected", 9),
]
ONLY_SHOWN = ("wireshark",)  # needs a screen


def blocks_and_commands(text):
    """Fenced blocks as (first line, [lines]), and the commands outside them."""
    blocks, commands, inside = [], [], None
    for number, line in enumerate(text.split("\n")):
        if line.startswith("```"):
            inside = [] if inside is None else None
            if inside is not None:
                blocks.append((number, inside))
        elif inside is not None:
            inside.append(line)
        elif line.startswith("    ") and line.split()[0].split("=")[0] in PROGRAMS:
            commands.append(re.sub(r"\s{2,}# .*", "", line.strip()))
    return blocks, commands


def expected_code(command):
    return next((code for pattern, code in CODES if re.match(pattern, command)), 0)


def on_bench(swdoctor, commands, folder):
    """Runs them one after the other on one board; [(code, output)]."""
    script = os.path.join(folder, ".walk.sh")
    with open(script, "w", encoding="utf-8") as f:
        for i, command in enumerate(commands):
            f.write(f"( {command}\n) >.out.{i} 2>&1 </dev/null\necho $? >.code.{i}\n")
    subprocess.run([swdoctor, "sim", "run", BENCH, "--", "sh", script], cwd=folder, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180, check=False)
    got = []
    for i in range(len(commands)):
        try:
            with open(os.path.join(folder, f".code.{i}"), encoding="utf-8") as code, \
                 open(os.path.join(folder, f".out.{i}"), encoding="utf-8", errors="replace") as out:
                got.append((int(code.read()), out.read()))
        except OSError:
            got.append((None, "it did not come so far"))
    return got


def alone(command, folder):
    done = subprocess.run(command, shell=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def report(name, good, why=""):
    print("ok" if good else "not ok", "-", name)
    if not good:
        for line in why.split("\n")[:12]:
            print("#", line[:200])
    return not good


def check_commands(commands, swdoctor, folder):
    mine = [c for c in commands if "sim:" in c or "swdoctor sim" in c]
    bench = [c for c in commands if c not in mine and c.split()[0] not in ONLY_SHOWN]
    results = dict(zip(bench, on_bench(swdoctor, bench, folder)))
    results.update((c, alone(c, folder)) for c in mine)
    failures = 0
    for command, (code, out) in results.items():
        failures += report(f"`{command}` does what it says", code == expected_code(command),
                           f"ended with {code}, not {expected_code(command)}\n{out[-600:]}")
    return failures


def timeless(lines):
    """Durations and rates may drift by a hundredth without anybody having to look."""
    return [re.sub(r"\d+(\.\d+)? (s\b|KiB/s)", r"N \2", line) for line in lines]


def shown(block, folder):
    """What a block's commands print now, as the block has it; of a pipe only what comes out at its end."""
    lines = []
    for line in block:
        if line.startswith("$ "):
            command = "exec 2>/dev/null; " + line[2:] if "|" in line else line[2:]
            lines += [line] + alone(command, folder)[1].replace(os.environ["HOME"], "~").rstrip("\n").split("\n")
    return lines


def check_blocks(blocks, folder, accept, text):
    failures = 0
    for number, block in reversed(blocks):  # from the end: places before stay as they are
        if not block or not block[0].startswith("$ ") or "golden" in text[number - 1]:
            continue  # that one is kept by tests/golden.sh
        now = shown(block, folder)
        if accept and now != block:
            text[number + 1:number + 1 + len(block)] = now
        else:
            differ = [f"-{a}\n+{b}" for a, b in zip(block + [""] * 99, now) if timeless([a]) != timeless([b])]
            failures += report(f"`{block[0][2:]}` prints what is shown", timeless(now) == timeless(block),
                               "`make readme-accept` takes what it prints now\n" + "\n".join(differ[:3]))
    return failures


def check_places(text, top):
    failures = 0
    for link in sorted(set(re.findall(r"\]\(([^)#:]+)\)", text))):
        failures += report(f"{link} is there", os.path.exists(os.path.join(top, link)))
    map_ = text.split("## Where things are")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z/]+)/`", map_))
    tracked = subprocess.run(["git", "ls-files"], cwd=top, capture_output=True, text=True, check=False).stdout.split("\n")
    folders = {f.split("/")[0] for f in tracked if "/" in f and not f.startswith(".")} or named
    missing = folders - {n.split("/")[0] for n in named}
    failures += report("the map has every folder", not missing, " ".join(sorted(missing)))
    gone = [n for n in named if not os.path.isdir(os.path.join(top, n)) and n != "corpus"]
    failures += report("the map has no folder that is gone", not gone, " ".join(gone))
    for goal in sorted(set(re.findall(r"`make ([a-z-]+)", text))):
        done = subprocess.run(["make", "-n", goal], cwd=top, capture_output=True, text=True, check=False)
        failures += report(f"`make {goal}` is a goal", done.returncode == 0, done.stderr)
    return failures


def main():
    path, action = sys.argv[1:3]
    with open(path, encoding="utf-8") as f:
        text = f.read()
    blocks, commands = blocks_and_commands(text)
    if action == "commands":
        print("\n".join(commands))
        return 0
    folder = os.getcwd()
    lines = text.split("\n")
    failures = check_blocks(blocks, folder, action == "accept", lines)
    if action == "accept":
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=os.path.dirname(path), delete=False) as f:
            f.write("\n".join(lines))
        os.chmod(f.name, 0o644)
        os.replace(f.name, path)
        return 0
    failures += check_commands(commands, sys.argv[3], folder)
    failures += check_places(text, os.path.dirname(path))
    return failures != 0


sys.exit(main())
