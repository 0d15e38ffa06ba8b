# loadchaos: `make demo` shows what it does, `make test` checks it; both install what is missing first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

SWIFT ?= swift
BIN = $(shell $(SWIFT) build -c release --show-bin-path)

.PHONY: help
help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

.PHONY: install
install: ## Install what is missing (Debian packages, Python parts); starts no service
	@scripts/install-parts

.PHONY: build
build: install ## Build the release executable
	@$(SWIFT) build -c release --product loadchaos

.PHONY: demo
demo: build ## Run az-failure on the lab and print the verdict (about two minutes after the build)
	@$(BIN)/loadchaos run scenarios/az-failure.scn

.PHONY: test
test: install ## Everything CI runs: lab conformance, Terraform, a short part of the matrix, units (about 45 minutes)
	@scripts/test

.PHONY: terraform
terraform: build ## The reference platform's Terraform on a mock of AWS (about 5 minutes; skipped without Terraform)
	@scripts/terraform

.PHONY: matrix
matrix: build ## Every scenario on the good lab, every bad lab with its scenario, every fault (over an hour)
	@scripts/matrix
	@scripts/faults

.PHONY: faults
faults: build ## Every fault on a lab, and runs that are killed in the middle of one
	@scripts/faults

.PHONY: proofs
proofs: build ## az-failure ten times, signals, kill -9, every mode (about 45 minutes)
	@scripts/proofs

.PHONY: likeness
likeness: build ## Runs of one build show no difference, a build slowed by a tenth does (about 20 minutes)
	@scripts/likeness

.PHONY: capacity
capacity: build ## What `capacity` finds is what is there: quotas, and bottlenecks that were planted (about an hour)
	@scripts/capacity

.PHONY: soak
soak: build ## Boot the lab 200 times: nothing leaks; boot, memory, idle CPU, teardown (about 15 minutes)
	@scripts/soak

.PHONY: bench
bench: build ## Compare the load engine with those of others that are installed (about half an hour)
	@$(SWIFT) build -c release --product TruthServer
	@Benchmarks/bench

.PHONY: fuzz
fuzz: ## The parsers under libFuzzer: ten million inputs each (hours; scripts/fuzz 60s for a look)
	@scripts/fuzz

.PHONY: format
format: ## Format the sources in place
	@$(SWIFT) format -i -r Sources Tests Package.swift

.PHONY: clean
clean: ## Remove what was built; recordings stay
	@rm -rf .build .build-* .venv
