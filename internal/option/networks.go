package option

// networks are the options of closed networks and slow registries.
func networks() []Option {
	return []Option{
		{
			Name: "nix-mirror", Group: Builds, Address: true,
			Help:  "base <URL> in place of https://github.com for Nix archives and overlays",
			See:   "[closed networks](registries.md#closed-networks)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "mirror", Group: Builds, Kind: KindLines, Address: true,
			Help:  "`HOST=URL` to take an upstream's archives from, such as nodejs.org=https://mirror.example/node",
			See:   "[closed networks](registries.md#closed-networks)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "nix-substituter", Group: Builds, Kind: KindLines, Address: true,
			Help: "<URL> of a Nix binary cache",
			Flag: &Flag{},
		},
		{
			Name: "nix-public-key", Group: Builds, Kind: KindLines,
			Help: "public <key> that the binary cache's packages are signed with",
			Flag: &Flag{},
		},
		{
			Name: "registry-mirror", Group: Builds, Kind: KindLines, Address: true,
			Help:  "`HOST=MIRROR` to take base images from",
			See:   "[closed networks](registries.md#closed-networks)",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "ca-certificates", Group: Builds,
			Help:  "PEM <file> of certificates to trust in build steps and by the push",
			See:   "[closed networks](registries.md#closed-networks)",
			Flag:  &Flag{Commands: reaching},
			Input: everywhere,
		},
		{
			Name: "insecure-registry", Group: Builds, Kind: KindLines, Address: true,
			Help: "registry <host> to reach by HTTP or with any certificate; loopback ones are",
			Flag: &Flag{Commands: asking},
		},
		{
			Name: "registry-timeout", Group: Builds, Kind: KindTime, Unset: "1m, and 10m for what the builder transfers",
			Help: "give up on a registry that is silent for this <time>",
			Flag: &Flag{},
		},
	}
}
