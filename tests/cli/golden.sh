#!/bin/sh
# The golden cases (tests/golden.sh).
. "$(dirname "$0")/../lib/cli.sh"
"$here/golden.sh" "$SWDOCTOR"
