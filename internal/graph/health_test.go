package graph

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/plan"
)

func TestAHealthCheckIsACommandOrAPath(t *testing.T) {
	for cmd, want := range map[string][]string{
		"node check.js 'a b'":    {"node", "check.js", "a b"},
		"curl -f x || exit 1":    {"/bin/bash", "-c", "curl -f x || exit 1"},
		"GET /up?x=1%20":         {"/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-8080} && printf 'GET %s HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' '/up?x=1%20' >&3 && read -r _ status _ <&3 && [[ $status == [23]?? ]]"},
		"exec ./check && ./more": {"/bin/bash", "-c", "exec ./check && exec ./more"},
	} {
		p := unprivileged(plan.Unprivileged)
		p.Start.Healthcheck = &cmd
		if got := build(t, p, Options{}).Config.Health; !slices.Equal(got, want) {
			t.Errorf("%s: %q", cmd, got)
		}
	}
	p := unprivileged(plan.Unprivileged)
	p.Start.Runtime, p.Start.Healthcheck = nil, new("node check.js")
	if got := build(t, p, Options{}).Config.Health; !slices.Equal(got, []string{"/bin/bash", "-l", "-c", "node check.js"}) {
		t.Errorf("in a full image %q", got)
	}
}

func TestAHealthCheckThatCannotBeIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		plan plan.Plan
		cmd  string
		want string
	}{
		"empty":           {unprivileged("65532"), " ", "the command is empty"},
		"no path":         {unprivileged("65532"), "GET health", "no path to ask for"},
		"a quote":         {unprivileged("65532"), "GET /'; rm x", "no path to ask for"},
		"two lines":       {unprivileged("65532"), "GET /a\n/b", "no path to ask for"},
		"NUL":             {unprivileged("65532"), "a\x00", "NUL"},
		"no port":         {static("./out"), "GET /health", "names no port"},
		"no Bash":         {static("./out"), "GET /health", "a shell would run"},
		"without a shell": {static("./out"), "./out check || exit 1", "a shell would run"},
	} {
		tt.plan.Start.Healthcheck = &tt.cmd
		if name == "no port" {
			tt.plan.Variables = nil
		}
		if _, err := New(tt.plan, Options{}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
