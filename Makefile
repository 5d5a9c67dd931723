# What is done with this repository. Go alone is needed, but where a target says more.

GO ?= go
# The version that binaries tell: the nearest tag, when git knows one.
VERSION ?= $(shell git describe --tags --dirty 2>/dev/null)
LDFLAGS := -s -w $(if $(VERSION),-X main.version=$(VERSION))

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The profile that weft is compiled with. It saves a few hundredths of the time that requests take, and has everything
# that weft imports compiled once more: not for a demo.
PGO ?= auto

.PHONY: run
run: PGO = off
run: build ## Build and run the demo: a graph, a Playground, a login
	bin/weft demo

.PHONY: build
build: ## Build bin/weft
	CGO_ENABLED=0 $(GO) build -pgo=$(PGO) -trimpath -ldflags '$(LDFLAGS)' -o bin/weft ./gateway/cmd/weft

.PHONY: test
test: ## Run the tests (TESTFLAGS=-race with the race detector)
	$(GO) test -pgo=off $(TESTFLAGS) ./...

.PHONY: lint
lint: ## Check formatting, go vet, staticcheck
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "not formatted by gofmt:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet -pgo=off ./...
	$(GO) tool staticcheck ./...

.PHONY: generate
generate: ## Generate code from the GraphQL schemas, the reference pages and, with Node.js, the Playground
	$(GO) tool gqlgen generate
	cd subgraphs/orders && $(GO) tool gqlgen generate
	cd subgraphs/inventory && $(GO) tool gqlgen generate
	cd subgraphs/reviews && $(GO) tool gqlgen generate
	$(GO) test -pgo=off ./gateway/config ./gateway/cmd/weft -run 'IsKept$$' -update
	@if command -v npm >/dev/null; then $(MAKE) playground; \
	else echo "npm is not there: the Playground stays as it is"; fi

.PHONY: playground
playground: ## Build the Playground from its sources and its lock file (Node.js)
	cd gateway/playground/web && npm ci && npm run build

# How many random compositions of either kind are held against the reference, and a folder where its packages are installed already.
N ?= 5000
WEFT_ORACLE_DIR ?=

# How many random graphs are planned on with the reference too.
PLANS ?= 100

.PHONY: oracle
oracle: ## Hold composition and plans against the reference implementation (Node.js; N=5000 and PLANS=100 random graphs)
	@dir="$(abspath $(WEFT_ORACLE_DIR))"; \
	if [ -z "$$dir" ]; then \
		dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
		cp internal/oracle/package.json "$$dir" && (cd "$$dir" && npm install --no-audit --no-fund --silent) || exit 1; \
	fi; \
	{ WEFT_ORACLE_DIR="$$dir" $(GO) test ./schema/composition -count=1 -timeout=2h -run '^(TestOracle|TestOracleCodes|TestRandomAgainstOracle|TestMixturesAgainstOracle)$$' -oracle.random=$(N) -v; \
	WEFT_ORACLE_DIR="$$dir" $(GO) test ./gateway/plan -count=1 -timeout=2h -run '^(TestAgainstReference|TestRandomAgainstReference)$$' -reference.random=$(PLANS) -v; } \
		| awk '/^=== / || /--- PASS/ || /^PASS/ {next} {print} /^FAIL/ {failed = 1} END {exit failed}'

# How many random operations are answered by one server too, and the seed of the first graph.
CASES ?= 10000
SEED ?= 1

.PHONY: differential
differential: ## Hold the gateway against one server that has all the data, on random graphs (CASES=10000 operations, SEED=1)
	WEFT_DIFFERENTIAL=$(CASES) WEFT_SEED=$(SEED) $(GO) test ./gateway/plan -count=1 -timeout=24h -run '^TestDifferential$$' -v
	WEFT_REACH=2000 $(GO) test ./gateway/plan -count=1 -timeout=1h -run '^TestDifferentialReaches$$' -v

# How long each fuzz target runs.
FUZZTIME ?= 1m

.PHONY: fuzz
fuzz: ## Run every fuzz target for a while (FUZZTIME=1m)
	.ci/fuzz $(FUZZTIME)

.PHONY: bench
bench: ## Measure the gateway: CPU time for a request, requests per second (BENCH="-scenario heavy -json out.json")
	$(GO) run ./gateway/bench $(BENCH)

# An earlier run, and a later one; without that, the bench is run now.
BEFORE ?= bench.json
AFTER ?=

.PHONY: bench-compare
bench-compare: ## Hold a run of the benchmark against an earlier one (BEFORE=old.json, AFTER=new.json or measured now)
	@after="$(AFTER)"; \
	if [ -z "$$after" ]; then \
		after=$$(mktemp) && trap 'rm -f "$$after"' EXIT && $(GO) run ./gateway/bench $(BENCH) -json "$$after" || exit 1; \
	fi; \
	$(GO) run ./gateway/bench compare "$(BEFORE)" "$$after"

.PHONY: pgo
pgo: ## Refresh the profile that weft is compiled with, from the benchmark
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	$(GO) run ./gateway/bench -profiles "$$dir" -scenario small,large,tour,heavy,shared,variables,documents && \
	$(GO) tool pprof -proto "$$dir"/*.pprof > gateway/cmd/weft/default.pgo

.PHONY: clean
clean: ## Remove what was built and the demo's data
	rm -rf bin .weft
