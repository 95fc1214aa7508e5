# Accuracy on labelled logs. CORPUS is any folder of NAME.log + NAME.yaml.
CORPUS ?= tests/corpus

.PHONY: score score-misses generalise
score: $O/swdoctor
	python3 tests/score/score.py $O/swdoctor $(CORPUS)

score-misses: $O/swdoctor
	python3 tests/score/score.py $O/swdoctor $(CORPUS) --misses

generalise: $O/swdoctor
	python3 tests/score/generalise.py $O/swdoctor $(CORPUS) rules

# Every scenario of the virtual bench with real OpenOCD and st-flash. The bounds lie a little below what is reached.
SCENARIO_BOUNDS := openocd.fair=0.55 openocd.top3=0.56 openocd.fair_of_decidable=0.58 \
	st-flash.fair=0.54 st-flash.top3=0.47 st-flash.fair_of_decidable=0.64
.PHONY: score-scenarios
score-scenarios: all
	@python3 tests/score/scenarios.py $O/swdoctor $(addprefix --at-least ,$(SCENARIO_BOUNDS))

# The same for boards of the virtual bench, examined by `swdoctor check`. SCENES is any list of scenario files.
SCENES ?= $(wildcard rules/scenarios/*.yaml)

# What a sweep says of error rates, over SEEDS of the bench; clean links CLEAN times.
SEEDS ?= 100
CLEAN ?= 3000

.PHONY: sweep-stats
sweep-stats: all
	@python3 tests/score/sweep.py $O/swdoctor --seeds $(SEEDS) --clean $(CLEAN) --check

.PHONY: score-live score-live-misses
score-live: all
	@python3 tests/score/live.py $O/swdoctor $(SCENES)
score-live-misses: all
	@python3 tests/score/live.py $O/swdoctor $(SCENES) --misses

# `check` stopped, or disturbed on USB, at each of its transactions: the board and the report afterwards.
.PHONY: check-interrupted
check-interrupted: all
	@python3 tests/lib/check_interrupted.py $O/swdoctor

# The same for the commands that read or change a chip, told to stop.
.PHONY: interrupted
interrupted: all
	@python3 tests/lib/interrupted.py $O/swdoctor

# Healthy boards: every chip behind every probe, over SWD and JTAG, with and without a reset. It takes a quarter of an hour.
.PHONY: score-healthy
score-healthy: all
	@python3 tests/score/healthy.py $O/swdoctor
