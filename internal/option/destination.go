package option

// destination are the options that say where the image goes and what it is called.
func destination() []Option {
	return []Option{
		{
			Name: "images", Group: Jobs, Kind: KindLines, Address: true,
			Unset: "`ghcr.io/OWNER/REPOSITORY`, or `containers.HOSTNAME/OWNER/REPOSITORY` on GitHub Enterprise Server",
			Help:  "image names without tags, `NAME` or `name=NAME,enable=true`",
			See:   "[tags](tags.md)",
			Input: &Input{Forges: GitHub | GitLab, Unset: "the project's registry",
				Discover: "image names without tags, to which the app's name is added, or which have it in place of {name}"},
		},
		{
			Name: "tags", Group: Jobs, Kind: KindLines, Unset: "the branch, the tag with `latest`, or `nightly` for schedules",
			Help:  "rules of docker/metadata-action such as `type=semver,pattern={{version}}`, tags, or full references",
			See:   "[tags](tags.md)",
			Input: everywhere,
		},
		{
			Name: "flavor", Group: Jobs, Kind: KindLines, Unset: "`latest=auto`",
			Help:  "what rules share, as in docker/metadata-action: `latest=auto`, `prefix=TEXT` and `suffix=TEXT`; `latest=highest` follows the highest version pushed",
			See:   "[tags](tags.md)",
			Input: everywhere,
		},
		{
			Name: "labels", Group: Jobs, Kind: KindLines,
			Help:  "labels `NAME=VALUE` of the image, beside or in place of the Open Container Initiative's, with the templates of tags",
			See:   "[tags](tags.md)",
			Input: everywhere,
		},
		{
			Name: "annotations", Group: Jobs, Kind: KindLines,
			Help:  "annotations `NAME=VALUE` of the image, beside or in place of the Open Container Initiative's, with the templates of tags",
			See:   "[tags](tags.md)",
			Input: everywhere,
		},
		{
			Name: "push", Group: Jobs, Default: "auto", Values: []string{"auto", "true", "false"},
			Help:  "`auto` (default branch, tags and schedules push; pull requests do not), `true` or `false`",
			See:   "[trust](trust.md)",
			Input: everywhere,
		},
		{
			Name: "registry", Group: Jobs, Address: true, Unset: "the platform's own",
			Help:  "registry to log in to with `username` and `password`",
			See:   "[registries](registries.md#logins)",
			Input: &Input{Forges: GitHub | GitLab, GitLab: "registry to log in to with `username` and the variable NPX_PASSWORD"},
		},
		{
			Name: "username", Group: Jobs,
			Help:  "user of the registry",
			Input: everywhere,
		},
		{
			Name: "password", Group: Jobs, Secret: true,
			Help:  "password or token of the registry",
			Input: everywhere,
		},
		{
			Name: "registry-auth", Group: Jobs, Kind: KindLogins, Secret: true,
			Help:  "logins for several registries in place of the inputs above: a YAML list of `registry`, `username` and `password`",
			Input: everywhere,
		},
		{
			Name: "load", Group: Jobs, Kind: KindBool, Default: "false",
			Help:  "load the image into the runner's Docker engine too, for the job's next steps; it is built for that, and not promoted",
			Input: everywhere,
		},
	}
}
