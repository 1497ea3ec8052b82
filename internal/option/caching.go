package option

// caching are the options of what is kept from one build to the next.
func caching() []Option {
	return []Option{
		{
			Name: "no-cache", Group: Builds, Kind: KindBool, Default: "false",
			Help:  "run each step anew, without cache mounts",
			Flag:  &Flag{},
			Input: everywhere,
		},
		{
			Name: "cache-from", Group: Builds, Kind: KindLines, Address: true,
			Help:  "further images that hold caches, `NAME` or `type=registry,ref=NAME`",
			Flag:  &Flag{Help: "take steps from the cache in this <image> too"},
			Input: everywhere,
		},
		{
			Name: "cache", Group: Jobs, Kind: KindBool, Default: "true",
			Help:  "use the registry cache keyed by the lockfiles",
			See:   "[cache](caching.md#the-layer-cache)",
			Input: everywhere,
		},
		{
			Name: "cache-ref", Group: Builds, Address: true, Unset: "`IMAGE/cache`",
			Help:    "repository of the cache, optionally with `:PREFIX` for its tags",
			Aliases: []Alias{{"cache_tag", "the action github-action-nixpacks"}},
			Flag:    &Flag{Help: "<repository> of the lockfile-keyed cache, optionally with :PREFIX for its tags"},
			Input:   everywhere,
		},
		{
			Name: "cache-write", Group: Builds, Default: "auto", Values: []string{"auto", "always", "never"},
			Help:  "`auto` (default branch and tags write), `always` (pull requests of this repository too) or `never`",
			See:   "[trust](trust.md)",
			Flag:  &Flag{Commands: comparing, Help: "whether to write that cache: `auto`, always or never"},
			Input: everywhere,
		},
		{
			Name: "cache-key", Group: Builds,
			Help: "begin the names of cache mounts with this <text>, which keeps apps apart on a shared BuildKit",
			Flag: &Flag{},
		},
		{
			Name: "promote", Group: Builds, Default: "auto", Values: []string{"auto", "never"},
			Help:  "push an image of the same content that the registry has, instead of building: `auto` or `never`",
			See:   "[build once, promote](caching.md#build-once-promote)",
			Flag:  &Flag{Commands: comparing},
			Input: everywhere,
		},
		{
			Name: "smoke", Group: Builds, Topic: Imaging, Default: "auto", Values: []string{"auto", "always", "never"},
			Help:  "start the image before it is pushed: `auto` (a slim one with new packages or dependencies), `always` or `never`",
			See:   "[slim images](images.md#slim-images)",
			Flag:  &Flag{Commands: comparing},
			Input: everywhere,
		},
		{
			Name: "step-network", Group: Jobs, Default: "auto", Values: []string{"auto", "shared"},
			Help:  "network of build steps: `auto` (their own where the builder can, and no other for foreign code) or `shared` (the machine's, for all code)",
			See:   "[networks](networks.md)",
			Input: everywhere,
		},
		{
			Name: "package-cache", Group: Builds, Default: "auto", Values: []string{"auto", "registry", "mount", "off"},
			Help:  "where to keep cache directories: `registry` (beside the layer cache), `mount` (on the builder), `auto` (registry if the builder starts empty) or `off`",
			See:   "[package caches](caching.md#package-caches)",
			Flag:  &Flag{Commands: comparing},
			Input: everywhere,
		},
		{
			Name: "package-cache-skip", Group: Builds, Kind: KindLines,
			Help:  "cache directories to leave to the builder",
			Flag:  &Flag{Commands: comparing, Help: "leave this cache <directory> to the builder"},
			Input: everywhere,
		},
		{
			Name: "package-cache-limit", Group: Builds, Default: "1GiB",
			Help:  "keep no directory in the registry that is larger than this <size>, compressed",
			Flag:  &Flag{Commands: comparing},
			Input: everywhere,
		},
	}
}
