# A chip of the virtual bench under unmodified OpenOCD; on top of sim.sh.
# shellcheck shell=sh source=sim.sh
. "$(dirname "$0")/../lib/sim.sh"
need openocd

# use_image BYTES: what the chips below are programmed with
use_image() {
  image=$work/image size=$1
  make_image "$image" "$size"
}

make_image "$work/old" 32768

# session INTERFACE TARGET ERASE CHIP PROBE; $transport: SWD unless it says otherwise
transport=
session() {
  bench "$4" "$5" openocd -c 'gdb_port disabled; tcl_port disabled; telnet_port disabled' \
    -f "interface/$1.cfg" ${transport:+-c "transport select $transport"} -f "target/$2.cfg" -c 'adapter speed 1800; init; reset halt' \
    -c 'mww 0x20000100 0x89abcdef; mwb 0x20000101 0x55; mdw 0x20000100' \
    -c 'mwh 0x20000106 0x1234; mdh 0x20000106' \
    -c 'reg r3 0xcafe0003; echo [reg r3]' -c "$3" \
    -c "program $image 0x08000000 verify; adapter speed 1800; reset halt" \
    -c 'bp 0x08000042 2 hw; resume; wait_halt 1000; echo [reg pc]; rbp all' \
    -c "dump_image $work/dump 0x08000000 $size; resume; shutdown"
}

# chip NAME TARGET ERASE [ERASED [PROBE [INTERFACES]]]
chip() {
  for interface in ${6-stlink stlink-dap}; do
    with="$1, $interface.cfg"
    rm -f "$work/array" "$work/dump"
    session "$interface" "$2" "$3" "$1" "${5-v2}" >"$work/out" 2>&1
    check "$with: OpenOCD ends well" test $? = 0
    printed "$with: words of RAM" "0x20000100: 89ab55ef"
    printed "$with: half-words of RAM" "0x20000106: 1234"
    printed "$with: a core register" "r3 (/32): 0xcafe0003"
    printed "$with: the image is verified" "** Verified OK **"
    printed "$with: it runs, into a breakpoint" "pc (/32): 0x08000042"
    check "$with: what is read back is the image" cmp "$work/dump" "$image"
    check "$with: the array holds the image, and nothing else" holds "$work/array" "$image" "${4-0xff}"
  done
}
