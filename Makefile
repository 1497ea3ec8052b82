# The project's commands. `make demo` and `make test` do all the set-up they need on Debian with root and Go.

GOLANGCI_LINT = go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT = go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
CONFORMANCE_DIR ?= $(wildcard ../shared/conformance)
export CONFORMANCE_DIR

.PHONY: build demo test runc bench lint cover clean

build: ## the binary, in bin/
	go build -trimpath -ldflags '-s -w' -o bin/npx-action ./cmd/npx-action

demo: ## plan, build, push, run and answer, for real, on loopback
	go run ./test/demo

test: runc ## every test; the real world and its builds last, one after the other
	go test -timeout 20m $$(go list ./... | grep -v -e /test/e2e -e /test/world)
	go test -timeout 40m -count=1 -p 1 ./test/world/... ./test/e2e

runc:
	@command -v runc >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends runc; }

cover: ## statement coverage of the packages that decide
	go test -cover ./internal/plan ./providers ./cache

bench: ## speed as ratios in one run
	go test -run '^$$' -bench . -benchtime 1x -timeout 60m ./test/bench

lint: ## static checks of code, workflows and actions
	$(GOLANGCI_LINT) run
	$(ACTIONLINT)

clean:
	rm -rf bin coverage.out
