"""How fast captures are analysed, beside tshark on the same file, and what writing a trace costs.

usage: capture.py PROGRAM GEN_CAPTURE TRACE_COST PACKETS

The capture is made anew but always the same bytes. Each program reads it three times (tshark once); what counts is
the processor time of the best run, as both use one core and other work on the machine only ever adds. The
cost of a trace is set against a nominal transaction of a V2: 350 us (a short command, most Linux hosts).
The last line is JSON: mpps million packets a second, ratio_tshark how many times faster than tshark, trace_cost
the share of a nominal transaction.
"""
import json
import os
import subprocess
import sys
import tempfile

NOMINAL_US = 350


def cpu_seconds(command):
    p = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = status
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    program, gen, trace_cost, packets = *sys.argv[1:4], int(sys.argv[4])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'capture.pcapng')
        subprocess.run([gen, str(packets), path], check=True)
        size = os.path.getsize(path)
        runs = [cpu_seconds([program, 'analyze', path]) for _ in range(3)]
        ours = min(r[0] for r in runs)
        print(f'swdoctor analyze: {packets} packets, {size / 1e6:.0f} MB in {ours:.3f} s, '
              f'{max(r[1] for r in runs):.0f} MiB')
        tshark = None
        try:
            tshark, _ = cpu_seconds(['tshark', '-n', '-r', path])
            print(f'tshark -n -r: {tshark:.1f} s')
        except FileNotFoundError:
            print('tshark is not installed')
        out = subprocess.run([trace_cost, os.path.join(folder, 'trace.pcapng')], capture_output=True, text=True, check=True)
        us = float(out.stdout)
        print(f'writing a trace: {us:.2f} us a transaction')
    print(json.dumps({
        'target': 'bench-capture',
        'mpps': round(packets / ours / 1e6, 2),
        'ratio_tshark': round(tshark / ours, 1) if tshark else None,
        'trace_cost': round(us / NOMINAL_US, 4),
    }))


main()
