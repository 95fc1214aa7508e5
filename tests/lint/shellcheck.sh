#!/bin/sh
# The scripts pass shellcheck. (2016: '$x' for an inner shell; 2317: functions that `check` and `run` call.)
cd "$(dirname "$0")/../.." || exit 70
if git ls-files '*.sh' .ci/run | xargs shellcheck -x -P SCRIPTDIR -e SC2016,SC2317; then
  echo "ok - shellcheck finds nothing"
else
  echo "not ok - shellcheck finds nothing"
fi
