#!/bin/sh
# What a person meets first: the bare command, help, version, mistakes.
. "$(dirname "$0")/../lib/cli.sh"

examples_first() { # FILE
  sed -n 3p "$1" | grep -qx Examples:
}

run 0 "the bare command says what to do next" "$SWDOCTOR"
check "... in five lines" test "$(wc -l <"$work/out")" = 5
printed "... with the main job" "swdoctor analyze FILE"

run 0 "--help works" "$SWDOCTOR" --help
check "... with examples first" examples_first "$work/out"
printed "... and lists analyze" "  analyze "
printed "... and run" "  run "
for command in analyze run; do
  run 0 "$command --help works" "$SWDOCTOR" $command --help
  check "... with examples first" examples_first "$work/out"
  check "... in 80 columns" narrow "$work/out"
  cp "$work/out" "$work/help"
  run 0 "help $command is the same" "$SWDOCTOR" help $command
  check "... word for word" cmp "$work/help" "$work/out"
done

run 0 "--version names the program" "$SWDOCTOR" --version
check "... and its libraries" grep -qE '^libyaml [0-9]' "$work/out"
check "... all of them" grep -qE '^pcre2 [0-9]' "$work/out"

run 2 "an unknown command is refused" "$SWDOCTOR" analyse x
said "... with a suggestion" "unknown command 'analyse', did you mean 'analyze'?"
run 2 "an unknown option is refused" "$SWDOCTOR" analyze --fromat json x
said "... with a suggestion" "unknown option --fromat, did you mean --format?"
run 2 "a wrong choice is refused" "$SWDOCTOR" analyze --format xml x
said "... with the choices" "--format wants one of text|json|jsonl, not 'xml'"
run 2 "a missing file name is refused" "$SWDOCTOR" analyze
run 2 "a wrong number is refused" "$SWDOCTOR" analyze -j many "$sure_log"
said "... with its limits" "--jobs wants a number from 1 to 256, not 'many'"
run 2 "a folder of rules that is not there is refused" "$SWDOCTOR" --rules /nonexistent analyze "$0"
check "nothing of this goes to standard output" test ! -s "$work/out"
finish
