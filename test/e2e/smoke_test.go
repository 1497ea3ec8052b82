package e2e

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
)

func TestASlimImageIsTriedBeforeThePush(t *testing.T) {
	for _, tt := range []struct {
		name, start string
		status      int
		want        string // on standard error
	}{
		{"it ends well", "echo done", 0, "smoke test: the image starts: exited 0"},
		{"it listens", `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 1, LocalPort => $ENV{PORT}) or die; sleep 60'`, 0, "smoke test: the image starts: listening"},
		{"it listens late", `sleep 25; exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 1, LocalPort => $ENV{PORT}) or die; sleep 60'`, 0, "smoke test: the image starts: running, ended 0."},
		{"it forks and ends", "(sleep 60 &) && : ${PORT:-8080}", 1, "its program exited 0, and the plan says that it serves 8080/tcp"},
		{"what the slim image lacks", "make --version", 1, "exec make failed: No such file or directory"},
		{"what no image has", "echo no database; exit 3", 0, "exited 3 here: no database"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			image := here.Registry + "/e2e/smoke:" + strings.ReplaceAll(tt.name, " ", "-")
			_, r := tryBuild(t, shared, commandsApp(t, "true", tt.start), "--runtime", "slim", "--tag", image, "--push")
			if r.Status != tt.status || !strings.Contains(r.Stderr, tt.want) {
				t.Errorf("status %d, want %d and %q in\n%s", r.Status, tt.status, tt.want, r.Stderr)
			}
			if registrytest.Exists(t, image) != (tt.status == 0) {
				t.Errorf("the image is pushed: %v", tt.status != 0)
			}
		})
	}
}

func TestAPrunedImageThatDoesNotStartIsBuiltUnpruned(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "package.json", `{"engines": {"node": "22"}, "scripts": {"start": "node server.js"}, "devDependencies": {"is-number": "7.0.0"}}`)
	write(t, dir, "package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"devDependencies": {"is-number": "7.0.0"}}, `+
		`"node_modules/is-number": {"version": "7.0.0", "dev": true}}}`)
	// No reader of sources sees what this requires.
	write(t, dir, "server.js", `const isNumber = require(["is", "number"].join("-"))
require("node:http").createServer((_, res) => res.end("a number: " + isNumber(7))).listen(process.env.PORT || 3000)
`)
	image := here.Registry + "/e2e/smoke:pruned"
	_, r := tryBuild(t, shared, dir, "--tag", image, "--push")
	const want = "the image is built once more with all that was installed, as its program exited 1 in the smaller image: Error: Cannot find module 'is-number'"
	if r.Status != 0 || !strings.Contains(r.Stderr, want) || !strings.Contains(r.Stderr, "smoke test: the image starts: listening") {
		t.Fatalf("status %d, want %q in\n%s", r.Status, want, r.Stderr)
	}
	if got := get(t, image, "/"); got != "a number: true" {
		t.Errorf("it answers %q", got)
	}
}

func TestTheStaticBaseRefusesAProgramWithLibraries(t *testing.T) {
	dir := commandsApp(t, "cp /usr/bin/sleep server", "./server 60")
	write(t, dir, "nixpacks.toml", slurp(t, dir+"/nixpacks.toml")+"base = \"static\"\n")
	image := here.Registry + "/e2e/smoke:not-static"
	_, r := tryBuild(t, shared, dir, "--runtime", "slim", "--tag", image, "--push")
	const want = "./server loads libraries by /lib64/ld-linux-x86-64.so.2, and the static base has no such thing"
	if r.Status != 1 || !strings.Contains(r.Stderr, want) {
		t.Errorf("status %d, want 1 and %q in\n%s", r.Status, want, r.Stderr)
	}
	if registrytest.Exists(t, image) {
		t.Error("the image is pushed")
	}
}
