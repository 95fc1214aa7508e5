# What the tests of the virtual bench share, on top of cli.sh.
# shellcheck shell=sh source=cli.sh
. "$(dirname "$0")/../lib/cli.sh"
export LSAN_OPTIONS="suppressions=$here/lib/unicorn.supp:print_suppressions=0"

# goes_with_preloading: can our own program run on the bench's libusb? A sanitizer wants to be the first library.
goes_with_preloading() {
  case $SWDOCTOR in
  *-san/*) return 1 ;;
  esac
}

# need TOOL: end with one skipped test where it is missing, or where the bench was not built
need() {
  if [ ! -x "$(dirname "$SWDOCTOR")/lib/swdoctor/swdoctor-sim" ]; then
    skip "the virtual bench" "it is built where libunicorn-dev is installed"
    exit 0
  fi
  if ! command -v "$1" >/dev/null; then
    skip "$1 on the virtual bench" "$1 is not installed"
    exit 0
  fi
}

make_image() { # FILE BYTES
  "$PYTHON" "$here/lib/image.py" "$1" "$2"
}

# holds ARRAY IMAGE ERASED: the array begins with the image and is erased behind it
holds() {
  "$PYTHON" "$here/lib/image.py" --holds "$@"
}

erased() { # ARRAY ERASED
  "$PYTHON" "$here/lib/image.py" --erased "$@"
}

# bench CHIP PROBE COMMAND...: on a healthy board, whose flash holds $work/old; $host: nominal unless it says otherwise.
# Leaves $work/array, $work/stats.
host=
bench() {
  chip=$1 probe=$2
  shift 2
  timeout -k 1 100 "$SWDOCTOR" sim run --set chip="$chip" --set probe="$probe" ${host:+--set "host=$host"} \
    --flash-in "$work/old" --flash-out "$work/array" --stats "$work/stats" healthy-f103-v2 -- timeout -k 1 90 "$@"
}
