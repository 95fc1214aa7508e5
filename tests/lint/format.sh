#!/bin/sh
# Every C file is formatted as .clang-format says.
cd "$(dirname "$0")/../.." || exit 70
wrong=$(git ls-files '*.c' '*.h' | xargs clang-format --dry-run 2>&1 | sed -n 's/^\([^: ]*\):.*Wclang-format-violations.*/\1/p' | sort -u)
if [ -z "$wrong" ]; then
  echo "ok - C files are formatted"
else
  echo "$wrong"
  echo "not ok - C files are formatted (make format does it)"
fi
