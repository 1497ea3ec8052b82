package graph

import (
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
)

const (
	profileFile = Home + "/.profile"

	// closureDir is where steps put packages that a slim image gets, apart from their own file system.
	closureDir = "/run/npx-action/runtime"

	runtimePrefix = "runtime-" // of the expressions that are for run time
)

// runtimeEnv are the variables of Nixpacks' base images that matter at run time (nixpacks-1.39.md 4.3).
var runtimeEnv = []Var{
	{"ENV", "/etc/profile"},
	{"GIT_SSL_CAINFO", certificatesDir + "/ca-certificates.crt"},
	{"LD_LIBRARY_PATH", "/usr/lib"},
	{"NIX_SSL_CERT_FILE", certificatesDir + "/ca-certificates.crt"},
	{"PATH", "/nix/var/nix/profiles/default/bin:/nix/var/nix/profiles/default/sbin:/bin:/sbin:/usr/bin:/usr/sbin"},
	{"USER", "root"},
}

// basePath is PATH in the images of distributions.
const basePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// profileTarget is where a slim image has the profile of the phases. Another user than root has no home with it.
func (b *builder) profileTarget() string {
	if _, _, ok := account(b.startUser()); ok {
		return "/etc/profile.d/npx-action.sh"
	}
	return profileFile
}

// programDirs are where phases put what they build: what the files there refer to is needed to run.
var programDirs = []string{Dir, "/home", "/opt", Home, "/srv", "/usr/local"}

// nixApart is nix for a slim image. One step installs everything, and puts apart what is needed to run: so each package is
// in one layer, be it in the image or not, and the phases stand on both.
func (b *builder) nixApart(files []nix.File) error {
	if len(files) == 0 {
		return nil
	}
	run, err := nix.Expressions(nix.Without(b.plan.Phases, b.plan.Start.WithoutPkgs), b.opt.Nix)
	if err != nil {
		return fromNix(err)
	}
	all := slices.EqualFunc(files, run, func(x, y nix.File) bool { return x.Content == y.Content })
	var mounts []Mount
	add := func(prefix string, list []nix.File) []string {
		var paths []string
		for _, f := range list {
			path := GeneratedDir + "/" + prefix + f.Name
			b.g.Files = append(b.g.Files, File{path, f.Content})
			mounts = append(mounts, Mount{path, Dir + "/" + path})
			paths = append(paths, path)
		}
		return paths
	}
	installed := add("", files)
	var kept []string // nil if all of them run
	if !all {
		kept = append([]string{}, add(runtimePrefix, run)...)
	}
	var names []string
	for _, f := range files {
		include, err := appPaths(at{strings.Join(f.Phases, ", "), "onlyIncludeFiles"}, f.Includes)
		if err != nil {
			return err
		}
		b.copy(Node{Part: Nix}, include)
		names = append(names, f.Name)
	}
	script, err := nix.Split(installed, kept, closureDir, b.opt.Nix)
	if err != nil {
		return fromNix(err)
	}
	b.run(Node{Part: Nix, Name: "install packages of " + strings.Join(names, " ")}, Run{
		Command: script, Mounts: mounts, Output: closureDir,
	})
	b.output(Node{Part: Nix, Name: "packages to run"})
	b.closure = b.top
	b.scan = kept != nil
	return nil
}

// plainPath is a path that is one word of a shell.
var plainPath = lazyregexp.New(`^/[A-Za-z0-9_./+@-]+$`)

