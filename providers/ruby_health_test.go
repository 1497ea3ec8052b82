package providers

import (
	"maps"
	"testing"
)

func TestARailsAppIsAskedWhereItSurelyAnswers(t *testing.T) {
	const (
		route = "Rails.application.routes.draw do\n  get \"up\" => \"rails/health#show\", as: :rails_health_check\nend\n"
		start = "bundle exec puma"
	)
	for name, tt := range map[string]struct {
		files repo
		start *string
		asked bool
	}{
		"the template":        {files: repo{"config/routes.rb": route}, asked: true},
		"another spelling":    {files: repo{"config/routes.rb": "get '/up', to: 'rails/health#show'\n"}, asked: true},
		"a comment":           {files: repo{"config/routes.rb": "  # get \"up\" => \"rails/health#show\"\n"}},
		"in a scope":          {files: repo{"config/routes.rb": "  scope \"/admin\" do\n    get \"up\" => \"rails/health#show\"\n  end\n"}},
		"no route":            {files: repo{"config/routes.rb": "root \"home#index\"\n"}},
		"hosts":               {files: repo{"config/routes.rb": route, "config/environments/production.rb": "  config.hosts << \"example.org\"\n"}},
		"hosts elsewhere":     {files: repo{"config/routes.rb": route, "config/initializers/hosts.rb": "Rails.application.config.hosts = [\"example.org\"]\n"}},
		"hosts in a comment":  {files: repo{"config/routes.rb": route, "config/environments/production.rb": "  # config.hosts = [\n"}, asked: true},
		"hosts of developers": {files: repo{"config/routes.rb": route, "config/environments/development.rb": "  config.hosts << \"x.test\"\n"}, asked: true},
		"another start":       {files: repo{"config/routes.rb": route}, start: new(start)},
	} {
		files := repo{"Gemfile": "gem \"rails\"\n", "config/application.rb": "class Application < Rails::Application\n"}
		maps.Copy(files, tt.files)
		app := newest(t, files, nil)
		app.UserStart = tt.start
		asked := false
		for _, f := range mustPlan(t, rubyProvider, app).Fixes {
			asked = asked || f.Rule == "health-check" && *f.Over.Start.Healthcheck == "GET /up"
		}
		if asked != tt.asked {
			t.Errorf("%s: asked %v", name, asked)
		}
	}
}
