package plan

// A field is one key of a T. The tables below are all that the codecs, the schemas, merging, pinning, [Text] and
// [Diff] know of the fields, so a new field is one line here.
type field[T any] struct {
	key   string // in JSON and TOML
	alias string // also accepted when reading, "" if there is none
	label string // of one element, for people
	about string // what it is, for the schema

	// Exactly one of these is set.
	text func(*T) **string
	list func(*T) *[]string
	dict func(*T) *map[string]string
}

// In the order in which they are printed (nixpacks-1.39.md 1.1). The keys phases and start follow.
var planFields = []field[Plan]{
	{key: "edition", label: "edition",
		about: "The rules that the plan is made by; 1.39 is Nixpacks itself. The newest edition is the default.",
		text:  func(p *Plan) **string { return &p.Edition }},
	{key: "providers", label: "provider",
		about: "The languages to plan for, in place of the detected ones. \"...\" and \"@auto\" stand for these.",
		list:  func(p *Plan) *[]string { return &p.Providers }},
	{key: "buildImage", label: "build image",
		about: "The image that every phase runs on.",
		text:  func(p *Plan) **string { return &p.BuildImage }},
	{key: "buildTools", label: "build tools",
		about: "An image whose files are on top of the build image in every phase, such as git and curl. A slim image then starts from the build image, without them.",
		text:  func(p *Plan) **string { return &p.BuildTools }},
	{key: "variables", label: "variable",
		about: "Environment variables of every phase and of the image. NIXPACKS_ variables here are options of the providers.",
		dict:  func(p *Plan) *map[string]string { return &p.Variables }},
	{key: "staticAssets", label: labelAsset,
		about: "Files to write below /assets, by name.",
		dict:  func(p *Plan) *map[string]string { return &p.StaticAssets }},
}

var phaseFields = []field[Phase]{
	{key: "dependsOn", label: "after",
		about: "The phases that run before this one.",
		list:  func(p *Phase) *[]string { return &p.DependsOn }},
	{key: "nixPkgs", alias: "nixPackages", label: "nix",
		about: "Nix packages to install, each an expression, or TOOL@VERSION such as nodejs@22.14.0 in the newest edition.",
		list:  func(p *Phase) *[]string { return &p.NixPkgs }},
	{key: "nixLibs", alias: "nixLibraries", label: "nix-lib",
		about: "Nix packages whose libraries are found through LD_LIBRARY_PATH.",
		list:  func(p *Phase) *[]string { return &p.NixLibs }},
	{key: "nixOverlays", label: "nix-overlay",
		about: "URLs of tarballs with Nix overlays, each perhaps with # and the hash of its tree, sha256-BASE64.",
		list:  func(p *Phase) *[]string { return &p.NixOverlays }},
	{key: "nixpkgsArchive", label: "nixpkgs",
		about: "The commit of nixpkgs that the packages come from.",
		text:  func(p *Phase) **string { return &p.NixpkgsArchive }},
	{key: "aptPkgs", alias: "aptPackages", label: "apt",
		about: "Debian packages to install.",
		list:  func(p *Phase) *[]string { return &p.AptPkgs }},
	{key: "cmds", alias: "commands", label: "cmd",
		about: "Shell commands to run in /app, one after the other.",
		list:  func(p *Phase) *[]string { return &p.Cmds }},
	{key: keyFiles, label: "file",
		about: "The app's files to copy before the commands. Without it all are copied; an empty list copies none.",
		list:  func(p *Phase) *[]string { return &p.OnlyIncludeFiles }},
	{key: "cacheDirectories", label: "cache",
		about: "Directories to keep between builds: absolute, below ~, or relative to /app.",
		list:  func(p *Phase) *[]string { return &p.CacheDirectories }},
	{key: "paths", alias: "envPaths", label: "path",
		about: "Directories to put in front of PATH, in the phase and in the image.",
		list:  func(p *Phase) *[]string { return &p.Paths }},
	{key: "releases", label: "release",
		about: "Releases that an upstream has built, to unpack into the Nix store: NAME@VERSION PLATFORM URL HASH, with strip=N, into=DIR, file=PATH, link=PATH:TARGET and path=DIR.",
		list:  func(p *Phase) *[]string { return &p.Releases }},
	{key: "secrets", label: "secret",
		about: "Names of secrets that the commands get as environment variables. Their values are given with --secret and are in no image.",
		list:  func(p *Phase) *[]string { return &p.Secrets }},
	{key: "pruneCmds", label: "prune",
		about: "Shell commands that remove what the phase made and only later phases need, such as development dependencies. They make what a slim image gets of the phase.",
		list:  func(p *Phase) *[]string { return &p.PruneCmds }},
	{key: "layers", label: "layer",
		about: "Directories that the phase writes, below /app or absolute. A slim image has each in a layer of its own, which is stored and pushed again only where its files change. A phase that sees no file of the app, and that no phase depends on, then runs beside the others.",
		list:  func(p *Phase) *[]string { return &p.Layers }},
}

