package ci

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// kept is a file that remembers what was written last.
type kept struct{ bytes.Buffer }

func (*kept) Close() error { return nil }

// TestADotenvReportKeepsWithinGitLabsLimits: GitLab refuses a larger report as a whole, and with it the job.
func TestADotenvReportKeepsWithinGitLabsLimits(t *testing.T) {
	var file *kept
	var out bytes.Buffer
	s := &gitlabSink{out: &out, create: func(string) (io.WriteCloser, error) { file = &kept{}; return file, nil }}
	set := func(name, value string) {
		t.Helper()
		if err := s.Output(name, value); err != nil {
			t.Fatal(err)
		}
		if n := file.Len(); n > 5120 {
			t.Fatalf("the report has %d bytes", n)
		}
	}
	set("digest", "sha256:1")
	set("metadata", strings.Repeat("m", 3000))
	set("json", strings.Repeat("j", 3000))
	set("json", strings.Repeat("j", 3100))
	if got := file.String(); !strings.Contains(got, "NPXOUT_DIGEST=sha256:1\n") || !strings.Contains(got, "NPXOUT_METADATA=m") || strings.Contains(got, "NPXOUT_JSON") {
		t.Errorf("the largest is not what is left out: %s", got)
	}
	if strings.Count(out.String(), "NPXOUT_JSON is left out of npx.env") != 1 {
		t.Errorf("it says %q", out.String())
	}
	for i := range 30 {
		set(fmt.Sprintf("o%02d", i), "")
	}
	if n := strings.Count(file.String(), "\n"); n != 20 || !strings.Contains(file.String(), "NPXOUT_O29=\n") {
		t.Errorf("the report has %d variables:\n%s", n, file)
	}
}
