"""A firmware image for the virtual bench: vectors, an endless loop, and bytes that repeat nowhere.

    image.py FILE BYTES            write it
    image.py --holds ARRAY FILE ERASED
                                   ARRAY begins with FILE's bytes and is ERASED (0xff, 0x00) behind them
    image.py --erased ARRAY ERASED
"""

import random
import struct
import sys

RAM_TOP, ENTRY = 0x20001000, 0x08000041


def image(size):
    code = struct.pack("<16I", RAM_TOP, *[ENTRY] * 15) + struct.pack("<4H", 0xBF00, 0xE7FD, 0, 0)
    return code + random.Random(size).randbytes(size - len(code))


def read(path):
    with open(path, "rb") as f:
        return f.read()


def first_difference(got, want):
    for at, (a, b) in enumerate(zip(got, want)):
        if a != b:
            sys.exit(f"{at:#x}: {a:#04x} instead of {b:#04x}")


def holds(array, wanted, erased):
    wanted += bytes([int(erased, 0)]) * (len(array) - len(wanted))
    first_difference(array, wanted)


if sys.argv[1] == "--holds":
    holds(read(sys.argv[2]), read(sys.argv[3]), sys.argv[4])
elif sys.argv[1] == "--erased":
    holds(read(sys.argv[2]), b"", sys.argv[3])
else:
    with open(sys.argv[1], "wb") as out:
        out.write(image(int(sys.argv[2])))
