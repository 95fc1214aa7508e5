#!/bin/sh
# Many benches at once, each with OpenOCD programming and verifying 64 KiB: none may disturb another.
#
#   tests/sim_parallel.sh SWDOCTOR TIMES [SECONDS]
#
# The last line says how much processor time they took on average, bench and OpenOCD together, and the quickest of them:
# what one takes on a core that has nothing else to do. If that is more than SECONDS, it is a failure.
set -u
swdoctor=$(realpath "$1") times=$2 at_most=${3:-1000}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-/usr/bin/python3}" "$here/lib/image.py" "$work/image" 65536

one() { # NUMBER
  timeout -k 1 100 "$swdoctor" sim run --flash-out "$work/array.$1" healthy-f405-v2 -- timeout -k 1 90 openocd \
    -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' -f interface/stlink.cfg -f target/stm32f4x.cfg \
    -c init -c 'reset halt' -c "program $work/image 0x08000000 verify" -c shutdown >"$work/log.$1" 2>&1 &&
    grep -q 'Verified OK' "$work/log.$1" && cmp -s -n 65536 "$work/array.$1" "$work/image"
}

number=0
while [ "$number" -lt "$times" ]; do
  number=$((number + 1))
  { one "$number" && times >"$work/done.$number"; } &
done
wait
failed=0 number=0
while [ "$number" -lt "$times" ]; do
  number=$((number + 1))
  [ -e "$work/done.$number" ] || {
    failed=$((failed + 1))
    cat "$work/log.$number"
  }
done
# The second line of `times` is what the children of a shell took.
awk -v failed="$failed" -v at_most="$at_most" '
  FNR == 2 {
    split($1, u, /[ms]/); split($2, s, /[ms]/)
    each = 60 * u[1] + u[2] + 60 * s[1] + s[2]
    sum += each
    least = !n++ || each < least ? each : least
  }
  END {
    printf "{\"target\":\"sim-parallel\",\"runs\":%d,\"failed\":%d,\"cpu_s\":%.3f,\"least_cpu_s\":%.3f}\n", n + failed, failed,
      n ? sum / n : 0, least
    exit failed > 0 || least > at_most
  }' /dev/null "$work"/done.*
