//go:build corpus

package e2e

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/org/npx-action/test/examples"
	"github.com/org/npx-action/test/world"
)

var examplesDir = flag.String("examples", "", "build, start and check the examples of this `folder`, and no apps of the project")

// TestExamples builds, starts and checks each app of a folder that is no part of the project. One runs at a time, since each has ports of its own.
func TestExamples(t *testing.T) {
	if *examplesDir == "" {
		t.Skip("no folder is given")
	}
	host, err := here.Engine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := examples.Read(*examplesDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range list {
		t.Run(x.Name, func(t *testing.T) {
			defer func() { tellResult(t, x.Name) }()
			testExample(t, docker{host}, x)
		})
	}
}

// tellResult adds a line to the table, if there is to be one.
func tellResult(t *testing.T, name string) {
	t.Helper()
	if *corpusTable == "" {
		return
	}
	result := "starts and answers"
	switch {
	case t.Skipped():
		result = "not tried"
	case t.Failed():
		result = "**fails**"
	}
	f, err := os.OpenFile(*corpusTable, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "| %s | %s |\n", name, result); err != nil {
		t.Error(err)
	}
}

// testExample tries the cases of an example that this machine can try. Those that declare the same for the build share an image.
func testExample(t *testing.T, d docker, x examples.Example) {
	t.Helper()
	registry, err := here.NewRegistry(t.Context(), world.RegistryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := registry.Close(); err != nil {
			t.Error(err)
		}
	})
	builder, images, reasons := newBuilder(t), map[string]string{}, []string{}
	for i, c := range x.Cases {
		if why := x.Skip(c, runtime.GOARCH, slices.Collect(maps.Keys(servers))...); why != "" {
			reasons = append(reasons, fmt.Sprintf("case %d: %s", i, why))
			continue
		}
		if other, ok := c.AnyServer(); ok {
			reasons = append(reasons, fmt.Sprintf("case %d: a request in place of %q, which Railpack's own server prints", i, c.Output))
			c = other
		}
		c = withServices(t, x, c)
		declared := strings.Join(c.Build(), "\n")
		if images[declared] == "" {
			images[declared] = buildExample(t, builder, registry.Host, i, x, c)
		}
		if c.HTTP != nil {
			answerExample(t, images[declared], c)
		} else {
			printExample(t, d, images[declared], c)
		}
	}
	if len(images) == 0 {
		t.Skip(strings.Join(reasons, "; "))
	}
	t.Log(strings.Join(reasons, "; "))
}

// servers are the programs of this machine for images of services. Each returns the address of a new one.
var servers = map[string]func(*testing.T) string{
	"postgres": database,
	"redis": func(t *testing.T) string {
		t.Helper()
		server, err := here.NewRedis(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := server.Close(); err != nil {
				t.Error(err)
			}
		})
		return server.URL
	},
}

// withServices starts the services that a case asks for.
func withServices(t *testing.T, x examples.Example, c examples.Case) examples.Case {
	t.Helper()
	addresses := map[string]string{}
	for name, image := range x.Services {
		if start := servers[image]; start != nil {
			addresses[name] = start(t)
		}
	}
	c, err := c.At(addresses)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func buildExample(t *testing.T, builder, registry string, number int, x examples.Example, c examples.Case) (image string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), x.Name)
	if err := os.CopyFS(dir, os.DirFS(x.Dir)); err != nil {
		t.Fatal(err)
	}
	image = fmt.Sprintf("%s/%s:case-%d", registry, x.Name, number)
	args := []string{"--env", "NPM_CONFIG_DISTURL=" + here.NodeHeaders()} // pnpm hands no npm_config_ on to scripts
	for _, e := range c.Build() {
		args = append(args, "--env", e)
	}
	if x.Start != "" {
		args = append(args, "--start-cmd", x.Start)
	}
	offerReleases(t, dir, args)
	buildOn(t, builder, dir, append(args, "--tag", image, "--push", "--compression", "uncompressed")...)
	t.Cleanup(func() { _ = here.Forget(context.WithoutCancel(t.Context()), image) }) // there is none where it was not started
	return image
}

// offerReleases makes the world have the releases that an app's plan takes from their makers, where a registry of packages has them.
func offerReleases(t *testing.T, dir string, args []string) {
	t.Helper()
	r, err := program.Run(t.Context(), slices.Concat([]string{"plan", dir, "--format", "json", "--catalogue", here.Catalogue}, args)...)
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Phases map[string]struct{ Releases []string }
	}
	if json.Unmarshal([]byte(r.Stdout), &p) != nil {
		return // the build tells of it
	}
	for _, phase := range p.Phases {
		for _, release := range phase.Releases {
			tool, rest, _ := strings.Cut(release, "@")
			version, _, _ := strings.Cut(rest, " ")
			if strings.Contains(release, here.NixMirror) {
				continue
			}
			if err := here.Offer(t.Context(), tool, version); err != nil {
				t.Log(err) // it may be fetched all the same
			}
		}
	}
}

// answerExample asks the app until it says what is expected, for half a minute at most.
func answerExample(t *testing.T, image string, c examples.Case) {
	t.Helper()
	app, err := here.Run(t.Context(), image, world.RunOptions{Env: c.Run(), Port: c.Port()})
	if err != nil {
		t.Error(err)
		return
	}
	defer func() {
		if err := app.Stop(); err != nil {
			t.Error(err)
		}
	}()
	want := c.HTTP.Status
	if want == 0 {
		want = 200
	}
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(300 * time.Millisecond) {
		status, body, err := fetch(t.Context(), app.URL+c.HTTP.Path)
		missing := c.HTTP.Body.Missing(body)
		if err == nil && status == want && len(missing) == 0 {
			return
		}
		if time.Now().After(until) {
			t.Errorf("GET %s: %d and not %d, %v, without %q\n%s\n%s", c.HTTP.Path, status, want, err, missing, body, app.Logs())
			return
		}
	}
}

// printExample waits until the app has printed what is expected, for a minute and a half at most.
func printExample(t *testing.T, d docker, image string, c examples.Case) {
	t.Helper()
	args := []string{"run", "--detach", "--network", "host"}
	for _, e := range c.Run() {
		args = append(args, "--env", e)
	}
	id := strings.TrimSpace(d.run(t, append(args, image)...))
	defer d.run(t, "rm", "--force", id)
	for until := time.Now().Add(90 * time.Second); ; time.Sleep(300 * time.Millisecond) {
		running := strings.TrimSpace(d.run(t, "inspect", "--format", "{{.State.Running}}", id)) == "true"
		r, err := world.Finish(d.command(t, "logs", id))
		if err != nil {
			t.Fatal(err)
		}
		missing := slices.DeleteFunc(c.Output.Missing(r.Stdout), func(text string) bool { return strings.Contains(r.Stderr, text) })
		if len(missing) == 0 {
			return
		}
		if !running || time.Now().After(until) {
			t.Errorf("%q is missing in what the app prints; it is running: %t\n%s\n%s", missing, running, r.Stdout, r.Stderr)
			return
		}
	}
}
