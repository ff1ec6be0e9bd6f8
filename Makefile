# Every command of the project. `make` alone prints the list.
SHELL := /bin/sh
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# Make exports the variables of its command line, so `make run VARIABLE=value` reaches the shop.

NPM := npm --no-audit --no-fund --loglevel=error
# npm writes this file: an `npm ci` by hand counts too.
INSTALLED := node_modules/.package-lock.json
TOOLS := node_modules/jest $(INSTALLED)
SOURCES := $(shell find src -name '*.ts' -o -name '*.tsx' | grep -v '\.test\.tsx\?$$')

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: node dist/.built ## Run the shop on this machine (PORT=8080, PER_SERVICE=1, REPLICAS=2)
	@exec node dist/launcher/main.js

.PHONY: dev
dev: node $(TOOLS) dist/.built ## The same, type-checked, rebuilt and restarted whenever a file changes
	@exec node dist/launcher/dev.js

.PHONY: reset
reset: node dist/.built ## Delete the stored orders, charges, shipments and carts (DATA_DIR); stop the shop first
	@node scripts/reset.js

.PHONY: orders
orders: node dist/.built ## List, show, retry, refund, replay or erase stored orders (ARGS="list", ARGS="refund ID --why 'TEXT'")
	@node dist/checkoutservice/orders.js $(ARGS)

