package planner

import (
	"fmt"
	"path"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/shell"
)

// askers are programs that people ask by whether another one is well, with the Debian package of each. The small base has none.
var askers = map[string]string{
	"curl": "curl", "http": "httpie", "nc": "netcat-openbsd", "ncat": "ncat", "netcat": "netcat-openbsd", "pg_isready": "postgresql-client",
	"ping": "iputils-ping", "redis-cli": "redis-tools", "wget": "wget",
}

// healthAdvice warns of a health check by a program that the image lacks: an engine would take the app for ill.
func healthAdvice(p plan.Plan) []string {
	if !p.Slim() || p.Start.Healthcheck == nil {
		return nil
	}
	for _, name := range shell.Programs(*p.Start.Healthcheck) {
		program := path.Base(name)
		if pkg, known := askers[program]; known && !hasPackage(p, program) && !hasPackage(p, pkg) {
			return []string{fmt.Sprintf(`the health check runs %s, which the image lacks: ask for a path, as in healthcheck = "GET /health", or add %s to the apt packages`, program, pkg)}
		}
	}
	return nil
}
