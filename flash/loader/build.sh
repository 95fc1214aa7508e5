#!/bin/sh
# Write flash/loader_code.c from loader.S: build.sh >flash/loader_code.c. Needs gcc-arm-none-eabi; only whoever
# changes the loader does, and the test that the committed bytes are these.
set -eu
here=$(dirname "$0")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
arm-none-eabi-gcc -c -mcpu=cortex-m0 -mthumb -o "$tmp/loader.o" "$here/loader.S"
arm-none-eabi-objcopy -O binary -j .text "$tmp/loader.o" "$tmp/loader.bin"
printf '/* The loader in bytes. Written by flash/loader/build.sh from flash/loader/loader.S. */\n'
printf '#include "flash/loader.h"\n\nconst uint8_t loader_code[] = {\n'
od -An -v -tx1 -w15 "$tmp/loader.bin" | sed 's/ \(..\)/ 0x\1,/g; s/^ /\t/'
printf '};\nconst size_t loader_code_len = sizeof(loader_code);\n'