var startFields = []field[Start]{
	{key: "cmd", label: "cmd",
		about: "The shell command that starts the app.",
		text:  func(s *Start) **string { return &s.Cmd }},
	{key: "runImage", label: "run image",
		about: "The image that the app runs on, if it is not the build image. It gets the files of the app and no packages.",
		text:  func(s *Start) **string { return &s.RunImage }},
	{key: keyFiles, label: "file",
		about: "The files of /app to copy into the run image or the slim image. Without it all of /app is.",
		list:  func(s *Start) *[]string { return &s.OnlyIncludeFiles }},
	{key: "user", label: "user",
		about: "The user that the app runs as, by name or by number; it is created. root is the user of the image.",
		text:  func(s *Start) **string { return &s.User }},
	{key: "runtime", label: "runtime",
		about: "slim: the image is a small base with the packages that are needed to run. full: it is the build image, as in Nixpacks.",
		text:  func(s *Start) **string { return &s.Runtime }},
	{key: "withoutPkgs", label: "without",
		about: "The Nix packages and the releases, as NAME@VERSION, of the phases that only build; node@VERSION/npm is npm and the headers of Node. A slim image has of them what the app's files refer to.",
		list:  func(s *Start) *[]string { return &s.WithoutPkgs }},
	{key: "writable", label: "writable",
		about: "Directories that the app writes, below /app or absolute. They belong to the user, where all else belongs to root.",
		list:  func(s *Start) *[]string { return &s.Writable }},
	{key: "base", label: "base",
		about: "What a slim image stands on: static is certificates, time zones and accounts, for one program without libraries. Without it, a small base of the distribution.",
		text:  func(s *Start) **string { return &s.Base }},
	{key: "init", label: "init",
		about: "The release, as NAME@VERSION, whose program is the first process of a slim image and hands signals on; none for the app's program itself.",
		text:  func(s *Start) **string { return &s.Init }},
	{key: "healthcheck", label: "healthcheck",
		about: "How an engine asks whether the program is well: by a path, as in GET /health, or by a command that ends with 0.",
		text:  func(s *Start) **string { return &s.Healthcheck }},
	{key: "processes", label: labelProcess, // last, as it is a table of its own in TOML
		about: "Other commands that the image can start, by name, such as worker. Each is a label, and a program of a slim image: docker run IMAGE worker.",
		dict:  func(s *Start) *map[string]string { return &s.Processes }},
}

const (
	keyPhases = "phases"
	keyStart  = "start"
	keyApps   = "apps"             // of a document: the apps of a repository, which are not part of a plan; read by discovery
	keySchema = "$schema"          // of a document: where its schema is, for editors; read and forgotten
	keyName   = "name"             // of a phase; read and forgotten, as a phase's name is its key
	keyFiles  = "onlyIncludeFiles" // the one list whose absence means everything

	labelAsset   = "asset" // printed by size and hash
	labelProcess = "process"
)
