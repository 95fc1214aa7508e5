#!/bin/sh
# What one transient fault costs: a few places of a session on five chips; more of them: fault_cost.py SWDOCTOR 20.
. "$(dirname "$0")/../lib/sim.sh"
need true

check "one fault costs at most 50 ms (status) or 400 ms (USB, reset), and the repeated erase" \
  "$PYTHON" "$here/lib/fault_cost.py" "$SWDOCTOR" 1

finish
