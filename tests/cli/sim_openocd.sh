#!/bin/sh
# Unmodified OpenOCD on the virtual bench, chip by chip, over both of its adapter drivers: it attaches, reads and
# writes memory and registers, stops at a breakpoint, erases, programs, verifies, reads back. What the array holds
# in the end is compared from outside.
. "$(dirname "$0")/../lib/sim_chip.sh"

use_image 16384
chip F103 stm32f1x 'stm32f1x mass_erase 0'
chip F405 stm32f4x 'stm32f2x mass_erase 0'
chip L476 stm32l4x 'stm32l4x mass_erase 0'
chip G071 stm32g0x 'stm32l4x mass_erase 0'
chip H743 stm32h7x 'stm32h7x mass_erase 0' 0xff v3
chip F051 stm32f0x 'stm32f1x mass_erase 0'
chip F303 stm32f3x 'stm32f1x mass_erase 0'
chip L053 stm32l0 'stm32lx mass_erase 0' 0x00
chip G431 stm32g4x 'stm32l4x mass_erase 0'
chip U575 stm32u5x 'stm32l4x mass_erase 0' 0xff v3
finish
