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
