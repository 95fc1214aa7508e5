"""Does `swdoctor check` leave a healthy running target as it was? Board by board on the virtual bench, from outside."""
import json
import os
import subprocess
import sys
import tempfile

from board_program import program
from check_interrupted import BOARDS, Bench, changed, left_wrong

SECONDS, TRANSACTIONS = 5, 400
RAM = 0x20000000


def say(good, name, why=''):
    print(f'{"ok" if good else "not ok"} - {name}')
    if not good:
        print(f'# {why}')
    return good


def text_of(bench, chip, work):
    """The report as people read it, in one line."""
    ran = subprocess.run([bench.program, 'check', '--no-history', '--allow', 'reset', '--probe',
                          f'sim:healthy-f405-v2,probe={BOARDS[chip]},chip={chip}'], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=60, env=dict(os.environ, SWDOCTOR_LOCK_DIR=work))
    return ' '.join(ran.stdout.split())


def default_check(bench, chip, words):
    ran, state, stats = bench.check(chip, [], board=words)
    result = json.loads(ran.stdout)
    good = say(ran.returncode == 0 and result['verdict'] == 'healthy', f'{chip}: healthy', ran.stdout[:300])
    good &= say(stats['seconds'] < SECONDS and stats['commands'] < TRANSACTIONS,
                f'{chip}: {stats["seconds"]} s of the bench, {stats["commands"]} transactions', 'too many')
    good &= say(state['before']['registers'][3] == '0x00000011' and state['before']['core'] == 'running',
                f'{chip}: a program with marks of its own runs', str(state['before']['registers']))
    wrong = left_wrong(state) + changed(state)
    good &= say(not wrong, f'{chip}: RAM, registers, reset flags and run state are as before', ', '.join(wrong))
    return good & say(result['changed'] == [], f'{chip}: and it says that it changed nothing', result['changed'])


def with_reset(bench, chip, words, work):
    ran, state, _ = bench.check(chip, ['--allow', 'reset'], board=words)
    result = json.loads(ran.stdout)
    wrong = left_wrong(state)
    good = say(not wrong, f'{chip}: with a reset the program runs, and the probe was left', ', '.join(wrong))
    good &= say(set(result['changed']) == {'halted', 'restarted', 'cause-flags'},
                f'{chip}: JSON tells the reset, the stop and the flags', result['changed'])
    good &= say(state['before']['reset_flags'] != state['after']['reset_flags'],
                f'{chip}: the flags did change', state['after']['reset_flags'])
    text = text_of(bench, chip, work)
    told = [words for words in ('the reset line was pulled low', 'flags that tell of past resets were cleared',
                                'the core was stopped for a moment') if words not in text]
    return good & say(not told, f'{chip}: and so does the text', told)


def main():
    good = True
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(sys.argv[1], work)
        path = os.path.join(work, 'program')
        with open(path, 'wb') as f:
            f.write(program(RAM))
        for chip in BOARDS:
            good &= default_check(bench, chip, [f'program={{file: {path}}}'])
            good &= with_reset(bench, chip, [f'program={{file: {path}}}'], work)
    return not good


if __name__ == '__main__':
    sys.exit(main())
