"""Holds what `swdoctor trace --format jsonl` says of a capture against the bytes that tshark finds in it.

usage: against_tshark.py SWDOCTOR CAPTURE [EXPECTED...]

Every byte that crossed the command, reply and SWO endpoints must be in exactly one transaction, in order; and
version, voltage, mode, ids and memory accesses are worked out here once more from tshark's bytes.
EXPECTED, such as version=V2J16S0 or mode=2,0, is what must have been said, in this order (without repetitions).
"""
import json
import subprocess
import sys


def tshark_packets(path):
    fields = ['frame.number', 'usb.endpoint_address', 'usb.capdata']
    command = ['tshark', '-n', '-r', path, '-Y', 'usb.capdata', '-T', 'fields']
    for f in fields:
        command += ['-e', f]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        number, endpoint, data = line.split('\t')
        yield int(number), int(endpoint, 0), bytes.fromhex(data)


def transactions(program, path):
    out = subprocess.run([program, 'trace', '--format', 'jsonl', path], capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def le(data, at, size):
    return int.from_bytes(data[at:at + size], 'little')


def version_of(d):
    word = int.from_bytes(d[:2], 'big')
    return f'V{word >> 12}J{word >> 6 & 63}S{word & 63}'


def check_reply(x, cmd, data, said, problems):
    """What a reply says, worked out from its bytes alone."""
    def must(what, is_, should):
        if is_ != should:
            problems.append(f'#{x["number"]}: {what} is {is_!r}, should be {should!r}')

    def note(what, value):
        if not said.setdefault(what, []) or said[what][-1] != value:
            said[what].append(value)

    words = [f'0x{le(data, i, 4):08x}' for i in range(0, len(data) - 3, 4)]
    if cmd[0] == 0xf1 and len(data) == 6:
        must('version', x.get('version'), version_of(data))
        note('version', x['version'])
    elif cmd[0] == 0xf5 and data:
        must('mode', x.get('mode'), data[0])
        note('mode', str(x['mode']))
    elif cmd[0] == 0xf7 and len(data) == 8:
        must('millivolts', x.get('millivolts'), round(2400 * le(data, 4, 4) / le(data, 0, 4)))
        note('millivolts', str(x['millivolts']))
    elif cmd[:2] == b'\xf2\x31' and len(data) == 12:
        must('ids', x.get('ids'), words[1:])
        note('id', words[1])
    elif cmd[:2] == b'\xf2\x36' and len(data) == 8 and data[0] == 0x80:
        must('address', x['registers'][0]['address'], f'0x{le(cmd, 2, 4):08x}')
        must('value', x['registers'][0].get('value'), words[1])
    elif cmd[:2] in (b'\xf2\x07', b'\xf2\x08') and data:
        values = [r.get('value') for r in x['registers'] if r['space'] == 'memory']
        must('values', values, words[:len(values)])
        must('first address', x['registers'][0]['address'], f'0x{le(cmd, 2, 4):08x}')
        must('number of words', len(values) + x.get('more_registers', 0), le(cmd, 6, 2) // 4)
        note('memory', x['registers'][0]['address'])
    if cmd[:2] == b'\xf2\x3e' and len(data) == 12:
        must('status', x['status']['word'], f'0x{le(data, 0, 2):02x}')


def main():
    program, path = sys.argv[1:3]
    packets = list(tshark_packets(path))
    problems, said = [], {}
    at = 0
    for x in transactions(program, path):
        cmd = bytes.fromhex(x['bytes'])
        want = x['data_bytes']
        if cmd:
            number, _, data = packets[at]
            if data != cmd or number != x['packet']:
                problems.append(f'#{x["number"]}: tshark has {data.hex()} in packet {number} next')
                break
            at += 1
        data = b''
        while len(data) < want:
            data += packets[at][2]
            at += 1
        if data[:64].hex() != x['data_head'] or len(data) != want:
            problems.append(f'#{x["number"]}: tshark has other data: {data.hex()[:200]}')
        if not cmd and packets[at - 1][1] != 0x83:
            problems.append(f'#{x["number"]} has no command and is no SWO')
        if cmd and not x['command']:
            problems.append(f'#{x["number"]}: nobody has named {cmd.hex()}')
        if cmd:
            check_reply(x, cmd, data, said, problems)
    if at != len(packets):
        problems.append(f'{len(packets) - at} packets with data are in no transaction')
    for expected in sys.argv[3:]:
        what, value = expected.split('=')
        if ','.join(said.get(what, [])) != value:
            problems.append(f'{what}: {",".join(said.get(what, []))}, should be {value}')
    for p in problems[:20]:
        print(p)
    sys.exit(1 if problems else 0)


main()
