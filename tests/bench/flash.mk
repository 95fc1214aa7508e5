# How long flashing takes, beside OpenOCD and st-flash: chips x links, KIB="4 64 256" for other sizes.
KIB ?= 64

.PHONY: bench-flash
bench-flash: all
	@python3 tests/bench/flash.py $O/swdoctor $(KIB)

bench: bench-flash
