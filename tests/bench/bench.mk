# How fast logs are read, beside ripgrep with the same literals and wc, through a pipe, in one run.
BENCH_MIB ?= 500

.PHONY: bench-analyze
bench-analyze: $O/swdoctor $O/bench/gen_log $O/bench/plain
	python3 tests/bench/analyze.py $O $(BENCH_MIB)

$O/bench/gen_log: tests/bench/gen_log.c tests/bench/templates.def
	@mkdir -p $(@D)
	$(CC) -std=gnu17 -I. $(WARN) -O2 -o $@ $<

$O/bench/plain: $O/tests/bench/plain.o $O/lib.a $O/rules.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -o $@ $^ $(ALL_LDLIBS)

.PHONY: bench
bench: bench-analyze

include tests/bench/capture.mk
include tests/bench/flash.mk
include tests/bench/campaign.mk
