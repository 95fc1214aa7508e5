#!/bin/sh
# run on a terminal: the tool keeps it. The conversations are in run_pty.py.
. "$(dirname "$0")/../lib/cli.sh"
exec "$PYTHON" "$here/cli/run_pty.py" "$SWDOCTOR" "$sure_log"
