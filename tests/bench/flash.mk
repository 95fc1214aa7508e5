# How long flashing takes, beside OpenOCD and st-flash: chips x sizes x links x hosts. A run that was cut off goes on where it
# was; BENCH_FLASH="--kib 64 --hosts nominal --chips F405" takes some of the rows.
BENCH_FLASH ?=

.PHONY: bench-flash
bench-flash: all
	@python3 tests/bench/flash.py $O/swdoctor --keep $O/bench/flash.jsonl $(BENCH_FLASH)

bench: bench-flash
