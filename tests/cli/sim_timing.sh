#!/bin/sh
# The bench's clock: how many commands unmodified tools send for a job and how long it takes them, against what
# other measurements of the same tools found; and against published sessions (the rest of those: make sim-fit).
. "$(dirname "$0")/../lib/sim.sh"
need openocd
case $SWDOCTOR in
*-san/*)
  skip "the bench's clock" "a sanitizer changes no virtual time"
  exit 0
  ;;
esac

printf '\377\377\377\377' >"$work/old" # nothing was ever flashed

# near NAME VALUE WANTED: within a tenth
near() {
  if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a > 0.9 * b && a < 1.1 * b) }'; then
    ok "$1"
  else
    not_ok "$1" "$2, not $3"
  fi
}

seconds_of() { # VERB: what OpenOCD printed
  sed -n "s/^$1 .* in \([0-9.]*\)s .*/\1/p" "$work/out"
}

# openocd_takes CHIP TARGET PROBE KHZ BYTES COMMANDS WRITE VERIFY
openocd_takes() {
  make_image "$work/image" "$5"
  bench "$1" "$3" openocd -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' -f interface/stlink.cfg \
    -f "target/$2.cfg" -c init -c 'reset halt' -c "adapter speed $4" -c "flash write_image erase $work/image 0x08000000" \
    -c "verify_image $work/image 0x08000000" -c shutdown >"$work/out" 2>&1
  near "$1, $3, $5 bytes: commands of OpenOCD" "$(field "$work/stats" commands)" "$6"
  near "$1, $3, $5 bytes: its seconds for writing" "$(seconds_of wrote)" "$7"
  near "$1, $3, $5 bytes: and for verifying" "$(seconds_of verified)" "$8"
}

# stflash_takes CHIP PROBE KHZ BYTES COMMANDS SECONDS
stflash_takes() {
  make_image "$work/image" "$4"
  bench "$1" "$2" st-flash "--freq=${3}k" write "$work/image" 0x08000000 >"$work/out" 2>&1
  near "$1, $2, $4 bytes: commands of st-flash" "$(field "$work/stats" commands)" "$5"
  near "$1, $2, $4 bytes: its seconds" "$(field "$work/stats" seconds)" "$6"
}

openocd_takes F103 stm32f1x v2 1800 65536 7642 3.61 0.96
openocd_takes F405 stm32f4x v2 1800 65536 3141 2.11 0.51
openocd_takes F405 stm32f4x v2 1800 262144 9369 6.54 1.92
openocd_takes L476 stm32l4x v2 1800 65536 5972 1.78 1.92
openocd_takes G071 stm32g0x v2 1800 65536 2675 1.59 0.49
openocd_takes F405 stm32f4x v3 24000 65536 10018 1.96 0.48
stflash_takes F103 v2 1800 65536 5291 5.8
stflash_takes F405 v2 1800 65536 2710 2.8
stflash_takes F405 v2 1800 262144 7995 9.8
stflash_takes L476 v2 1800 65536 2032 2.9
stflash_takes F405 v3 24000 65536 8200 1.8
stflash_takes G071 v2 1800 65536 34767 18.4
host=fast
make_image "$work/image" 65536
bench G071 v2 st-flash --freq=1800k write "$work/image" 0x08000000 >"$work/out" 2>&1
near "G071, v2, 65536 bytes on a fast host: seconds of st-flash" "$(field "$work/stats" seconds)" 9.4
host=

check "published sessions take as long as they did" \
  "$PYTHON" "$here/bench/sim_fit.py" "$SWDOCTOR" --part --median-at-most 0.06 --within-10-at-least 0.9

finish
