# How fast captures are analysed, beside tshark on the same file, and what writing a trace costs.
BENCH_PACKETS ?= 2000000

.PHONY: bench-capture
bench-capture: $O/swdoctor $O/bench/gen_capture $O/bench/trace_cost
	python3 tests/bench/capture.py $O/swdoctor $O/bench/gen_capture $O/bench/trace_cost $(BENCH_PACKETS)

$O/bench/gen_capture $O/bench/trace_cost: $O/bench/%: $O/tests/bench/%.o $O/lib.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) -o $@ $^ $(ALL_LDLIBS)

bench: bench-capture
