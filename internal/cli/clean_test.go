package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCleanRemovesTheContainersOfItsJob(t *testing.T) {
	var deleted []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.44")
		if r.Method == http.MethodDelete {
			deleted = append(deleted, strings.TrimPrefix(r.URL.Path, "/v1.44"))
			return
		}
		fmt.Fprint(w, `[{"Id":"a","Labels":{"npx-action.run":"1","npx-action.owner":"5/2/image/runner 1"}},
			{"Id":"b","Labels":{"npx-action.run":"2","npx-action.owner":"5/2/image/runner 2"}}]`)
	}))
	defer srv.Close()
	engine := "tcp://" + srv.Listener.Addr().String()
	for name, tt := range map[string]struct {
		environ []string
		want    string
	}{
		"a job":         {[]string{"GITHUB_RUN_ID=5", "GITHUB_RUN_ATTEMPT=2", "GITHUB_JOB=image", "RUNNER_NAME=runner 1"}, "/containers/a"},
		"another run":   {[]string{"GITHUB_RUN_ID=6", "GITHUB_RUN_ATTEMPT=2", "GITHUB_JOB=image", "RUNNER_NAME=runner 1"}, ""},
		"no job at all": {nil, ""},
	} {
		deleted = nil
		var said strings.Builder
		status := Main(t.Context(), Process{Args: []string{"clean", "--docker-host", engine}, Environ: tt.environ, Stderr: &said})
		if status != 0 || strings.Join(deleted, " ") != tt.want || (said.String() != "") != (tt.want != "") {
			t.Errorf("%s: status %d, removed %q\n%s", name, status, deleted, said.String())
		}
	}
	srv.Close()
	var said strings.Builder
	if status := Main(t.Context(), Process{Args: []string{"clean", "--docker-host", engine}, Stderr: &said}); status != 0 || said.String() != "" {
		t.Errorf("without an engine: status %d\n%s", status, said.String())
	}
}
