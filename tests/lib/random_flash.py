"""Random images on random chips of the virtual bench, flashed by the program and compared from outside.

    random_flash.py PROGRAM FOLDER FIRST LAST      a case for each seed

A case is a chip with random contents and one to three image files of random format, with pieces that are sparse,
unaligned, at the edges of blocks and of the array, and across banks. Afterwards every byte of the array is the
image's where the image has one, and what it was everywhere else.
"""
import json
import os
import random
import struct
import subprocess
import sys

from bench_chips import CHIPS, erased_byte

BASE = 0x08000000
PROBES = ['v2', 'v2-1', 'v3']


def ihex(pieces):
    def record(kind, offset, data):
        body = bytes([len(data)]) + struct.pack('>H', offset) + bytes([kind]) + data
        return ':' + (body + bytes([-sum(body) & 0xff])).hex().upper() + '\n'
    lines, upper = [], None
    for at, data in pieces:
        for i in range(0, len(data), 16):
            here, part = at + i, data[i:i + 16]
            if here >> 16 != upper:
                upper = here >> 16
                lines.append(record(4, 0, struct.pack('>H', upper)))
            lines.append(record(0, here & 0xffff, part))
    return ''.join(lines + [record(1, 0, b'')]).encode()


def srec(pieces):
    def record(kind, address, data):
        body = bytes([len(data) + 5]) + struct.pack('>I', address) + data
        return f'S{kind}' + (body + bytes([~sum(body) & 0xff])).hex().upper() + '\r\n'
    lines = [record(3, at + i, data[i:i + 32]) for at, data in pieces for i in range(0, len(data), 32)]
    return ''.join(lines + [record(7, 0, b'')]).encode()


def elf(pieces):
    offset = 52 + 32 * len(pieces)
    out = b'\x7fELF\x01\x01\x01' + bytes(9)
    out += struct.pack('<HHIIIIIHHHHHH', 2, 40, 1, BASE | 1, 52, 0, 0x5000000, 52, 32, len(pieces), 40, 0, 0)
    for at, data in pieces:
        out += struct.pack('<8I', 1, offset, 0x20000000, at, len(data), len(data), 5, 1)
        offset += len(data)
    return out + b''.join(data for _, data in pieces)


def some_piece(r, size, block, erased):
    kind = r.randrange(6)
    length = r.choice([1, 2, 7, 64, 100, block - 1, block, block + 3])
    if kind == 0:
        at = 0
    elif kind == 1:
        at = size - length
    elif kind == 2:
        at = block * r.randrange(1, 8) - r.randrange(1, 9)
    elif kind == 3:
        at = size // 2 - r.randrange(0, 9)
    else:
        at = r.randrange(0, size - length)
    at = max(0, min(at, size - length))
    data = bytearray(r.randbytes(length))
    for _ in range(r.randrange(3)):  # blank stretches
        i = r.randrange(length)
        data[i:i + 16] = bytes([erased]) * len(data[i:i + 16])
    return at, bytes(data)


def pieces_of(r, size, block, erased):
    """Sorted, without overlaps."""
    taken, out = [], []
    for _ in range(r.randrange(1, 7)):
        at, data = some_piece(r, size, block, erased)
        if all(at + len(data) <= a or at >= a + n for a, n in taken):
            taken.append((at, len(data)))
            out.append((BASE + at, data))
    return sorted(out)


def write_images(r, folder, pieces):
    """The pieces in some files; the arguments that name them."""
    parts = [[] for _ in range(r.randrange(1, 4))]
    for piece in pieces:
        r.choice(parts).append(piece)
    arguments = []
    for number, part in enumerate(p for p in parts if p):
        name = os.path.join(folder, f'image{number}')
        kind = r.choice(['ihex', 'srec', 'elf', 'bin' if len(part) == 1 else 'elf'])
        data = {'ihex': ihex, 'srec': srec, 'elf': elf, 'bin': lambda p: p[0][1]}[kind](part)
        with open(name, 'wb') as f:
            f.write(data)
        arguments.append((name, part[0][0] if kind == 'bin' else None))
    return arguments


def run(program, folder, seed):
    r = random.Random(seed)
    name, kib, block = CHIPS[seed % len(CHIPS)]
    size, erased, probe = kib * 1024, erased_byte(name), r.choice(PROBES)
    now = r.randbytes(min(size, r.choice([block, 3 * block, 8 * block])))
    now += bytes([erased]) * (size - len(now))
    if r.randrange(2):
        now = now[:-block] + r.randbytes(block)
    pieces = pieces_of(r, size, block, erased)
    want = bytearray(now)
    for at, data in pieces:
        want[at - BASE:at - BASE + len(data)] = data
    with open(os.path.join(folder, 'now'), 'wb') as f:
        f.write(now)
    command = [program, 'flash', '--format', 'json']
    for image, base in write_images(r, folder, pieces):
        command += [image] + (['--base', hex(base)] if base is not None else [])
    array = os.path.join(folder, 'array')
    if r.randrange(4) == 0:
        command.append('--no-loader')
    command += ['--probe', f'sim:healthy-f103-v2,chip={name},probe={probe},seed={seed + 1},'
                f'flash-in={folder}/now,flash-out={array}']
    if os.path.exists(array):
        os.remove(array)
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL)
    title = f'seed {seed}: {name}, {len(pieces)} pieces, {sum(len(d) for _, d in pieces)} bytes'
    if done.returncode:
        return title, f'ended with {done.returncode}: {done.stderr[-400:]}'
    if json.loads(done.stdout)['chip']['proof'] not in ('bench', 'peer'):
        return title, 'rules/chips.yaml says that nobody has tried this chip'
    with open(array, 'rb') as f:
        got = f.read()
    if len(got) != size:
        return title, f'the array has {len(got)} bytes, not {size}'
    if got != want:
        i = next(i for i, (a, b) in enumerate(zip(got, want)) if a != b)
        return title, f'{i:#x}: {got[i]:#04x} instead of {want[i]:#04x}'
    return title, None


def main():
    program, folder, first, last = sys.argv[1:]
    for seed in range(int(first), int(last) + 1):
        title, wrong = run(program, folder, seed)
        print(f'not ok - {title}\n# {wrong}' if wrong else f'ok - {title}', flush=True)


main()
