package planner

import (
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/config"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/rules"
)

// userConfig is what the user says about one directory.
type userConfig struct {
	edition   rules.Edition
	compat139 bool // the edition is 1.39

	file     config.Layer // with the files of the directories above, except in edition 1.39
	flags    plan.Plan
	json     plan.Plan    // of --json-plan
	env      plan.Plan    // of NIXPACKS_ variables
	procfile config.Layer // lies below the stack
	stack    []plan.Plan  // to merge over the providers' plan, one after the other
	merged   plan.Plan    // the stack merged into one, for questions
	vars     plan.Vars    // the declared ones and the stack's
	warnings []string

	catalogue *catalogue.Catalogue // as in [Input], with what the file says
	strict    bool

	wishes []*wish // what the lists of Nix packages ask for by tool and version; read once the rest is
}

// readUserConfig reads all that the user says about in.Tree. Above is that about the directory above, nil for the root.
func readUserConfig(in Input, above *userConfig) (*userConfig, error) {
	file, err := configFile(in, above)
	if err != nil {
		return nil, err
	}
	json, err := config.JSON(in.JSONPlan)
	if err != nil {
		return nil, err
	}
	edition, err := chooseEdition(in, file, json, above)
	if err != nil {
		return nil, err
	}
	user := &userConfig{edition: edition, compat139: edition == rules.Nixpacks, file: file}
	procfile, err := config.Procfile(in.Tree, user.compat139)
	if err != nil {
		return nil, err
	}
	user.procfile = procfile
	user.stackLayers(in, json.Plan)
	unread := json.Unread()
	if user.compat139 {
		unread = append(file.Unread(), unread...)
	} else if user.catalogue, user.strict, err = chosenCatalogue(in, file.Settings); err != nil {
		return nil, err
	}
	user.warnings = slices.Concat(file.Warnings, json.Warnings, unread, procfile.Warnings, config.Misplaced(in.Env, user.vars))
	return user, nil
}

// configFile is the configuration file of in.Tree, merged over the file of the directory above, which Nixpacks 1.39
// forgets (nixpacks-1.39.md 6.1, item 8). A file that the user named holds for both.
func configFile(in Input, above *userConfig) (config.Layer, error) {
	keep := above != nil && !above.compat139
	if _, named := in.Env.Config("CONFIG_FILE"); keep && (named || in.Config != nil) {
		return above.file, nil
	}
	file, err := config.File(in.Tree, in.Config, in.Env)
	switch {
	case err != nil || !keep || above.file.Name == "":
		return file, err
	case file.Name == "":
		return above.file, nil
	}
	return config.Layer{
		Name:     file.Name,
		Plan:     plan.Merge(above.file.Plan, file.Plan),
		Warnings: slices.Concat(above.file.Warnings, file.Warnings),
		Lines:    file.Lines,
		Settings: slices.Concat(above.file.Settings, file.Settings),
	}, nil
}

// stackLayers puts the layers on each other. Nixpacks 1.39 merges them before it knows the providers' plan, which
// doubles what "..." stands for and turns the default order of a phase into one that the user asked for
// (nixpacks-1.39.md 1.2; 6.1, items 2 and 3).
func (l *userConfig) stackLayers(in Input, json plan.Plan) {
	l.env, l.json, l.flags = config.Environment(in.Env, l.compat139), json, in.Flags.Layer(l.compat139)
	for _, layer := range []plan.Plan{l.file.Plan, l.env, plan.Merge(json, l.flags)} {
		l.merged = plan.Merge(l.merged, layer)
	}
	l.stack = []plan.Plan{l.file.Plan, l.env, json, l.flags}
	if l.compat139 {
		l.stack = []plan.Plan{l.merged}
	}
	l.vars = overlay(in.Env, l.merged.Variables)
	if !l.compat139 {
		// A value that is typed for one run wins over a file; Nixpacks 1.39 has it the other way (6.1, item 5).
		l.vars = overlay(overlay(l.file.Plan.Variables, in.Env), json.Variables)
	}
	// Naming the edition in a variable must not give another plan than naming it elsewhere.
	delete(l.vars, "NIXPACKS_EDITION")
}

// providerNames fills the names that the layers give with those detected (nixpacks-1.39.md 0).
func (l *userConfig) providerNames(detected []string) []string {
	names := detected
	for _, layer := range l.stack {
		names = plan.Fill(names, layer.Providers)
	}
	seen := map[string]bool{"...": true, "@auto": true}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		drop := seen[name]
		// Nixpacks 1.39 plans a provider again under its prefix when it is named twice.
		seen[name] = drop || !l.compat139
		return drop
	})
}

// installs reports whether a layer says how the phase of that name installs.
func (l *userConfig) installs(phase string) bool {
	p := l.merged.Phases[phase]
	return p.Cmds != nil || p.OnlyIncludeFiles != nil
}

// commands reports whether a layer has commands for any phase.
func (l *userConfig) commands() bool {
	for _, phase := range l.merged.Phases {
		if phase.Cmds != nil {
			return true
		}
	}
	return false
}

// start is how a layer says that the app starts, so that nothing has to be guessed; nil if none does. Nixpacks 1.39 guesses all the same.
func (l *userConfig) start() *string {
	given := l.procfile.Plan
	if l.procfile.Background != "" {
		given.Start = nil
	}
	if p := plan.Merge(given, l.merged); !l.compat139 && p.Start != nil {
		return p.Start.Cmd
	}
	return nil
}

// processes are the commands that the layers let the image start beside its start command, sorted by name.
func (l *userConfig) processes() []string {
	var cmds []string
	if p := plan.Merge(l.procfile.Plan, l.merged); !l.compat139 && p.Start != nil {
		for _, cmd := range plan.Sorted(p.Start.Processes) {
			cmds = append(cmds, cmd)
		}
	}
	return cmds
}

// preferService leaves out the start of a Procfile that only takes jobs from a queue, where the providers know one that serves, and says so.
func (l *userConfig) preferService(base plan.Plan) []string {
	process := l.procfile.Background
	if process == "" || base.Start == nil || base.Start.Cmd == nil || l.merged.Start != nil {
		return nil
	}
	processes := overlay(l.procfile.Plan.Start.Processes, nil)
	if plan.NamesProgram(process) {
		processes[process] = *l.procfile.Plan.Start.Cmd
	}
	l.procfile.Plan.Start = &plan.Start{Processes: processes}
	return []string{fmt.Sprintf("Procfile has no process web, and its process %s only takes jobs from a queue, so the image starts %s", process, *base.Start.Cmd)}
}

// chooseEdition takes the first that is given: the option, the variable, --json-plan, the file, what the directory
// above is planned by, the newest.
func chooseEdition(in Input, file, json config.Layer, above *userConfig) (rules.Edition, error) {
	for _, choice := range []struct{ from, key, text string }{
		{"--edition", "", in.Edition},
		{"NIXPACKS_EDITION", "", in.Env["NIXPACKS_EDITION"]},
		{json.Name, "edition", text(json.Plan.Edition)},
		{file.Name, "edition", text(file.Plan.Edition)},
	} {
		if choice.text == "" {
			continue
		}
		edition, err := rules.Parse(choice.text)
		if err != nil {
			return edition, &config.Error{File: choice.from, Key: choice.key, Err: err}
		}
		return edition, nil
	}
	if above != nil {
		return above.edition, nil
	}
	return rules.Newest, nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
