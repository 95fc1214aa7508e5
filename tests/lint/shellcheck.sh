#!/bin/sh
# shellcheck finds nothing in our scripts.
cd "$(dirname "$0")/../.." || exit 70
if git ls-files '*.sh' .ci/run | xargs shellcheck -x -P SCRIPTDIR; then
  echo "ok - shellcheck finds nothing"
else
  echo "not ok - shellcheck finds nothing"
fi
