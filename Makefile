# Every target makes by itself what it needs; `make help` lists them.

SWIFT ?= swift
SWIFT_SOURCES = Sources Tests Package.swift
SCRIPTS = scripts/setup scripts/demo scripts/bench-setup .ci/run
BENCHMARKS = benchmarks/*.py benchmarks/peer/*.py benchmarks/peers/*.py

.DEFAULT_GOAL := help
# One build at a time: SwiftPM uses all cores by itself and locks its folder.
.NOTPARALLEL:
.PHONY: help setup build demo test soak lint format bench bench-solver bench-queue bench-value bench-accuracy clean distclean

help: ## list the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup: ## install what is missing: Debian packages, DuckDB
	@scripts/setup

build: setup ## build the release executable, .build/release/revisit
	$(SWIFT) build -c release --product revisit

demo: build ## the main job end to end on the sample in datasets/lakeside
	@scripts/demo

test: ## build and run the tests (installs PostgreSQL's server for those of the queue)
	@scripts/setup postgresql
	$(SWIFT) build --build-tests
	$(SWIFT) test --disable-xctest

soak: ## the tests with the long ones
	@scripts/setup postgresql
	REVISIT_SOAK=1 $(SWIFT) test --disable-xctest

lint: ## check the format of the sources and the syntax of the scripts
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	@for script in $(SCRIPTS); do bash -n $$script || exit 1; done
	@PYTHONPYCACHEPREFIX=$$(mktemp -d) && export PYTHONPYCACHEPREFIX && \
	  python3 -m py_compile $(BENCHMARKS); status=$$?; rm -rf "$$PYTHONPYCACHEPREFIX"; exit $$status

format: ## format the Swift sources in place
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_SOURCES)

bench: build ## compare with the peers; writes benchmarks/RESULTS.md
	@scripts/bench-setup
	python3 benchmarks/bench.py $(BENCH_OPTIONS)

bench-solver: build ## compare the logistic solver with its peers; writes benchmarks/SOLVER.md
	@scripts/bench-setup
	@scripts/setup r-base-core r-cran-glmnet
	python3 benchmarks/bench_solver.py $(BENCH_OPTIONS)

bench-queue: build ## put load on the contact queue in both stores; writes benchmarks/QUEUE.md
	@scripts/setup postgresql
	python3 benchmarks/bench_queue.py $(BENCH_OPTIONS)

bench-value: build ## compare models of customers' visits with lifetimes; writes benchmarks/VALUE.md
	@scripts/bench-setup
	python3 benchmarks/bench_value.py $(BENCH_OPTIONS)

bench-accuracy: build ## train on the reference tables in ../shared; prints the figures beside the published ones
	@python3 benchmarks/bench_accuracy.py

clean: ## remove what was built and written (.build, out)
	rm -rf .build out

distclean: clean ## remove also what was downloaded and simulated
	rm -rf .deps benchmarks/.venv benchmarks/data
