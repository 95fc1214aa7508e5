#!/bin/sh
# No cause id in C: causes are YAML.
cd "$(dirname "$0")/../.." || exit 70
"${PYTHON:-/usr/bin/python3}" tests/lint/causes.py
