# The commands of this project. `make help` lists them.
#
# From nothing, on two cores: `make run` within 10 minutes, `make test` within 30; what was measured is in
# docs/adr/0002-build-time.md. The tests and the end-to-end run share one dev build, so that everything compiles
# once; `make run` and `make build` make the release binary.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Where cargo builds: CARGO_TARGET_DIR if it is set.
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
export CARGO_TERM_COLOR ?= auto
export CARGO_NET_RETRY ?= 5
export npm_config_fund = false
export npm_config_audit = false
export npm_config_update_notifier = false

# The demo's address and directory; a new directory each time, so that it starts empty.
LISTEN ?= 127.0.0.1:8080
DATA ?= data/demo-$(shell date +%Y%m%d-%H%M%S)

PYTHON_TOOLS := $(TARGET)/e2e-python
AXE := web/node_modules/axe-core/axe.min.js

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

# --- run and build -------------------------------------------------------------------------------------------

.PHONY: run
run: build ## Build, then start the demo district on an empty data directory; prints the address
	@mkdir -p $(dir $(DATA))
	@echo "data directory: $(DATA)"
	exec "$(TARGET)/release/hutong" demo --data-dir "$(DATA)" --listen "$(LISTEN)"

.PHONY: build
build: tools assets ## Build the finished binary: target/release/hutong
	cargo build --locked --release --package hutong --bin hutong
	@echo "built $(TARGET)/release/hutong"

.PHONY: assets
assets: web/dist/.built ## Fetch the browser libraries by lock file and bundle them

web/dist/.built: web/package.json web/package-lock.json $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
	@$(MAKE) tools
	cd web && npm ci && npm run build
	@touch $@

.PHONY: tools
tools:
	@command -v cargo >/dev/null || { echo "cargo is missing: install Rust 1.95 or newer from https://rustup.rs" >&2; exit 1; }
	@command -v node >/dev/null || { echo "node is missing: install Node.js 20 or newer (Debian: apt-get install nodejs npm)" >&2; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer (Debian: apt-get install nodejs npm)" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "a C compiler is missing: install gcc or clang (Debian: apt-get install build-essential)" >&2; exit 1; }
	@major=$$(node -p 'process.versions.node.split(".")[0]'); \
	 [ "$$major" -ge 20 ] || { echo "node $$major is too old: Node.js 20 or newer is needed" >&2; exit 1; }

# --- every check ---------------------------------------------------------------------------------------------

.PHONY: test
test: ## Every check, from formatting to a real browser on the built binary
	@started=$$(date +%s); \
	 for step in test-tools assets format lint tidy unit docs e2e; do \
	   from=$$(date +%s); echo "== $$step"; $(MAKE) $$step; echo "== $$step: $$(( $$(date +%s) - from )) s"; \
	 done; \
	 echo "make test: every check passed in $$(( $$(date +%s) - started )) s"

.PHONY: format
format: tools
	cargo fmt --all -- --check

.PHONY: lint
lint: tools
	cargo clippy --locked --workspace --all-targets -- -D warnings

.PHONY: tidy
tidy: tools ## The rules of this repository (dependencies, licences, names, texts, rows)
	cargo xtask tidy

.PHONY: unit
unit: tools
	@if cargo nextest --version >/dev/null 2>&1; then set -x; \
	   cargo nextest run --locked --workspace --exclude hutong-e2e --profile ci; \
	 else echo "cargo-nextest is not installed: running the same tests with cargo test"; set -x; \
	   cargo test --locked --workspace --exclude hutong-e2e --lib --bins --tests; \
	 fi
	cargo test --locked --workspace --exclude hutong-e2e --doc --quiet

.PHONY: docs
docs: tools
	@# Nothing here is published: a link to a private item helps whoever reads the code.
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" cargo doc --locked --workspace --no-deps --quiet

.PHONY: e2e
e2e: test-tools assets $(PYTHON_TOOLS)/.installed ## A real browser and foreign clients on the built binary
	cargo build --locked --package hutong --bin hutong
	@export E2E_BIN="$(TARGET)/debug/hutong" E2E_PYTHON="$(PYTHON_TOOLS)/bin" E2E_AXE="$(abspath $(AXE))"; \
	 if cargo nextest --version >/dev/null 2>&1; then set -x; \
	   cargo nextest run --locked --package hutong-e2e --profile e2e; \
	 else set -x; cargo test --locked --package hutong-e2e -- --test-threads 1 --nocapture; \
	 fi

# Chromium with its driver, fonts that have Chinese characters, Python with venv. Installed where we are root on
# Debian, named otherwise.
.PHONY: test-tools
test-tools: tools
	@missing=(); \
	 command -v chromium >/dev/null || missing+=(chromium); \
	 command -v chromedriver >/dev/null || missing+=(chromium-driver); \
	 fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fontconfig fonts-noto-cjk); \
	 command -v python3 >/dev/null || missing+=(python3); \
	 python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv); \
	 if [ $${#missing[@]} -gt 0 ]; then \
	   if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	     echo "installing $${missing[*]}"; export DEBIAN_FRONTEND=noninteractive; \
	     apt-get update -qq && apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null; \
	   else \
	     echo "missing: $${missing[*]}. As root on Debian: apt-get install $${missing[*]}" >&2; exit 1; \
	   fi; \
	 fi

# The clients that others wrote: each at one version, in a directory of its own.
$(PYTHON_TOOLS)/.installed: $(wildcard e2e/python/*.txt)
	rm -rf "$(PYTHON_TOOLS)"
	python3 -m venv "$(PYTHON_TOOLS)"
	"$(PYTHON_TOOLS)/bin/pip" install --quiet --disable-pip-version-check --no-input --no-deps --ignore-requires-python \
	  $(addprefix -r ,$(sort $^))
	@touch $@

# --- everyday ------------------------------------------------------------------------------------------------

.PHONY: bless
bless: ## Accept every changed golden file at once (look at the diff before committing)
	INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test --locked --workspace --exclude hutong-e2e --quiet
	git diff --stat

.PHONY: fmt
fmt: ## Format the code
	cargo fmt --all

.PHONY: clean
clean: ## Remove what was built and the demo's data; the repository's files stay
	rm -rf web/dist web/node_modules data/demo-*
	cargo clean
