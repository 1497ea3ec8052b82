package providers

import (
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

// railsRoutes has the routes of an app of Rails. Its template has the route of the health check outside of all scopes.
const railsRoutes = "config/routes.rb"

var (
	railsHealth = lazyregexp.New(`(?m)^ {0,2}get\(? ?["']/?up["'](?: *=>|, *to:) *["']rails/health#show["']`)

	// Both change where the route is, or who may ask.
	railsGuard = lazyregexp.New(`(?m)^[^#\n]*(?:config\.hosts|config\.relative_url_root|\bhost_authorization)\b`)
)

// healthCheck asks an app of Rails as its own route of health checks expects, where nothing in its configuration can refuse that.
func (r *rubyApp) healthCheck() ([]Fix, error) {
	if r.rails.file == "" || r.UserStart != nil {
		return nil, nil // the port of another server is not known
	}
	route, _, err := r.Tree.Match(railsHealth, railsRoutes)
	if err != nil || route == "" {
		return nil, err
	}
	files, err := r.Tree.Files("config/**/*.rb")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if file == "config/environments/development.rb" || file == "config/environments/test.rb" {
			continue
		}
		if guarded, _, err := r.Tree.Match(railsGuard, file); err != nil || guarded != "" {
			return nil, err
		}
	}
	return []Fix{{Rule: "health-check", Over: plan.Plan{Start: &plan.Start{Healthcheck: new("GET /up")}}, Why: railsRoutes + " has the health check of Rails"}}, nil
}
