#!/bin/sh
# No banned calls (tests/lint/banned.txt).
cd "$(dirname "$0")/../.." || exit 70
"${PYTHON:-/usr/bin/python3}" tests/lint/banned.py
