# The commands people type. `make help` lists them.
SHELL := /bin/bash
CARGO ?= cargo

.PHONY: help bench c-tests demo examples fuzz header install java java-example java-tests library lint format package package-tests python python-tests test unit servers servers-doc

# Where `make install` puts things; DESTDIR goes before it, for packagers.
PREFIX ?= /usr/local
DESTDIR ?=
ABI := $(shell sed -n 's/^\#define FTPS_ABI_VERSION //p' include/ftps.h)
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

lint: ## check format and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --features libftps/capi -- -D warnings
	@$(MAKE) --no-print-directory python-lint

format: python-tools ## format the sources
	$(CARGO) fmt --all
	$(RUFF) format $(PYTHON_SOURCES)
	@tests/tools.sh java
	$(MVN) spotless:apply
	$(EXAMPLE) spotless:apply

test: unit java-tests java-example servers python-tests package-tests ## everything: unit tests, Java, Python, and real servers

unit: tools library examples ## tests without real servers
	$(CARGO) test --workspace --features libftps/capi --exclude libftps-real-servers
	@$(MAKE) --no-print-directory fuzz-parsers FUZZ_SECONDS=8

c-tests: tools library ## what header and C library promise: also under valgrind and with sanitizers; a part of unit
	$(CARGO) test -p libftps-abi -p libftps-c-tests

FUZZ_SECONDS ?= 60
fuzz: fuzz-parsers ## look for bytes of a server that break a promise, FUZZ_SECONDS (60) for each kind of them
	PROPTEST_CASES=$$(($(FUZZ_SECONDS) * 400)) $(CARGO) test -q -p libftps --features capi --lib tls::tests::hostility

.PHONY: fuzz-parsers
fuzz-parsers: tools
	$(CARGO) run -q -p libftps-fuzz --bin fuzz-inputs -- target/fuzz
	RUSTC_WORKSPACE_WRAPPER=$(CURDIR)/fuzz/instrument.sh $(CARGO) build -q -p libftps-fuzz --bin fuzz
	fuzz/run.sh $(FUZZ_SECONDS)

servers: matrix ## tests on vsftpd, ProFTPD and Pure-FTPd, which are fetched into .cache/servers
	@diff -u docs/servers.md target/matrix/servers.md || { \
	  echo "The tests found something else than docs/servers.md says. Where that is right: make servers-doc" >&2; exit 1; }

servers-doc: matrix ## write docs/servers.md from what the tests on real servers find
	cp target/matrix/servers.md docs/servers.md

.PHONY: matrix
matrix: tools
	tests/servers/fetch.sh
	rm -rf target/matrix
	$(CARGO) test -p libftps-real-servers
	$(CARGO) run -q -p libftps-real-servers --bin servers-doc >target/matrix/servers.md

bench: tools jni library ## round trips, processor time and memory beside curl's, the JVM and Python: docs/benchmarks.md; BENCH=large-file for a part
	tests/servers/fetch.sh
	$(MVN) -DskipTests -pl benches -am package
	$(CARGO) run --release -q -p libftps-bench -- $(BENCH)

library: ## build the C library: libftps.so and libftps.a in target/release
	$(CARGO) rustc --release -p libftps --lib --features capi --crate-type cdylib,staticlib -- \
		-C link-arg=-Wl,-soname,libftps.so.$(ABI)
	ln -sf libftps.so target/release/libftps.so.$(ABI)
	@# Tests compare its age with the sources'; cargo leaves it as it is when nothing in it would change.
	@touch target/release/libftps.so

