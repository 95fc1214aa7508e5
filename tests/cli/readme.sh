#!/bin/sh
# The README's walk: every command in it is run as it is written, and every block of output is what comes out
# (tests/lib/readme.py; `make readme-accept` takes what comes out now).
. "$(dirname "$0")/../lib/cli.sh"

case $SWDOCTOR in
*-san/*)
  skip "the README's walk" "one build is enough"
  finish
  ;;
esac
if [ ! -e "$(dirname "$SWDOCTOR")/lib/swdoctor/swdoctor-sim" ] || ! command -v openocd >/dev/null; then
  skip "the README's walk" "no virtual bench, or no openocd"
  finish
fi

# What the commands find: a failed log, a capture, images, a board's configuration, a build tool whose flashing fails.
mkdir "$work/walk" "$work/bin" "$work/locks"
export SWDOCTOR_LOCK_DIR="$work/locks"
cd "$work/walk" || exit 70
ln -s "$SWDOCTOR" "$work/bin/swdoctor"
cp "$sure_log" flash.log
cp "$here/captures/sim-st-info-probe.pcap" session.pcapng
cp "$here/demo/counter.hex" firmware.hex
cp "$here/demo/counter.hex" app.hex
"$PYTHON" "$here/lib/image.py" firmware.bin 4096
arm-none-eabi-objcopy -I binary -O elf32-littlearm --rename-section .data=.text,alloc,load,code,contents \
  --change-section-address .data=0x08000000 firmware.bin part.o &&
  arm-none-eabi-ld -Ttext 0x08000000 -e 0x08000040 -o firmware.elf part.o 2>/dev/null
printf ':020000040801F1\n:04000000DEADBEEFC4\n:00000001FF\n' >boot.hex
printf 'source [find interface/stlink.cfg]\nsource [find target/stm32f4x.cfg]\ninit\nshutdown\n' >board.cfg
printf '#!/bin/sh\ncat %s\nexit 1\n' "$sure_log" >"$work/bin/west"
chmod +x "$work/bin/west"

PATH=$work/bin:$PATH
COLUMNS=80 LC_ALL=C.UTF-8 HOME=$work XDG_STATE_HOME=$work/.local/state
export PATH COLUMNS LC_ALL HOME XDG_STATE_HOME
if [ "${README_ACCEPT-}" ]; then
  "$PYTHON" "$here/lib/readme.py" "$README_ACCEPT" accept
  exit
fi
"$PYTHON" "$here/lib/readme.py" "$(realpath "$here/../README.md")" check "$SWDOCTOR"
