"""A program for the bench that leaves marks wherever a debugger could leave traces: registers, RAM, and a loop to stand in."""
import struct


def program(ram, bytes_of_ram=0x4000, base=0x08000000):
    """R0 to R12 hold numbers of their own, the first 4 KiB of RAM a pattern; then it stands still. Runs on every core."""
    code = [0x4808,  # ldr r0, [pc, #32]: ram
            0x4909,  # ldr r1, [pc, #36]: its end
            0x4a09,  # ldr r2, [pc, #36]: pattern
            0x6002,  # fill: str r2, [r0]
            0x3207,  # adds r2, #7
            0x3004,  # adds r0, #4
            0x4288,  # cmp r0, r1
            0xd1fa,  # bne fill
            0x2311,  # movs r3, #0x11
            0x4698, 0x4699, 0x469a, 0x469b, 0x469c,  # mov r8 to r12, r3
            0x2444, 0x2555,  # movs r4, r5
            0xe7fe,  # b .
            0xbf00]
    vectors = [ram + bytes_of_ram] + [(base + 0x40) | 1] + [(base + 0x40 + 32) | 1] * 14
    words = [ram, ram + 0x1000, 0x5eed0001]
    return struct.pack('<16I', *vectors) + struct.pack('<%dH' % len(code), *code) + struct.pack('<3I', *words)
