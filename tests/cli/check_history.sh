#!/bin/sh
# check's history: kept by real checks on the bench and by planted rows, shown, and never in the way of a check.
. "$(dirname "$0")/../lib/sim.sh"

need true
export SWDOCTOR_LOCK_DIR="$work/locks" XDG_STATE_HOME="$work/state"
mkdir -m 777 "$SWDOCTOR_LOCK_DIR"
db="$XDG_STATE_HOME/swdoctor/history.db"

sql() { # STATEMENT
  "$PYTHON" -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute(sys.argv[2]).fetchall()); c.commit()' "$db" "$1"
}
fits() { # FILE: it is as doc/result.schema.json says
  "$PYTHON" "$here/lib/validate.py" "$1" result.schema.json
}
# on PROBE BOARD CODE WHAT [OPTION...]: a check; the seed makes the board, the serial the probe
on() {
  words="sim:healthy-f405-v2,probe={type: v2, serial: '$1'},seed=$2"
  code=$3 what=$4
  shift 4
  run "$code" "$what" "$SWDOCTOR" check --probe "$words" "$@"
}
p=53570000000000000000AAAA
q=53570000000000000000BBBB

run 11 "without any check there is no verdict" "$SWDOCTOR" check --history
printed "and it says so" "no check has been kept yet"
check "looking makes no file" test ! -e "$db"

on $p 1 0 "a healthy check is kept"
check "in a file for the user alone" test "$(stat -c %a "$db")" = 600
on $p 1 0 "so is a second"
on $p 1 0 "one that is not to be kept is not" --no-history
check "two rows are there" test "$(sql 'SELECT count(*) FROM checks')" = "[(2,)]"
run 0 "nobody got worse" "$SWDOCTOR" check --history
printed "it says that, too" "no probe and no board got worse"
printed "the probe is named by the end of its serial number" "probe sim:...0000AAAA"
printed "the board by its chip" "(STM32F4): 2 checks"

# The same pair goes bad: the board still answers who it is.
noisy="wires={swdio: noisy}"
run 8 "the wires go bad" "$SWDOCTOR" check --format json \
  --probe "sim:healthy-f405-v2,probe={type: v2, serial: '$p'},seed=1,$noisy"
check "the JSON is as the schema says" fits "$work/out"
has "it got worse, the JSON says" "$work/out" worse history 0 kind
run 1 "so does the history" "$SWDOCTOR" check --history --format json
check "its JSON is as the schema says" fits "$work/out"
has "a problem" "$work/out" problem verdict
has "three checks" "$work/out" signal-integrity checks 2 cause
run 1 "and the text" "$SWDOCTOR" check --history
printed "by name" "got worse: healthy in 2 of"

# The same probe on a second board, and that board with another probe.
run 8 "the same probe on a second board" "$SWDOCTOR" check \
  --probe "sim:healthy-f405-v2,probe={type: v2, serial: '$p'},seed=2,$noisy"
printed "it is bad on two: it is the probe or the cable" "has trouble with 2 boards"
on $q 2 0 "the second board with another probe"
run 1 "shows" "$SWDOCTOR" check --history
printed "that the board is well" "1 of these boards is"

# A board that does not answer is known by its name.
on $q 7 0 "a board is given a name" --board "bench seven"
run 6 "and loses a wire" "$SWDOCTOR" check --board "bench seven" \
  --probe "sim:healthy-f405-v2,probe={type: v2, serial: '$q'},seed=7,wires={swdio: open}"
check "it is the same board" test "$(sql "SELECT count(DISTINCT board) FROM checks WHERE label = 'bench seven'")" = "[(1,)]"
run 1 "only it is shown when asked for" "$SWDOCTOR" check --history --board "bench seven"
printed "by its name" "board bench seven"

# Planted: a supply that sank in the course of weeks.
sql "DELETE FROM checks" >/dev/null
for mv in 3300 3290 3300 3310 3100 3050 3050; do
  sql "INSERT INTO checks (at, code, probe, board, verdict, class, vtref_mv) VALUES (1764000000, 0, 'P', 'B', 'healthy', 'pass', $mv)" >/dev/null
done
run 1 "a supply that sinks is told" "$SWDOCTOR" check --history
printed "with what it was and is" "VTref was 3300 mV, and"

# Whatever is wrong with the file, a check is a check.
cp "$db" "$work/good"
head -c 8192 /dev/zero | tr '\0' x >"$db"
on $p 1 0 "a damaged file does not disturb a check"
said "but is told" "warning: not kept in the history"
run 2 "and showing it fails" "$SWDOCTOR" check --history
cp "$work/good" "$db"
sql "PRAGMA user_version = 99" >/dev/null
on $p 1 0 "nor does a newer one"
said "which is told, too" "newer version of swdoctor"
cp "$work/good" "$db"
"$PYTHON" -c 'import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(30)' "$db" >"$work/locked" &
locker=$!
while [ ! -s "$work/locked" ]; do sleep 0.1; done
on $p 1 0 "nor one that is locked"
said "which is told" "locked"
kill $locker
XDG_STATE_HOME=/dev/null/nowhere
on $p 1 0 "nor a home that cannot be written to"
said "which is told" "warning: not kept"
finish
