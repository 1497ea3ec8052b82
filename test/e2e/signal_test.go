package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/test/world"
)

// TestAProgramGetsTheSignalOfTheEnd starts programs as people write their start commands, and stops their containers as an engine does.
func TestAProgramGetsTheSignalOfTheEnd(t *testing.T) {
	const server = `process.on("SIGTERM", () => setTimeout(() => { console.log("handled"); process.exit(7) }, 500)) // answers what it still has to
require("node:http").createServer((_, res) => res.end("process " + process.pid)).listen(process.env.PORT)
`
	const anyStatus = -1
	for name, tt := range map[string]struct {
		start  string
		more   string // scripts
		status int    // of the container
	}{
		"script":          {"node server.js", "", 7},
		"variables":       {"NODE_ENV=production node ${FILE:-server.js}", "", 7},
		"commands":        {"node --version && node server.js", "", 7},
		"group":           {"(node server.js; true)", "", anyStatus},
		"background":      {"node server.js & wait", "", anyStatus},
		"two-programs":    {"true && (sleep 1d & node server.js)", "", anyStatus},
		"package-manager": {"npm run serve", `, "preserve": "node --version", "serve": "node server.js"`, anyStatus},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "package.json", `{"engines": {"node": "22"}, "scripts": {"start": "`+tt.start+`"`+tt.more+`}}`)
			write(t, dir, "server.js", server)
			image := here.Registry + "/e2e/signal:" + name
			if _, r := tryBuild(t, shared, dir, "--tag", image, "--push", "--smoke", "always"); r.Status != 0 || !strings.Contains(r.Stderr, "the image starts: listening on ") || strings.Contains(r.Stderr, "ignores SIGTERM") {
				t.Fatalf("status %d\n%s", r.Status, r.Stderr)
			}
			c, err := here.Run(t.Context(), image, world.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := c.Stop(); err != nil {
					t.Error(err)
				}
			})
			_, body, err := fetch(t.Context(), c.URL)
			if err != nil || !strings.HasPrefix(body, "process ") {
				t.Errorf("the program is %q: %v", body, err)
			}
			begin := time.Now()
			status, err := c.End(t.Context())
			if log := c.Logs(); err != nil || tt.status != anyStatus && status != tt.status || !strings.Contains(log, "handled") {
				t.Errorf("it ended with %d, %v, and wrote\n%s", status, err, log)
			}
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it took %s to end", took) // an engine kills after ten
			}
		})
	}
}
