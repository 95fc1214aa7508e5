#!/bin/sh
# Unmodified OpenOCD on chips whose memories differ from their relatives': two banks, larger sectors, other option words.
. "$(dirname "$0")/../lib/sim_chip.sh"
case $SWDOCTOR in
*-san/*)
  skip "more of the bench's chips" "they are rows of tables, and their code is tested elsewhere"
  exit 0
  ;;
esac

use_image 3072
chip F103G stm32f1x 'stm32f1x mass_erase 0' 0xff v2 stlink
chip F373 stm32f3x 'stm32f1x mass_erase 0' 0xff v2-1 stlink
chip F413 stm32f4x 'stm32f2x mass_erase 0' 0xff v2-1 stlink
chip F767 stm32f7x 'stm32f2x mass_erase 0' 0xff v2-1 stlink-dap
chip L073 stm32l0 'stm32lx mass_erase 0' 0x00 v2-1 stlink
chip L152E stm32l1 'stm32lx mass_erase 0' 0x00 v2 stlink
chip L452 stm32l4x 'stm32l4x mass_erase 0' 0xff v2-1 stlink
chip G491 stm32g4x 'stm32l4x mass_erase 0' 0xff v3e stlink

finish
