package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/test/world"
)

// teller is an app whose phases print what they find in the cache directory and in the checkout, and leave their lockfile in that directory.
const teller = `providers = []
[phases.install]
onlyIncludeFiles = ["lock"]
cmds = ["sed 's/^/install finds /' /root/.store/log || echo install finds nothing", "cat lock >> /root/.store/log"]
cacheDirectories = ["/root/.store"]
[phases.build]
dependsOn = ["install"]
cmds = ["cat /root/.store/log src | sed 's/^/build finds /'"]
cacheDirectories = ["/root/.store"]
[start]
cmd = "cat src"
`

// A tenant is a job of a repository on a builder that others use too.
type tenant struct {
	name, repository string
	fork             bool
	lock, src        string
	want             []string // what its steps find
}

// TestStrangersOnOneBuilderMeetNowhere runs jobs of two repositories and of a fork on one daemon. Their checkouts are at one path, as on a runner, and their
// files have one time.
func TestStrangersOnOneBuilderMeetNowhere(t *testing.T) {
	daemon, err := builder.Connect(t.Context(), builder.Options{Embedded: builder.Embedded{Binary: program.Daemon()}})
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	work := t.TempDir()
	job := &githubJob{dir: t.TempDir(), work: work, api: newForge(t).Serve()}
	for _, tt := range []tenant{
		{"the default branch", "acme/shop", false, "lock1", "good1", []string{"install finds nothing", "build finds lock1", "build finds good1"}},
		{"a fork", "acme/shop", true, "evil2", "evil1", []string{"install finds nothing", "build finds evil2", "build finds evil1"}},
		{"the default branch after the fork", "acme/shop", false, "lock2", "good1",
			[]string{"install finds lock1", "build finds lock1", "build finds lock2", "build finds good1"}},
		{"another repository with the same files", "mallory/shop", false, "lock2", "good1", []string{"install finds nothing", "build finds lock2", "build finds good1"}},
		{"the default branch after that", "acme/shop", false, "lock2", "good2", []string{"build finds lock1", "build finds lock2", "build finds good2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			run := tt.start(t, job, daemon.Info().Address, map[string]string{"step-network": "shared"})
			if run.Status != 0 {
				t.Fatalf("status %d\n%s\n%s", run.Status, run.Stdout, run.Stderr)
			}
			if diff := cmp.Diff(tt.want, finds(run.Stdout)); diff != "" {
				t.Errorf("(-want +found):\n%s\n%s", diff, run.Stdout)
			}
		})
	}
	t.Run("a fork where the steps share a network", func(t *testing.T) {
		run := tenant{"", "acme/shop", true, "lock3", "evil3", nil}.start(t, job, daemon.Info().Address, nil)
		if run.Status != 1 || !strings.Contains(run.Stdout, "would share the network of its machine") || !strings.Contains(run.Stdout, "step-network") {
			t.Errorf("status %d\n%s", run.Status, run.Stdout)
		}
	})
}

// start runs the job of a tenant.
func (n tenant) start(t *testing.T, job *githubJob, address string, more map[string]string) world.Run {
	t.Helper()
	for name, content := range map[string]string{"nixpacks.toml": teller, "lock": n.lock + "\n", "src": n.src + "\n"} {
		write(t, job.work, name, content)
		if err := os.Chtimes(filepath.Join(job.work, name), time.Unix(1, 0), time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	event, ref := "push", "refs/heads/main"
	payload := fmt.Sprintf(`{"repository":{"full_name":%q,"default_branch":"main"}}`, n.repository)
	if n.fork {
		event, ref = "pull_request", "refs/pull/7/merge"
		payload = fmt.Sprintf(`{"number":7,"pull_request":{"head":{"ref":"feat","sha":"1","repo":{"full_name":"mallory/fork"}},"base":{"ref":"main","sha":"2"}},
			"repository":{"full_name":%q,"default_branch":"main"}}`, n.repository)
	}
	inputs := map[string]string{"buildkit-host": address, "images": here.Registry + "/" + n.repository, "cache": "false", "promote": "never", "comment": "never"}
	for name, value := range more {
		inputs[name] = value
	}
	job.repository = n.repository
	run, _, _ := job.start(t, event, ref, payload, inputs)
	return run
}

// finds are the lines in which the steps of [teller] tell what they find.
func finds(log string) []string {
	var found []string
	for line := range strings.Lines(log) {
		if fields := strings.Fields(line); len(fields) > 4 && fields[3] == "finds" {
			found = append(found, strings.Join(fields[2:], " "))
		}
	}
	return found
}
