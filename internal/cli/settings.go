package cli

import (
	"cmp"
	"io"

	"github.com/spf13/cobra"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/fault"
	"github.com/org/npx-action/internal/option"
)

// settings are the options of a build that say where and how, as flags.
type settings struct {
	build.Settings
	docker dockerFlags
}

func (s *settings) register(cmd *cobra.Command) {
	bind(cmd, cmd.Flags(), &s.Build, nil)
	cmd.Flags().BoolVar(&s.InlineCache, "inline-cache", false, "keep in the image what --cache-from needs")
	under(cmd.Flags(), option.Caching, "inline-cache")
	registerEngine(cmd.Flags(), &s.Engine)
	s.docker.register(cmd.Flags())
}

// check finds what can be wrong with the settings whatever the app is.
func (s *settings) check(w io.Writer) error {
	if err := (builder.Progress{Writer: w, Mode: s.Progress}).Check(); err != nil {
		return fault.Usage("use auto, plain, tty or quiet", "reading --progress: %w", err)
	}
	if s.RegistryTimeout < 0 {
		return fault.Usage("give a time such as 90s or 5m", "reading --registry-timeout: %s is less than nothing", s.RegistryTimeout)
	}
	return cmp.Or(
		s.checkRoute(),
		checkValues(s.Build),
		s.docker.check(),
	)
}

// checkRoute finds what is wrong with --route and with addresses.
func (s *settings) checkRoute() error { return cmp.Or(s.passwords(), s.CheckRoute()) }

// environment is what a build takes from the process.
func (p *program) environment() build.Environment {
	return build.Environment{Vars: p.Environ, Dir: p.Dir, Verbose: p.verbose(), Say: p.say}
}

// world is what a build reaches, by these settings.
func (p *program) world(s settings, secrets build.Secrets) (build.World, error) {
	env := p.environment()
	client, err := env.Registry(s.Settings, agent())
	if err != nil {
		return build.World{}, err
	}
	return build.World{Registry: client, Keys: env.Keychain(s.Logins), Connect: build.Dial, Guard: secrets.Guard(),
		Progress: builder.Progress{Writer: p.Stderr, Mode: s.Progress}, Say: p.say}, nil
}

// agent is what registries are told of the program.
func agent() string { return "npx-action/" + version() }

// passwords checks the options of a build.
func (s *settings) passwords() error {
	for _, o := range option.All() {
		if !o.Address || o.Flag == nil {
			continue
		}
		if err := option.WithoutPasswords("--"+o.Flagged(), o.Texts(s.Build)...); err != nil {
			return err
		}
	}
	return option.WithoutPasswords("--docker-host", s.Engine.Host)
}
