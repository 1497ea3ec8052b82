package contract

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/tags"
)

var (
	seed  = flag.Uint64("seed", 1, "of the jobs that are compared with docker/metadata-action")
	count = flag.Int("jobs", 300, "how many jobs are compared with docker/metadata-action")
)

// An outcome is what an action says of a job.
type outcome struct {
	Failure                          string // "" if none; the other fields are then empty
	Version                          string
	Tags, Names, Labels, Annotations []string
}

// outputs is an outcome from the outputs of those names.
func outputs(get func(name string) string) outcome {
	list := func(name string) []string {
		return strings.FieldsFunc(get(name), func(r rune) bool { return r == '\n' })
	}
	return outcome{Version: get("version"), Tags: list("tags"), Names: list("tag-names"), Labels: list("labels"), Annotations: list("annotations")}
}

// TestTagsAreThoseOfMetadataAction compares what becomes of random jobs: branches, tags and pull requests of hostile names, with rules,
// flavors and labels of all kinds. What is not compared is in the table differences.
func TestTagsAreThoseOfMetadataAction(t *testing.T) {
	bundle := os.Getenv("METADATA_ACTION")
	if bundle == "" {
		t.Skip("not compared: set METADATA_ACTION to the absolute path of dist/index.cjs of github.com/docker/metadata-action v6, and have node in the PATH")
	}
	jobs := make([]job, *count)
	for i := range jobs {
		jobs[i] = newJob(*seed, uint64(i))
	}
	theirs := original(t, bundle, jobs)
	met := map[string]int{}
	for i, j := range jobs {
		want, got := theirs[i].seen(), ours(j).seen()
		if want.Failure != "" && got.Failure != "" {
			met["none, both fail"]++
			continue
		}
		if cmp.Equal(want, got) {
			met["none"]++
			continue
		}
		if d := excuse(j, want, got); d != "" {
			met[d]++
			continue
		}
		t.Errorf("job %d of seed %d:\n%s\nthe original says %q, ours %q\n(-original +ours):\n%s", i, *seed, j, want.Failure, got.Failure, cmp.Diff(want, got))
	}
	for _, name := range slices.Sorted(maps.Keys(met)) {
		t.Logf("%4d jobs with difference: %s", met[name], name)
	}
}

// original runs the bundle for all jobs, beside a server that answers what it asks of GitHub.
func original(t *testing.T, bundle string, jobs []job) []outcome {
	t.Helper()
	dir := t.TempDir()
	server := forge(jobs)
	defer server.Close()
	type run struct {
		Env map[string]string `json:"env"`
		Now int64             `json:"now"`
	}
	runs := make([]run, len(jobs))
	outs := make([]string, len(jobs))
	for i, j := range jobs {
		event := filepath.Join(dir, fmt.Sprintf("event-%d.json", i))
		outs[i] = filepath.Join(dir, fmt.Sprintf("output-%d", i))
		write(t, event, encode(j.event))
		write(t, outs[i], nil)
		env := j.asked()
		maps.Copy(env, map[string]string{
			"GITHUB_EVENT_PATH": event, "GITHUB_OUTPUT": outs[i], "GITHUB_API_URL": fmt.Sprintf("%s/%d", server.URL, i), "GITHUB_TOKEN": "x",
			"RUNNER_TEMP": dir, "DOCKER_METADATA_SET_OUTPUT_ENV": "false",
		})
		runs[i] = run{env, j.now.UnixMilli()}
	}
	list := filepath.Join(dir, "runs.json")
	write(t, list, encode(runs))
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "metadata.cjs"), bundle, list)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("running %s: %v", bundle, err)
	}
	var results []struct {
		Code int
		Log  string
	}
	if err := json.Unmarshal(text, &results); err != nil || len(results) != len(jobs) {
		t.Fatalf("%d results of %d: %v", len(results), len(jobs), err)
	}
	all := make([]outcome, len(jobs))
	for i, r := range results {
		all[i] = read(t, outs[i], r.Code, r.Log)
	}
	return all
}

// forge serves what the original asks of GitHub for each job, below the job's number.
func forge(jobs []job) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := strconv.Atoi(strings.Split(r.URL.Path, "/")[1])
		if err != nil || i >= len(jobs) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(r.URL.Path, "/commits/") {
			fmt.Fprintf(w, `{"commit":{"committer":{"date":%q}}}`, jobs[i].fetched.Format(time.RFC3339))
			return
		}
		fmt.Fprintf(w, "%s", encode(jobs[i].repository))
	}))
}

// read reads the outputs of a run as the runner does.
func read(t *testing.T, file string, code int, log string) outcome {
	t.Helper()
	if code != 0 {
		_, message, _ := strings.Cut(log, "::error::")
		return outcome{Failure: "error: " + strings.TrimSpace(message)}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for rest := string(text); rest != ""; {
		head, body, _ := strings.Cut(rest, "\n")
		name, delimiter, _ := strings.Cut(head, "<<")
		value, after, ok := strings.Cut("\n"+body, "\n"+delimiter+"\n")
		if !ok {
			t.Fatalf("%s has no end of %s", file, name)
		}
		values[name], rest = strings.TrimPrefix(value, "\n"), after
	}
	if _, ok := values["json"]; !ok {
		t.Fatalf("a run has no end:\n%s", log)
	}
	return outputs(func(name string) string { return values[name] })
}

// ours gives the outcome of this project.
func ours(j job) outcome {
	env := maps.Clone(j.env)
	env["GITHUB_EVENT_PATH"] = "event.json"
	open := func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(encode(j.event))), nil }
	given, err := ci.ReadGitHub(env, open, io.Discard)
	if err != nil {
		return outcome{Failure: err.Error()}
	}
	in, e := given.Inputs, given.Event
	settings, err := tags.Parse(tags.Inputs{Images: in.Images, Tags: in.Tags, Flavor: in.Flavor, Labels: in.Labels, Annotations: in.Annotations})
	if err != nil {
		return outcome{Failure: err.Error()}
	}
	source := tags.Source{
		Event: given.MetadataEvent(), Ref: e.Ref, SHA: given.MetadataSHA(), Short: given.Metadata.ShortSHA, Default: e.Default, Base: e.BaseBranch,
		Date: j.now, CommitDate: e.CommitDate, Project: tags.Project(e.About),
	}
	if source.CommitDate.IsZero() || source.SHA != e.SHA {
		source.CommitDate = j.fetched // as the checkout tells
	}
	made, err := settings.Make(source)
	if err != nil {
		return outcome{Failure: err.Error()}
	}
	return outputs(func(name string) string {
		return map[string]string{
			"version": made.Version, "tags": strings.Join(made.Tags(), "\n"), "tag-names": strings.Join(made.Names, "\n"),
			"labels": strings.Join(made.Labels, "\n"), "annotations": strings.Join(made.Levelled(given.Metadata.Levels), "\n"),
		}[name]
	})
}

func write(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
