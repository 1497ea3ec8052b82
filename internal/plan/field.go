package plan

// A field is one key of a T. The tables below are all that the codecs, merging, pinning, [Text] and [Diff] know
// of the fields, so a new field is one line here.
type field[T any] struct {
	key   string // in JSON and TOML
	alias string // also accepted when reading, "" if there is none
	label string // of one element, for people

	// Exactly one of these is set.
	text func(*T) **string
	list func(*T) *[]string
	dict func(*T) *map[string]string
}

// In the order in which they are printed (specification 1.1). The keys phases and start follow.
var planFields = []field[Plan]{
	{key: "edition", label: "edition", text: func(p *Plan) **string { return &p.Edition }},
	{key: "providers", label: "provider", list: func(p *Plan) *[]string { return &p.Providers }},
	{key: "buildImage", label: "build image", text: func(p *Plan) **string { return &p.BuildImage }},
	{key: "variables", label: "variable", dict: func(p *Plan) *map[string]string { return &p.Variables }},
	{key: "staticAssets", label: labelAsset, dict: func(p *Plan) *map[string]string { return &p.StaticAssets }},
}

var phaseFields = []field[Phase]{
	{key: "dependsOn", label: "after", list: func(p *Phase) *[]string { return &p.DependsOn }},
	{key: "nixPkgs", alias: "nixPackages", label: "nix", list: func(p *Phase) *[]string { return &p.NixPkgs }},
	{key: "nixLibs", alias: "nixLibraries", label: "nix-lib", list: func(p *Phase) *[]string { return &p.NixLibs }},
	{key: "nixOverlays", label: "nix-overlay", list: func(p *Phase) *[]string { return &p.NixOverlays }},
	{key: "nixpkgsArchive", label: "nixpkgs", text: func(p *Phase) **string { return &p.NixpkgsArchive }},
	{key: "aptPkgs", alias: "aptPackages", label: "apt", list: func(p *Phase) *[]string { return &p.AptPkgs }},
	{key: "cmds", alias: "commands", label: "cmd", list: func(p *Phase) *[]string { return &p.Cmds }},
	{key: keyFiles, label: "file", list: func(p *Phase) *[]string { return &p.OnlyIncludeFiles }},
	{key: "cacheDirectories", label: "cache", list: func(p *Phase) *[]string { return &p.CacheDirectories }},
	{key: "paths", alias: "envPaths", label: "path", list: func(p *Phase) *[]string { return &p.Paths }},
}

var startFields = []field[Start]{
	{key: "cmd", label: "cmd", text: func(s *Start) **string { return &s.Cmd }},
	{key: "runImage", label: "run image", text: func(s *Start) **string { return &s.RunImage }},
	{key: keyFiles, label: "file", list: func(s *Start) *[]string { return &s.OnlyIncludeFiles }},
	{key: "user", label: "user", text: func(s *Start) **string { return &s.User }},
}

const (
	keyPhases = "phases"
	keyStart  = "start"
	keyFiles  = "onlyIncludeFiles" // the one list whose absence means everything

	labelAsset = "asset" // printed by size and hash
)
