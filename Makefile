# The project's commands. `make check` needs Go alone. The targets that build for real need root and Debian, and install the rest.

GOLANGCI_LINT = go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
ACTIONLINT = go tool -modfile=.ci/tools.mod actionlint
CONFORMANCE_DIR ?= $(wildcard ../shared/conformance)
export CONFORMANCE_DIR
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LINK = -s -w -X github.com/org/npx-action/internal/cli.linked=$(VERSION)
STATIC_LINK = -s -w -X github.com/org/npx-action/internal/static.linked=$(VERSION)
# npx-static has no TLS, and so no HTTP/2.
STATIC_TAGS = nethttpomithttp2
STATIC_BUILD = CGO_ENABLED=0 go build -trimpath -tags $(STATIC_TAGS) -ldflags '$(STATIC_LINK)'
STATIC = ./cmd/npx-static ./cmd/npx-compress
# gRPC's traces are pages of HTML, whose templates would keep every method of every type in the program.
TAGS = grpcnotrace
BIN ?= bin

# What needs root, daemons or registries is in these packages, and in files with the build tag world of those in WORLD.
REAL = /test/(e2e|world|bench)(/|$$)
WORLD = ./internal/builder ./test/contract ./test/jobs ./test/e2e/assets

.PHONY: help build programs buildkitd image demo check test test-all world e2e root corpus fuzz bench bench-tables bench-once pictures lint cover clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 12

build: $(if $(filter Linux,$(shell uname)),buildkitd) ## the binaries, in bin/
	go build -trimpath -tags $(TAGS) -ldflags '$(LINK)' -o $(BIN)/npx-action ./cmd/npx-action
	$(STATIC_BUILD) -o $(BIN)/ $(STATIC)

programs: # those that plans take as releases, for each platform, as PROGRAM-linux-ARCH in bin/
	for arch in amd64 arm64; do for dir in $(STATIC); do \
		GOOS=linux GOARCH=$$arch $(STATIC_BUILD) -o $(BIN)/$${dir##*/}-linux-$$arch $$dir || exit 1; \
	done; done

buildkitd: # the builder that the program starts where nothing else is, of a module of its own
	CGO_ENABLED=0 go -C internal/buildkitd build -trimpath -ldflags '-s -w' -o $(abspath $(BIN))/ github.com/moby/buildkit/cmd/buildkitd

IMAGE ?= npx-action:$(VERSION)

image: ## the released image, in the local Docker engine; more options of docker build are in IMAGE_FLAGS
	docker build --build-arg VERSION=$(VERSION) $(IMAGE_FLAGS) -t $(IMAGE) .

demo: root ## plan, build, push, run and answer, for real, on loopback
	go run ./test/demo

# go vet looks at all code with all that it knows, so that go test need not look again.
TEST = go test -vet=off

check: ## the tests and linters that need no root and, once the modules are there, no network; minutes
	@bad=$$(gofmt -l .); [ -z "$$bad" ] || { echo "gofmt -w $$bad"; exit 1; }
	go vet -tags world,corpus ./...
	$(ACTIONLINT)
	$(TEST) -timeout 10m $$(go list ./... | grep -Ev '$(REAL)')

# The real builds that every change has to pass: a Node, a Python, a Go and a Django app, a fault of each kind, the released image.
FIRST = ^Test(TheFirstApps.*|TheCacheSurvivesTheBuilder|AGitHubJobComments.*|OneFaultOfEachKind|TheContainerImage)$$

test: root check ## check, and the real builds that tell most; a quarter of an hour from nothing
	$(TEST) -timeout 20m -count=1 -run '$(FIRST)' ./test/e2e

test-all: root ## everything that CI has to see, each part timed; an hour from nothing
	@.ci/parts test world e2e demo bench-once lint

world: root # the tests that need root, daemons or registries, but no whole builds
	$(TEST) -timeout 20m -count=1 -tags world $(WORLD) ./test/world/...
	$(TEST) -timeout 5m ./test/bench

e2e: root # the real builds that test leaves out
	$(TEST) -timeout 60m -count=1 -parallel 3 -skip '$(FIRST)' ./test/e2e

root:
	@[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "make $(or $(MAKECMDGOALS),world) needs root on Debian: it installs packages, and starts a builder, a Docker engine and registries. Without root there is: make check" >&2; exit 2; }

cover: ## statement coverage of the packages that decide
	go test -cover ./internal/plan ./providers ./cache

FUZZTIME ?= 10m

CORPUS ?= .
CORPUS_DIR ?=
CORPUS_TABLE ?= $(if $(CORPUS_DIR),,$(if $(filter .,$(CORPUS)),.github/docs/corpus.md))
CORPUS_TESTS = $(if $(CORPUS_DIR),Examples,(Corpus|TheVersionThatIsAskedIsInTheImage))

corpus: root ## all apps of test/apps and their versions, without a limit of time; writes .github/docs/corpus.md. For some, without the table: CORPUS='node|go'. For examples in Railpack's form: CORPUS_DIR=folder
	go test -timeout 0 -count=1 -tags corpus -run '^Test$(CORPUS_TESTS)$$/$(value CORPUS)' ./test/e2e -args -corpus-table=$(abspath $(CORPUS_TABLE)) -examples=$(abspath $(CORPUS_DIR))

fuzz: ## each fuzz target for FUZZTIME; what it finds is kept in testdata/fuzz, to be tested from then on
	@bad=0; for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u); do \
		for target in $$(go test "$$dir" -list '^Fuzz' | grep '^Fuzz'); do \
			echo "$$dir $$target"; \
			go test "$$dir" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s || bad=1; \
		done; \
	done; exit $$bad

