#!/bin/sh
# What programs link on the bench: the replacement for libusb has every function of Debian's and answers as the real
# one does in front of the same device; every way to wait and every clock is the bench's.
. "$(dirname "$0")/../lib/sim.sh"
need sh
tests=$(dirname "$SWDOCTOR")/tests
library=$(dirname "$SWDOCTOR")/lib/swdoctor/sim/libusb-1.0.so.0

functions() { # LIBRARY
  nm -D --defined-only "$1" | awk '$2 == "T" { print $3 }' | sed 's/@.*//' | sort
}
# Where the loader finds the one that programs have without the bench.
real=$(ldd "$tests/usb_calls" | awk '$1 == "libusb-1.0.so.0" { print $3 }')
functions "$real" >"$work/real.functions"
functions "$library" >"$work/our.functions"
check "the real libusb has its functions" test "$(wc -l <"$work/real.functions")" -ge 85
check "the replacement has all of them, and no others" diff "$work/real.functions" "$work/our.functions"

# calls WAY [KEY=VALUE]: what libusb answers on the bench, replaced and real
calls() {
  way=$1
  shift
  timeout -k 1 60 "$SWDOCTOR" sim run ${1+--set "$1"} healthy-h743-v3 -- "$tests/usb_calls" "$way" >"$work/ours" 2>&1
  check "libusb, $way: it ends well" test $? = 0
  [ -x "$tests/bench_usb" ] || return
  timeout -k 1 60 "$SWDOCTOR" sim run ${1+--set "$1"} healthy-h743-v3 -- "$tests/bench_usb" "$tests/usb_calls" "$way" \
    >"$work/real" 2>&1
  check "libusb, $way: every call answers as the real one" diff "$work/real" "$work/ours"
}
calls look
calls talk
check "a reply is there" grep -q '^reply: 3[0-9]' "$work/ours"
calls stall 'faults=[{what: usb-stall, at: transaction 2}]'
check "an endpoint stays halted until it is cleared" test "$(grep -c 'LIBUSB_ERROR_PIPE' "$work/ours")" = 2
calls gone 'faults=[{what: usb-unplug, at: transaction 2}]'

timeout 60 "$SWDOCTOR" sim run --set 'faults=[{what: usb-unplug, at: ms 300, for: 500 ms}]' healthy-h743-v3 -- \
  "$tests/usb_calls" watch >"$work/out" 2>&1
seen() { # WHO
  grep "^$1: " "$work/out" | sed 's/.* //' | tr '\n' ' '
}
check "hot-plug: who watches sees it come, go and come" test "$(seen all)" = 'arrives leaves arrives '
check "hot-plug: who wants departures sees them alone" test "$(seen left)" = 'leaves '
check "hot-plug: who has seen enough is not called again" test "$(seen once)" = 'arrives '
check "hot-plug: who no longer watches is left alone" test "$(seen dropped)" = 'arrives '
check "hot-plug: other devices' are not called" test -z "$(seen "others'")"
printed "hot-plug: what was handed over comes back" "user data: all:"

timeout 60 "$SWDOCTOR" sim run healthy-f405-v2 -- "$tests/time_calls" 30 >"$work/times" 2>&1
check "every way to wait was tried" test "$(wc -l <"$work/times")" = 15
while IFS=, read -r call answer virtual real; do
  case $call in
  looking* | processor* | *ready) least=0 most=2 ;;
  time) least=1.5 most=1.7 ;;
  *) least=30 most=30.2 ;;
  esac
  check "$call answers as it should" test "$answer" = good
  check "$call: so long by the bench's clock" awk "BEGIN { exit !($virtual >= $least && $virtual <= $most) }"
  check "$call: nobody waits for it" awk "BEGIN { exit !($real < 3) }"
done <<END
$(sed 's/^time, gettimeofday, clock_gettime/time/' "$work/times")
END
finish
