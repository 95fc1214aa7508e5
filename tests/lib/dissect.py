"""Wireshark's view of a capture, by our dissector, against our own: the same commands in the same order with the same arguments
and statuses. Arguments: SWDOCTOR DISSECTOR CAPTURE."""
import json
import os
import subprocess
import sys

swdoctor, lua, capture = sys.argv[1:]
env = dict(os.environ, WIRESHARK_RUN_FROM_BUILD_DIRECTORY='', HOME=os.environ.get('TMPDIR', '/tmp'))
out = subprocess.run(['tshark', '-X', f'lua_script:{lua}', '-r', capture, '-T', 'fields', '-E', 'separator=/t', '-e', 'frame.number',
                      '-e', 'stlink.name', '-e', 'stlink.address', '-e', 'stlink.status', '-e', 'stlink.command_frame',
                      '-Y', 'stlink'], capture_output=True, text=True, env=env, check=False)
lua_errors = [line for line in out.stderr.splitlines() if 'lua' in line.lower() and 'root' not in line.lower()]
assert not lua_errors, lua_errors
commands, statuses = {}, {}
for line in out.stdout.splitlines():
    frame, name, address, status, asked = line.split('\t')
    if name:
        commands[int(frame)] = (name, address)
    if status:
        statuses[int(asked)] = int(status, 16)
ours = [json.loads(line) for line in
        subprocess.run([swdoctor, 'trace', '--format', 'jsonl', capture], capture_output=True, text=True, check=True).stdout.splitlines()]
ours = [x for x in ours if x.get('command')]
named = [x['command'] for x in ours]
theirs = [name for _, (name, _) in sorted(commands.items())]
assert len(named) > 3 and theirs == named, (len(theirs), len(named), theirs[:20], named[:20])
told = 0
for x in ours:
    frames = [f for f in commands if x['packet'] <= f <= x['last_packet']]
    assert len(frames) == 1, x
    frame = frames[0]
    if 'address' in x.get('arguments', {}):
        assert int(commands[frame][1], 16) == int(x['arguments']['address'], 16), (x, commands[frame])
    if frame in statuses and 'word' in x.get('status', {}):
        told += 1
        assert int(x['status']['word'], 16) & 0xff == statuses[frame], (x, statuses[frame])
assert told, 'no status was compared'
print(f'{len(named)} commands, {told} statuses')
