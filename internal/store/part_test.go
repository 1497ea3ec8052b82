package store

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAReleaseIsItsPartAndTheRest(t *testing.T) {
	r := Release{Name: "node", Version: "22.14.0", Platform: "linux/amd64", URL: "https://upstream.example/node.tar", Hash: "sha256:" + strings.Repeat("1", 64), Strip: 1}
	whole := step(t, r)
	rest, part := ran(t, r, r.CoreStep), ran(t, r, r.PartStep)
	isPart := func(line string) bool {
		return strings.Contains(line, "OUT/bin/npm") || strings.Contains(line, "OUT/lib/node_modules") || strings.Contains(line, "OUT/share")
	}
	if !slices.ContainsFunc(part, isPart) || slices.ContainsFunc(rest, isPart) {
		t.Errorf("the part has\n%s\nand the rest\n%s", strings.Join(part, "\n"), strings.Join(rest, "\n"))
	}
	both := append(slices.Clone(rest), part...)
	slices.Sort(both)
	slices.Sort(whole)
	if diff := cmp.Diff(whole, slices.Compact(both)); diff != "" {
		t.Errorf("(-whole +rest and part):\n%s", diff)
	}
}

func TestAPartIsCalledByTheNamesOfItsPrograms(t *testing.T) {
	p, ok := Release{Name: "node"}.Part()
	if !ok {
		t.Fatal("node has no part")
	}
	for command, want := range map[string]bool{
		"node server.js":                        false,
		"node_modules/.bin/next start -p $PORT": false,
		"node dist/npm-registry.js":             false,
		"cd web && exec node .output/index.mjs": false,
		"npm run start":                         true,
		"npx prisma migrate deploy && node a":   true,
		"sh -c 'cd x;/usr/bin/npm start'":       true,
		"node a.js||(yarn start)":               true,
		"bash scripts/start.sh":                 true,
		"./start":                               true,
		"node --run start":                      true,
	} {
		if got := p.Called(command); got != want {
			t.Errorf("%q calls it: %v", command, got)
		}
	}
	if _, ok := (Release{Name: "deno"}).Part(); ok {
		t.Error("Deno has a part")
	}
}
