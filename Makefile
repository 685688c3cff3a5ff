# Every target is one command on a fresh Debian 12 machine: what it needs is installed first.
BUILD := build
JOBS := $(shell nproc)
# The same cached objects serve every checkout, wherever it lies.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

.DEFAULT_GOAL := help
.PHONY: setup build run test test-slow slurm bench report paper-rps paper-lambdaml tolerance in-tree check format docs clean help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-14s %s\n", $$1, $$2 }'

setup: ## install the Debian packages that are missing
	@utils/setup.sh

build: setup ## build everything, optimized, into build/
	cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER_LAUNCHER=$$(command -v ccache)
	cmake --build $(BUILD) -j $(JOBS)

run: build ## sweep drop rates and server counts on Fashion-MNIST; table, results/ and a report
	$(BUILD)/scratch/sweep run scratch/drop-rate-sweep.ini --program=$(BUILD)/scratch/lossy-training
	$(BUILD)/scratch/drop-rate-report

paper-rps: build ## reproduce the ICML 2019 paper, figure by figure; QUICK=1: in a minute, CIFAR10=DIRECTORY: its own recipe, too
	@utils/paper-rps.sh $(BUILD) $(if $(QUICK),--quick) $(if $(CIFAR10),--cifar10=$(CIFAR10)) $(if $(SENTENCES),--sentences=$(SENTENCES))

paper-lambdaml: build ## reproduce the SIGMOD 2021 paper, functions against machines, table by table; QUICK=1: in a minute
	@utils/paper-lambdaml.sh $(BUILD) $(if $(QUICK),--quick)

tolerance: build ## rank transports, rules and loss laws on one workload; QUICK=1: in a minute
	@utils/tolerance.sh $(BUILD) $(if $(QUICK),--quick)

test: build ## run the unit tests and the ns-3 test suites
	cd $(BUILD) && ctest --output-on-failure --timeout 900 -j $(JOBS) -LE slow

test-slow: build ## install Slurm and run the tests that need it or take long
	@utils/setup.sh slurm-wlm munge sqlite3
	cd $(BUILD) && ctest --output-on-failure --timeout 900 -j $(JOBS) -L slow

TASKS := 8
slurm: build ## the sweep of make run as an array of TASKS Slurm jobs, and a job that merges them
	@SWEEP=$(BUILD)/scratch/sweep PROGRAM=$(BUILD)/scratch/lossy-training utils/slurm-sweep.sh scratch/drop-rate-sweep.ini $(TASKS)

bench: build ## print speed and memory with their bars, as ratios taken side by side; in about 13 minutes
	@utils/setup.sh python3-torch libopenblas0-pthread || true
	@status=0; for program in $(BUILD)/utils/bench-*; do \
		if [ -f $$program ] && [ -x $$program ]; then $$program || status=1; fi; done; \
	utils/bench-run.py $(BUILD) || status=1; exit $$status

report: build ## write the table and the report again from results/
	$(BUILD)/scratch/drop-rate-report

in-tree: setup ## build and test inside a source tree of ns-3.37 (or NS3_TREE=<another>); MPI=1: with its MPI engine
	@MPI=$(MPI) utils/in-tree.sh

check: build ## formatting, include directions, symbols, examples, documents, reproducible results
	@utils/setup.sh clang-format
	@utils/check.sh $(BUILD)

format: ## format the sources
	@utils/setup.sh clang-format
	git ls-files '*.h' '*.cc' | xargs clang-format -i

docs: ## write the reference documentation to build/docs
	@utils/setup.sh doxygen
	@mkdir -p $(BUILD)
	doxygen Doxyfile
	@echo "$(BUILD)/docs/html/index.html"

clean: ## remove build/; results/ stays
	rm -rf $(BUILD)
