package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/planner"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/source"
	"github.com/spf13/cobra"
)

// options are those that every command takes, named as in Nixpacks where it has them (specification 5).
type options struct {
	jsonPlan                       string
	installCmd, buildCmd, startCmd optional
	pkgs, apt, libs                []string
	env                            []string
	config                         string
	edition                        string
	runtime                        string
	platform                       platform
	noColor                        bool
	verbose                        bool
}

// optional is a flag that tells not given from empty.
type optional struct{ value *string }

// Set takes the value, as pflag.Value wants it.
func (o *optional) Set(s string) error {
	o.value = &s
	return nil
}

// String is the value, "" if it is not given.
func (o *optional) String() string {
	if o.value == nil {
		return ""
	}
	return *o.value
}

// Type is what the help shows for the value.
func (o *optional) Type() string { return "command" }

// verbose reports whether the user wants to know more, by option or by the variable of Nixpacks (specification 1.5).
func (p *program) verbose() bool {
	return p.options.verbose || slices.Contains(p.options.env, "NIXPACKS_VERBOSE=1")
}

// register adds the options to the root command.
func (o *options) register(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&o.jsonPlan, "json-plan", "", "merge this `JSON` plan over the configuration file and the variables")
	flags.VarP(&o.installCmd, "install-cmd", "i", "install with this command")
	flags.VarP(&o.buildCmd, "build-cmd", "b", "build with this command")
	flags.VarP(&o.startCmd, "start-cmd", "s", "start with this command")
	flags.StringArrayVarP(&o.pkgs, "pkgs", "p", nil, "add this Nix `package`; repeatable")
	flags.StringArrayVarP(&o.apt, "apt", "a", nil, "add this apt `package`; repeatable")
	flags.StringArrayVar(&o.libs, "libs", nil, "add this Nix `library`; repeatable")
	flags.StringArrayVarP(&o.env, "env", "e", nil, "declare the variable `NAME=VALUE`, or NAME to take its value from the environment; repeatable")
	flags.StringVarP(&o.config, "config", "c", "", "read this configuration `file`, relative to the app, instead of nixpacks.toml or nixpacks.json")
	flags.StringVar(&o.edition, "edition", "", "plan by the rules of this `edition`; 1.39 is Nixpacks itself (default the newest)")
	flags.StringVar(&o.runtime, "runtime", "", "make the image `slim`, with what is needed to run, or full, with all that built it (default what the edition says: slim)")
	o.platform.name = "linux/" + runtime.GOARCH
	flags.Var(&o.platform, "platform", "plan for this `platform`, linux/amd64 or linux/arm64; a build may be for several, separated by commas")
	flags.BoolVar(&o.noColor, "no-color", false, "print without colors, as the variable NO_COLOR does")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "say more: why the plan is as it is, and every line of a build")
	complete(root, "platform", "linux/amd64", "linux/arm64")
	complete(root, "runtime", plan.Slim, plan.Full)
	var editions []cobra.Completion
	for _, e := range rules.Editions() {
		editions = append(editions, string(e))
	}
	complete(root, "edition", editions...)
}

// complete tells shells the values of a flag of cmd.
func complete(cmd *cobra.Command, flag string, values ...cobra.Completion) {
	// Registering fails for an unknown flag only.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// Input is what the command plan plans when given the same arguments: options and at most one directory.
// It is for tests that need more of a plan than the command prints.
func Input(process Process) (planner.Input, error) {
	p := &program{Process: process}
	cmd := planCommand(p)
	p.options.register(cmd)
	if err := cmd.ParseFlags(process.Args); err != nil {
		return planner.Input{}, err
	}
	in, _, err := p.input(cmd.Flags().Args())
	return in, err
}

// input opens the app in the directory of args, which is "." if there is none, and adds the options.
// The warnings are about the options.
func (p *program) input(args []string) (in planner.Input, warnings []string, err error) {
	dir := "."
	if len(args) > 0 {
		dir = args[0]
	}
	if in.Arch, err = nixArch(p.options.platform.name); err != nil {
		return in, nil, err
	}
	if in.Tree, err = p.open(dir); err != nil {
		return in, nil, err
	}
	if in.Config, err = p.configFile(dir, in.Tree); err != nil {
		return in, nil, err
	}
	in.Env, warnings = config.ParseEnv(p.options.env, p.lookup)
	warnings = append(warnings, plainSecrets(in.Env)...)
	in.JSONPlan = p.options.jsonPlan
	in.Flags = config.Flags{
		InstallCmd: p.options.installCmd.value,
		BuildCmd:   p.options.buildCmd.value,
		StartCmd:   p.options.startCmd.value,
		Pkgs:       p.options.pkgs,
		Apt:        p.options.apt,
		Libs:       p.options.libs,
		Runtime:    p.options.runtime,
	}
	in.Edition = p.options.edition
	return in, warnings, nil
}

// path resolves one that the user typed.
func (p *program) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.Dir, name)
}

func (p *program) open(dir string) (*source.Tree, error) {
	const hint = "give the directory that holds the app"
	info, err := os.Stat(p.path(dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage(hint, "no such directory: %s", dir)
	case err != nil:
		return nil, usage(hint, "opening %s: %w", dir, withoutPath(err))
	case !info.IsDir():
		return nil, usage(hint, "not a directory: %s", dir)
	}
	tree, err := source.Open(p.path(dir), source.Limits{})
	if err != nil {
		return nil, usage(hint, "opening %s: %w", dir, err)
	}
	return tree, nil
}

// configFile reads the file of --config. One in the app is read as all its files are, so that no link in a
// repository leads out. One elsewhere may lie anywhere, as it is not the repository that names it; links are
// followed on an absolute path only, as the others may cross another part of the repository.
func (p *program) configFile(dir string, tree *source.Tree) (*config.Explicit, error) {
	name := p.options.config
	if name == "" {
		return nil, nil
	}
	const hint = "--config is relative to the app's directory"
	place := name
	if filepath.IsLocal(name) {
		place = filepath.ToSlash(name)
	} else {
		if !filepath.IsAbs(name) {
			place = filepath.Join(p.path(dir), name)
		} else if real, err := filepath.EvalSymlinks(name); err == nil {
			place = real
		}
		var err error
		if tree, err = source.Open(filepath.Dir(place), source.Limits{}); err != nil {
			return nil, usage(hint, "reading config file %s: %w", name, withoutPlace(err))
		}
		defer tree.Close()
		place = filepath.Base(place)
	}
	data, err := tree.Bytes(place)
	if err != nil {
		return nil, usage(hint, "reading config file %s: %w", name, withoutPlace(err))
	}
	return &config.Explicit{Name: filepath.ToSlash(name), Data: data}, nil
}

// withoutPlace drops what the caller says already.
func withoutPlace(err error) error {
	if e, ok := errors.AsType[*source.Error](err); ok {
		return e.Err
	}
	return err
}

// withoutPath drops the path that the caller names already.
func withoutPath(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// nixArch is the architecture of a platform as Nix calls it.
func nixArch(platform string) (string, error) {
	system, arch, _ := strings.Cut(platform, "/")
	arch, _, _ = strings.Cut(arch, "/")
	known := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}
	if name := known[arch]; system == "linux" && name != "" {
		return name, nil
	}
	return "", usage("use linux/amd64 or linux/arm64", "unknown platform %q", platform)
}
