package report

import (
	"regexp"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// runtimes are the packages that people know under another name, with the numbers of their version.
var runtimes = []struct {
	name    string
	pattern *regexp.Regexp
}{
	{"Node.js", regexp.MustCompile(`^nodejs[_-](\d+)(?:_x)?$`)},
	{"Python", regexp.MustCompile(`^python(\d)(\d*)$`)},
	{"Go", regexp.MustCompile(`^go_(\d+)_(\d+)$`)},
	{"Go", regexp.MustCompile(`^go$`)},
	{"PHP", regexp.MustCompile(`^\(php(\d)(\d)\.withExtensions `)},
	{"Ruby", regexp.MustCompile(`^ruby_(\d+)_(\d+)$`)},
	{"Java", regexp.MustCompile(`^jdk(\d*)(?:_headless)?$`)},
	{".NET", regexp.MustCompile(`^dotnet-sdk(?:_(\d+))?$`)},
	{"Rust", regexp.MustCompile(`^\(rust-bin\.[a-z]+\."?(\d+)\.(\d+)\.(\d+)"?`)},
	{"Rust", regexp.MustCompile(`^\(rust-bin\.`)},
	{"Elixir", regexp.MustCompile(`^elixir(?:_(\d+)_(\d+))?$`)},
	{"Zig", regexp.MustCompile(`^zig(?:_(\d+)_(\d+))?$`)},
	{"Deno", regexp.MustCompile(`^deno$`)},
	{"Bun", regexp.MustCompile(`^bun$`)},
	{"Crystal", regexp.MustCompile(`^crystal$`)},
	{"Dart", regexp.MustCompile(`^dart$`)},
	{"Gleam", regexp.MustCompile(`^gleam$`)},
	{"Swift", regexp.MustCompile(`^swift$`)},
}

// runtime recognises a package. The words are ours and the version holds digits and dots only.
func runtime(pkg string) (name, version string, ok bool) {
	for _, r := range runtimes {
		m := r.pattern.FindStringSubmatch(pkg)
		if m == nil {
			continue
		}
		var numbers []string
		for _, n := range m[1:] {
			if n != "" {
				numbers = append(numbers, n)
			}
		}
		return r.name, strings.Join(numbers, "."), true
	}
	return "", "", false
}

// runtimesOf are those of a plan in words, such as "Node.js 22", each once, in the order in which they are installed.
func runtimesOf(p plan.Plan) []string {
	var found []string
	seen := map[string]bool{}
	for _, f := range plan.Facts(p) {
		if f.Field != "nix" {
			continue
		}
		if name, version, ok := runtime(f.Text()); ok && !seen[name] {
			seen[name] = true
			found = append(found, strings.TrimSpace(name+" "+version))
		}
	}
	return found
}
