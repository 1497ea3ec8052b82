package providers

import "github.com/org/npx-action/internal/plan"

// A file that has the mark makes the app one of Rails.
const (
	railsFile = "config/application.rb"
	railsMark = "Rails::Application"
)

const bundleCache = "/root/.bundle/cache"

// findRails returns the cause of all that is for Rails; none if the app is not one of Rails.
func findRails(app App) cause {
	if line := app.Tree.Line(railsFile, railsMark); line > 0 {
		return cause{railsFile, line, "the app is one of Rails"}
	}
	return cause{}
}

func (r *rubyApp) installPhase() plan.Phase {
	p := plan.Phase{
		DependsOn:        []string{"setup"},
		CacheDirectories: []string{bundleCache},
		Paths: []string{
			"/usr/local/rvm/rubies/" + r.version.text + "/bin",
			rubyHome + r.version.text + "/bin",
			rubyHome + r.version.text + "@global/bin",
		},
	}
	if r.chosen != nil {
		p.Paths = []string{rubyHome + r.version.text + "/bin"}
	}
	r.because(r.version.cause, "install", "path", "")
	r.run(&p, byFile("Gemfile", "the app has a Gemfile"), "install", "bundle install")
	if why := r.uses("bootsnap"); why.file != "" {
		r.run(&p, why, "install", "bundle exec bootsnap precompile --gemfile")
	}
	if r.uses("local").file == "" {
		p.OnlyIncludeFiles = append(p.OnlyIncludeFiles, rubyGemfiles...)
	}
	return p
}

// buildPhase does nothing for an app that is not one of Rails, and makes no assets for one without a gem for them.
func (r *rubyApp) buildPhase() plan.Phase {
	p := plan.Phase{DependsOn: []string{"install"}}
	if r.rails.file == "" {
		return p
	}
	for _, gem := range []string{"sprockets", "propshaft"} {
		if why := r.uses(gem); why.file != "" {
			r.run(&p, why, "build", "bundle exec rake assets:precompile")
			break
		}
	}
	if why := r.uses("bootsnap"); why.file != "" {
		r.run(&p, why, "build", "bundle exec bootsnap precompile app/ lib/")
	}
	return p
}

func (r *rubyApp) run(p *plan.Phase, why cause, phase, cmd string) {
	p.Cmds = append(p.Cmds, cmd)
	r.because(why, phase, "cmd", cmd)
}

// start returns nil if nothing tells how the app starts.
func (r *rubyApp) start() *plan.Start {
	has := r.Tree.HasFile
	var cmd string
	var why cause
	switch {
	case r.rails.file != "" && has("rails"):
		cmd, why = "bundle exec rails server -b 0.0.0.0 -p ${PORT:-3000}", r.rails
	case r.rails.file != "":
		cmd, why = "bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000} -e $RAILS_ENV", r.rails
	case has("config/environment.rb") && r.Tree.HasDir("script"):
		cmd = "bundle exec ruby script/server -p ${PORT:-3000}"
		why = byFile("config/environment.rb", "the app is one of an old Rails, with a directory script")
	case has("config.ru"):
		cmd, why = "bundle exec rackup config.ru -p ${PORT:-3000}", byFile("config.ru", "the app is one of Rack")
	case has("Rakefile"):
		cmd, why = "bundle exec rake", byFile("Rakefile", "nothing else tells how the app starts")
	default:
		return nil
	}
	r.because(why, "start", "cmd", cmd)
	return &plan.Start{Cmd: &cmd}
}
