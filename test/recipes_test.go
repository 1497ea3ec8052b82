package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/test/manual"
)

// listings are the blocks of code of all pages in one of the languages, in the order of the pages' names.
func listings(t *testing.T, languages ...string) []manual.Listing {
	t.Helper()
	pages := documentation(t)
	var list []manual.Listing
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		list = append(list, pages[name].Listings(languages...)...)
	}
	return list
}

// workflow is a listing as a workflow of GitHub: a list of steps is put into a job.
func workflow(l manual.Listing) string {
	if !strings.HasPrefix(l.Text, "- ") {
		return l.Text
	}
	const job = "on: push\npermissions: { contents: read }\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n"
	return job + "      " + strings.ReplaceAll(strings.TrimSpace(l.Text), "\n", "\n      ") + "\n"
}

// TestTheWorkflowsOfThePagesAreRight has actionlint look at every workflow and list of steps of the documentation. The action is the one of
// this repository, so actionlint knows its inputs and outputs.
func TestTheWorkflowsOfThePagesAreRight(t *testing.T) {
	dir := t.TempDir()
	workflows := filepath.Join(dir, ".github/workflows")
	for _, name := range []string{workflows, filepath.Join(dir, ".git")} {
		if err := os.MkdirAll(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"action.yml", "Dockerfile", ".github/actionlint.yaml"} {
		text, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n, ours := 0, 0
	for _, l := range listings(t, "yaml") {
		if l.Forge() != "github" {
			continue
		}
		text := workflow(l)
		n++
		ours += strings.Count(text, "uses: org/npx-action@v1\n")
		text = strings.ReplaceAll(text, "uses: org/npx-action@v1\n", "uses: ./\n")
		name := fmt.Sprintf("%s-%d.yml", strings.ReplaceAll(strings.Trim(l.Page, "."), "/", "-"), l.Line)
		if err := os.WriteFile(filepath.Join(workflows, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tools, err := filepath.Abs("../.ci/tools.mod")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(workflows, "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	tool, err := exec.Command("go", "tool", "-modfile="+tools, "-n", "actionlint").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(strings.TrimSpace(string(tool)), append([]string{"-shellcheck=", "-pyflakes="}, names...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("actionlint: %v\n%s", err, out)
	}
	if n < 4 || ours < n {
		t.Errorf("%d workflows run the action %d times", n, ours)
	}
}

// pipelines are all pipelines of GitLab in the documentation.
func pipelines(t *testing.T) []manual.Listing {
	t.Helper()
	return slices.DeleteFunc(listings(t, "yaml"), func(l manual.Listing) bool { return l.Forge() != "gitlab" })
}

// TestTheConfigurationsOfThePagesAreRead reads every block of TOML and JSON: as a configuration file, or as a catalogue of the user's.
func TestTheConfigurationsOfThePagesAreRead(t *testing.T) {
	s := schemaOf(t)
	n := 0
	for _, l := range listings(t, "toml", "json") {
		if strings.Contains(l.Text, "\n[[release]]\n") {
			if _, err := catalogue.ParseFile("catalogue."+l.Language, []byte(l.Text)); err != nil {
				t.Errorf("%s:%d: %v", l.Page, l.Line, err)
			}
			continue
		}
		n++
		read, unmarshal := plan.ParseTOML, toml.Unmarshal
		if l.Language == "json" {
			read, unmarshal = plan.ParseJSON, json.Unmarshal
		}
		if _, warnings, err := read([]byte(l.Text)); err != nil || len(warnings) > 0 {
			t.Errorf("%s:%d: %v %v", l.Page, l.Line, err, warnings)
			continue
		}
		if err := s.Validate(decode(t, []byte(l.Text), unmarshal)); err != nil {
			t.Errorf("%s:%d: %v", l.Page, l.Line, err)
		}
	}
	if n < 5 {
		t.Errorf("only %d configurations", n)
	}
}

// TestTheManifestsOfThePagesAreRestricted holds the pods of the documentation against the restricted profile of Kubernetes' Pod Security
// Standards, as far as they ask for something. What the standards forbid stands in no pod here.
func TestTheManifestsOfThePagesAreRestricted(t *testing.T) {
	n := 0
	for _, l := range listings(t, "yaml") {
		if l.Forge() != "" {
			continue
		}
		n++
		type context struct {
			RunAsNonRoot, AllowPrivilegeEscalation *bool
			RunAsUser                              int
			SeccompProfile                         struct{ Type string }
			Capabilities                           struct{ Drop []string }
		}
		var pod struct {
			Kind string
			Spec struct {
				SecurityContext context
				Containers      []struct{ SecurityContext context }
				Volumes         []map[string]any
			}
		}
		text, err := json.Marshal(decode(t, []byte(l.Text), yaml.Unmarshal))
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(text))
		if err := d.Decode(&pod); err != nil || pod.Kind != "Pod" || len(pod.Spec.Containers) == 0 {
			t.Errorf("%s:%d: %v, a %q with %d containers", l.Page, l.Line, err, pod.Kind, len(pod.Spec.Containers))
			continue
		}
		all := pod.Spec.SecurityContext
		if all.RunAsNonRoot == nil || !*all.RunAsNonRoot || all.RunAsUser == 0 || all.SeccompProfile.Type != "RuntimeDefault" {
			t.Errorf("%s:%d: the pod may be root, or has no profile of system calls: %+v", l.Page, l.Line, all)
		}
		for _, c := range pod.Spec.Containers {
			own := c.SecurityContext
			if own.AllowPrivilegeEscalation == nil || *own.AllowPrivilegeEscalation || !slices.Equal(own.Capabilities.Drop, []string{"ALL"}) {
				t.Errorf("%s:%d: a container keeps rights: %+v", l.Page, l.Line, own)
			}
		}
		for _, v := range pod.Spec.Volumes {
			if v["hostPath"] != nil {
				t.Errorf("%s:%d: a volume is a directory of the host", l.Page, l.Line)
			}
		}
	}
	if n == 0 {
		t.Error("there are no pods")
	}
}
