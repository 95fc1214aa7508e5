"""Images for runs that are interrupted, and the bench's array held against them.

    resume.py FOLDER make           FOLDER gets: a, which ends inside a block; b, another and shorter one; tail, which differs
                                    from a at its end only; old, what the flash holds before, longer than all of them
    resume.py FOLDER holds a        the array is the image, then what old had there, then erased
    resume.py FOLDER foreign        what stood behind a still stands there
    resume.py FOLDER no-vectors     the first words are erased
"""
import random
import sys
from pathlib import Path

LENGTH, FOREIGN = 6644, 1400


def make(folder):
    chance = random.Random(7)
    a = chance.randbytes(LENGTH)
    (folder / "a").write_bytes(a)
    (folder / "b").write_bytes(chance.randbytes(5000))
    (folder / "tail").write_bytes(a[:-244] + chance.randbytes(244))
    (folder / "old").write_bytes(bytes(x ^ 0x5a for x in a) + chance.randbytes(FOREIGN))


def holds(folder, name):
    array, image, old = ((folder / n).read_bytes() for n in ("array", name, "old"))
    want = image + old[len(image):]
    for at, (got, wanted) in enumerate(zip(array, want.ljust(len(array), b"\xff"))):
        if got != wanted:
            sys.exit(f"{at:#x}: {got:#04x} instead of {wanted:#04x}")


def foreign(folder):
    array, old = ((folder / n).read_bytes() for n in ("array", "old"))
    sys.exit(array[LENGTH:len(old)] != old[LENGTH:])


def no_vectors(folder):
    sys.exit((folder / "array").read_bytes()[:8] != b"\xff" * 8)


WHAT = {"make": make, "holds": holds, "foreign": foreign, "no-vectors": no_vectors}
WHAT[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
