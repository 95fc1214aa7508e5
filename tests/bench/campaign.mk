# Flashing while things go wrong, each result held against the bench's array from outside: tests/bench/campaign.yaml says
# what is tried. Hours as a whole; it goes on where it was ended, MINUTES=20 ends it, PARTS="single power", CHIPS and
# KINDS (beginnings of their names) choose, SEEDS=5 of weather and order, SMALL=1 takes small images, DETAIL=1 prints each kind.
CAMPAIGN_JOBS ?= 2

.PHONY: campaign campaign-sample
campaign: all
	@python3 tests/bench/campaign.py $O/swdoctor --jobs $(CAMPAIGN_JOBS) --keep $O/campaign $(if $(MINUTES),--minutes $(MINUTES)) \
		$(if $(PARTS),--parts $(PARTS)) $(if $(CHIPS),--chips $(CHIPS)) $(if $(KINDS),--kinds $(KINDS)) $(if $(SEEDS),--seeds $(SEEDS)) \
		$(if $(SMALL),--small) $(if $(DETAIL),--detail)

campaign-sample: all
	@python3 tests/bench/campaign.py $O/swdoctor --jobs 2 --sample
