#!/bin/sh
# Unmodified OpenOCD on the relatives of the chips in sim_openocd.sh, over one of its adapter drivers each.
. "$(dirname "$0")/../lib/sim_chip.sh"
case $SWDOCTOR in
*-san/*)
  skip "relatives of the bench's chips" "they are rows of tables, and their code is tested elsewhere"
  exit 0
  ;;
esac

use_image 3072
chip F042 stm32f0x 'stm32f1x mass_erase 0' 0xff v2 stlink
chip F072 stm32f0x 'stm32f1x mass_erase 0' 0xff v2 stlink-dap
chip F091 stm32f0x 'stm32f1x mass_erase 0' 0xff v2-1 stlink
chip F100 stm32f1x 'stm32f1x mass_erase 0' 0xff v2-1 stlink
chip F103E stm32f1x 'stm32f1x mass_erase 0' 0xff v2 stlink-dap
chip F107 stm32f1x 'stm32f1x mass_erase 0' 0xff v3 stlink
chip F303E stm32f3x 'stm32f1x mass_erase 0' 0xff v2-1 stlink
chip F207 stm32f2x 'stm32f2x mass_erase 0' 0xff v2 stlink
chip F401 stm32f4x 'stm32f2x mass_erase 0' 0xff v2-1 stlink
chip F411 stm32f4x 'stm32f2x mass_erase 0' 0xff v2-1 stlink-dap
chip F429 stm32f4x 'stm32f2x mass_erase 0' 0xff v2-1 stlink
chip F429I stm32f4x 'stm32f2x mass_erase 0' 0xff v2-1 stlink-dap
chip F446 stm32f4x 'stm32f2x mass_erase 0' 0xff v2-1 stlink
chip F722 stm32f7x 'stm32f2x mass_erase 0' 0xff v2-1 stlink
chip F746 stm32f7x 'stm32f2x mass_erase 0' 0xff v2-1 stlink-dap
chip H723 stm32h7x 'stm32h7x mass_erase 0' 0xff v3e stlink
chip H7A3 stm32h7x 'stm32h7x mass_erase 0' 0xff v3e stlink-dap
chip L031 stm32l0 'stm32lx mass_erase 0' 0x00 v2-1 stlink
chip L152 stm32l1 'stm32lx mass_erase 0' 0x00 v2 stlink
chip L432 stm32l4x 'stm32l4x mass_erase 0' 0xff v2-1 stlink
chip L496 stm32l4x 'stm32l4x mass_erase 0' 0xff v2-1 stlink-dap
chip L4R5 stm32l4x 'stm32l4x mass_erase 0' 0xff v2-1 stlink
chip L552 stm32l5x 'stm32l4x mass_erase 0' 0xff v3e stlink-dap
chip G031 stm32g0x 'stm32l4x mass_erase 0' 0xff v2-1 stlink
chip G0B1 stm32g0x 'stm32l4x mass_erase 0' 0xff v2-1 stlink-dap
chip G474 stm32g4x 'stm32l4x mass_erase 0' 0xff v3e stlink
chip WB55 stm32wbx 'stm32l4x mass_erase 0' 0xff v2-1 stlink-dap
chip WL55 stm32wlx 'stm32l4x mass_erase 0' 0xff v3e stlink

finish
