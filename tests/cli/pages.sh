#!/bin/sh
# Manual pages and completions: written from the option tables, so every option of every command is in all of them; clean by
# mandoc and by the shells; and the shells offer what they should.
. "$(dirname "$0")/../lib/cli.sh"

share=$(dirname "$SWDOCTOR")/share

# options COMMAND...: the long options that its help lists
options() {
  "$SWDOCTOR" "$@" --help | sed -n 's/^  *\(-[a-zA-Z], \)*--\([a-z-]*\).*/\2/p'
}

commands() { # COMMAND...: what its help lists as commands
  "$SWDOCTOR" "$@" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

in_all() { # PAGE OPTION: in the manual page, and in each completion
  sed 's/\\-/-/g' "$share/$1.1" "$share/swdoctor.1" | grep -qE "^[.]It.* Fl -$2( |\$)" || return 1
  grep -qE "(^|[ '])--$2( |\$)" "$share/swdoctor.bash" || return 1
  grep -qE "^ *'[*]--$2(=|\\[)" "$share/_swdoctor" || return 1
  grep -qE " -l $2 " "$share/swdoctor.fish"
}

missing=
count=0
for command in $(commands); do
  subs=$(commands "$command")
  for sub in ${subs:-''}; do
    for option in $(options "$command" ${sub:+"$sub"}); do
      in_all "swdoctor-$command" "$option" || missing="$missing $command${sub:+ $sub} --$option"
      count=$((count + 1))
    done
  done
done
check "all $count options are in the pages and completions (missing:$missing)" test -z "$missing" -a "$count" -gt 50

if command -v mandoc >/dev/null; then
  for page in "$share"/*.1; do
    mandoc -T lint "$page" | grep -v 'referenced manual not found' >"$work/lint"
    check "mandoc has nothing to say about $(basename "$page")" not grep . "$work/lint"
  done
else
  skip "mandoc has nothing to say" "no mandoc"
fi

bash_offers() { # WORD...: completes the last one
  # shellcheck disable=SC2016 # bash expands it
  bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _swdoctor; printf "%s\n" "${COMPREPLY[@]}"' \
    "$share/swdoctor.bash" swdoctor "$@" 2>&1
}
if command -v bash >/dev/null; then
  check "bash offers commands" sh -c "[ \"\$(echo '$(bash_offers ana)')\" = analyze ]"
  check "... subcommands" sh -c "[ \"\$(echo '$(bash_offers rules te)')\" = test ]"
  check "... options" sh -c "echo '$(bash_offers report --no)' | grep -qx -e --no-redact"
  check "... and what an option may be" sh -c "echo '$(bash_offers report --format j)' | grep -qx junit"
fi
if command -v zsh >/dev/null; then
  check "zsh understands its file" zsh -n "$share/_swdoctor"
fi
if command -v fish >/dev/null; then
  fish_offers() { HOME=$work fish --no-config -c "source '$share/swdoctor.fish'; complete -C '$1'"; }
  check "fish offers commands" sh -c "echo \"$(fish_offers 'swdoctor ana')\" | grep -q '^analyze'"
  check "... and what an option may be" sh -c "echo \"$(fish_offers 'swdoctor report --format ju')\" | grep -q '^junit'"
fi
finish
