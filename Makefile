# What people type. Each target says what it does in the comment behind it; `make` alone lists them.
# DATA and BANNERS name other folders than the sample's; the server's own settings (PORT, TIME_ZONE, …) come from the environment.
DATA ?= data
BANNERS ?=
ARGS ?=

PID_FILE := $(CURDIR)/billboard.pid
SIGNAL_SERVER := node "$(CURDIR)/dist/src/commands/signal.js" --pid-file "$(PID_FILE)"
BUILD_INDEX := npm run --silent build-index -- --data "$(DATA)" $(if $(BANNERS),--banners "$(BANNERS)")
INSTALLED := node_modules/.package-lock.json
COMPILED := dist/.compiled
SOURCES := $(shell find src build tools bench test -name '*.ts' -o -name '*.css' -o -name '*.html' -o -name '*.mjs')

.DEFAULT_GOAL := help
.PHONY: help start stop importdata rollback test load-test clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

start: $(COMPILED) ## install, compile, build the index from data/ and serve it; Ctrl-C ends it
	@$(SIGNAL_SERVER) check
	@$(BUILD_INDEX)
	@PID_FILE="$(PID_FILE)" exec node "$(CURDIR)/dist/src/commands/serve.js" --announce

stop: $(COMPILED) ## end the server that `make start` started
	@$(SIGNAL_SERVER) stop

importdata: $(COMPILED) ## build the index anew and have the running server take it up
	@$(BUILD_INDEX)
	@$(SIGNAL_SERVER) reload

test: $(COMPILED) ## install, compile, lint and run every test
	@npm run --silent lint
	@npm run --silent test

rollback: $(COMPILED) ## put the previous index back and have the running server take it up
	@npm run --silent rollback-index
	@$(SIGNAL_SERVER) reload

load-test: $(COMPILED) ## drive the running server and judge its answers (ARGS="--scenario seed-5k")
	@npm run --silent load-test -- $(ARGS)

clean: ## remove what was compiled and built
	rm -rf dist dist-index .tap

$(INSTALLED): package.json package-lock.json
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@

# From scratch, so that no output of a removed source stays behind.
$(COMPILED): $(INSTALLED) tsconfig.json tsconfig.browser.json $(SOURCES)
	@rm -rf dist
	@npm run --silent compile
	@touch $@