.PHONY: load
load: dist/.built ## Send shoppers to a running shop (USERS=50 SECONDS=60, PAGES_PER_SECOND=20, FRONTEND_ADDR)
# SECONDS is expanded by make: in bash the shell variable of that name is a clock. METRICS_PORT=0 lets several runs
# coexist; spans go to the console of the shop.
	@FRONTEND_ADDR=$(or $(FRONTEND_ADDR),127.0.0.1:$(or $(PORT),8080)) SECONDS=$(or $(SECONDS),60) METRICS_PORT=$(or $(METRICS_PORT),0) \
	  TRACES_EXPORTER=$(or $(TRACES_EXPORTER),none) DEV_CONSOLE_ENDPOINT=$(if $(filter off,$(CONSOLE_PORT)),,http://127.0.0.1:$(or $(CONSOLE_PORT),8090)) \
	  exec node dist/loadgenerator/main.js

.PHONY: bench-telemetry
bench-telemetry: dist/.built ## Measure what tracing costs: CPU for a page, with each exporter (Linux)
	@exec node scripts/bench-telemetry.js

.PHONY: bench-mesh
bench-mesh: $(TOOLS) dist/.built ## Measure what a mesh costs: CPU and time for a page, with two Envoys on every call (Linux)
	@sh scripts/install-envoy.sh
	@exec node scripts/bench-mesh.js

.PHONY: bench-orders
bench-orders: $(TOOLS) dist/.built ## Measure what durable orders cost, on each store (ORDERS=400 OPEN=10000 STORED=100000; Linux)
	@exec node scripts/bench-orders.js

.PHONY: test
test: node $(TOOLS) ## Run every test; says first what it installs, and at the end what did not run
	@node scripts/testing/run.js

.PHONY: test-stress
test-stress: node $(TOOLS) ## Run every test RUNS times (3) while one busy process per core competes with it
	@node scripts/testing/stress.js

.PHONY: test-postgres
test-postgres: node $(TOOLS) ## Test the stores on other versions of PostgreSQL, which are downloaded (VERSIONS="14 15 16 17 18")
	@sh scripts/install-test-tools.sh
	@node scripts/testing/postgres-versions.js $(or $(VERSIONS),14 15 16 17 18)

.PHONY: crash
crash: $(TOOLS) dist/.built ## Kill processes and fill disks while orders are placed, and judge the ledgers (ORDERS=2000 SEED=1 STORE=postgres)
	@exec node scripts/crash.js

.PHONY: images
images: ## Build every service's image, and load them into kind or minikube
	@sh scripts/require-tool.sh docker https://docs.docker.com/get-started/get-docker/
	@sh scripts/images/build.sh

.PHONY: images-check
images-check: $(TOOLS) ## Build every image and use the shop in containers; starts a container engine where none runs
	@sh scripts/install-test-tools.sh
	@sh scripts/images/with-docker.sh jest --config jest.images.config.js

.PHONY: deploy
deploy: ## Build the shop and deploy it to the current cluster (PROFILE=observability)
	@sh scripts/require-tool.sh kubectl https://kubernetes.io/docs/tasks/tools/
	@sh scripts/require-tool.sh skaffold https://skaffold.dev/docs/install/
	@skaffold run $(if $(PROFILE),--profile=$(PROFILE))

.PHONY: undeploy
undeploy: ## Remove the shop from the current cluster (PROFILE as it was deployed)
	@sh scripts/require-tool.sh kubectl https://kubernetes.io/docs/tasks/tools/
	@sh scripts/require-tool.sh skaffold https://skaffold.dev/docs/install/
	@skaffold delete $(if $(PROFILE),--profile=$(PROFILE))

.PHONY: manifests-check
manifests-check: $(TOOLS) ## Render every kustomization and check it against the schemas, the topology and the policies
	@sh scripts/install-kustomize.sh
	@sh scripts/install-manifest-tools.sh
	@sh scripts/install-crds.sh
	@jest --testPathPatterns test/manifests

.PHONY: mesh-check
mesh-check: $(TOOLS) ## Check the Istio configuration, and call the services through real Envoys configured alike
	@sh scripts/install-envoy.sh
	@sh scripts/install-kustomize.sh
	@sh scripts/install-crds.sh
	@jest --testPathPatterns 'test/(mesh/|manifests/(mesh|lessons))'

.PHONY: lessons
lessons: $(TOOLS) ## Run the mesh lessons in the current cluster and report what they show (LESSONS='05 12')
	@sh scripts/require-tool.sh kubectl https://kubernetes.io/docs/tasks/tools/
	@node scripts/mesh/run-lessons.js $(LESSONS)

.PHONY: generate
generate: $(TOOLS) ## Generate code, documents, manifests and dashboards from the protos, src/topology.ts and the other tables
	@buf lint
	@buf generate
	@tsc --project tools/tsconfig.json && node dist/tools/tools/generate/main.js code
	@tsc --project tools/tsconfig.json && node dist/tools/tools/generate/main.js

.PHONY: service
service: $(TOOLS) ## Add a service to the shop, with tests and manifests (NAME=giftservice CALLED_BY=frontend)
	@tsc --project tools/tsconfig.json
	@node dist/tools/tools/service/main.js "$(NAME)" "$(CALLED_BY)"
	@biome check --write --log-level=error src/topology.ts src/$(NAME)
	@$(MAKE) --no-print-directory generate
	@echo 'Run npx jest src/$(NAME) and make run; docs/how-to/add-a-service.md has the next steps.'

.PHONY: pictures
pictures: $(TOOLS) dist/.built ## Take the screenshots that the documents show
	@sh scripts/install-test-tools.sh
	@node scripts/take-pictures.js

.PHONY: format
format: $(TOOLS) ## Format every file
	biome check --write .

.PHONY: clean
clean: ## Remove what was built and installed
	rm -rf dist node_modules

# The shop needs only its production dependencies and the compiler. Installed development tools stay.
dist/.built: $(INSTALLED) $(SOURCES) tsconfig.json tsconfig.build.json
	@rm -rf dist
	@tsc --project tsconfig.build.json
	@touch $@

# One clear message where Node is missing or too old, before anything is loaded.
.PHONY: node
node:
	@sh scripts/require-tool.sh node https://nodejs.org/en/download
	@node scripts/check-node.js

$(INSTALLED): package-lock.json | node
	@echo 'Installing what the shop needs ...'
	@$(NPM) ci $(if $(wildcard node_modules/jest),,--omit=dev)
	@touch $@

node_modules/jest: | node
	@echo 'Installing what the tests need ...'
	@$(NPM) ci

# Concurrent installations would corrupt node_modules.
.NOTPARALLEL:
