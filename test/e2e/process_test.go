package e2e

import (
	"strings"
	"testing"

	"github.com/org/npx-action/internal/registrytest"
	"github.com/org/npx-action/test/world"
)

// startProcess starts a process of an image under the restrictions of a cluster, and returns what it answers. Then it ends the process.
func startProcess(t *testing.T, image string, args ...string) (answer, log string) {
	t.Helper()
	c, err := here.Run(t.Context(), image, world.RunOptions{Args: args})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	_, answer, err = fetch(t.Context(), c.URL)
	if err != nil {
		t.Error(err)
	}
	if _, err := c.End(t.Context()); err != nil {
		t.Error(err)
	}
	return answer, c.Logs()
}

func TestTheProcessesOfAProcfileAreProgramsOfTheImage(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "package.json", `{"engines": {"node": "22"}, "scripts": {"late": "node server.js late"}}`)
	write(t, dir, "server.js", `process.on("SIGTERM", () => { console.log("handled"); process.exit(0) })
require("node:http").createServer((_, res) => res.end([process.env.MODE, ...process.argv.slice(2)].join(" "))).listen(process.env.PORT)
`)
	write(t, dir, "Procfile", `web: node server.js web
release: node --version
worker: node server.js 'a b'
mail: MODE=$HOME node server.js
late: npm run late
steps: node --version && node server.js steps
group: (node server.js group; true)
sort: node server.js
`)
	image := here.Registry + "/e2e/process:node"
	_, r := tryBuild(t, shared, dir, "--tag", image, "--push")
	if r.Status != 0 || !strings.Contains(r.Stderr, "process sort cannot be started by its name") {
		t.Fatalf("status %d\n%s", r.Status, r.Stderr)
	}
	config, err := registrytest.Image(t, image).ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if got := config.Config.Labels["npx-action.process.mail"]; got != "MODE=$HOME node server.js" {
		t.Errorf("labels are %v", config.Config.Labels)
	}
	for want, args := range map[string][]string{
		" web": nil, " a b": {"worker"}, " a b --once c d": {"worker", "--once", "c d"}, "/home/app": {"mail"}, " late": {"late"}, " steps": {"steps"}, " group": {"group"},
	} {
		if answer, log := startProcess(t, image, args...); answer != want || !strings.Contains(log, "handled") {
			t.Errorf("%q answers %q, want %q, and wrote\n%s", args, answer, want, log)
		}
	}
}

func TestAProcessOfTheStaticBaseIsItsProgram(t *testing.T) {
	const program = `package main

import ("net/http"; "os")

func main() {
	http.ListenAndServe(":"+os.Getenv("PORT"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("NAME")) }))
}
`
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.org/app\n\ngo 1.24\n")
	write(t, dir, "main.go", strings.ReplaceAll(program, "NAME", "web"))
	write(t, dir, "cmd/jobs/main.go", strings.ReplaceAll(program, "NAME", "worker"))
	write(t, dir, "nixpacks.toml", "[phases.build]\ncmds = [\"...\", \"go build -o jobs ./cmd/jobs\"]\n")
	write(t, dir, "Procfile", "web: ./out\nworker: ./jobs\nclock: ./jobs clock\n")
	image := here.Registry + "/e2e/process:go"
	_, r := tryBuild(t, shared, dir, "--tag", image, "--push")
	if r.Status != 0 || !strings.Contains(r.Stderr, "give its command to docker run, as in docker run IMAGE ./jobs clock") {
		t.Fatalf("status %d\n%s", r.Status, r.Stderr)
	}
	for want, args := range map[string][]string{"web": nil, "worker": {"worker"}} {
		if answer, log := startProcess(t, image, args...); answer != want {
			t.Errorf("%q answers %q, and wrote\n%s", args, answer, log)
		}
	}
}