EXAMPLES := $(addprefix target/examples/c/,ftps-ls ftps-get ftps-put ftps-mirror)
EXAMPLES_SHARED := $(filter-out examples/c/ftps-%,$(wildcard examples/c/*.c))
EXAMPLES_FLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -g -Wall -Wextra -Werror -Iinclude

examples: library ## build the C programs ftps-ls, ftps-get, ftps-put and ftps-mirror in target/examples/c
	@$(MAKE) --no-print-directory $(EXAMPLES)

target/examples/c/%: examples/c/%.c $(EXAMPLES_SHARED) $(wildcard examples/c/*.h) include/ftps.h Makefile
	mkdir -p $(@D)
	$(CC) $(EXAMPLES_FLAGS) -o $@ $< $(EXAMPLES_SHARED) -Ltarget/release -lftps '-Wl,-rpath,$$ORIGIN/../../release'

# With `make java MAVEN_FLAGS=...` for what a machine needs besides.
MVN := mvn -q -B -ntp $(MAVEN_FLAGS) -f bindings/java
JNI_FOLDER := bindings/java/client/src/main/resources/org/libftps/native/linux-$(shell uname -m)-gnu
# JDK 24 and newer want to be told that native code is wanted; the tests run there too where one is installed.
NEW_JDK := $(firstword $(wildcard /usr/lib/jvm/*-25-* /usr/lib/jvm/*-25))

.PHONY: jars jni
jni:
	@tests/tools.sh java
	$(CARGO) build --release -p libftps-jni -p libftps-strict-server -p libftps-real-servers
	install -D -m 755 target/release/libftps_jni.so $(JNI_FOLDER)/libftps_jni.so

java: jni ## build, test and install the jars into the local Maven repository: bindings/java/*/target
	tests/servers/fetch.sh
	$(MVN) install

jars: jni
	$(MVN) install -DskipTests

.PHONY: new-jdk
new-jdk:
	@if [ -z "$(NEW_JDK)" ]; then \
	  echo "The jars are tested on JDK 25 too, and there is none: unpack one below /usr/lib/jvm, or name it: make NEW_JDK=FOLDER" >&2; exit 1; fi

java-tests: new-jdk java ## what the jars promise, on the JDK of javac and on JDK 25
	$(MVN) verify -Djvm=$(NEW_JDK)/bin/java -Dnative.access=--enable-native-access=ALL-UNNAMED

EXAMPLE := mvn -q -B -ntp $(MAVEN_FLAGS) -f java-example
java-example: new-jdk jars ## build and test the Spring Boot application of java-example
	@tests/tools.sh java-example
	$(EXAMPLE) verify -Dnewer.jdk=$(NEW_JDK)

# What is published comes from here, for glibc 2.17 and newer.
PUBLISHED := target/package/$(shell uname -m)-unknown-linux-gnu/release
package: python-tools ## build the jars for publication, with sources and Javadoc, reproducibly: bindings/java/*/target
	@tests/tools.sh java
	bindings/published-cargo.sh build --release --locked -p libftps-jni
	install -D -m 755 $(PUBLISHED)/libftps_jni.so $(JNI_FOLDER)/libftps_jni.so
	$(MVN) -Ppackage -DskipTests clean package

package-tests: package python ## the jars and the wheel built elsewhere are the same bytes, and complete
	tests/package.sh

# Tools from PyPI, in an environment of their own.
export PYTHON_TOOLS ?= $(CURDIR)/target/python/tools
RUFF := $(PYTHON_TOOLS)/bin/ruff
PYTHON_SOURCES := bindings/python benches demo examples/python
.PHONY: python-tools python-lint
python-tools: $(PYTHON_TOOLS)/ready
$(PYTHON_TOOLS)/ready: tests/python-tools.txt
	@tests/tools.sh python
	tests/environment.sh $(@D) python3 -r tests/python-tools.txt
	touch $@

# Dates in wheel and sdist: hatchling's own choice, for auditwheel too.
python: export SOURCE_DATE_EPOCH := 1580601600
python: python-tools ## build the wheel, for glibc 2.17 and newer, and the sdist of the Python package: target/python/dist
	rm -rf target/python/dist target/python/wheel
	env -u LIBFTPS_LIBRARY CARGO=$(CURDIR)/bindings/published-cargo.sh \
	$(PYTHON_TOOLS)/bin/python -m build --no-isolation --wheel --outdir target/python/wheel bindings/python
	PATH="$(PYTHON_TOOLS)/bin:$$PATH" auditwheel repair --plat manylinux2014_$(shell uname -m) \
		--wheel-dir target/python/dist target/python/wheel/*.whl
	$(PYTHON_TOOLS)/bin/python -m build --no-isolation --sdist --outdir target/python/dist bindings/python

python-tests: python ## what the Python package promises, from its wheel in fresh environments, with the oldest and the newest Python of this machine from 3.10 on; PYTHONS=all for each
	tests/servers/fetch.sh
	$(CARGO) build --release -p libftps-strict-server -p libftps-real-servers
	tests/python.sh
	tests/sdist.sh

python-lint: python-tools
	$(RUFF) format --check $(PYTHON_SOURCES)
	$(RUFF) check $(PYTHON_SOURCES)
	cd bindings/python && $(PYTHON_TOOLS)/bin/mypy src

demo: ## show that a strict server refuses other clients, and that every data connection of libftps is resumed there
	@tests/tools.sh demo
	@$(MAKE) --no-print-directory examples jars
	$(EXAMPLE) package -DskipTests
	PYTHONPATH=bindings/python/src LIBFTPS_LIBRARY=$(CURDIR)/target/release/libftps.so python3 demo/demo.py

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
