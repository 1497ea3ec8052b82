package e2e

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/test/world"
)

// dump has a browser load a page, run its scripts, and print what has become of it. Loads with the same profile share a cache.
func dump(t *testing.T, profile, url string) string {
	t.Helper()
	r, err := world.Finish(exec.CommandContext(t.Context(), "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--user-data-dir="+profile, "--timeout=20000", "--virtual-time-budget=10000", "--dump-dom", url))
	if err != nil || r.Status != 0 {
		t.Fatalf("chromium: %v, status %d\n%s", err, r.Status, r.Stderr)
	}
	return r.Stdout
}

// checks is a script that asks as the site's own code would, and writes what it got into the page.
const checks = `<!doctype html><title>checks</title><pre id="out"></pre><script type="module">
const lines = []
const get = async (path) => {
  const r = await fetch(path), text = await r.text()
  lines.push([path, r.status, r.headers.get("content-encoding"), text.length].join(" "))
}
await get("/app.a1b2c3d4.js")
await get("/app.a1b2c3d4.js")
await get("/missing")
await get("/large.html")
const loads = performance.getEntriesByType("resource").filter((e) => e.name.endsWith("a1b2c3d4.js")).map((e) => e.transferSize > 0)
lines.push("from the network " + loads.join(" "))
document.getElementById("out").textContent = lines.join("\n")
</script>
`

// TestABrowserShowsSites is about what no other client tells: that a deep link's script runs, which files a browser keeps, and that it reads
// what is compressed.
func TestABrowserShowsSites(t *testing.T) {
	if err := world.Install(t.Context(), world.Options{}, "chromium"); err != nil {
		t.Fatal(err)
	}
	t.Run("a deep link of a single-page app", func(t *testing.T) {
		c, _ := site(t, app(t, "node-vite"), "browser-vite")
		profile := t.TempDir()
		for range 2 {
			if page := dump(t, profile, c.URL+"/orders/7"); !strings.Contains(page, "<h1>Orders at /orders/7</h1>") {
				t.Errorf("the page is %s", page)
			}
		}
		scripts, pages := 0, 0
		for line := range strings.Lines(waitLogs(t, c)) {
			if strings.Contains(line, `"GET /assets/`) {
				scripts++
			}
			if strings.Contains(line, `"GET /orders/7" `) {
				pages++
			}
		}
		if scripts != 1 || pages != 2 {
			t.Errorf("the browser asked %d times for the script and %d times for the page:\n%s", scripts, pages, c.Logs())
		}
	})
	t.Run("pages", func(t *testing.T) {
		dir := app(t, "staticfile")
		write(t, dir, "public/index.html", checks)
		write(t, dir, "public/404.html", "<p>no such page</p>")
		write(t, dir, "public/app.a1b2c3d4.js", strings.Repeat("// a line\n", 1000))
		write(t, dir, "public/large.html", strings.Repeat("<p>line</p>\n", 1000))
		c, _ := site(t, dir, "browser-pages")
		page := dump(t, t.TempDir(), c.URL+"/")
		for _, want := range []string{
			"/app.a1b2c3d4.js 200 br 10000\n/app.a1b2c3d4.js 200 br 10000\n", "/missing 404 ", "/large.html 200 br 12000\n", "from the network true false",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%q is missing in what the browser got:\n%s", want, page)
			}
		}
		if page := dump(t, t.TempDir(), c.URL+"/deep/missing"); !strings.Contains(page, "no such page") {
			t.Errorf("a missing page is %s", page)
		}
	})
}

// waitLogs is what a site has logged once that does not grow any more.
func waitLogs(t *testing.T, c *world.Container) string {
	t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for before := ""; ; {
		log := c.Logs()
		if log == before {
			return log
		}
		before = log
		<-tick.C
	}
}
