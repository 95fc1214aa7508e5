#!/bin/sh
# What `make install` puts where, that it works alone, and that `make uninstall` takes all of it away.
#
#   tests/install.sh BUILD
SWDOCTOR=$1/swdoctor
. "$(dirname "$0")/lib/cli.sh"
cd "$here/.." || exit 70

check "make install works" make O="$1" install DESTDIR="$work/root" PREFIX=/usr
for file in bin/swdoctor share/doc/swdoctor/README.md share/doc/swdoctor/LICENSE share/doc/swdoctor/rules.md \
  share/doc/swdoctor/result.schema.json; do
  check "it installs $file" test -s "$work/root/usr/$file"
done
check "the program is not writable for others" test "$(stat -c %a "$work/root/usr/bin/swdoctor")" = 755
cd / || exit 70
run 1 "the program needs nothing beside it" env -i "$work/root/usr/bin/swdoctor" analyze "$sure_log"
if [ -x "$work/root/usr/lib/swdoctor/swdoctor-sim" ] && command -v st-info >/dev/null; then
  run 0 "the virtual bench is found where it is installed" \
    "$work/root/usr/bin/swdoctor" sim run healthy-f405-v2 -- st-info --probe
  printed "and serves other programs" "chipid:     0x0413"
else
  skip "the virtual bench is installed" "it was not built, or there is no st-info"
fi
cd "$here/.." || exit 70
for file in share/man/man1/swdoctor-analyze.1 share/bash-completion/completions/swdoctor \
  share/zsh/vendor-completions/_swdoctor share/fish/vendor_completions.d/swdoctor.fish share/swdoctor/wireshark/stlink.lua share/swdoctor/labgrid/labgrid_swdoctor.py \
  lib/udev/rules.d/60-swdoctor.rules; do
  check "it installs $file" test -s "$work/root/usr/$file"
done
check "make uninstall works" make O="$1" uninstall DESTDIR="$work/root" PREFIX=/usr
check "... and leaves no file" test -z "$(find "$work/root" -type f)"

if git rev-parse --git-dir >/dev/null 2>&1; then
  for n in 1 2; do
    mkdir "$work/dist$n"
    make O="$work/dist$n" dist >/dev/null 2>&1
  done
  check "make dist makes the same bytes twice" sh -c "cmp '$work'/dist1/*.tar.gz '$work'/dist2/*.tar.gz"
  check "... with all that is in the repository" sh -c "tar tzf '$work'/dist1/*.tar.gz | grep -q '/debian/rules\$'"
else
  skip "make dist makes the same bytes twice" "no repository"
fi
finish
