"""Every line of the file named is a JSON object as doc/result.schema.json says, or another schema in doc/."""
import json
import os
import sys

import jsonschema


def refuse_duplicates(pairs):
    keys = [k for k, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError('a key stands twice')
    return dict(pairs)


def main():
    name = sys.argv[2] if len(sys.argv) > 2 else 'result.schema.json'
    path = os.path.join(os.path.dirname(__file__), '../../doc', name)
    with open(path) as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    with open(sys.argv[1]) as f:
        lines = f.read().split('\n')
    if lines.pop() != '' or not lines:
        sys.exit('the last line has no end, or there is none')
    for number, line in enumerate(lines, 1):
        errors = list(validator.iter_errors(json.loads(line, object_pairs_hook=refuse_duplicates)))
        for e in errors:
            print(f'object {number}: {"/".join(map(str, e.absolute_path))}: {e.message[:400]}')
            for c in e.context or []:
                print(f'  {"/".join(map(str, c.absolute_path))}: {c.message[:200]}')
        if errors:
            sys.exit(1)


main()
