"""`swdoctor check` on the virtual bench, stopped or disturbed at each of its transactions. Whatever happens, the board is
looked at from outside: the reset line is let go, the core runs, the probe was left, and what was printed is true."""
import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
USB = {  # each happens once, at one transaction
    'usb-request-lost': '', 'usb-reply-lost': '', 'usb-lost': '', 'usb-stall': '', 'usb-short': '',
    'usb-unplug': ', for: 60 ms', 'status': ', word: 0x10',
}
KINDS = ['interrupt', *USB]
BOARDS = {'F405': 'v2', 'F103': 'v2', 'L476': 'v2-1', 'G071': 'v2-1', 'H743': 'v3'}


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        with open(os.path.join(HERE, '../../doc/result.schema.json')) as f:
            self.schema = jsonschema.Draft7Validator(json.load(f))

    def check(self, chip, consent, fault=None, board=()):
        """(the process, the board before and after, counts); `board`: more settings of the scenario"""
        with tempfile.TemporaryDirectory(dir=self.folder) as work:
            words = [f'sim:healthy-f405-v2,probe={BOARDS[chip]},chip={chip}',
                     f'state-out={work}/state', f'stats={work}/stats', *board]
            if fault:
                words.append(f'faults=[{fault}]')
            env = dict(os.environ, XDG_STATE_HOME=work, SWDOCTOR_LOCK_DIR=work)
            argv = [self.program, 'check', '--no-history', '--format', 'json', '--probe', ','.join(words), *consent]
            ran = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=env,
                                 preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            with open(f'{work}/state') as f:
                state = json.load(f)
            with open(f'{work}/stats') as f:
                stats = json.load(f)
            return ran, state, stats


def left_wrong(state):
    """What is not as it was left to be, from outside."""
    before, after = state['before'], state['after']
    wrong = []
    if after['probe_pulls_nrst'] or after['nrst_low']:
        wrong.append('the reset line is low')
    if after['core'] != before['core']:
        wrong.append(f'the core is {after["core"]}')
    if after['probe'] == 'debug':
        wrong.append('the probe is left in debug mode')
    if after['debug_enabled']:
        wrong.append('halting debug is left on')
    for key in ('demcr', 'scr', 'vtor', 'flash', 'dbgmcu_cr'):
        if after[key] != before[key]:
            wrong.append(f'{key} is {after[key]}')
    return wrong


UNTOUCHED = ('registers', 'reset_flags', 'ram', 'own_resets')


def changed(state):
    return [key for key in UNTOUCHED if state['before'][key] != state['after'][key]]


def told_wrong(bench, kind, ran, state, consent):
    """What the report says and is not so."""
    lines = ran.stdout.splitlines()
    if len(lines) != 1:
        return [f'{len(lines)} lines on stdout']
    result = json.loads(lines[0])
    wrong = [f'schema: {e.message[:80]}' for e in bench.schema.iter_errors(result)]
    said = result.get('changed', [])
    if result['exit_code'] != ran.returncode:
        wrong.append(f'exit code {ran.returncode}, told as {result["exit_code"]}')
    if kind == 'interrupt':
        if ran.returncode != 130:
            wrong.append(f'ended with {ran.returncode}')
        if result['verdict'] == 'healthy' and not result['facts'].get('exam.complete'):
            wrong.append('healthy, although it was cut short')
        if result.get('cut_short', {}).get('kind') != 'interrupted':
            wrong.append('not told that it was cut short')
    elif ran.returncode not in (0, 1, 5, 6, 7, 8, 11):
        wrong.append(f'ended with {ran.returncode}')
    if not consent and changed(state):
        wrong.append('without consent it changed ' + ' '.join(changed(state)))
    if 'reset_flags' in changed(state) and not {'cause-flags', 'restarted'} & set(said):
        wrong.append('nothing is said of the reset flags that changed')
    return wrong


def fault_of(kind, n):
    return f'{{what: {kind}, at: transaction {n}{USB.get(kind, "")}}}'


def try_one(bench, job):
    chip, consent, kind, n = job
    try:
        ran, state, _ = bench.check(chip, consent, fault_of(kind, n))
    except (subprocess.TimeoutExpired, OSError, ValueError) as e:
        return job, [f'{type(e).__name__}: {e}'[:100]]
    return job, left_wrong(state) + told_wrong(bench, kind, ran, state, consent)


def jobs_of(bench, args):
    jobs = []
    for chip in args.chip:
        for consent in ([], ['--allow', 'reset']):
            last = bench.check(chip, consent)[2]['commands']
            first = 1 + args.seed % args.every
            for i, kind in enumerate(args.kind):
                every = args.every
                jobs += [(chip, consent, kind, n) for n in range(first + i * 5 % every, last + 1, every)]
            jobs += [(chip, consent, kind, n) for kind in args.kind for n in args.at if n <= last]
    return jobs


def main():
    p = argparse.ArgumentParser()
    p.add_argument('program')
    p.add_argument('--every', type=int, default=1, help='only every Nth transaction')
    p.add_argument('--at', type=int, nargs='*', default=[], help='and these')
    p.add_argument('--seed', type=int, default=0)
    p.add_argument('--chip', nargs='+', default=list(BOARDS))
    p.add_argument('--kind', nargs='+', default=KINDS)
    p.add_argument('--processes', type=int, default=2)
    args = p.parse_args()
    wrong, n = Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(args.program, folder)
        with ThreadPoolExecutor(args.processes) as pool:
            for (chip, consent, kind, at), found in pool.map(lambda j: try_one(bench, j), jobs_of(bench, args)):
                n += 1
                for what in found:
                    wrong[what] += 1
                    if wrong[what] <= 3:
                        print(f'{chip} {" ".join(consent) or "default"} {kind} at {at}: {what}', file=sys.stderr)
    print(json.dumps({'target': 'check-interrupted', 'runs': n, 'wrong': sum(wrong.values()), 'what': dict(wrong)}))
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
