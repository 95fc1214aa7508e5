"""run on a terminal: what the tool sees of it, and what a person sees of the tool.

Each test is a conversation with `swdoctor run -- TOOL` on a pseudo terminal that stands for the real one.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

SWDOCTOR, LOG = sys.argv[1:3]
PYTHON = sys.executable


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, tool, rows=33, columns=77, stdout=None):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
            if stdout is not None:
                os.dup2(stdout, 1)
            os.execv(SWDOCTOR, [SWDOCTOR, 'run', '--', *tool])
        self.text = b''
        self.ended = False

    def read(self, seconds=0.1):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return
        try:
            more = os.read(self.fd, 65536)
        except OSError:
            more = b''
        self.text += more
        self.ended = not more

    def wait_for(self, text, seconds=30):
        end = time.monotonic() + seconds
        while text not in self.text:
            if self.ended or time.monotonic() > end:
                raise AssertionError(f'{text!r} did not come: {self.text[-2000:]!r}')
            self.read()

    def type(self, text):
        os.write(self.fd, text)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))

    def finish(self, seconds=30):
        """The exit status, as a shell counts."""
        end = time.monotonic() + seconds
        while not self.ended:
            if time.monotonic() > end:
                raise AssertionError(f'it does not end: {self.text[-2000:]!r}')
            self.read()
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return status if status >= 0 else 128 - status


def python(code):
    return [PYTHON, '-u', '-c', code]


def the_tool_sees_a_terminal_on_all_three():
    t = Terminal(['sh', '-c', 'test -t 0 && test -t 1 && test -t 2 && echo three terminals'])
    t.wait_for(b'three terminals')
    assert t.finish() == 0


def an_output_that_is_no_terminal_stays_none():
    r, w = os.pipe()
    t = Terminal(['sh', '-c', 'test -t 1 || echo no terminal; test -t 2 && echo a terminal >&2'], stdout=w)
    os.close(w)
    t.wait_for(b'a terminal')
    assert t.finish() == 0
    assert os.read(r, 100) == b'no terminal\n'
    assert b'no terminal' not in t.text


def newlines_come_out_once():
    t = Terminal(['printf', r'a\nb\r\nc\n'])
    assert t.finish() == 0
    assert t.text == b'a\r\nb\r\r\nc\r\n', t.text  # as the terminal shows it without us


def the_two_streams_keep_their_order():
    t = Terminal(['sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done'])
    assert t.finish() == 0
    assert t.text == b''.join(b'o%d\r\ne%d\r\n' % (i, i) for i in range(1, 10)), t.text


def the_tool_knows_the_size_and_hears_of_changes():
    t = Terminal(python('''
import os, signal, time
def changed(*_):
    global size
    size = os.get_terminal_size(1)
    if size.columns == 101:
        print('changed', size.lines, size.columns)
        raise SystemExit
signal.signal(signal.SIGWINCH, changed)
size = os.get_terminal_size(1)
print('size', size.lines, size.columns)
time.sleep(20)
'''))
    t.wait_for(b'size 33 77')
    t.resize(44, 101)
    t.wait_for(b'changed 44 101')
    assert t.finish() == 0


def the_keyboard_reaches_the_tool():
    t = Terminal(['sh', '-c', 'printf "name? "; read name; echo "hello $name"'])
    t.wait_for(b'name? ')
    t.type(b'probe\n')
    t.wait_for(b'hello probe')
    assert t.finish() == 0


def single_keys_reach_a_tool_that_asks_for_them():
    t = Terminal(python('''
import sys, tty, termios
old = termios.tcgetattr(0)
tty.setcbreak(0)
print('press')
key = sys.stdin.buffer.raw.read(1)
termios.tcsetattr(0, termios.TCSADRAIN, old)
print('key', key)
'''))
    t.wait_for(b'press')
    t.type(b'q')
    t.wait_for(b"key b'q'")
    assert t.finish() == 0


def ctrl_c_reaches_the_tool_once():
    t = Terminal(python('''
import signal, time
count = 0
def hit(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, hit)
print('ready')
end = time.monotonic() + 20
while not count and time.monotonic() < end:
    time.sleep(0.05)
time.sleep(0.7)
print('hits', count)
'''))
    t.wait_for(b'ready')
    t.type(b'\x03')
    t.wait_for(b'hits 1')
    assert t.finish() == 0


def ctrl_c_ends_the_tool_and_then_us():
    t = Terminal(['sh', '-c', 'echo ready; exec sleep 20'])
    t.wait_for(b'ready')
    t.type(b'\x03')
    assert t.finish(10) == 130
    assert b'swdoctor' not in t.text, 'nobody asked why'


def a_failure_is_explained_on_the_terminal():
    t = Terminal(['sh', '-c', 'cat "$1"; exit 1', 'sh', LOG])
    assert t.finish() == 1
    assert b'problem:' in t.text
    assert b'RESULT code=1 ' in t.text
    assert t.text.index(b'unable to connect') < t.text.index(b'problem:')


def the_terminal_is_left_as_it_was():
    t = Terminal(['sh', '-c', 'stty -a >&2; exit 3'])
    before = termios.tcgetattr(t.fd)
    assert t.finish() == 3
    assert termios.tcgetattr(t.fd) == before


TESTS = [
    the_tool_sees_a_terminal_on_all_three,
    an_output_that_is_no_terminal_stays_none,
    newlines_come_out_once,
    the_two_streams_keep_their_order,
    the_tool_knows_the_size_and_hears_of_changes,
    the_keyboard_reaches_the_tool,
    single_keys_reach_a_tool_that_asks_for_them,
    ctrl_c_reaches_the_tool_once,
    ctrl_c_ends_the_tool_and_then_us,
    a_failure_is_explained_on_the_terminal,
    the_terminal_is_left_as_it_was,
]


def main():
    failed = 0
    for test in TESTS:
        try:
            test()
            print('ok -', test.__name__.replace('_', ' '), flush=True)
        except AssertionError as e:
            failed += 1
            print('not ok -', test.__name__.replace('_', ' '), flush=True)
            print('#', repr(e), flush=True)
    sys.exit(failed != 0)


main()
