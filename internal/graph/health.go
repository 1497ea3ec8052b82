package graph

import (
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
)

// healthPath is a path that is asked for by HTTP, such as "GET /health".
var healthPath = lazyregexp.New(`^GET (/[A-Za-z0-9._~!&()*+,;=:@%/?-]*)$`)

// askHealth asks for a path by Bash, as a small base has no curl. The program is well if the answer is a success or leads elsewhere.
const askHealth = `exec 3<>/dev/tcp/127.0.0.1/PORT && ` +
	`printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' 'PATH' >&3 && read -r _ status _ <&3 && [[ $status == [23]?? ]]`

// health is the command of the image's health check, nil for none.
func (b *builder) health() []string {
	if b.plan.Start == nil || b.plan.Start.Healthcheck == nil {
		return nil
	}
	cmd := *b.plan.Start.Healthcheck
	if m := healthPath.FindStringSubmatch(cmd); m != nil {
		port, _, _ := strings.Cut(b.ports()[0], "/")
		return []string{"/bin/bash", "-c", strings.NewReplacer("PORT", "${PORT:-"+port+"}", "PATH", m[1]).Replace(askHealth)}
	}
	if !b.plan.Slim() {
		return append(login(), cmd)
	}
	return b.words(cmd)
}

// checkHealth refuses a health check that cannot be made.
func (b *builder) checkHealth(start plan.Start) error {
	if start.Healthcheck == nil {
		return nil
	}
	a, cmd := at{"", "start.healthcheck"}, *start.Healthcheck
	static := start.Base != nil
	_, simple := shell.Words(cmd)
	switch asks := healthPath.MatchString(cmd); {
	case strings.TrimSpace(cmd) == "":
		return a.err("write a command, or a path as in GET /health", "the command is empty")
	case strings.HasPrefix(cmd, "GET ") && !asks:
		return a.err("write a path that needs no quoting, as in GET /health", "%q is no path to ask for", cmd)
	case asks && len(b.ports()) == 0:
		return a.err("set the variable PORT to the port that the program listens on", "the plan names no port to ask")
	case static && (asks || !simple):
		return a.err("name a program of the app, as in ./out health", "a shell would run %q, and the static base has none", cmd)
	}
	return text(a, cmd)
}
