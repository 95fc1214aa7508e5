#!/bin/sh
# option: what protects chips of the bench, shown by name and changed with consent.
. "$(dirname "$0")/../lib/cli.sh"

export XDG_STATE_HOME="$work/state"

fits() { # FILE
  "$PYTHON" "$here/lib/validate.py" "$1" flash.schema.json
}
option() { # SCENARIO WORD...
  scenario=$1
  shift
  "$SWDOCTOR" option --probe "sim:$scenario" "$@" </dev/null
}
blank() { # FILE: holds nothing but 0xff
  [ "$(LC_ALL=C tr -d '\377' <"$1" | wc -c)" = 0 ]
}
shows() { # NAME OPTION VALUE
  check "$1" grep -Eq "^$2 +$3 " "$work/out"
}

run 0 "options are shown" option healthy-f405-v2
shows "read protection is off" rdp 0
shows "no sector is protected" write-protected 0x000
run 0 "as JSON" option healthy-f405-v2 --format json
check "it is as the schema says" fits "$work/out"
has "the first is read protection" "$work/out" rdp options 0 name
has "level 0" "$work/out" 0 options 0 value

run 2 "writing wants consent" option healthy-f405-v2 bor-level=0
said "which flag gives it" "--allow reset says that this is wanted"
for scenario in healthy-f051-v2 healthy-f103-v2 healthy-f303-v3e healthy-f405-v2 healthy-l053-v2 healthy-l476-nucleo \
  healthy-g071-nucleo healthy-g431-v3 healthy-h743-v3 healthy-u575-v3; do
  run 0 "$scenario: the watchdog's option is changed" option $scenario iwdg-software=no --allow reset
  shows "$scenario: and reads so after the reset" iwdg-software no
done

# every family: protection, brown-out, watchdog and boot in one go, as far as it has them
takes() { # CHIP PROBE NAME=VALUE...
  chip=$1 scenario="healthy-f405-v2,chip=$1,probe=$2"
  shift 2
  run 0 "$chip: options are changed" option "$scenario" "$@" --allow reset
  for change in "$@"; do
    shows "$chip: and ${change%%=*} reads so after the reset" "${change%%=*}" "${change#*=}"
  done
}
takes F051 v2 iwdg-software=no nboot1=0 write-protected=0x00000003
takes F103 v2 iwdg-software=no write-protected=0x00000003
takes F303 v2 iwdg-software=no nboot1=0 write-protected=0x00000003
takes F207 v2 iwdg-software=no bor-level=1 write-protected=0x003
takes F405 v2 iwdg-software=no bor-level=1 write-protected=0x003
takes F429 v2 iwdg-software=no bor-level=1 write-protected-2=0x003
takes F746 v2-1 iwdg-software=no bor-level=1 write-protected=0x03 boot0-address=0x0080
takes L053 v2 iwdg-software=no bor-level=9 write-protected=0x00000003 nboot1=0
takes L152 v2 iwdg-software=no bor-level=9 write-protected=0x00000003
takes L476 v2-1 iwdg-software=no bor-level=2 nboot1=0 wrp1a-first=0 wrp1a-last=1 wrp2b-first=3 wrp2b-last=4
takes L4R5 v2-1 iwdg-software=no bor-level=2 nboot1=0 wrp2a-first=3 wrp2a-last=4
takes G071 v2-1 iwdg-software=no bor-enabled=no nboot1=0 wrp1a-first=0 wrp1a-last=1
takes G431 v3 iwdg-software=no bor-level=2 nboot1=0 wrp1b-first=0 wrp1b-last=1
takes C031 v3 iwdg-software=no bor-enabled=yes nboot1=0 wrp1a-first=0 wrp1a-last=1
takes WB55 v3 iwdg-software=no bor-level=2 nboot1=0 wrp1a-first=0 wrp1a-last=1
takes U575 v3 iwdg-software=no bor-level=2 nboot0=0 wrp1a-first=0 wrp1a-last=1 wrp2a-first=2 wrp2a-last=3
takes H563 v3 iwdg-software=no bor-level=2 boot-address=0x080100 write-protected=0x00000003 write-protected-2=0x80000001
takes H503 v3 iwdg-software=no bor-level=2 write-protected-2=0x00000001
takes H743 v3 iwdg-software=no bor-level=2 write-protected=0x03 write-protected-2=0x01
takes H7A3 v3 iwdg-software=no bor-level=2 write-protected=0x80000001

run 2 "H563: the product state is never set" option healthy-h563-v3 product-state=0x72 --allow reset,erase,mass-erase
said "H563: and why" "a mistake could not be undone"

for chip in f103 f405 l476; do
  scenario=protected-rdp1-$chip
  run 0 "$chip: protection is seen" option $scenario
  shows "$chip: level 1" rdp 1
  run 2 "$chip: opening it wants the word for its loss" option $scenario rdp=0 --allow reset
  said "$chip: and says what is lost" "erases everything in flash"
  run 0 "$chip: with it the chip is opened" option "$scenario,flash-out=$work/flash" rdp=0 --allow reset,mass-erase
  shows "$chip: level 0" rdp 0
  check "$chip: nothing is left in flash" blank "$work/flash"
done

# level 1 of the other families: set, seen, and opened with the word for its loss only
for part in F051 F207 F746 L053 L152 L4R5 G071 G431 C031 WB55 U575 H743; do
  run 0 "$part: protection is set" option "healthy-f405-v2,chip=$part,probe=v3" rdp=1 --allow reset
  shows "$part: level 1" rdp 1
  printf 'probe: v3\nchip: {part: %s, rdp: 1}\n' $part >"$work/closed.yaml"
  run 2 "$part: opening it wants the word for its loss" option "$work/closed.yaml" rdp=0 --allow reset
  run 0 "$part: with it the chip is opened" option "$work/closed.yaml" rdp=0 --allow reset,mass-erase
  shows "$part: level 0" rdp 0
done

run 0 "write protection is seen" option write-protected-f405
check "of some sector" grep -Eq '^write-protected +0x[0-9a-f]*[1-9a-f]' "$work/out"
run 0 "and taken off" option write-protected-f405 write-protected=0 --allow reset
shows "no sector is left" write-protected 0x000

run 2 "level 2 is never set" option healthy-f405-v2 rdp=2 --allow reset,erase,mass-erase
said "and why" "it is for ever"
run 2 "a name that does not exist" option healthy-f405-v2 colour=1
said "gets those that do" "it has rdp, bor-level, iwdg-software"
run 2 "consent in a wrong word" option healthy-f405-v2 --allow everything
said "gets the right ones" "reset, erase or mass-erase"

finish
