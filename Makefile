# The commands people type. `make help` lists them.
SHELL := /bin/bash
CARGO ?= cargo

.PHONY: help lint format test unit servers

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

lint: ## check format and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

format: ## format the sources
	$(CARGO) fmt --all

test: unit servers ## everything: unit tests and real servers

unit: tools ## tests without real servers
	$(CARGO) test --workspace --exclude libftps-real-servers

servers: tools ## tests on vsftpd, ProFTPD and Pure-FTPd, which are fetched into .cache/servers
	tests/servers/fetch.sh
	$(CARGO) test -p libftps-real-servers

.PHONY: tools
tools:
	@tests/tools.sh
