# Everything a person does with Mercato. `make` alone prints this list.
SHELL := /bin/sh
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# What `make run VARIABLE=value` hands on to the shop.
export PORT HOST LOG_LEVEL PER_SERVICE REPLICAS REDIS_ADDR SMTP_URL MAIL_DIR MAIL_FROM EXTRA_LATENCY
export BASE_URL FRONTEND_MESSAGE BANNER_COLOR ENABLE_SINGLE_SHARED_SESSION
export USERS SECONDS RATE PAGES_PER_SECOND WAIT_SCALE MAX_ERROR_RATIO MAX_P95_MS REPORT_FILE

NPM := npm --no-audit --no-fund --loglevel=error
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
	@FRONTEND_ADDR=$${FRONTEND_ADDR:-127.0.0.1:$${PORT:-8080}} SECONDS=$${SECONDS:-60} exec node dist/loadgenerator/main.js

.PHONY: test
test: node_modules/.installed-all ## Prove all of it; installs redis-server and chromium where apt can
	@sh scripts/install-test-tools.sh
	@npm run --silent check
	@jest

.PHONY: protos
protos: node_modules/.installed-all ## Lint the contracts and generate their TypeScript
	buf lint
	buf generate

.PHONY: format
format: node_modules/.installed-all ## Format every file
	biome check --write .

.PHONY: clean
clean: ## Remove what was built and installed
	rm -rf dist node_modules

# The shop needs its production dependencies and the compiler, no more.
dist/.built: node_modules/.installed $(SOURCES) tsconfig.json tsconfig.build.json
	@rm -rf dist
	@tsc --project tsconfig.build.json
	@touch $@

node_modules/.installed: package.json package-lock.json
	@echo 'Installing what the shop needs ...'
	@$(NPM) ci --omit=dev
	@touch $@

node_modules/.installed-all: package.json package-lock.json
	@echo 'Installing what the tests need ...'
	@$(NPM) ci
	@touch node_modules/.installed $@
