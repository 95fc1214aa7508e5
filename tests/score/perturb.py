"""Logs as they could have been: the same failure with other numbers, another version, lines lost or mixed
with a build's output, wrapped by another tool. Deterministic: the same seed and name give the same bytes."""
import random
import re

BUILD_LINES = [
    "[ 42%] Building C object src/CMakeFiles/app.dir/main.c.obj",
    "arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -O2 -c src/main.c -o build/main.o",
    "   text    data     bss     dec     hex filename",
    "  21340     112    2048   23500    5bcc build/app.elf",
    "Linking .pio/build/board/firmware.elf",
    "Checking size .pio/build/board/firmware.elf",
    "Memory region         Used Size  Region Size  %age Used",
    "           FLASH:       21452 B       512 KB      4.09%",
    "ninja: no work to do.",
    "Compiling app v0.1.0",
]


def numbers(text, rng):
    """Other times, sizes, addresses of code, and small changes of a good voltage; ids and statuses stay."""
    def voltage(m):
        mv = float(m.group(2))
        return m.group(1) + (f"{mv + rng.uniform(-0.04, 0.04):.2f}" if mv > 2.5 else m.group(2))
    text = re.sub(r"((?:Target voltage: |Voltage\s*:\s*))(\d+\.\d+)", voltage, text)
    text = re.sub(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d", lambda m: f"20{rng.randint(15, 25)}-0{rng.randint(1, 9)}-"
                  f"1{rng.randint(0, 9)}T1{rng.randint(0, 9)}:0{rng.randint(0, 9)}:2{rng.randint(0, 9)}", text)
    text = re.sub(r"^\d\d:\d\d:\d\d : ", lambda m: f"1{rng.randint(0, 9)}:{rng.randint(10, 59)}:{rng.randint(10, 59)} : ",
                  text, flags=re.M)
    text = re.sub(r"(pc: 0x08)[0-9a-f]{6}", lambda m: m.group(1) + f"{rng.randrange(0x1000, 0xffff):06x}", text)
    text = re.sub(r"\b(\d+\.\d+)(s \(|KiB/s|\s?KB/s)", lambda m: f"{rng.uniform(1, 30):.3f}{m.group(2)}", text)
    return re.sub(r"\b(in pages of |pid |port |tcp/)(\d{4,5})\b", r"\1\2", text)


def version(text, rng):
    """A neighbouring version of the tool."""
    text = re.sub(r"(Open On-Chip Debugger 0\.)(9|10|11)\.0", lambda m: f"{m.group(1)}{rng.choice(['9', '10', '11'])}.0", text)
    text = re.sub(r"(st-(?:flash|util|info) 1\.)([5-8])\.\d", lambda m: f"{m.group(1)}{rng.choice('567')}.{rng.choice('01')}", text)
    text = re.sub(r"(STM32CubeProgrammer (?:API )?v2\.)\d+", lambda m: f"{m.group(1)}{rng.randint(5, 20)}", text)
    return re.sub(r"(V[23]J)(2[89]|3\d|4\d)", lambda m: f"{m.group(1)}{rng.randint(29, 46)}", text)


def dropped(text, rng):
    """One line in ten is lost, but never the only one that there is, nor the last."""
    lines = text.splitlines(True)
    kept = [line for i, line in enumerate(lines) if i == len(lines) - 1 or len(lines) < 4 or rng.random() >= 0.1]
    return "".join(kept)


def interleaved(text, rng):
    out = []
    for line in text.splitlines(True):
        if rng.random() < 0.4:
            out.append(rng.choice(BUILD_LINES) + "\n")
        out.append(line)
    return "".join(out)


def stamped(text, rng):
    """A CI runner's time stamps."""
    second = rng.randint(10, 40)
    return "".join(f"2024-05-17T09:12:{second}.{i % 1000:03}0000Z {line}" for i, line in enumerate(text.splitlines(True)))


def coloured(text, rng):
    start = rng.choice(["\x1b[31m", "\x1b[1;33m", "\x1b[0;1;31m"])
    return "".join(f"{start}{line.rstrip()}\x1b[0m\n" for line in text.splitlines())


def quoted(text, _rng):
    """Pasted into an issue: a fence, or a mail's quoting."""
    return "Here is what I get:\n\n```\n" + "".join("> " + line for line in text.splitlines(True)) + "\n```\nAny idea?\n"


def platformio(text, _rng):
    return ("Processing bluepill (platform: ststm32; board: bluepill; framework: arduino)\n"
            "Linking .pio/build/bluepill/firmware.elf\n" + text)


def crlf(text, _rng):
    return text.replace("\n", "\r\n")


def utf16(text, _rng):
    return text


KINDS = {
    "numbers": numbers, "version": version, "dropped": dropped, "interleaved": interleaved, "stamped": stamped,
    "coloured": coloured, "quoted": quoted, "platformio": platformio, "crlf": crlf, "utf16": utf16,
}


def perturb(kind, name, data, seed):
    rng = random.Random(f"{seed}/{kind}/{name}")
    text = KINDS[kind](data.decode("utf-8", "replace"), rng)
    return text.encode("utf-16") if kind == "utf16" else text.encode("utf-8")
