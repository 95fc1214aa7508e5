#!/bin/sh
# The loader's bytes in flash/loader_code.c are what its source assembles to.
cd "$(dirname "$0")/../.." || exit 1
command -v arm-none-eabi-gcc >/dev/null || { echo "ok - the loader is what its source says # skip: no arm-none-eabi-gcc"; exit 0; }
if flash/loader/build.sh | cmp -s - flash/loader_code.c; then
  echo "ok - the loader is what its source says"
else
  echo "not ok - the loader is what its source says: flash/loader/build.sh >flash/loader_code.c"
fi
