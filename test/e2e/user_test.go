package e2e

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// TestAProgramIsTriedWithoutRights starts programs that want more than an unprivileged user has. An engine with the same restrictions
// says the same of them.
func TestAProgramIsTriedWithoutRights(t *testing.T) {
	const serve = `require("node:http").createServer((_, res) => res.end("uid " + process.getuid() + ", " + text)).listen(process.env.PORT)
`
	for _, tt := range []struct {
		name, server string
		status       int
		want         []string // on standard error
		answer       string
	}{
		{"a home", `const fs = require("node:fs"), os = require("node:os")
fs.writeFileSync(os.homedir() + "/note", "written"); fs.writeFileSync("/tmp/note", "x")
const text = fs.readFileSync(os.homedir() + "/note", "utf8") + " by " + os.userInfo().username
` + serve, 0, []string{"user 65532 has no rights, and writes no more than /home/app /tmp", "the image starts: listening on "}, "uid 65532, written by app"},
		{"no capability", `const status = require("node:fs").readFileSync("/proc/self/status", "utf8")
const text = ["CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs"].map(n => status.match(n + ":\\s+(\\S+)")[1]).join(" ")
if (text !== "0000000000000000 0000000000000000 0000000000000000 0000000000000000 1") throw new Error("has " + text)
` + serve, 0, []string{"the image starts: listening on "}, "uid 65532, 0000000000000000 0000000000000000 0000000000000000 0000000000000000 1"},
		{"its own tree", `require("node:fs").mkdirSync(__dirname + "/data")
const text = ""
` + serve, 1, []string{"exited 1 as user 65532, and starts as root", "EACCES: permission denied, mkdir '/app/data'", `writable = ["data"]`}, ""},
		{"a low port", `require("node:http").createServer((_, res) => res.end()).listen(80)`, 1,
			[]string{"exited 1 as user 65532, and starts as root", "EACCES: permission denied 0.0.0.0:80", "let the program listen on PORT"}, ""},
		{"loopback", `require("node:http").createServer((_, res) => res.end()).listen(process.env.PORT, "127.0.0.1")`, 0,
			[]string{"the program listens on 127.0.0.1 alone"}, ""},
		{"no end", `process.on("SIGTERM", () => {}); const text = ""
` + serve, 0, []string{"the program ignores SIGTERM, so an engine kills it after 10 s"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "package.json", `{"engines": {"node": "22"}, "scripts": {"start": "node server.js"}}`)
			write(t, dir, "server.js", tt.server)
			image := here.Registry + "/e2e/user:" + strings.ReplaceAll(tt.name, " ", "-")
			_, r := tryBuild(t, shared, dir, "--tag", image, "--push", "--smoke", "always")
			if r.Status != tt.status {
				t.Errorf("status %d", r.Status)
			}
			for _, want := range tt.want {
				if !strings.Contains(r.Stderr, want) {
					t.Errorf("no %q in\n%s", want, r.Stderr)
				}
			}
			if registrytest.Exists(t, image) != (tt.status == 0) {
				t.Errorf("the image is pushed: %v", tt.status != 0)
			}
			if tt.answer != "" {
				if got := get(t, image, "/"); got != tt.answer {
					t.Errorf("it answers %q, want %q", got, tt.answer)
				}
			}
		})
	}
}

// TestAProgramOwnsWhatThePlanNames has a directory with a file of the app, which the program writes.
func TestAProgramOwnsWhatThePlanNames(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "package.json", `{"engines": {"node": "22"}, "scripts": {"start": "node server.js"}}`)
	write(t, dir, "nixpacks.toml", "[start]\nwritable = [\"data\"]\n")
	write(t, dir, "data/first", "of the app")
	write(t, dir, "server.js", `const fs = require("node:fs")
fs.writeFileSync("data/second", "of the program")
require("node:http").createServer((_, res) => res.end(fs.readdirSync("data").join(" "))).listen(process.env.PORT)
`)
	image := here.Registry + "/e2e/user:writable"
	_, r := tryBuild(t, shared, dir, "--tag", image, "--push")
	if r.Status != 0 || !strings.Contains(r.Stderr, "writes no more than /app/data /home/app /tmp") {
		t.Fatalf("status %d\n%s", r.Status, r.Stderr)
	}
	c, err := here.Run(t.Context(), image, world.RunOptions{AsItIs: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	}()
	if _, body, err := fetch(t.Context(), c.URL); err != nil || body != "first second" {
		t.Errorf("%q, %v", body, err)
	}
}

// TestAFullImageStarts has a package, which the phases installed for root, and a user who says what the image is to be.
func TestAFullImageStarts(t *testing.T) {
	for _, tt := range []struct{ name, config, want string }{
		{"root", "", "uid 0, hello <b>you</b>"},
		{"number", "[start]\nuser = \"65532\"\n", "uid 65532, hello <b>you</b>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, pythonRequirements, "flask\n")
			write(t, dir, "Procfile", "web: flask --app server run --host 0.0.0.0 --port $PORT\n")
			write(t, dir, "nixpacks.toml", tt.config)
			write(t, dir, "server.py", `import os, flask
app = flask.Flask(__name__)
@app.route("/")
def index():
    return "uid %d, %s" % (os.getuid(), flask.render_template_string("hello <b>{{ who }}</b>", who="you"))
`)
			image := here.Registry + "/e2e/user:full-" + tt.name
			_, r := tryBuild(t, shared, dir, append(fullImage, "--tag", image, "--push", "--smoke", "always")...)
			if r.Status != 0 {
				t.Fatalf("status %d\n%s", r.Status, r.Stderr)
			}
			if got := get(t, image, "/"); got != tt.want {
				t.Errorf("it answers %q, want %q", got, tt.want)
			}
		})
	}
}
