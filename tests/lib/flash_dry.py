"""What a dry run says will be done, against what is done then: blocks, the whole chip or not, and the time.

    flash_dry.py PROGRAM FOLDER
"""
import json
import os
import random
import subprocess
import sys

CASES = [(chip, probe, kib, allow)
         for chip, probe in (('F103', 'v2'), ('F405', 'v2'), ('L476', 'v2-1'), ('G071', 'v2-1'), ('H743', 'v3'))
         for kib, allow in ((16, ()), (100, ()), (100, ('--allow', 'mass-erase')))]
WITHIN = 0.15


def run(program, folder, chip, probe, words):
    done = subprocess.run([program, 'flash', '--format', 'json', '--base', '0x08000000', '--probe',
                           f'sim:healthy-f103-v2,chip={chip},probe={probe},flash-in={folder}/old', *words,
                           os.path.join(folder, 'image')],
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise AssertionError(f'ended with {done.returncode}: {done.stderr[-300:]}')
    return json.loads(done.stdout)


def main():
    program, folder = sys.argv[1:3]
    for chip, probe, kib, allow in CASES:
        name = f"{chip}, {kib} KiB{', the whole chip may be erased' if allow else ''}"
        r = random.Random(name)
        for file, n in (('image', kib), ('old', 128)):
            with open(os.path.join(folder, file), 'wb') as f:
                f.write(r.randbytes(n * 1024))
        try:
            plan = run(program, folder, chip, probe, ['--dry-run', *allow])['plan']
            real = run(program, folder, chip, probe, allow)['outcome']
        except AssertionError as wrong:
            print(f'not ok - {name}\n# {wrong}')
            continue
        off = plan['seconds'] / real['seconds'] - 1
        same = plan['mass_erase'] == real['mass_erased'] and (
            real['mass_erased'] or plan['erase_blocks'] == real['blocks_erased'])
        print(f"{'ok' if same else 'not ok'} - {name}: what was planned is done")
        print(f"{'ok' if abs(off) <= WITHIN else 'not ok'} - {name}: in {real['seconds']:.2f} s, "
              f"{plan['seconds']:.2f} s were expected ({off:+.0%})")


main()
