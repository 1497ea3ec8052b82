package e2e

import (
	"strings"
	"testing"

	"github.com/org/npx-action/test/world"
)

// TestAProgramGetsTheSignalOfTheEnd starts programs as people write their start commands, and stops their containers as an engine does.
func TestAProgramGetsTheSignalOfTheEnd(t *testing.T) {
	const server = `process.on("SIGTERM", () => { console.log("handled"); process.exit(7) })
require("node:http").createServer((_, res) => res.end("process " + process.pid)).listen(process.env.PORT)
`
	for name, start := range map[string]string{
		"script":    "node server.js",
		"variables": "NODE_ENV=production node ${FILE:-server.js}",
		"commands":  "node --version && node server.js",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "package.json", `{"engines": {"node": "22"}, "scripts": {"start": "`+start+`"}}`)
			write(t, dir, "server.js", server)
			image := here.Registry + "/e2e/signal:" + name
			if _, r := tryBuild(t, shared, dir, "--tag", image, "--push", "--smoke", "always"); r.Status != 0 || !strings.Contains(r.Stderr, "the image starts: listening\n") {
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
			if err != nil || body != "process 1" {
				t.Errorf("the program is %q, want the first process: %v", body, err)
			}
			status, err := c.End(t.Context())
			if log := c.Logs(); err != nil || status != 7 || !strings.Contains(log, "handled") {
				t.Errorf("it ended with %d, %v, and wrote\n%s", status, err, log)
			}
		})
	}
}
