"""Includes point one way: every #include "..." against the table tests/layers.txt."""
import os
import re
import subprocess
import sys


def load_table(path):
    table = {}
    with open(path) as f:
        for line in f:
            line = line.split('#')[0].strip()
            if line:
                folder, allowed = line.split(':')
                table[folder] = {folder, *allowed.split()}
    return table


def includes(path):
    with open(path, errors='replace') as f:
        for number, line in enumerate(f, 1):
            m = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if m:
                yield number, m[1]


def main():
    table = load_table('tests/layers.txt')
    files = subprocess.run(['git', 'ls-files', '*.c', '*.h', '*.def'],
                           capture_output=True, text=True, check=True).stdout.split()
    wrong = 0
    for path in files:
        if not os.path.exists(path):
            continue
        folder = os.path.dirname(path)
        if folder not in table:
            print(f'{path}: the folder {folder} has no line in tests/layers.txt')
            wrong += 1
            continue
        for number, name in includes(path):
            if os.path.dirname(name) not in table[folder]:
                print(f'{path}:{number}: {folder} may not include "{name}"')
                wrong += 1
    print('not ok' if wrong else 'ok', '- includes point one way')
    return wrong != 0


sys.exit(main())
