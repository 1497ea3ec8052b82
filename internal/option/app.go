package option

// app are the options that say which app a job is about, and what is planned for it.
func app() []Option {
	return []Option{
		{
			Name: "mode", Group: Jobs, Default: "auto", Values: []string{"auto", "plan", "build", "discover"},
			Help: "`auto` (plan and build), `plan` (build nothing), `build`, or `discover` (set the output `matrix` to the apps of a monorepo)",
			See:  "[monorepos](monorepos.md)",
			Input: &Input{Forges: GitHub | GitLab,
				GitLab: "`auto` (plan and build), `plan` (build nothing), `build`, or `discover` (write the pipeline of a monorepo to npx-apps.yml: see the component discover)"},
		},
		{
			Name: "affected", Group: Jobs, Kind: KindBool, Default: "true",
			Help:  "leave out, in mode discover, the apps that the pull request or push does not change",
			Input: &Input{Forges: GitHub | GitLab, Discover: "leave out the apps that the merge request or push does not change"},
		},
		{
			Name: "context", Group: Jobs, Default: ".",
			Help:  "directory of the app in the checkout",
			Input: &Input{Forges: GitHub | GitLab, Discover: "directory of the apps in the checkout"},
		},
		{
			Name: "name", Group: Jobs, Unset: "its directory",
			Help:  "name of the app in comments, which keeps apps of one directory apart",
			See:   "[monorepos](monorepos.md)",
			Input: everywhere,
		},
		{
			Name: "json-plan", Group: Plans,
			Help: "merge this <JSON> plan over the configuration file and the variables",
			Flag: &Flag{},
		},
		{
			Name: "config", Group: Plans,
			Help:  "read this configuration <file>, relative to the app, instead of `nixpacks.toml` or `nixpacks.json`",
			Flag:  &Flag{Short: "c"},
			Input: everywhere,
		},
		{
			Name: "edition", Group: Plans, Unset: "the newest",
			Help:  "plan by the rules of this <edition>; 1.39 is Nixpacks itself",
			See:   "[editions](editions.md)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "catalogue", Group: Plans,
			Help:  "add the rows of this <file> to the catalogue of versions",
			See:   "[rows of your own](catalogue.md#rows-of-your-own)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "catalogue-date", Group: Plans, Unset: "the newest",
			Help:  "choose versions by the catalogue as it was on this <day>, such as 2026-11-28",
			See:   "[the catalogue](versions.md#which-version-is-given)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "strict-versions", Group: Plans, Kind: KindBool, Default: "false",
			Help:  "end with an error where a version cannot be had exactly, instead of giving a newer patch with a warning",
			See:   "[the catalogue](versions.md#which-version-is-given)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "runtime", Group: Plans, Suggest: []string{"slim", "full"}, Unset: "what the edition says: `slim`",
			Help:  "make the image `slim`, which holds what runs, or `full`, which holds what built it too",
			See:   "[slim images](images.md#slim-images)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "env", Group: Plans, Kind: KindLines,
			Help:    "variables `NAME=VALUE` of the plan and the image, visible in both; `NAME=` is empty, and the job's environment is not read",
			See:     "[secrets](secrets.md)",
			Aliases: []Alias{{"build-args", "docker/build-push-action"}},
			Flag:    &Flag{Short: "e", Help: "declare the variable `NAME=VALUE`, or NAME to take its value from the environment"},
			Input:   everywhere,
		},
	}
}

// plans are the options that change a plan.
func plans() []Option {
	return []Option{
		{
			Name: "pkgs", Group: Plans, Kind: KindWords,
			Help:  "Nix packages to add, or tools as TOOL@VERSION",
			Flag:  &Flag{Short: "p", Help: "add this Nix <package>, or a tool as TOOL@VERSION"},
			Input: everywhere,
		},
		{
			Name: "apt", Group: Plans, Kind: KindWords,
			Help:  "Debian packages to add",
			Flag:  &Flag{Short: "a", Help: "add this apt <package>"},
			Input: everywhere,
		},
		{
			Name: "libs", Group: Plans, Kind: KindWords,
			Help:  "Nix packages whose libraries to add",
			Flag:  &Flag{Help: "add this Nix <library>"},
			Input: everywhere,
		},
		{
			Name: "install-cmd", Group: Plans, Kind: KindCommand,
			Help:  "install with this command in place of the provider's",
			Flag:  &Flag{Short: "i"},
			Input: everywhere,
		},
		{
			Name: "build-cmd", Group: Plans, Kind: KindCommand,
			Help:  "build with this command in place of the provider's",
			Flag:  &Flag{Short: "b"},
			Input: everywhere,
		},
		{
			Name: "start-cmd", Group: Plans, Kind: KindCommand,
			Help:  "start with this command in place of the provider's",
			Flag:  &Flag{Short: "s"},
			Input: everywhere,
		},
		{
			Name: "healthcheck", Group: Plans, Kind: KindCommand,
			Help:  "ask by this command, or by a path as `GET /health`, whether the program is well",
			See:   "[health checks](start.md#health-checks)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "platforms", Group: Plans, Kind: KindWords, Unset: "the runner's own", Suggest: []string{"linux/amd64", "linux/arm64"},
			Help:  "platforms of the image, such as `linux/amd64,linux/arm64`",
			See:   "[platforms](images.md#platforms)",
			Flag:  &Flag{Name: "platform", Once: true, Help: "plan for this `platform`, linux/amd64 or linux/arm64; a build may be for several, separated by commas"},
			Input: everywhere,
		},
	}
}
