//go:build world

package jobs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/org/npx-action/internal/discover"
	"github.com/org/npx-action/test/world"
)

var (
	lasting = flag.Duration("jobs-time", 0, "how long to compare; the default is a few cases")
	seed    = flag.Uint64("jobs-seed", 1, "by which repositories are made")
)

// few is how many cases are compared without a time.
const few = 8

// quick is how many repositories the readers that live on compare for each one that a whole pipeline is run of.
const quick = 20

// TestTheForgesRunTheJobsThatAreMeant reads the matrix by the evaluator of act, and the child pipeline by Psych, which GitLab reads YAML
// with, and by gitlab-ci-local, which runs it with the component.
func TestTheForgesRunTheJobsThatAreMeant(t *testing.T) {
	act, psych, local := newEvaluator(t), newPsych(t), newLocal(t)
	r := rand.New(rand.NewPCG(*seed, 0))
	cases, told, run := 0, 0, 0
	for start := time.Now(); *lasting == 0 && cases < few*quick || time.Since(start) < *lasting; cases++ {
		repository := Generate(r)
		result, ok := find(t, repository)
		if !ok {
			continue
		}
		told++
		same(t, "GitHub, by act", repository.Jobs, act.jobs(t, result))
		text, err := result.Pipeline(component)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "GitLab, by Psych", repository.Jobs, psych.jobs(t, text))
		if told%quick == 0 {
			same(t, "GitLab, by gitlab-ci-local", repository.Jobs, local.jobs(t, text))
			run++
		}
	}
	t.Logf("%d repositories, of which %d were told to act and Psych, and %d were run by gitlab-ci-local, with the seed %d", cases, told, run, *seed)
}

// A talk is a program that answers a line of JSON with another one.
type talk struct {
	in  io.Writer
	out *bufio.Reader
}

func newTalk(t *testing.T, name string, args ...string) talk {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil && t.Context().Err() == nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	return talk{in, bufio.NewReader(out)}
}

func (k talk) ask(t *testing.T, question, answer any) {
	t.Helper()
	line, err := json.Marshal(question)
	if err == nil {
		_, err = k.in.Write(append(line, '\n'))
	}
	if err == nil {
		line, err = k.out.ReadBytes('\n')
	}
	if err == nil {
		err = json.Unmarshal(line, answer)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, line)
	}
}

// An evaluator is act's.
type evaluator struct {
	talk
	matrix string
	with   map[string]string
}

func newEvaluator(t *testing.T) evaluator {
	t.Helper()
	program := filepath.Join(t.TempDir(), "evaluate")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	cmd.Dir = "evaluate"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	matrix, with := expressions(t)
	return evaluator{newTalk(t, program), matrix, with}
}

func (e evaluator) jobs(t *testing.T, result discover.Result) []Job {
	t.Helper()
	text, err := result.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Jobs  []map[string]string
		Error string
	}
	e.ask(t, map[string]any{"Output": text, "Matrix": e.matrix, "With": e.with}, &answer)
	if answer.Error != "" {
		t.Fatal(answer.Error)
	}
	var jobs []Job
	for _, with := range answer.Jobs {
		job, err := FromGitHub(with)
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// psych is the YAML of Ruby.
type psych struct{ talk }

const readYAML = `require "psych"
require "json"
$stdout.sync = true
$stdin.each_line do |line|
  begin
    puts JSON.generate({"value" => Psych.safe_load(JSON.parse(line), aliases: false)})
  rescue => e
    puts JSON.generate({"error" => e.message.dup.force_encoding("UTF-8").scrub})
  end
end`

func newPsych(t *testing.T) psych {
	t.Helper()
	program, err := world.DebianProgram(t.Context(), "ruby")
	if err != nil {
		t.Fatal(err)
	}
	return psych{newTalk(t, program, "-E", "UTF-8", "-e", readYAML)}
}

func (p psych) jobs(t *testing.T, text string) []Job {
	t.Helper()
	var answer struct {
		Value any
		Error string
	}
	p.ask(t, text, &answer)
	if answer.Error != "" {
		t.Fatalf("%s\n%s", answer.Error, text)
	}
	var jobs []Job
	for _, variables := range jobsOf(t, answer.Value) {
		job, err := FromGitLab(variables)
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// local is gitlab-ci-local with the component in a checkout. The component's program is a script that keeps its variables.
type local struct{ program, home, work string }

const keepVariables = "#!/bin/sh\nmkdir -p \"$KEPT\" && env -0 > \"$KEPT/$CI_JOB_NAME\"\n"

func newLocal(t *testing.T) local {
	t.Helper()
	program, err := world.NodeProgram(t.Context(), "gitlab-ci-local@4.63.0", "rsync", "git")
	if err != nil {
		t.Fatal(err)
	}
	l := local{program, t.TempDir(), t.TempDir()}
	template, err := os.ReadFile("../../gitlab/templates/npx.yml")
	if err != nil {
		t.Fatal(err)
	}
	text, _, ok := strings.Cut(string(template), "\n  artifacts:\n") // the script leaves none
	if !ok {
		t.Fatal("the component has no artifacts")
	}
	for name, text := range map[string]string{"work/npx.yml": text + "\n", "bin/npx-action": keepVariables} {
		name = filepath.Join(l.home, name)
		if strings.HasPrefix(name, filepath.Join(l.home, "work")) {
			name = filepath.Join(l.work, "npx.yml")
		}
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		if err == nil {
			err = os.WriteFile(name, []byte(text), 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"remote", "add", "origin", "git@gitlab.example:acme/shop.git"}, {"add", "."},
		{"-c", "user.name=ann", "-c", "user.email=ann@example.com", "commit", "-q", "-m", "x"}} {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = l.work
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	return l
}

func (l local) jobs(t *testing.T, text string) []Job {
	t.Helper()
	kept := filepath.Join(l.home, "kept")
	if err := os.RemoveAll(kept); err != nil {
		t.Fatal(err)
	}
	text = strings.ReplaceAll(withoutRaw(t, text), "  - component: "+component+"\n", "  - local: /npx.yml\n")
	if err := os.WriteFile(filepath.Join(l.work, ".gitlab-ci.yml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), l.program, "--home", l.home, "--color=false", "--force-shell-executor", "--variable", "CI_PIPELINE_SOURCE=parent_pipeline")
	cmd.Dir = l.work
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(l.home, "bin")+":"+os.Getenv("PATH"), "KEPT="+kept, "HOME="+l.home)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, text)
	}
	entries, err := os.ReadDir(kept)
	if err != nil {
		t.Fatal(err)
	}
	var jobs []Job
	for _, entry := range entries {
		environ, err := os.ReadFile(filepath.Join(kept, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		variables := map[string]string{}
		for pair := range bytes.SplitSeq(environ, []byte{0}) {
			if name, value, ok := strings.Cut(string(pair), "="); ok && strings.HasPrefix(name, "NPX_") {
				variables[name] = value
			}
		}
		job, err := FromGitLab(variables)
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// withoutRaw escapes the values of raw variables, which gitlab-ci-local does not know. A pipeline without one stays byte for byte.
func withoutRaw(t *testing.T, text string) string {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	raw := 0
	var visit func(*yaml.Node)
	visit = func(n *yaml.Node) {
		if n.Kind == yaml.MappingNode && len(n.Content) == 4 && n.Content[2].Value == "expand" {
			raw++
			value := n.Content[1]
			value.Value = strings.ReplaceAll(value.Value, "$", "$$")
			*n = *value
			return
		}
		for _, child := range n.Content {
			visit(child)
		}
	}
	visit(&root)
	if raw == 0 {
		return text
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(&root); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
