#!/bin/sh
# Every C file is formatted as .clang-format says.
cd "$(dirname "$0")/../.." || exit 70
if git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror; then
  echo "ok - C files are formatted"
else
  echo "not ok - C files are formatted"
fi