# The second time without a token and a login, the third time with the builders' state on a disk.
BENCH_MORE ?= open disk
COMPARE = go test -run '^$$' -bench Comparison -benchtime 1x -timeout 4h ./test/bench

bench: root ## speed and size beside Nixpacks and an expert's Dockerfile, as ratios in one run; for a part of it BENCH_APPS=node,go,django,java BENCH_RUNS=3 BENCH_MORE=
	go test -run '^$$' -bench . -benchtime 1x -timeout 4h ./test/bench
	$(if $(filter open,$(BENCH_MORE)),BENCH_TOKEN=no $(COMPARE))
	$(if $(filter disk,$(BENCH_MORE)),BENCH_DISK=1 $(COMPARE))

bench-tables: ## the tables of the figures that make bench has written to bin/bench
	BENCH_RUNS=0 $(COMPARE)

bench-once: # the bench of one app, and its tables once more
	@$(MAKE) --no-print-directory bench BENCH_APPS=node BENCH_RUNS=1 BENCH_MORE=
	@$(MAKE) --no-print-directory bench-tables

PICTURES = .github/docs/pictures

pictures: # the pictures of the comment in the documentation, anew; needs npm and chromium, with fonts-liberation and fonts-noto-color-emoji
	d=$$(mktemp -d) && npm install --silent --prefix $$d github-markdown-css mermaid && \
	go run ./test/render -out $$d/pages -pictures $(PICTURES) -css $$d/node_modules/github-markdown-css/github-markdown.css \
		-mermaid $$d/node_modules/mermaid/dist/mermaid.min.js && rm -r $$d

lint: ## static checks of code, modules, workflows and actions
	for dir in . internal/buildkitd .github/release/runc; do go -C $$dir mod tidy -diff || exit 1; done
	$(GOLANGCI_LINT) run
	$(ACTIONLINT)
	@d=$$(mktemp -d) && mkdir $$d/a $$d/b && echo '{"scripts":{"start":"node ."}}' | tee $$d/a/package.json > $$d/b/package.json && \
	for dir in $$d/a $$d; do go run ./cmd/npx-action init $$dir --forge github | $(ACTIONLINT) - || exit 1; done; rm -r $$d

clean:
	rm -rf $(BIN) coverage.out
