.DEFAULT_GOAL := help
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n 2 --dist worksteal

.PHONY: help setup setup-dev check fix test properties properties-long journey accessibility boundary demo site serve screenshots upgrade bench-protection bench-statistics bench-intake bench-pages bench-reports same-site

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

setup: ## Create .venv with the commands lagesbild and lagesbild-outside
	@scripts/setup.sh run

setup-dev:
	@scripts/setup.sh dev

check: setup-dev ## Format, lint, types, import contracts and lock, changing nothing
	$(BIN)/ruff format --check src tests benchmarks scripts
	$(BIN)/ruff check src tests benchmarks scripts
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: setup-dev ## Mend what the formatter and the linter can mend
	$(BIN)/ruff format src tests benchmarks scripts
	$(BIN)/ruff check --fix src tests benchmarks scripts

test: check ## Everything CI runs: check, then all tests
	$(PYTEST) tests

properties: setup-dev ## Property tests only
	$(PYTEST) tests/properties

properties-long: setup-dev ## Ten thousand random tables against exact twins, a thousand histories against a plain attacker
	cd tests && ../$(BIN)/python -m reference.random_cases --cores 2
	cd tests && ../$(BIN)/python -m reference.random_jobs --jobs 1000

journey: setup-dev ## Browser journeys only
	$(PYTEST) tests/journey

accessibility: setup-dev site ## Every template in every view under axe: languages, widths, zoom, with and without script
	$(PYTEST) tests/journey/test_accessibility.py --site build/site --every-view

boundary: setup-dev ## The walls: contracts, wheel, canary, other user
	$(BIN)/lint-imports --no-cache
	$(PYTEST) tests/boundary

demo: setup ## Import, protect, release and publish example data, then serve the pages
	$(BIN)/lagesbild demo --to build/demo --site build/site --serve

site: setup ## Build the demo's pages into build/site without serving them
	$(BIN)/lagesbild demo --to build/demo --site build/site

serve: setup ## Serve the pages built last
	$(BIN)/lagesbild-outside serve build/site

screenshots: setup-dev site ## Pictures of every template, both widths and languages, in build/screenshots
	$(BIN)/python scripts/screenshots.py build/site build/screenshots

bench-protection: setup-dev ## Measure the protection engine (INSTANCES=XL takes hours)
	$(BIN)/python benchmarks/protection.py $(INSTANCES)

bench-statistics: setup-dev ## Measure the statistics: calibration and speed
	$(BIN)/python benchmarks/measure_statistics.py

bench-intake: setup-dev ## Measure the gate: a million rows, hostile files
	$(BIN)/python benchmarks/intake.py

bench-pages: setup-dev site ## Measure the pages on a slow phone: weight, requests, largest paint, shifts
	$(BIN)/python benchmarks/pages.py build/site

bench-reports: setup-dev site ## Measure the committee's report: CPU seconds for one, and each of a sample of all
	$(BIN)/python benchmarks/reports.py build/demo/shelf

same-site: setup-dev site ## Build the whole site twice in other surroundings and compare every byte
	$(BIN)/python benchmarks/same_site.py build/demo/shelf

upgrade: setup-dev ## Renew the lock files; nothing younger than a week
	scripts/lock.sh
