package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/internal/registrytest"
)

// TestAnEngineAsksWhetherTheProgramIsWell builds an image with a path to ask for, which answers well or not as its environment says.
func TestAnEngineAsksWhetherTheProgramIsWell(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "package.json", `{"engines": {"node": "22"}, "scripts": {"start": "node server.js"}}`)
	write(t, dir, "server.js", `require("node:http").createServer((req, res) => {
	res.statusCode = req.url === "/health?full=1" ? Number(process.env.STATUS) : 404
	res.end()
}).listen(process.env.PORT)
`)
	image := here.Registry + "/e2e/health:main"
	if _, r := tryBuild(t, shared, dir, "--env", "PORT=8080", "--healthcheck", "GET /health?full=1", "--tag", image, "--push"); r.Status != 0 {
		t.Fatalf("status %d\n%s", r.Status, r.Stderr)
	}
	config, err := registrytest.Image(t, image).ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if check := config.Config.Healthcheck; check == nil || !slices.Equal(check.Test[:3], []string{"CMD", "/bin/bash", "-c"}) {
		t.Fatalf("%+v", config.Config)
	}
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := docker{host}
	d.run(t, "pull", "--quiet", image)
	restrictions, err := here.Restrictions(t.Context(), image)
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[string]string{"204": "healthy", "302": "healthy", "500": "unhealthy"} {
		port := freePort(t)
		args := slices.Concat([]string{"run", "--detach", "--network", "host", "--health-interval", "200ms", "--health-retries", "1", "--health-start-period", "20s",
			"--env", "PORT=" + port[strings.LastIndexByte(port, ':')+1:], "--env", "STATUS=" + status}, restrictions, []string{image})
		if want == "unhealthy" {
			args = slices.DeleteFunc(args, func(a string) bool { return a == "--health-start-period" || a == "20s" })
		}
		id := strings.TrimSpace(d.run(t, args...))
		if got := d.health(t, id); got != want {
			t.Errorf("an app that answers %s is %s\n%s", status, got, d.run(t, "inspect", "--format", "{{json .State.Health}}", id))
		}
		d.run(t, "rm", "--force", id)
	}
}

// health waits until an engine knows whether the program of a container is well.
func (d docker) health(t *testing.T, id string) string {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(time.Minute); ; {
		status := strings.TrimSpace(d.run(t, "inspect", "--format", "{{.State.Health.Status}}", id))
		if status != "starting" {
			return status
		}
		select {
		case <-tick.C:
		case <-deadline:
			return status
		}
	}
}
