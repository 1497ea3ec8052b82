package providers

import "github.com/org/npx-action/internal/plan"

// A file that has the mark makes the app one of Rails.
const (
	railsFile = "config/application.rb"
	railsMark = "Rails::Application"
)

func (r *rubyApp) becauseOfRails(phase, field, value string) {
	r.because(phase, field, value, railsFile, r.Tree.Line(railsFile, railsMark), "the app is one of Rails")
}

func (r *rubyApp) installPhase() plan.Phase {
	p := plan.Phase{
		DependsOn:        []string{"setup"},
		CacheDirectories: []string{"/root/.bundle/cache"},
		Paths: []string{
			"/usr/local/rvm/rubies/" + r.version.text + "/bin",
			rubyHome + r.version.text + "/bin",
			rubyHome + r.version.text + "@global/bin",
		},
	}
	r.becauseOfVersion("install", "path", "")
	r.run(&p, "install", "bundle install", "Gemfile", 0, "the app has a Gemfile")
	if file, line := r.uses("bootsnap"); file != "" {
		r.run(&p, "install", "bundle exec bootsnap precompile --gemfile", file, line, file+` contains "bootsnap"`)
	}
	if file, _ := r.uses("local"); file == "" {
		p.OnlyIncludeFiles = append(p.OnlyIncludeFiles, rubyGemfiles...)
	}
	return p
}

// buildPhase does nothing for an app that is not one of Rails, and makes no assets for one without a gem for them.
func (r *rubyApp) buildPhase() plan.Phase {
	p := plan.Phase{DependsOn: []string{"install"}}
	if !r.rails {
		return p
	}
	for _, gem := range []string{"sprockets", "propshaft"} {
		if file, line := r.uses(gem); file != "" {
			r.run(&p, "build", "bundle exec rake assets:precompile", file, line, "Rails makes the assets by "+gem)
			break
		}
	}
	if file, line := r.uses("bootsnap"); file != "" {
		r.run(&p, "build", "bundle exec bootsnap precompile app/ lib/", file, line, file+` contains "bootsnap"`)
	}
	return p
}

func (r *rubyApp) run(p *plan.Phase, phase, cmd, file string, line int, why string) {
	p.Cmds = append(p.Cmds, cmd)
	r.because(phase, "cmd", cmd, file, line, why)
}

// start returns nil if nothing tells how the app starts.
func (r *rubyApp) start() *plan.Start {
	has := r.Tree.HasFile
	var cmd, file, why string
	switch {
	case r.rails && has("rails"):
		cmd = "bundle exec rails server -b 0.0.0.0 -p ${PORT:-3000}"
		file, why = railsFile, "the app is one of Rails, with the program rails in its root"
	case r.rails:
		cmd = "bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000} -e $RAILS_ENV"
		file, why = railsFile, "the app is one of Rails"
	case has("config/environment.rb") && r.Tree.HasDir("script"):
		cmd = "bundle exec ruby script/server -p ${PORT:-3000}"
		file, why = "config/environment.rb", "the app is one of an old Rails, with a directory script"
	case has("config.ru"):
		cmd = "bundle exec rackup config.ru -p ${PORT:-3000}"
		file, why = "config.ru", "the app is one of Rack"
	case has("Rakefile"):
		cmd = "bundle exec rake"
		file, why = "Rakefile", "nothing else tells how the app starts"
	default:
		return nil
	}
	r.because("start", "cmd", cmd, file, 0, why)
	return &plan.Start{Cmd: &cmd}
}
