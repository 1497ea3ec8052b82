//go:build world

package builder_test

import (
	"context"
	"strings"
	"testing"
	"time"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/org/npx-action/internal/builder"
)

// TestATrialWithoutToolsStartsTheProgram has a file system with one program and nothing else, which is no set of tools either.
func TestATrialWithoutToolsStartsTheProgram(t *testing.T) {
	c := shared(t)
	base, contexts := program(t)
	root := marshal(t, base)
	for name, tt := range map[string]struct {
		cmd    []string
		status int
		log    string
	}{
		"it ends well":                       {[]string{"/step", "write", "/tmp/a", "x"}, 0, ""},
		"it ends as PHP does after an error": {[]string{"/step", "fail", "255", "1"}, 255, "the end"},
		"it is missing":                      {[]string{"/bin/missing"}, 1, "no such file or directory"},
	} {
		var report builder.TrialReport
		req := builder.Request{Definition: root, Contexts: contexts, Before: func(ctx context.Context, start builder.Starter) (err error) {
			report, err = start(ctx, builder.Trial{
				Root: root, Tools: root, Restricted: true, Writable: []string{"/tmp"}, Patience: 5 * time.Second, Grace: time.Second,
				Platform: ocispecs.Platform{OS: "linux", Architecture: "amd64"},
				Config:   ocispecs.ImageConfig{Cmd: tt.cmd, User: "65532", WorkingDir: "/"},
			})
			return err
		}}
		if _, err := c.Solve(t.Context(), req); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !report.Bare || !report.Exited || report.Status != tt.status || !strings.Contains(report.Log, tt.log) {
			t.Errorf("%s: %+v", name, report)
		}
	}
}
