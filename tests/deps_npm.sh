#!/bin/sh
# Fetch axe-core, the checker of accessibility, from npm into BUILD/npm. Debian has no package of it; where there is no npm, or
# no registry, the test of pages does without.
#
#   tests/deps_npm.sh BUILD
set -eu
folder=$1/npm
version=4.10.3

[ ! -e "$folder/node_modules/axe-core/axe.min.js" ] || exit 0
command -v npm >/dev/null || exit 0
mkdir -p "$folder"
timeout -k 5 120 npm install --prefix "$folder" --no-save --no-audit --no-fund --ignore-scripts --loglevel error \
  "axe-core@$version" >/dev/null || echo "axe-core could not be fetched: pages are not checked for accessibility" >&2
