package providers

import "cmp"

type tsConfig struct {
	Extends *string   `json:"extends"`
	Options tsOptions `json:"compilerOptions"`
}

type tsOptions struct {
	Incremental   *bool   `json:"incremental"`
	OutDir        *string `json:"outDir"`
	BuildInfoFile *string `json:"tsBuildInfoFile"`
}

// tsBuildInfo returns the file in which incremental TypeScript builds keep their state, if it is part of
// the source; else "". A tsconfig.json that is not strict JSON is as none, and what it extends is read
// relative to the root: so does Nixpacks 1.39.
func (n *nodeApp) tsBuildInfo() string {
	c := n.readTSConfig("tsconfig.json")
	if c.Extends != nil {
		base := n.readTSConfig(*c.Extends)
		c.Options = tsOptions{
			Incremental:   cmp.Or(c.Options.Incremental, base.Options.Incremental),
			OutDir:        cmp.Or(c.Options.OutDir, base.Options.OutDir),
			BuildInfoFile: cmp.Or(c.Options.BuildInfoFile, base.Options.BuildInfoFile),
		}
	}
	if o := c.Options; o.Incremental != nil && *o.Incremental {
		if name := o.buildInfo(); n.Tree.HasFile(name) {
			return name
		}
	}
	return ""
}

func (n *nodeApp) readTSConfig(name string) tsConfig {
	var c tsConfig
	if err := n.Tree.JSON(name, &c); err != nil {
		return tsConfig{}
	}
	return c
}

func (o tsOptions) buildInfo() string {
	switch {
	case o.BuildInfoFile != nil:
		return *o.BuildInfoFile
	case o.OutDir != nil:
		return *o.OutDir + "/tsconfig.tsbuildinfo"
	}
	return "tsconfig.tsbuildinfo"
}
