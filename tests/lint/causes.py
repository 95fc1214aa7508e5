"""What a cause is stands in rules/ alone: no id of a cause in any C file outside tests.

The ids are read from rules/causes and from the labels of tests/corpus, and looked for as words in code and comments
alike. Ids of one word (healthy, other) are words of everyday language, too, and not looked for.
"""
import glob
import re
import subprocess
import sys

import yaml

loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


def ids():
    found = set()
    for path in glob.glob('rules/causes/*.yaml'):
        with open(path) as f:
            found.update(yaml.load(f, loader).get('causes', {}))
    for path in glob.glob('tests/corpus/*.yaml'):
        with open(path) as f:
            label = yaml.load(f, loader)
        found.update([label['cause']], label.get('also') or [])
    return {i for i in found if '-' in i}


def main():
    known = ids()
    if len(known) < 30:
        print(f'not ok - no cause id in C\n# only {len(known)} ids found: is rules/causes there?')
        return 1
    words = '|'.join(sorted(re.escape(i) for i in known))
    pattern = re.compile(rf'(?<![\w-])({words})(?![\w-])')
    files = subprocess.run(['git', 'ls-files', 'analyzer', 'probe', 'flash'],
                           capture_output=True, text=True, check=True).stdout.split()
    wrong = 0
    for path in files:
        try:
            with open(path, errors='replace') as f:
                for number, line in enumerate(f, 1):
                    for m in pattern.finditer(line):
                        print(f'{path}:{number}: cause id {m[1]}')
                        wrong += 1
        except FileNotFoundError:
            pass
    print('not ok' if wrong else 'ok', '- no cause id in C')
    return wrong != 0


sys.exit(main())
