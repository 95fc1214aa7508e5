#!/bin/sh
# `swdoctor rules`: what it knows for people, mistakes in rules for their authors, the tests beside the rules.
. "$(dirname "$0")/../lib/cli.sh"

rules=$here/../rules
mine=$work/mine
mkdir "$mine"

# ---- the shipped rules
run 0 "the shipped rules pass their own tests" "$SWDOCTOR" rules test
check "... with examples and tests" grep -qE '^[1-9][0-9]* examples of patterns, [1-9][0-9]* tests of causes: 0 failed$' "$work/out"
run 0 "rules list works" "$SWDOCTOR" rules list
printed "... and lists the causes" "Causes ("
printed "... the facts" "Facts ("
printed "... and the patterns by tool" "messages of OpenOCD"
check "... in 80 columns" narrow "$work/out"
# shellcheck disable=SC2046 # our own names
run 0 "the shipped files have no mistake" "$SWDOCTOR" rules lint \
  $(find "$rules" -name scenarios -prune -o -name '*.yaml' ! -name chips.yaml -print)
printed "... and it says so" "files, no mistake"

# ---- every page
"$SWDOCTOR" rules list >"$work/list"
sed -n '/^Patterns/q; s/^  \([a-z][a-z0-9._-]*\) .*/\1/p' "$work/list" | sort -u >"$work/ids"
pages() {
  while read -r id; do
    "$SWDOCTOR" rules explain "$id" >"$work/page" && narrow "$work/page" || return 1
  done <"$work/ids"
}
check "everything that is listed has a page of 80 columns" pages
run 0 "a page about a cause" "$SWDOCTOR" rules explain target-voltage-low
printed "... tells what speaks for it" "What speaks for it (+) and against it (-)"
printed "... what tells it from others" "Causes that look alike, and what tells them apart"
printed "... and what to do" "What to do"
run 0 "a page about a cause of the wiring" "$SWDOCTOR" rules explain swd-not-connected
printed "... names the wires" "  GND, SWDIO, SWCLK"
run 2 "an unknown id is refused" "$SWDOCTOR" rules explain target-voltage-lo
said "... with the one that was meant" "did you mean 'target-voltage-low'?"

# ---- mistakes
cat >"$mine/a.yaml" <<'YAML'
schema: 1
facts:
  my.fact: {title: mine, when: {fact: target.vtref-mv, below: 10}}
YAML
run 2 "a mistake is refused by lint" "$SWDOCTOR" rules lint "$mine/a.yaml"
said "... with its place, code and suggestion" \
  "$mine/a.yaml:3:39: error[R104]: unknown fact 'target.vtref-mv', did you mean 'target.vtref_mv'?"
said "... the line" "    3 |   my.fact: {title: mine, when: {fact: target.vtref-mv, below: 10}}"
said "... and a caret" "      |                                       ^^^^^^^^^^^^^^^"
run 2 "the same mistake is refused by analyze" "$SWDOCTOR" --rules "$mine" analyze "$sure_log"
said "... with the same message" "error[R104]"
check "... and nothing on standard output" test ! -s "$work/out"
run 2 "a missing file is refused" "$SWDOCTOR" rules lint "$mine/none.yaml"
said "... by name" "$mine/none.yaml"
run 2 "a folder in place of a file is refused" "$SWDOCTOR" rules lint "$mine"
run 2 "a binary file is refused" "$SWDOCTOR" rules lint "$SWDOCTOR"
printf 'schema: 1\nfacts: {a: {title: "\\e[31mred", when: "\\e]0;x\\a"}}\n' >"$mine/a.yaml"
run 2 "escape sequences in a rule" "$SWDOCTOR" rules lint "$mine/a.yaml"
check "... do not reach the terminal" clean "$work/err"

# ---- tests that fail
cat >"$mine/a.yaml" <<'YAML'
schema: 1
patterns:
  my-pattern: {text: "abcdefgh", gives: {event: tool.chatter}, example: "abcdefg"}
  my-other: {text: "ijklmnop", gives: {event: tool.chatter}}
causes:
  my-cause:
    title: mine
    hop: swd
    class: tool
    exit: 1
    prior: -30 dB
    explains: {connect-failed: 0.5}
    remedies: {}
    explain: mine
    tests: {fires: [{name: the impossible, symptoms: [connect-failed]}]}
YAML
run 2 "tests that fail are told" "$SWDOCTOR" --rules "$mine" rules test
printed "... an example that is not matched" "the pattern 'my-pattern' does not match its example"
printed "... a pattern without one" "the pattern 'my-other' has no example"
printed "... a cause that does not fire" "my-cause, fires test 'the impossible': it should come first (at least possible)"
printed "... what came instead" "  1. "
printed "... a cause without a silent test" "the cause 'my-cause' has no test that it stays silent"
check "... and all are counted" grep -q ': 2 failed, 2 rules untested$' "$work/out"
run 2 "lint demands tests as well" "$SWDOCTOR" rules lint "$mine/a.yaml"
said "... with a code" "error[R110]"
rm "$mine/a.yaml"

# ---- a copy of the shipped rules behaves as they do
"$SWDOCTOR" analyze --all --format json "$sure_log" >"$work/shipped" 2>/dev/null
"$SWDOCTOR" --rules "$rules" analyze --all --format json "$sure_log" >"$work/copied" 2>/dev/null
check "a copy of the shipped rules gives the same result" cmp "$work/shipped" "$work/copied"
run 0 "a copy named with a slash behind it is a copy too" "$SWDOCTOR" --rules "$rules/" rules list

# ---- the packer
pack=$(dirname "$SWDOCTOR")/pack
if [ -x "$pack" ]; then
  mkdir "$work/rules"
  echo 'schema: 1
hops: {h: {title: H, ordr: 1}}' >"$work/rules/hops.yaml"
  run 1 "wrong rules end the build" "$pack" "$work/blob" "$work/rules" "$work/rules/hops.yaml"
  said "... with the message" "hops.yaml:2:22: error[R101]: a hop has no key 'ordr', did you mean 'order'?"
  check "... and leave no file" test ! -e "$work/blob"
  run 0 "no rules at all can be packed" "$pack" "$work/blob" "$work/rules"
fi
finish
