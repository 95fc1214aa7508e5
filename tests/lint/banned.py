"""Calls that are banned by tests/lint/banned.txt, in C outside tests."""
import fnmatch
import re
import subprocess
import sys


def load_table(path):
    with open(path) as f:
        for line in f:
            if line.strip() and not line.startswith('#'):
                calls, allowed, why = (part.strip() for part in line.split('|'))
                yield re.compile(rf'(?<![\w.>])({"|".join(calls.split())})\s*\('), allowed.split(), why


def without_comments_and_strings(text):
    def blank(m):
        return re.sub(r'[^\n]', ' ', m[0])
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.DOTALL)


def main():
    table = list(load_table('tests/lint/banned.txt'))
    files = subprocess.run(['git', 'ls-files', 'analyzer/*.[ch]', 'probe/*.[ch]', 'flash/*.[ch]'],
                           capture_output=True, text=True, check=True).stdout.split()
    wrong = 0
    for path in files:
        try:
            with open(path) as f:
                lines = without_comments_and_strings(f.read()).split('\n')
        except FileNotFoundError:
            continue
        for pattern, allowed, why in table:
            if any(fnmatch.fnmatch(path, a) for a in allowed):
                continue
            for number, line in enumerate(lines, 1):
                m = pattern.search(line)
                if m:
                    print(f'{path}:{number}: {m[1]}() is banned here: {why}')
                    wrong += 1
    print('not ok' if wrong else 'ok', '- no banned calls')
    return wrong != 0


sys.exit(main())