// programs are where what is in a slim image may refer to packages: where phases put what they build, or the files of the app that the image holds.
func (b *builder) programs() []string {
	var files []string
	for _, name := range b.plan.Start.OnlyIncludeFiles {
		file := inApp(path.Clean(name))
		if !plainPath.MatchString(file) {
			return programDirs
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return programDirs
	}
	return files
}

// A prune is a phase of which a slim image gets less than the phases after it.
type prune struct {
	phase  string
	after  int // its last node
	cmds   []string
	layers []string // absolute directories that have layers of their own
}

// prune runs the commands of the prunes, each beside the phases that follow, and returns the last node of each.
func (b *builder) prune() []int {
	var pruned []int
	for _, p := range b.prunes {
		b.branch(p.after)
		for _, cmd := range p.cmds {
			b.run(Node{Part: Start}, Run{Command: cmd, Tidy: b.tidy})
		}
		pruned = append(pruned, b.top)
	}
	return pruned
}

// branch continues on top of an earlier node.
func (b *builder) branch(of int) {
	n := b.g.Nodes[of]
	b.add(Node{Part: Start, Name: "beside " + n.Name, Op: Branch{of}})
}

// output adds the output of the run before.
func (b *builder) output(n Node) {
	n.Op = RunOutput{b.top}
	b.add(n)
}

// runtime adds the stage of a slim image: a small base with the packages that run, and what the phases wrote.
func (b *builder) runtime() error {
	base, built := b.g.Base, b.top
	if again, ok := b.g.Nodes[built].Op.(Branch); ok {
		built = again.Of
	}
	if b.plan.Start.Base != nil {
		return b.staticImage(built)
	}
	var references []int
	if b.scan {
		references = append(references, b.references(built, b.programs(), "built programs need"))
		for _, a := range b.beside {
			references = append(references, b.references(a.last, a.layers, "phase "+a.phase+" needs"))
		}
	}
	opened, processes := b.open(built), b.processes()
	pruned := b.prune()
	b.branch(base)
	b.profile()
	profile := b.top
	b.image(Start, b.plan.SlimBase())
	b.user()
	b.add(Node{Part: Start, Name: "set variables", Op: Env{On: b.top, Vars: b.runtimeVars()}})
	b.add(Node{Part: Start, Name: "copy certificates and time zones", Op: Copy{
		On: b.top, From: Stage, Stage: base, Paths: []Path{{certificatesDir, certificatesDir}, {zonesDir, zonesDir}}, Apart: true,
	}})
	b.add(Node{Part: Start, Name: "copy the login profile", Op: Copy{
		On: b.top, From: Stage, Stage: profile, Paths: []Path{{"/etc/profile", "/etc/profile"}, {profileFile, b.profileTarget()}}, Apart: true,
	}})
	if b.aptList != "" {
		b.run(Node{Part: Start, Name: "install " + b.aptList}, Run{Command: aptCommand("", b.aptList)})
	}
	if len(b.plan.StaticAssets) > 0 {
		b.add(Node{Part: Start, Name: "copy static assets", Op: Copy{
			On: b.top, From: Generated, Paths: []Path{{assetsDir, assetsTarget}}, Apart: true,
		}})
	}
	for _, r := range b.atRunTime() {
		b.add(Node{Part: Start, Name: "add " + r.ID(), Op: AddDiff{On: b.top, From: r.node}})
	}
	if b.closure != 0 {
		b.add(Node{Part: Start, Name: "add packages to run", Op: AddDiff{On: b.top, From: b.closure}})
	}
	for _, r := range references {
		b.add(Node{Part: Start, Name: "add " + b.g.Nodes[r].Name, Op: AddDiff{On: b.top, From: r}})
	}
	for _, a := range b.beside {
		b.addAside(a)
	}
	if files := b.plan.Start.OnlyIncludeFiles; len(files) > 0 {
		if err := b.appFiles(built, files); err != nil {
			return err
		}
	} else {
		b.written(built, pruned)
	}
	b.opened(opened)
	b.withProcesses(processes)
	return nil
}

// references finds the packages that files in directories of a node refer to, and returns the node that holds the packages.
func (b *builder) references(node int, dirs []string, who string) int {
	b.branch(node)
	b.run(Node{Part: Start, Name: "find the packages that " + who}, Run{Command: nix.References(dirs, closureDir), Output: closureDir})
	b.output(Node{Part: Start, Name: "packages that " + who})
	return b.top
}

// written adds to a slim image what the phases wrote, and the app.
func (b *builder) written(built int, pruned []int) {
	since := b.g.AfterPackages
	for i, p := range b.prunes {
		b.layersOf(p.phase, pruned[i], p.layers) // first, as what follows says whose the directories above them are
		b.add(Node{Part: Start, Name: "add what phase " + p.phase + " leaves", Op: AddDiff{On: b.top, From: pruned[i], Since: since, Flat: true, Without: p.layers}})
		since = p.after
	}
	if built != since {
		b.add(Node{Part: Start, Name: "add what the phases wrote", Op: AddDiff{On: b.top, From: built, Since: since}})
	}
	if b.g.Apart = !b.whole; b.g.Apart {
		b.add(Node{Part: Start, Name: "copy the app", Op: Copy{On: b.top, From: App, Paths: []Path{{".", Dir}}, Apart: true}})
	}
}

// appFiles copies files of the app, as the phases have left them, from another stage.
func (b *builder) appFiles(built int, files []string) error {
	include, err := appPaths(at{"", "start.onlyIncludeFiles"}, files)
	if err != nil {
		return err
	}
	paths := []Path{{Dir, Dir}}
	name := "copy the app"
	if len(include) > 0 {
		paths = nil
		name = "copy " + oneLine(strings.Join(include, " "))
	}
	for _, f := range include {
		paths = append(paths, Path{inApp(f), inApp(f)})
	}
	b.add(Node{Name: name, Part: Start, Op: Copy{On: b.top, From: Stage, Stage: built, Paths: paths}})
	return nil
}

// runtimeVars are the variables of a slim image, sorted by name: the build image's and the plan's.
func (b *builder) runtimeVars() []Var {
	all := map[string]string{"PATH": basePath}
	if b.plan.BuildTools == nil {
		for _, v := range runtimeEnv {
			all[v.Name] = v.Value
		}
	}
	all["PATH"] = searchPath(bin(b.atRunTime()), all["PATH"])
	return b.startVars(all)
}

// startVars are the variables of a base, sorted by name, with what the image's user and the plan say in front.
func (b *builder) startVars(all map[string]string) []Var {
	if _, _, ok := account(b.startUser()); ok {
		for _, v := range accountVars() {
			all[v.Name] = v.Value
		}
	}
	for name, value := range b.plan.Variables {
		all[name] = value
	}
	if b.path != "" {
		all[pathVariable] = b.path
		all["PATH"] = searchPath([]string{b.path}, all["PATH"]) // as the profile does for login shells
	}
	if len(b.plan.Start.Processes) > 0 {
		all["PATH"] += ":" + processDir
	}
	var vars []Var
	for name, value := range plan.Sorted(all) {
		vars = append(vars, Var{name, value})
	}
	return vars
}
