#!/bin/sh
# The everyday flags on the command line, on a bus played by umockdev: which probe, whose turn it is, how long, and what
# a signal does.
. "$(dirname "$0")/../lib/cli.sh"

mock=$(dirname "$SWDOCTOR")/tests/mock_run
export SWDOCTOR_LOCK_DIR="$work/locks" XDG_STATE_HOME="$work/state"
mkdir "$SWDOCTOR_LOCK_DIR"

run 3 "no probe ends with 3" "$mock" --pid 0 -- "$SWDOCTOR" reset
said "and says so" "no ST-LINK is plugged in"
run 2 "words that name none end with 2" "$SWDOCTOR" reset --probe nonsense
run 2 "so does a speed that is none" "$SWDOCTOR" reset --speed fast
said "which is told" "--speed wants a number"
run 2 "and a way to connect that is none" "$SWDOCTOR" reset --connect gently
said "with those that are" "normal|under-reset|hot-plug|auto"
run 5 "a probe that waits for firmware ends with 5" "$mock" --pid 374d -- "$SWDOCTOR" reset

taken() {
  flock "$SWDOCTOR_LOCK_DIR/swdoctor-usb-1-2.lock" "$mock" -- "$SWDOCTOR" reset "$@"
}
printf 'pid 4711\nsince 2026-01-01T00:00:00Z\nwhy a long test\n' >"$SWDOCTOR_LOCK_DIR/swdoctor-usb-1-2.lock"
run 4 "a probe that another swdoctor uses ends with 4" taken
said "and its user is named" "locked by process 4711"
run 75 "waiting for it in vain ends with 75" taken --lock-wait 1

run 3 "waiting in vain for one to be plugged in ends with 3" "$mock" --pid 0 -- "$SWDOCTOR" reset --wait 1
run 124 "a run that takes too long ends with 124" "$mock" --pid 0 -- "$SWDOCTOR" reset --wait 60 --timeout 1

# signalled SIGNAL: a run that waits is sent it, and ends by itself soon
signalled() {
  "$mock" --pid 0 -- "$PYTHON" - "$SWDOCTOR" "$1" <<'PY'
import signal, subprocess, sys, time
for name in (signal.SIGINT, signal.SIGTERM):
    signal.signal(name, signal.SIG_DFL)
child = subprocess.Popen([sys.argv[1], 'reset', '--wait', '60'])
end = time.time() + 30
while time.time() < end:  # it listens to the signal once its handler is there
    caught = [l for l in open('/proc/%d/status' % child.pid) if l.startswith('SigCgt')][0]
    if int(caught.split()[1], 16) >> (int(signal.SIGTERM) - 1) & 1:
        break
    time.sleep(0.05)
child.send_signal(getattr(signal, sys.argv[2]))
sys.exit(child.wait(30))
PY
}
run 130 "Ctrl-C ends a run with 130" signalled SIGINT
said "and that is said" "interrupted"
run 143 "a termination with 143" signalled SIGTERM

finish
