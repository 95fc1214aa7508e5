"""Succeeds if FILE holds sixteen bytes in a row of SECRET, as bytes or as hexadecimal digits of its words.

    holds_bytes.py SECRET FILE
"""
import struct
import sys

secret, place = (open(name, "rb").read() for name in sys.argv[1:])
lower = place.lower()
for at in range(80, len(secret) - 16, 16):  # behind vectors and code
    words = struct.unpack("<4I", secret[at:at + 16])
    if secret[at:at + 16] in place or any(f"{word:08x}".encode() in lower for word in words):
        sys.exit(0)
sys.exit(1)
