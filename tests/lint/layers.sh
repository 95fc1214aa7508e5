#!/bin/sh
# Includes point one way (tests/layers.txt).
cd "$(dirname "$0")/../.." || exit 70
"${PYTHON:-/usr/bin/python3}" tests/lint/layers.py
