#!/bin/sh
# Unmodified OpenOCD on the virtual bench over JTAG, through both of its adapter drivers.
. "$(dirname "$0")/../lib/sim_chip.sh"

use_image 4096
transport=hla_jtag
chip F103 stm32f1x 'stm32f1x mass_erase 0' 0xff v2 stlink
chip L476 stm32l4x 'stm32l4x mass_erase 0' 0xff v3 stlink
transport=dapdirect_jtag
chip F405 stm32f4x 'stm32f2x mass_erase 0' 0xff v2 stlink-dap
chip H743 stm32h7x 'stm32h7x mass_erase 0' 0xff v3 stlink-dap

finish
