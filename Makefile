# Everything a person or a machine does with this repository. `make help` lists it.
#
# Works on a bare Debian 12 as root; every target may be repeated.

TARGET  := $(or $(CARGO_TARGET_DIR),target)
PYTHON  ?= /usr/bin/python3
BIN     := $(TARGET)/debug/switchboard
VENVS   := $(TARGET)/python
NODE    := $(TARGET)/node
NODE_ALIYUN := $(TARGET)/node-aliyun
NODE_BROWSER := $(TARGET)/node-browser
E2E     := tests/e2e
# End-to-end tests wait for speech most of the time; more than two at once would starve each other, and a
# browser beside one does. In a whole run a test that fails has a second go, because whoever else uses the machine
# may have taken the moment: what fails twice fails, and what did once is shown at the end, to be looked into.
JOBS    ?= 2
TWICE   := --reruns 1 --rerun-show-tracebacks
RUN_E2E = SWITCHBOARD_BIN=$(abspath $(BIN)) SWITCHBOARD_VENVS=$(abspath $(VENVS)) \
	SWITCHBOARD_NODE_ALIYUN=$(abspath $(NODE_ALIYUN)) SWITCHBOARD_NODE_BROWSER=$(abspath $(NODE_BROWSER)) \
	NODE_PATH=$(abspath $(NODE))/node_modules $(VENVS)/test/bin/pytest $(E2E) -o cache_dir=$(abspath $(VENVS))/cache
# Rust installed by rustup lies here, also before the shell knows of it.
export PATH := $(HOME)/.cargo/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup demo build web test lint unit e2e browser bench fuzz audit clean

help: ## Show this list
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## Install what building, running and testing need
	@scripts/setup.sh test

demo: ## Build, then watch a voice agent call a simulated person
	@scripts/setup.sh run
	cargo build -p server
	$(BIN) demo

build: ## Build the program; with the console where Node 20.19 or later is
	@scripts/web.sh offer
	cargo build -p server

web: ## Build the console: web/dist, which the next build of the program holds
	@scripts/web.sh build

test: setup ## Run everything: lints, units, scenarios, real SDKs and SIP peers
	$(MAKE) lint
	$(MAKE) unit
	$(MAKE) e2e
	$(MAKE) browser

lint: ## Check format, lints and documentation
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --document-private-items

unit: ## Run the tests written in Rust, PostgreSQL's among them, and a minute of changed messages
	cargo nextest run --workspace
	MINUTES=1 cargo test --workspace --bench fuzz
	cargo test --workspace --doc

e2e: build $(VENVS)/test.done $(VENVS)/tccli.done $(VENVS)/intl.done $(VENVS)/aliyun.done $(VENVS)/mcp.done $(NODE)/done $(NODE_ALIYUN)/done $(NODE_BROWSER)/done ## Run the tests against a real server
	$(RUN_E2E) -n $(JOBS) --dist loadfile $(or $(PYTEST),-m "not alone" $(TWICE))
	$(if $(PYTEST),,$(RUN_E2E) -m alone $(TWICE))

browser: web ## Run the console's tests: rules, then a real server in Chromium; pictures in target/browser
	cargo build -p server
	@scripts/web.sh unit
	SWITCHBOARD_BIN=$(abspath $(BIN)) scripts/web.sh e2e $(VITEST)

# Each client in an environment of its own: the vendor's packages share module names.
$(VENVS)/%.done: $(E2E)/requirements-%.txt
	@mkdir -p $(VENVS)
	$(PYTHON) -m venv --clear $(VENVS)/$*
	$(VENVS)/$*/bin/pip install --quiet --disable-pip-version-check --no-compile -r $<
	@touch $@

$(NODE_ALIYUN)/done: $(E2E)/node-aliyun/package.json
	@mkdir -p $(NODE_ALIYUN)
	cp $< $(NODE_ALIYUN)
	cd $(NODE_ALIYUN) && npm install --silent --no-audit --no-fund
	@touch $@

$(NODE)/done: $(E2E)/node/package.json $(E2E)/node/package-lock.json
	@mkdir -p $(NODE)
	cp $^ $(NODE)
	cd $(NODE) && npm ci --silent --no-audit --no-fund
	@touch $@

# The phone of a web page, in one file.
$(NODE_BROWSER)/done: $(E2E)/browser/package.json $(E2E)/browser/package-lock.json
	@mkdir -p $(NODE_BROWSER)
	cp $^ $(NODE_BROWSER)
	cd $(NODE_BROWSER) && npm ci --silent --no-audit --no-fund && npm run --silent bundle
	@touch $@

bench: ## Measure the cost of a packet and of a call against the bare kernel
	cargo build --release -p server
	$(TARGET)/release/switchboard bench

fuzz: ## Change messages and packets at random for an hour, or for so many MINUTES
	cargo bench -p testkit --bench fuzz

audit: ## Check dependencies for known vulnerabilities; needs the internet
	@command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	cargo deny check

clean: ## Remove everything that was built
	cargo clean
