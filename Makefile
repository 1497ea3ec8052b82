# The project's commands. `make demo` and `make test` do all the set-up they need on Debian with root and Go.

GOLANGCI_LINT = go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT = go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
CONFORMANCE_DIR ?= $(wildcard ../shared/conformance)
export CONFORMANCE_DIR
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LINK = -s -w -X github.com/org/npx-action/internal/cli.linked=$(VERSION)

.PHONY: build image demo test builders fuzz bench lint cover clean

build: ## the binary, in bin/
	go build -trimpath -ldflags '$(LINK)' -o bin/npx-action ./cmd/npx-action

image: ## the released image, in the local Docker engine
	docker build --build-arg VERSION=$(VERSION) -t npx-action:$(VERSION) .

demo: ## plan, build, push, run and answer, for real, on loopback
	go run ./test/demo

test: builders ## every test; the real world and its builds last, one after the other
	go test -timeout 20m $$(go list ./... | grep -v -e /test/e2e -e /test/world)
	go test -timeout 80m -count=1 -p 1 ./test/world/... ./test/e2e

builders: # what they are started with, as root and without
	@{ command -v runc && command -v rootlesskit && command -v newuidmap; } >/dev/null || \
		{ apt-get update -q && apt-get install -qy --no-install-recommends runc rootlesskit uidmap; }

cover: ## statement coverage of the packages that decide
	go test -cover ./internal/plan ./providers ./cache

FUZZTIME ?= 10m

fuzz: ## each fuzz target for FUZZTIME; what it finds is kept in testdata/fuzz, to be tested from then on
	@bad=0; for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u); do \
		for target in $$(go test "$$dir" -list '^Fuzz' | grep '^Fuzz'); do \
			echo "$$dir $$target"; \
			go test "$$dir" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s || bad=1; \
		done; \
	done; exit $$bad

bench: runc ## speed and size beside Nixpacks, as ratios in one run; for a part of it BENCH_APPS=node,go,django,java BENCH_RUNS=3
	go test -run '^$$' -bench . -benchtime 1x -timeout 4h ./test/bench
	BENCH_DISK=1 go test -run '^$$' -bench AgainstNixpacks -benchtime 1x -timeout 4h ./test/bench

lint: ## static checks of code, workflows and actions
	$(GOLANGCI_LINT) run
	$(ACTIONLINT)
	@d=$$(mktemp -d) && mkdir $$d/a $$d/b && echo '{"scripts":{"start":"node ."}}' | tee $$d/a/package.json > $$d/b/package.json && \
	for dir in $$d/a $$d; do go run ./cmd/npx-action init $$dir --forge github | $(ACTIONLINT) - || exit 1; done; rm -r $$d

clean:
	rm -rf bin coverage.out
