package providers

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/plan"
)

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

// rackupCommand starts an app of Rack in edition 1.39.
const rackupCommand = "bundle exec rackup config.ru -p ${PORT:-3000}"

// start returns nil if nothing tells how the app starts.
func (r *rubyApp) start() *plan.Start {
	cmd, why := r.startCommand()
	if r.findsPrograms() {
		cmd, why = r.findStart(cmd, why)
	}
	if cmd == "" {
		return nil
	}
	r.because(why, "start", "cmd", cmd)
	return &plan.Start{Cmd: &cmd}
}

// startCommand is how edition 1.39 starts the app, "" if nothing tells.
func (r *rubyApp) startCommand() (cmd string, why cause) {
	has := r.Tree.HasFile
	switch {
	case r.rails.file != "" && has("rails"):
		return "bundle exec rails server -b 0.0.0.0 -p ${PORT:-3000}", r.rails
	case r.rails.file != "":
		return "bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000} -e $RAILS_ENV", r.rails
	case has("config/environment.rb") && r.Tree.HasDir("script"):
		return "bundle exec ruby script/server -p ${PORT:-3000}", byFile("config/environment.rb", "the app is one of an old Rails, with a directory script")
	case has("config.ru"):
		return rackupCommand, byFile("config.ru", "the app is one of Rack")
	case has("Rakefile"):
		return rakeCommand, byFile("Rakefile", "nothing else tells how the app starts")
	}
	return "", cause{}
}

// rakeCommand runs the task that rake has for want of another.
const rakeCommand = "bundle exec rake"

// rubyPrograms are the files that people start, the most telling name first.
var rubyPrograms = []string{"server.rb", "app.rb", "main.rb", "bot.rb"}

// rubySinatra is the line by which a file serves its routes itself as soon as it is run, with options for address and port.
var rubySinatra = lazyregexp.New(`(?m)^\s*require\s+['"]sinatra['"]`)

// findStart says better how the app starts than edition 1.39 does. A server listens to all addresses, a file that serves is started, and a gem is none.
func (r *rubyApp) findStart(cmd string, why cause) (string, cause) {
	switch cmd {
	case rackupCommand:
		if r.uses("rackup").file == "" && r.uses("puma").file != "" {
			return "bundle exec puma -b tcp://0.0.0.0:${PORT:-3000}", cause{why.file, why.line, why.why + ", and rackup is no gem of it"}
		}
		return "bundle exec rackup config.ru -o 0.0.0.0 -p ${PORT:-3000}", why
	case "", rakeCommand:
	default: // Rails, which refuses an option without a value
		return strings.ReplaceAll(cmd, "-e $RAILS_ENV", "-e ${RAILS_ENV:-production}"), why
	}
	gem, err := r.gemspec()
	if err != nil || gem != "" {
		r.noStart = noService(gem+" describes a gem, and nothing is served", aLibrary)
		return "", cause{}
	}
	file := firstFile(r.App, rubyPrograms...)
	switch {
	case file == "":
		return cmd, why
	case r.hasSinatra(file):
		return "bundle exec ruby " + file + " -o 0.0.0.0 -p ${PORT:-3000}", byFile(file, "it requires sinatra, which serves its routes")
	}
	return "bundle exec ruby " + file, byFile(file, "it is called as a program is, and the app is none of Rack")
}

func (r *rubyApp) hasSinatra(file string) bool {
	text, err := r.Tree.Read(file)
	return err == nil && rubySinatra.MatchString(text)
}

// gemspec is the file in the root that describes a gem, "" if there is none.
func (r *rubyApp) gemspec() (string, error) {
	files, err := r.Tree.Files("*.gemspec")
	if i := slices.IndexFunc(files, func(file string) bool { return path.Dir(file) == "." }); i >= 0 {
		return files[i], err
	}
	return "", err
}
