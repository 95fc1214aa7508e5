#!/bin/sh
# The Debian source package is built from what is committed, checked by lintian, installed into a folder, and removed without a
# trace.
#
#   tests/deb.sh BUILD
set -u
build=$(realpath "$1")
cd "$(dirname "$0")/.." || exit 70
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

check() { # NAME COMMAND...
  name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    echo "ok - $name"
  else
    echo "not ok - $name"
    tail -n 30 "$work/log" | sed 's/^/# /'
    failures=$((failures + 1))
  fi
}

build_package() {
  git archive --prefix=swdoctor/ HEAD | tar -x -C "$work" &&
    cd "$work/swdoctor" && dpkg-buildpackage -us -uc -d -j2
}

lists_clean() { # lintian is silent from warnings on
  lintian --fail-on error,warning --profile debian --suppress-tags initial-upload-closes-no-bugs "$work"/swdoctor_*.changes
}

unpacks_to() { # FILE: the package brings it
  dpkg-deb -c "$work"/swdoctor_[0-9]*.deb | grep -q " \./$1\$"
}

installs_and_leaves() { # into a root of its own, as dpkg does it
  mkdir -p "$work/root/var/lib/dpkg/updates" "$work/root/var/lib/dpkg/info" "$work/root/var/lib/dpkg/triggers" &&
    : >"$work/root/var/lib/dpkg/status" &&
    dpkg --root="$work/root" --force-depends --force-not-root --force-script-chrootless -i "$work"/swdoctor_[0-9]*.deb &&
    "$work/root/usr/bin/swdoctor" analyze "$work/swdoctor/tests/golden/unpowered/input.log" >/dev/null 2>&1
  [ $? = 1 ] || return 1
  dpkg --root="$work/root" --force-depends --force-not-root --force-script-chrootless -P swdoctor &&
    [ -z "$(find "$work/root" -path "$work/root/var/lib/dpkg" -prune -o -name '*swdoctor*' -print)" ]
}

check "the source package builds" build_package
check "a source package is there" test -s "$work"/swdoctor_*.dsc
check "lintian has no error and no warning" lists_clean
for file in usr/bin/swdoctor usr/lib/swdoctor/libusb-1.0.so.0 usr/lib/udev/rules.d/60-swdoctor.rules \
  usr/share/man/man1/swdoctor.1.gz usr/share/bash-completion/completions/swdoctor usr/share/zsh/vendor-completions/_swdoctor \
  usr/share/fish/vendor_completions.d/swdoctor.fish usr/share/swdoctor/wireshark/stlink.lua \
  usr/share/swdoctor/labgrid/labgrid_swdoctor.py; do
  check "it brings $file" unpacks_to "$file"
done
check "it installs, works, and leaves no trace" installs_and_leaves
cp "$work"/swdoctor_*.dsc "$work"/swdoctor_*.tar.* "$work"/swdoctor_*.deb "$build/" 2>/dev/null
exit $((failures > 0))
