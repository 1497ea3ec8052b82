package providers

import (
	"fmt"
	"slices"

	"github.com/org/npx-action/internal/lazyregexp"
)

// elixirFileVariables make mix read other files.
var elixirFileVariables = []string{
	"ERL_FLAGS", "ERL_LIBS", "HEX_CONFIG", "HEX_HOME", "MIX_ARCHIVES", "MIX_DEPS_PATH", "MIX_EXS", "MIX_HOME", "MIX_PATH", "MIX_XDG",
}

// mix.exs and the files in config are programs, which every mix task runs. These are parts of a program by which it may
// read other files, take packages from the app or change what the install does, and modules that it may name.
var (
	elixirReaders = lazyregexp.New(`\b(?:Code|File|IO|Port|apply|apps_path|config_path|deps_path|in_umbrella|lockfile|path)\b` +
		`|\b(?:Config\.(?:Provider|Reader)|Mix\.(?:Tasks?|Shell|install)|Path\.wildcard|System\.(?:cmd|shell))\b` +
		`|:(?:code|erlang|file|filelib|os)\.|"(?:deps|local)\.\w+"\s*(?::|=>)|:"(?:deps|local)\.|import_config[ (]+(?:"/|[^\n]*\.\./)`)
	elixirUses    = lazyregexp.New(`\b(?:import|require|use)\s+([\w.]+)`)
	elixirModules = []string{"Config", "Mix.Config", "Mix.Project"}
)

// elixirReader returns the first such part of a program and its line, or "" and 0.
func elixirReader(text string) (part string, line int) {
	if at := elixirReaders.FindStringIndex(text); at != nil {
		return text[at[0]:at[1]], lineAt(text, at[0])
	}
	for _, at := range elixirUses.FindAllStringSubmatchIndex(text, -1) {
		if !slices.Contains(elixirModules, text[at[2]:at[3]]) {
			return text[at[0]:at[1]], lineAt(text, at[0])
		}
	}
	return "", 0
}

// elixirInstallFiles lists what `mix deps.get` reads: mix.exs, the lock, and the settings that mix loads first.
func elixirInstallFiles(app App) (files []string, blocker string, err error) {
	for _, name := range elixirFileVariables {
		if app.Vars[name] != "" {
			return nil, "the variable " + name + " changes which files the install reads", nil
		}
	}
	settings, err := app.Tree.Files("config/*")
	if err != nil {
		return nil, "", err
	}
	programs := append(presentFiles(app, mixFile), settings...)
	for _, name := range programs {
		text, err := app.Tree.Read(name)
		if err != nil {
			return nil, unread(name, err), nil
		}
		if part, line := elixirReader(text); line > 0 {
			return nil, fmt.Sprintf("%s line %d has %.60q and may read files", name, line, part), nil
		}
	}
	files = append(programs, presentFiles(app, mixLock)...)
	slices.Sort(files)
	return files, "", nil
}
