package bench

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// jobToken is the token of a job, which is the password of its login too, as GITHUB_TOKEN is for ghcr.io.
const (
	jobToken = "ghs_token-of-the-bench-0123456789"
	jobUser  = "bench"
)

// job builds a clone as a job of GitHub does after a push to the default branch, from its start to its end. It has a token and a login
// for the registry, unless the stage has neither.
func (s *stage) job(b *testing.B, dir, image, builderDir string, inputs map[string]string) measured {
	b.Helper()
	files := b.TempDir()
	output := filepath.Join(files, "output")
	event := filepath.Join(files, "event.json")
	if err := os.WriteFile(event, []byte(`{"repository":{"full_name":"acme/bench","default_branch":"main"}}`), 0o600); err != nil {
		b.Fatal(err)
	}
	repository, tag := cut(image)
	env := map[string]string{"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main",
		"GITHUB_SHA": strings.TrimSpace(git(b, dir, "rev-parse", "HEAD")), "GITHUB_EVENT_PATH": event, "GITHUB_OUTPUT": output,
		"GITHUB_STEP_SUMMARY": filepath.Join(files, "summary"), "GITHUB_WORKSPACE": dir, "GITHUB_REPOSITORY": "acme/bench",
		"GITHUB_SERVER_URL": "https://forge.example", "GITHUB_RUN_ID": "1", "GITHUB_RUN_NUMBER": "1", "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_ACTOR": jobUser, "NPX_BUILDER_DIR": builderDir,
		"INPUT_IMAGES": repository, "INPUT_TAGS": "type=raw,value=" + tag, "INPUT_PUSH": "true"}
	if s.login {
		env["INPUT_TOKEN"] = jobToken
		env["INPUT_REGISTRY"], env["INPUT_USERNAME"], env["INPUT_PASSWORD"] = s.registry(), jobUser, jobToken
	}
	for name, value := range inputs {
		env["INPUT_"+strings.ToUpper(name)] = value
	}
	for name, value := range s.inputs() {
		env["INPUT_"+strings.ToUpper(name)] = value
	}
	cmd := s.program.Command(b.Context())
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var m measured
	t := s.counter.during(func() {
		start := time.Now()
		run(b, cmd)
		m.Seconds = time.Since(start).Seconds()
	})
	m.Memory, m.Unpacked, m.Pushed, m.Pulled = peak(cmd), unpacked(b, builderDir), t.pushed, t.pulled
	m.read(b, outputs(b, output)["metadata"])
	return m
}

// read fills in what the program says of a build.
func (m *measured) read(b *testing.B, metadata string) {
	b.Helper()
	var said struct {
		Promoted string
		Seconds  float64
		Cache    struct{ Hit string }
		Steps    []step
	}
	if err := json.Unmarshal([]byte(metadata), &said); err != nil {
		b.Fatal(err)
	}
	m.Inner, m.Steps, m.Cache = said.Seconds, said.Steps, said.Cache.Hit
	if said.Promoted != "" {
		m.Cache = "promoted"
	}
}

// outputs reads the file that GitHub gives a step for its outputs.
func outputs(tb testing.TB, path string) map[string]string {
	tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]string{}
	for rest := string(text); rest != ""; {
		head, after, _ := strings.Cut(rest, "\n")
		name, end, found := strings.Cut(head, "<<")
		value, more, ended := strings.Cut(after, "\n"+end+"\n")
		if !found || !ended {
			tb.Fatalf("%s: no output in %q", path, head)
		}
		out[name], rest = value, more
	}
	return out
}

func cut(image string) (repository, tag string) {
	i := strings.LastIndexByte(image, ':')
	return image[:i], image[i+1:]
}

// withLogin says whether BENCH_TOKEN wants builds with a token and a login: it is "yes", which is the default, or "no".
func withLogin(b *testing.B) bool {
	b.Helper()
	text := cmp.Or(os.Getenv("BENCH_TOKEN"), "yes")
	if text != "yes" && text != "no" {
		b.Fatalf("BENCH_TOKEN is %q: give yes or no", text)
	}
	return text == "yes"
}

// standing is how the builds of a stage appear in its tables.
func (s *stage) standing() string {
	if s.login {
		return "with a token and a login"
	}
	return "without a token"
}
