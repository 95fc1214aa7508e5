"""Every chip of the virtual bench flashed, verified, read back, partly flashed again, and erased as a whole.

    flash_table.py PROGRAM FOLDER CHIPS.YAML

After each step the array is compared from outside, all of it. At the end, the rows of CHIPS.YAML that say `bench` or
`peer` must be those whose device ids were flashed here, and no others.
"""
import json
import os
import random
import re
import subprocess
import sys

from concurrent.futures import ThreadPoolExecutor

import bench_chips

BASE = 0x08000000
PROBES = ('v2', 'v2-1', 'v3')
AT_ONCE = max(2, os.cpu_count() or 1)  # much of the time a process only starts


class Bench:
    def __init__(self, program, folder, chip, probe):
        self.program, self.chip, self.probe = program, chip, probe
        self.now, self.out, self.file = (os.path.join(folder, f'{chip}.{name}') for name in ('now', 'array', 'file'))

    def clear(self):
        for name in (self.now, self.out, self.file, self.file + '.read'):
            if os.path.exists(name):
                os.unlink(name)

    def run(self, command, content, *words):
        """The result as JSON, and what the array holds afterwards."""
        with open(self.now, 'wb') as f:
            f.write(content)
        done = subprocess.run([self.program, command, '--format', 'json', '--probe',
                               f'sim:healthy-f103-v2,chip={self.chip},probe={self.probe},flash-in={self.now},flash-out={self.out}',
                               *words], capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise AssertionError(f'{command} ended with {done.returncode}: {done.stderr[-300:]}')
        with open(self.out, 'rb') as f:
            return json.loads(done.stdout), f.read()

    def image(self, data):
        with open(self.file, 'wb') as f:
            f.write(data)
        return self.file


def expect(got, want, step):
    if len(got) != len(want):
        raise AssertionError(f'{step}: the array has {len(got)} bytes, not {len(want)}')
    if got != want:
        i = next(i for i, (a, b) in enumerate(zip(got, want)) if a != b)
        raise AssertionError(f'{step}: {i:#x} holds {got[i]:#04x} instead of {want[i]:#04x}')


def try_chip(program, folder, name, kib, block, probe):
    """The device id, and how the chip's row says that it was proved."""
    size, erased = kib * 1024, bench_chips.erased_byte(name)
    r, bench = random.Random(name), Bench(program, folder, name, probe)
    blank = bytes([erased])
    length = min(2 * block + block // 2 + 3, size - block // 2) if block < 65536 else min(9001, size)
    at = max(0, min(size // 2 - length // 2, size - length)) // 4 * 4  # across the banks, where there are two
    old = r.randbytes(min(4 * block, size // 2))
    array = old + blank * (size - len(old))
    image = r.randbytes(length)
    base = hex(BASE + at)
    want = array[:at] + image + array[at + length:]

    result, array = bench.run('flash', array, '--base', base, bench.image(image))
    expect(array, want, 'flashed')
    if result['outcome']['bytes_verified'] < length or not result['outcome']['used_loader']:
        raise AssertionError('it was not verified, or the loader not used')
    bench.run('verify', array, '--base', base, bench.image(image))
    bench.run('read', array, '--range', f'{base}+{length}', bench.file + '.read')
    with open(bench.file + '.read', 'rb') as f:
        expect(f.read(), image, 'read back')
    changed = bytearray(image)
    changed[length // 2] ^= 0x55
    result, again = bench.run('flash', array, '--base', base, bench.image(changed))
    expect(again, want[:at] + bytes(changed) + want[at + length:], 'flashed again')
    if result['outcome']['blocks_erased'] > 2:
        raise AssertionError(f"one byte changed, and {result['outcome']['blocks_erased']} blocks were erased")
    _, gone = bench.run('erase', again, '--all', '--allow', 'mass-erase')
    expect(gone, blank * size, 'erased')
    bench.clear()
    return result['chip']['dev_id'], result['chip']['proof']


def proofs(path):
    """Device id to proof, of all rows; the file's own form is plain enough for that."""
    with open(path, encoding='utf-8') as f:
        rows = re.findall(r'dev_id: (0x[0-9a-f]+)\n(?:(?!  - dev_id).*\n)*?    proof: (\w+)', f.read())
    return {int(dev_id, 16): proof for dev_id, proof in rows}


def tell(program, folder, number, name, kib, block):
    """A line for people, and the device id; None where it failed."""
    probe = PROBES[number % len(PROBES)] if name[0] != 'H' else 'v3'
    try:
        dev_id, _ = try_chip(program, folder, name, kib, block, probe)
    except (AssertionError, subprocess.TimeoutExpired) as wrong:
        return f'not ok - {name}\n# {wrong}', None
    return f'ok - {name} ({dev_id}): flashed, verified, read back, partly flashed again, erased', int(dev_id, 16)


def main():
    program, folder, path = sys.argv[1:4]
    wanted = sys.argv[4:]
    chips = [(number, *chip) for number, chip in enumerate(bench_chips.CHIPS) if not wanted or chip[0] in wanted]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = []
        for line, dev_id in pool.map(lambda chip: tell(program, folder, *chip), chips):
            print(line, flush=True)
            told.append(dev_id)
    if wanted:
        return
    shown = set(told) - {None}
    said = {dev_id for dev_id, proof in proofs(path).items() if proof in ('bench', 'peer')}
    wrong = sorted(hex(i) for i in said ^ shown)
    print(f"{'not ' if wrong else ''}ok - the rows that say bench or peer are those {len(shown)} {' '.join(wrong)}")


main()
