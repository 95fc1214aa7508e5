#!/bin/sh
# cppcheck finds nothing.
cd "$(dirname "$0")/../.." || exit 70
if git ls-files '*.c' | grep -v '^tests/unit/' | xargs cppcheck --quiet --enable=warning,performance,portability \
  --inline-suppr --error-exitcode=1 -j "$(nproc)" -I . --std=c11 -D_GNU_SOURCE; then
  echo "ok - cppcheck finds nothing"
else
  echo "not ok - cppcheck finds nothing"
fi
