"""Runs a command on a pseudo terminal and types an answer to its question: on_terminal.py ANSWER COMMAND...

What a person would see goes to standard output; ends with the command's exit code. TERM is xterm unless it is set.
"""
import os
import pty
import sys

answer, command = sys.argv[1], sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.environ.setdefault('TERM', 'xterm')
    os.execv(command[0], command)
text = b''
while True:
    try:
        got = os.read(fd, 4096)
    except OSError:
        break
    if not got:
        break
    text += got
    if answer and text.endswith(b'Type yes: '):
        os.write(fd, answer.encode() + b'\n')
        answer = ''
sys.stdout.buffer.write(text)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
