# Accuracy on labelled logs. CORPUS is any folder of NAME.log + NAME.yaml.
CORPUS ?= tests/corpus

.PHONY: score score-misses generalise
score: $O/swdoctor
	python3 tests/score/score.py $O/swdoctor $(CORPUS)

score-misses: $O/swdoctor
	python3 tests/score/score.py $O/swdoctor $(CORPUS) --misses

generalise: $O/swdoctor
	python3 tests/score/generalise.py $O/swdoctor $(CORPUS) rules
