# The commands people type. `make help` lists them.
SHELL := /bin/bash
CARGO ?= cargo

.PHONY: help header install library lint format test unit servers bench

# Where `make install` puts things; DESTDIR goes before it, for packagers.
PREFIX ?= /usr/local
DESTDIR ?=
ABI := $(shell sed -n 's/^\#define FTPS_ABI_VERSION //p' include/ftps.h)
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

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

bench: tools ## round trips, processor time and memory beside curl's: docs/benchmarks.md; BENCH=large-file for a part
	tests/servers/fetch.sh
	$(CARGO) run --release -q -p libftps-bench -- $(BENCH)

library: ## build the C library: libftps.so and libftps.a in target/release
	$(CARGO) rustc --release -p libftps --lib --features capi --crate-type cdylib,staticlib -- \
		-C link-arg=-Wl,-soname,libftps.so.$(ABI)

install: library ## install library, header and pkg-config file under PREFIX (default /usr/local)
	install -d "$(DESTDIR)$(PREFIX)/lib/pkgconfig" "$(DESTDIR)$(PREFIX)/include"
	install -m 755 target/release/libftps.so "$(DESTDIR)$(PREFIX)/lib/libftps.so.$(ABI)"
	ln -sf libftps.so.$(ABI) "$(DESTDIR)$(PREFIX)/lib/libftps.so"
	install -m 644 target/release/libftps.a "$(DESTDIR)$(PREFIX)/lib/libftps.a"
	install -m 644 include/ftps.h "$(DESTDIR)$(PREFIX)/include/ftps.h"
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' ftps.pc.in >"$(DESTDIR)$(PREFIX)/lib/pkgconfig/ftps.pc"

header: ## generate include/ftps.h anew
	$(CARGO) run -q -p libftps-abi

.PHONY: tools
tools:
	@tests/tools.sh
