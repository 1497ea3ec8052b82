package option

// images are the options that say how the image is made and what is said about it.
func images() []Option {
	return []Option{
		{
			Name: "reproducible", Group: Builds, Kind: KindBool, Default: "false",
			Help:  "make the same image of the same commit on any builder, with no file newer than the commit; the push takes longer",
			See:   "[reproducible images](images.md#reproducible-images)",
			Flag:  &Flag{Commands: comparing},
			Input: everywhere,
		},
		{
			Name: "sbom", Group: Builds, Suggest: []string{"true", "false"}, Unset: "`true`",
			Help:  "store a bill of materials beside the pushed image, of lockfiles and plan: `true` or `false`",
			See:   "[attestations](attestations.md)",
			Flag:  &Flag{Commands: comparing},
			Input: everywhere,
		},
		{
			Name: "provenance", Group: Builds, Suggest: []string{"mode=min", "mode=max", "true", "false"}, Unset: "`mode=min`, and `false` for reproducible images",
			Help:  "store SLSA provenance beside the pushed image, with the plan: `mode=min`, `mode=max`, `true` or `false`",
			See:   "[attestations](attestations.md)",
			Flag:  &Flag{Commands: comparing},
			Input: everywhere,
		},
	}
}
