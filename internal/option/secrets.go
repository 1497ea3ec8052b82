package option

// secrets are the options that hand secrets to the phases that ask for them.
func secrets() []Option {
	return []Option{
		{
			Name: "secrets", Group: Jobs, Kind: KindPairs, Secret: true,
			Help:  "secrets for phases that ask, one `NAME=VALUE` a line, or in double quotes with line breaks",
			See:   "[secrets](secrets.md)",
			Input: everywhere,
		},
		{
			Name: "secret-envs", Group: Jobs, Kind: KindLines,
			Help: "secrets from variables of the step, `NAME=VARIABLE`",
			See:  "[secrets](secrets.md)",
			Input: &Input{Forges: GitHub | GitLab,
				GitLab: "secrets of phases that ask for them, from CI/CD variables, `NAME=VARIABLE`; they are in no image, cache or log"},
		},
		{
			Name: "secret-files", Group: Jobs, Kind: KindLines,
			Help: "secrets from files of the workspace, `NAME=FILE`",
			See:  "[secrets](secrets.md)",
			Input: &Input{Forges: GitHub | GitLab,
				GitLab: "secrets from CI/CD variables of type file, or from other files, `NAME=FILE`"},
		},
		{
			Name: "secret", Group: Builds, Kind: KindLines, Unset: "env=NAME",
			Help: "secret `id=NAME` for the phases that ask for it, with `env=VARIABLE` or `src=FILE`",
			Flag: &Flag{},
		},
	}
}
