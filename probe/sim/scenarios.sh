#!/bin/sh
# Write a C file that holds the scenarios: scenarios.sh FILE... >scenarios.c
set -eu
printf '/* Written by probe/sim/scenarios.sh. */\n#include "probe/sim/library.h"\n\n'
n=0
for file; do
  printf 'static const char text%d[] = {\n' "$n"
  od -An -v -tx1 "$file" | sed 's/ \([0-9a-f][0-9a-f]\)/ 0x\1,/g'
  printf '};\n\n'
  n=$((n + 1))
done
printf 'extern const struct library_entry library_table[];\nconst struct library_entry library_table[] = {\n'
n=0
for file; do
  printf '\t{ "%s", text%d, sizeof(text%d) },\n' "$(basename "$file" .yaml)" "$n" "$n"
  n=$((n + 1))
done
printf '\t{ 0 },\n};\n'
