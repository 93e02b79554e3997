# What people type. Each target says what it does in the comment behind it; `make` alone lists them.
# DATA and BANNERS name other folders than the sample's, and hold until others are named; ARGS goes to the command
# behind a target. The server's own settings (PORT, TIME_ZONE, …) come from the environment.
PID_FILE ?= billboard.pid
DATA_FILE ?= billboard.data
DATA ?= $(or $(shell sed -n 1p "$(DATA_FILE)" 2>/dev/null),data)
BANNERS ?= $(if $(filter file,$(origin DATA)),$(shell sed -n 2p "$(DATA_FILE)" 2>/dev/null))
ARGS ?=

BILLBOARD := node dist/bin/billboard.js
BUILD_INDEX = npm run --silent build-index -- --data "$(DATA)" $(if $(BANNERS),--banners "$(BANNERS)") $(ARGS)
# Else the sample would take the place of one's own data as soon as DATA is forgotten.
KEEP_DATA = printf '%s\n' "$(DATA)" "$(BANNERS)" >"$(DATA_FILE)"
RELOAD = $(BILLBOARD) reload --if-running --pid-file "$(PID_FILE)"
INSTALLED := node_modules/.package-lock.json
COMPILED := dist/.compiled
CAN_COMPILE := [ -e node_modules/typescript ]
SOURCES := $(wildcard docs/*api.yaml) $(shell find bin src ui embed build tools bench test \
  -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.mjs' -o -name '*.svg')

.DEFAULT_GOAL := help
.PHONY: help start stop importdata rollback test load-test deb release clean machine

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

start: $(COMPILED) ## install, compile, build the index from data/ and serve it; Ctrl-C ends it
	@if status=$$($(BILLBOARD) status --pid-file "$(PID_FILE)"); then echo "$$status (\`make stop\`, or where it was started, ends it)" >&2; exit 1; fi
	@$(BUILD_INDEX)
	@$(KEEP_DATA)
	@exec $(BILLBOARD) serve --announce --pid-file "$(PID_FILE)"

stop: $(COMPILED) ## end the server that `make start` started
	@$(BILLBOARD) stop --pid-file "$(PID_FILE)"

importdata: $(COMPILED) ## build the index anew and have the running server load it
	@$(BUILD_INDEX)
	@$(KEEP_DATA)
	@$(RELOAD)

test: $(COMPILED) ## install, compile, lint and run every test
	@$(CAN_COMPILE) || tools/install-packages.sh
	@npm run --silent lint & lint=$$!; npm run --silent test; tests=$$?; \
	wait $$lint || { echo "lint failed: its lines are among those of the tests" >&2; exit 1; }; exit $$tests

rollback: $(COMPILED) ## put the previous index back and have the running server load it
	@npm run --silent rollback-index -- $(ARGS)
	@$(RELOAD)

load-test: $(COMPILED) ## drive the running server and judge its answers (ARGS="--scenario seed-5k")
	@npm run --silent load-test -- $(ARGS)

deb: $(COMPILED) ## make the Debian package, in release/
	@node dist/tools/release/deb.js release

release: $(COMPILED) ## make a release, in release/ (VERSION=1.2.3)
	@node dist/tools/release/release.js $(VERSION)

clean: ## remove what was compiled and built
	rm -rf dist dist.fresh dist.former dist-index .tap

# Said before anything is installed or compiled.
machine:
	@tools/check-machine.sh

$(INSTALLED): package.json package-lock.json | machine
	@tools/install-packages.sh

# After `npm prune --omit=dev`, where only the packages are newer, what is compiled is still right.
$(COMPILED): $(INSTALLED) tsconfig.json tsconfig.browser.json $(SOURCES) | machine
	@if $(CAN_COMPILE); then npm run --silent compile; \
	elif [ "$?" = "$(INSTALLED)" ]; then touch $@; \
	else tools/install-packages.sh && npm run --silent compile; fi
