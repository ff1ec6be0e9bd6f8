# Everything a person does with Mercato. `make` alone prints this list.
SHELL := /bin/sh
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# Every variable of `make run VARIABLE=value` reaches the shop: make exports what its command line sets.

NPM := npm --no-audit --no-fund --loglevel=error
# What npm itself leaves behind: so an `npm ci` by hand counts too.
INSTALLED := node_modules/.package-lock.json
TOOLS := node_modules/jest $(INSTALLED)
SOURCES := $(shell find src -name '*.ts' -o -name '*.tsx' | grep -v '\.test\.tsx\?$$')

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: dist/.built ## Open the shop on this machine (PORT=8080, PER_SERVICE=1, REPLICAS=2)
	@exec node dist/launcher/main.js

.PHONY: dev
dev: dist/.built ## The same, rebuilt and restarted whenever a file changes
	@exec node dist/launcher/dev.js

.PHONY: load
load: dist/.built ## Send shoppers to a running shop (USERS=50 SECONDS=60, PAGES_PER_SECOND=20, FRONTEND_ADDR)
# Not by the shell: where sh is bash, its SECONDS is a clock, and never unset.
# Its metrics on any port, for several runs at once; its spans to the console that shows the shop's.
	@FRONTEND_ADDR=$(or $(FRONTEND_ADDR),127.0.0.1:$(or $(PORT),8080)) SECONDS=$(or $(SECONDS),60) METRICS_PORT=$(or $(METRICS_PORT),0) \
	  TRACES_EXPORTER=$(or $(TRACES_EXPORTER),none) TRACES_WINDOW_ENDPOINT=$(if $(filter off,$(CONSOLE_PORT)),,http://127.0.0.1:$(or $(CONSOLE_PORT),8090)) \
	  exec node dist/loadgenerator/main.js

.PHONY: bench-telemetry
bench-telemetry: dist/.built ## Measure what tracing costs: CPU for a page, with each exporter (Linux)
	@exec node scripts/bench-telemetry.js

.PHONY: test
test: $(TOOLS) ## Prove all of it; installs redis-server, chromium and prometheus where apt can
	@sh scripts/install-test-tools.sh
	@sh scripts/install-kustomize.sh
	@sh scripts/install-manifest-tools.sh
	@npm run --silent check
	@jest

.PHONY: protos
protos: $(TOOLS) ## Lint the contracts and generate their TypeScript
	buf lint
	buf generate

.PHONY: dashboards
dashboards: $(TOOLS) ## Generate the dashboards, rules and alerts from tools/observability
	@tsc --project tools/tsconfig.json
	@node dist/tools/tools/observability/generate.js

.PHONY: pictures
pictures: $(TOOLS) dist/.built ## Take the pictures of the shop that the documents show
	@sh scripts/install-test-tools.sh
	@node scripts/take-pictures.js

.PHONY: format
format: $(TOOLS) ## Format every file
	biome check --write .

.PHONY: clean
clean: ## Remove what was built and installed
	rm -rf dist node_modules

# The shop needs its production dependencies and the compiler, no more. Tools that are there stay.
dist/.built: $(INSTALLED) $(SOURCES) tsconfig.json tsconfig.build.json
	@rm -rf dist
	@tsc --project tsconfig.build.json
	@touch $@

$(INSTALLED): package-lock.json
	@echo 'Installing what the shop needs ...'
	@$(NPM) ci $(if $(wildcard node_modules/jest),,--omit=dev)
	@touch $@

node_modules/jest:
	@echo 'Installing what the tests need ...'
	@$(NPM) ci

# Two installations at once would spoil each other.
.NOTPARALLEL:
