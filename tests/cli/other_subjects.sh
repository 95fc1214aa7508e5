#!/bin/sh
# analyze: logs of other programs, and of firmware that complains after it was flashed well, accuse nobody.
. "$(dirname "$0")/../lib/cli.sh"

# accuses_nobody NAME: the log on standard input has no finding
accuses_nobody() {
  cat >"$work/log"
  "$SWDOCTOR" analyze --format json "$work/log" >"$work/out" 2>"$work/err"
  check "$1" "$PYTHON" -c 'import json, sys
said = json.load(open(sys.argv[1]))
named = [f["cause"] for f in said["findings"] if f["word"]]
sys.exit(str(named) if named or said["verdict"] == "problem" else 0)' "$work/out"
}

accuses_nobody "a compiler's errors" <<'LOG'
src/main.c: In function 'main':
src/main.c:14:9: error: 'counter' undeclared (first use in this function)
src/main.c:20:1: warning: control reaches end of non-void function [-Wreturn-type]
make[1]: *** [Makefile:31: build/main.o] Error 1
make: *** [Makefile:8: all] Error 2
LOG
accuses_nobody "a linker's errors" <<'LOG'
arm-none-eabi/bin/ld: app.elf section `.text' will not fit in region `FLASH'
arm-none-eabi/bin/ld: region `FLASH' overflowed by 1234 bytes
collect2: error: ld returned 1 exit status
LOG
accuses_nobody "a build that went well" <<'LOG'
make[1]: Entering directory '/src/app'
  CC      main.o
  LD      app.elf
   text    data     bss     dec     hex filename
   9000     120     800    9920    26c0 app.elf
make[1]: Leaving directory '/src/app'
LOG
accuses_nobody "a programmer for other chips" <<'LOG'
avrdude: AVR device not responding
avrdude: initialization failed, rc=-1
avrdude: verification error, first mismatch at byte 0x0000
LOG
accuses_nobody "another one" <<'LOG'
esptool.py v4.5
Serial port /dev/ttyUSB0
Connecting......................................
A fatal error occurred: Failed to connect to ESP32: No serial data received.
LOG
accuses_nobody "a system's log" <<'LOG'
Jan 12 10:00:05 host sshd[99]: error: kex_exchange_identification: Connection closed by remote host
Jan 12 10:00:09 host kernel: [   12.3] EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2
Jan 12 10:01:09 host systemd[1]: app.service: Main process exited, code=exited, status=1/FAILURE
Jan 12 10:01:10 host db[7]: FATAL: password authentication failed; connection timed out; permission denied
LOG
accuses_nobody "a package manager" <<'LOG'
npm ERR! code ECONNREFUSED
npm ERR! connect ECONNREFUSED 127.0.0.1:4873
Error: Cannot find module 'left-pad'
LOG
accuses_nobody "Rust that does not compile" <<'LOG'
   Compiling cortex-m v0.7.7
error[E0433]: failed to resolve: use of undeclared crate or module `hal`
error: could not compile `app` (bin "app") due to 1 previous error
LOG
accuses_nobody "a program that panics after it was flashed well" <<'LOG'
      Erasing ✔ [00:00:01] [########] 16.00 KiB/16.00 KiB @ 14.50 KiB/s (eta 0s )
  Programming ✔ [00:00:00] [########] 9.00 KiB/9.00 KiB @ 20.10 KiB/s (eta 0s )    Finished in 1.9s
INFO  hello
ERROR panicked at 'index out of bounds', src/main.rs:20
LOG

finish
