#!/bin/sh
# The main job on real input: a log of a failed flash write. That it shows a problem (exit code 1) is right.
cd "$(dirname "$0")/.." || exit 70
log=tests/golden/seed/openocd-0.8-f405-stlink-v2.log
echo "\$ swdoctor analyze $log"
echo
"$1" analyze "$log"
[ $? = 1 ]
