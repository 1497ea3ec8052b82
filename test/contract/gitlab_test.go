//go:build world

package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/test/manual"
)

// A template has the inputs of a component, and what they are put into.
type template struct {
	header, body string
	inputs       map[string]input
}

func templates(t *testing.T) map[string]template {
	t.Helper()
	files, err := filepath.Glob("../../gitlab/templates/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d templates: %v", len(files), err)
	}
	all := map[string]template{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		header, body, ok := strings.Cut(string(text), "\n---\n")
		var spec struct {
			Spec struct{ Inputs map[string]input }
		}
		if err := yaml.Unmarshal([]byte(header), &spec); err != nil || !ok {
			t.Fatalf("%s has no header: %v", file, err)
		}
		all[filepath.Base(file)] = template{header, body, spec.Spec.Inputs}
	}
	return all
}

// TestTheComponentsAreWhatGitLabTakes holds the templates against GitLab's schema of pipelines, which gitlab-ci-local brings along: the
// header as it is, the jobs with every input at its default and at each of its options.
func TestTheComponentsAreWhatGitLabTakes(t *testing.T) {
	schema := gitlabSchema(t)
	for file, c := range templates(t) {
		check(t, schema, file+", header", c.header)
		check(t, schema, file+", defaults", c.render(t, "", nil))
		for name, in := range c.inputs {
			for _, option := range in.Options {
				check(t, schema, fmt.Sprintf("%s, %s: %v", file, name, option), c.render(t, name, option))
			}
		}
	}
}

// TestExamplesAreWhatGitLabTakes checks every pipeline that the documentation shows.
func TestExamplesAreWhatGitLabTakes(t *testing.T) {
	schema := gitlabSchema(t)
	pages, err := manual.Pages("../..")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, page := range pages {
		for _, example := range page.Listings("yaml") {
			if example.Forge() == "gitlab" {
				n++
				check(t, schema, fmt.Sprintf("%s:%d", example.Page, example.Line), example.Text)
			}
		}
	}
	if n < 8 {
		t.Fatalf("there are %d examples", n)
	}
}

func TestAValueReachesTheProgramAsItIs(t *testing.T) {
	const hostile = `say "a: b" # 'c' \ {{d}} [e] & * ! | > %`
	for file, c := range templates(t) {
		for name, in := range c.inputs {
			var value any = hostile
			want := hostile
			switch {
			case in.Options != nil || in.Type == "boolean" || name == "stage" || name == "job" || name == "image":
				continue
			case in.Type == "array":
				value = []any{hostile, "two\nlines"}
				want = asText(t, value)
			}
			var jobs map[string]struct{ Variables map[string]string }
			if err := yaml.Unmarshal([]byte(c.render(t, name, value)), &jobs); err != nil {
				t.Errorf("%s, %s: %v", file, name, err)
				continue
			}
			variable := "NPX_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
			found := false
			for _, job := range jobs {
				found = found || strings.TrimSuffix(job.Variables[variable], "\n") == want
			}
			if !found {
				t.Errorf("%s: %s does not reach the program", file, name)
			}
		}
	}
}

func TestTheSchemaRefusesWhatGitLabDoes(t *testing.T) {
	schema := gitlabSchema(t)
	for _, bad := range []string{"npx: {script: 5}", "npx: {script: [a], artifacts: {when: sometimes}}", "spec: {inputs: {a: {default: [], kind: x}}}"} {
		var v any
		if err := yaml.Unmarshal([]byte(bad), &v); err != nil {
			t.Fatal(err)
		}
		if schema.Validate(v) == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// input is one of spec:inputs.
type input struct {
	Default any
	Options []any
	Type    string
}

var interpolation = regexp.MustCompile(`\$\[\[ inputs\.([a-z-]+) \]\]`)

// render puts the inputs into the template as GitLab does before it reads it as YAML: strings as they are, everything else as JSON.
func (c template) render(t *testing.T, name string, value any) string {
	t.Helper()
	return interpolation.ReplaceAllStringFunc(c.body, func(s string) string {
		key := interpolation.FindStringSubmatch(s)[1]
		in, ok := c.inputs[key]
		if !ok {
			t.Errorf("the template uses %s, which is no input", key)
		}
		if key == name {
			return asText(t, value)
		}
		return asText(t, in.Default)
	})
}

func asText(t *testing.T, value any) string {
	t.Helper()
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func check(t *testing.T, schema *jsonschema.Schema, name, text string) {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Errorf("%s: %v\n%s", name, err, text)
		return
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func gitlabSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir := npm(t, "gitlab-ci-local@4.63.0", "sha512-dVQG+FWJADyPwA9KlvR2Uh9/TBMEns6MFR1yjJZ5MIDSEzJlf8aiFFf+aXmqcCigXs2lgcAFQznhQNa6ERToHQ==")
	script := fmt.Sprintf("import {schema} from %q; console.log(JSON.stringify(schema))", filepath.Join(dir, "src", "schema", "schema.js"))
	out, err := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	const url = "https://forge.example/ci.json"
	if err := c.AddResource(url, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(url)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
