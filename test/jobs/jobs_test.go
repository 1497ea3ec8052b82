package jobs

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/internal/source"
)

// FuzzJobs puts any texts into the configuration of an app: the jobs are the ones meant, or the repository is refused.
func FuzzJobs(f *testing.F) {
	f.Add("apps/web", "n.toml", "make\ntest", "./a $X", "A", "b", "jq", true)
	f.Add("a: b", "[x]", "evil:\n  script: [id]\n---", "%CI_JOB_TOKEN% $CI_JOB_TOKEN", "A", `["x","INPUT_TOKEN`, "'a'", false)
	f.Add("\u65e5\u672c", "~", "$[[ inputs.job ]] ${{ github.token }}", "a\u0085b", `["INPUT_TOKEN","x`, `"]`, "a b", false)
	f.Add("a\nb", "", "\x1b[31m", " x ", "INPUT_TOKEN", "", "", true)
	f.Fuzz(func(t *testing.T, directory, config, build, start, variable, value, pkg string, isJSON bool) {
		for _, text := range []string{directory, config, build, start, variable, value, pkg} {
			if !utf8.ValidString(text) || len(text) > 1000 {
				return
			}
		}
		if directory = strings.Trim(directory, "/"); strings.Contains("/"+directory+"/", "/../") || strings.ContainsRune(directory, 0) || directory == "" {
			return
		}
		checkFast(t, New([]Texts{{directory, config, build, start, variable, value, pkg}}, isJSON))
	})
}

// TestJobsOfRepositoriesMadeByChance is the same for several apps and nastier texts.
func TestJobsOfRepositoriesMadeByChance(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	told := 0
	for range 2000 {
		if checkFast(t, Generate(r)) {
			told++
		}
	}
	if told < 1000 {
		t.Errorf("only %d of 2000 repositories were not refused", told)
	}
}

// checkFast compares the jobs that are meant with those of the forges, as encoding/json, the YAML of Go and a model of GitLab read them. It
// reports whether there are jobs.
func checkFast(t *testing.T, r Repository) bool {
	t.Helper()
	result, ok := find(t, r)
	if !ok {
		return false
	}
	var github []Job
	for _, with := range matrix(t, result) {
		job, err := FromGitHub(with)
		if err != nil {
			t.Fatalf("GitHub: %v", err)
		}
		github = append(github, job)
	}
	same(t, "GitHub", r.Jobs, github)
	text, err := result.Pipeline(component)
	if err != nil {
		t.Fatal(err)
	}
	var gitlab []Job
	for _, variables := range pipeline(t, text) {
		job, err := FromGitLab(variables)
		if err != nil {
			t.Fatalf("GitLab: %v\n%s", err, text)
		}
		gitlab = append(gitlab, job)
	}
	same(t, "GitLab", r.Jobs, gitlab)
	return true
}

// component stands for the address of ours.
const component = "npx-component"

// find is what discover makes of a repository; not ok if it refuses that, which it has to where a text is odd.
func find(t *testing.T, r Repository) (result discover.Result, ok bool) {
	t.Helper()
	result, err := r.Find()
	if err == nil {
		if r.Odd {
			t.Fatalf("no job can be told this, and nobody refuses it: %q", r.Jobs)
		}
		return result, true
	}
	_, isConfig := errors.AsType[*config.Error](err)
	_, isSource := errors.AsType[*source.Error](err)
	if !isConfig && !isSource || !r.Odd {
		t.Fatalf("%v\n%q", err, r.Jobs)
	}
	return result, false
}

func same(t *testing.T, forge string, want, got []Job) {
	t.Helper()
	if diff := cmp.Diff(Sorted(want), Sorted(got)); diff != "" {
		t.Fatalf("jobs on %s (-meant +run):\n%s", forge, diff)
	}
}

// expressions are those of the workflow that init writes: of the matrix, and of each input of the step that builds.
func expressions(t *testing.T) (matrix string, with map[string]string) {
	t.Helper()
	text, err := os.ReadFile("../../internal/workflow/github-monorepo.yml")
	if err != nil {
		t.Fatal(err)
	}
	var w struct {
		Jobs map[string]struct {
			Strategy struct{ Matrix string }
			Steps    []struct{ With map[string]string }
		}
	}
	// The branch is the only thing that is filled in.
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(string(text), "BRANCH", "main")), &w); err != nil {
		t.Fatal(err)
	}
	bare := func(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, "${{ "), " }}") }
	with = map[string]string{}
	for name, expression := range w.Jobs["image"].Steps[1].With {
		with[name] = bare(expression)
	}
	return bare(w.Jobs["image"].Strategy.Matrix), with
}

// matrix is what encoding/json reads in the output of that name.
func matrix(t *testing.T, result discover.Result) []map[string]string {
	t.Helper()
	text, err := result.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(text, "\r\n") {
		t.Fatalf("an output has several lines: %q", text)
	}
	var m struct{ Include []map[string]string }
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	_, with := expressions(t)
	var jobs []map[string]string
	for _, entry := range m.Include {
		job := map[string]string{}
		for name, expression := range with {
			job[name] = entry[strings.TrimPrefix(expression, "matrix.")]
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// pipeline are the variables of each job of a child pipeline, as GitLab hands them to the program.
func pipeline(t *testing.T, text string) []map[string]string {
	t.Helper()
	var p any
	if err := yaml.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return jobsOf(t, p)
}

func jobsOf(t *testing.T, p any) []map[string]string {
	t.Helper()
	top, _ := p.(map[string]any)
	includes, _ := top["include"].([]any)
	if len(top) != len(includes)+1 {
		t.Fatalf("%d includes, and %d keys in all: %v", len(includes), len(top), top)
	}
	var jobs []map[string]string
	for _, one := range includes {
		include, _ := one.(map[string]any)
		inputs, _ := include["inputs"].(map[string]any)
		name, _ := inputs["job"].(string)
		job, ok := top[name].(map[string]any)
		variables, _ := job["variables"].(map[string]any)
		if !ok || len(job) != 1 || include["component"] != component || len(include) != 2 || len(inputs) != 2 {
			t.Fatalf("include %v, job %v", include, job)
		}
		values := map[string]string{"NPX_NAME": inputs["name"].(string)}
		for key, v := range variables {
			values[key] = expanded(t, v)
		}
		jobs = append(jobs, values)
	}
	return jobs
}

var (
	onServer = regexp.MustCompile(`\$\$|%%|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\}?|%[A-Za-z_]\w*%`)
	onRunner = regexp.MustCompile(`\$\$|\$[A-Za-z_]\w*|\$\{[^}]*\}`)
)

// expanded is a variable after GitLab and its runner have put others in, each of which has the value LEAKED.
func expanded(t *testing.T, v any) string {
	t.Helper()
	if raw, ok := v.(map[string]any); ok {
		if len(raw) != 2 || raw["expand"] != false {
			t.Fatalf("variable %v", raw)
		}
		return raw["value"].(string)
	}
	text := onServer.ReplaceAllStringFunc(v.(string), func(s string) string {
		if s == "$$" || s == "%%" {
			return s
		}
		return "LEAKED"
	})
	return onRunner.ReplaceAllStringFunc(text, func(s string) string {
		if s == "$$" {
			return "$"
		}
		return "LEAKED"
	})
}
