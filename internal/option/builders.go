package option

// builders are the options that say on which BuildKit to build.
func builders() []Option {
	return []Option{
		{
			Name: "buildkit-host", Group: Builds, Kind: KindLines, Address: true, Unset: "one that is started for the job",
			Help: "address of a BuildKit, such as `tcp://buildkit:1234`, or one for each platform as `linux/arm64=ADDRESS`",
			See:  "[builder](builders.md)",
			Flag: &Flag{Commands: reaching, Help: "build on the BuildKit at this <address>: {addresses}; or for one platform, as PLATFORM=ADDRESS",
				Unset: "$BUILDKIT_HOST, else --route"},
			Input: &Input{Forges: GitHub | GitLab,
				GitLab: "address of a BuildKit, such as `tcp://buildkit:1234`, or one for each platform as `linux/arm64=ADDRESS`; to start one, a job needs a privileged runner"},
		},
		{
			Name: "builder", Group: Jobs, Address: true,
			Help:  "name of a builder of buildx, such as the output `name` of docker/setup-buildx-action, or an address",
			See:   "[builder](builders.md)",
			Input: &Input{Forges: GitHub | GitLab, GitLab: "name of a builder of buildx in the Docker engine, or an address"},
		},
		{
			Name: "buildkit-ca", Group: Builds,
			Help: "PEM <file> of the authority of a tcp address",
			Flag: &Flag{Commands: reaching},
		},
		{
			Name: "buildkit-cert", Group: Builds,
			Help: "PEM <file> of the client certificate for a tcp address",
			Flag: &Flag{Commands: reaching},
		},
		{
			Name: "buildkit-key", Group: Builds,
			Help: "PEM <file> of its key",
			Flag: &Flag{Commands: reaching},
		},
		{
			Name: "route", Group: Builds, Default: "auto",
			Help: "find a BuildKit this <way>: auto for the first that works of {routes}; see doctor",
			Flag: &Flag{Commands: reaching},
		},
		{
			Name: "builder-image", Group: Builds, Address: true, Unset: "{image}",
			Help: "start a BuildKit in a container of this <image>",
			Flag: &Flag{Commands: reaching},
		},
		{
			Name: "builder-dir", Group: Builds, Unset: "$NPX_BUILDER_DIR, else one for the user, and a temporary one in CI",
			Help: "keep the started BuildKit's state in this <directory>",
			Flag: &Flag{Commands: reaching},
		},
		{
			Name: "add-hosts", Group: Builds, Kind: KindWords, Address: true,
			Help:  "`NAME:ADDRESS` that build steps know",
			Flag:  &Flag{Name: "add-host", Commands: building},
			Input: everywhere,
		},
		{
			Name: "progress", Group: Builds, Default: "auto", Values: []string{"auto", "plain", "tty", "quiet"},
			Help: "show the build as `auto`, plain, tty or quiet",
			Flag: &Flag{},
		},
	}
}
