// Package graph turns a plan into a build graph: what runs on what, with which files.
//
// A graph is plain data that two back ends print: package lower as LLB, package dockerfile as a
// Dockerfile. Everything that makes both images equal is decided here, nothing in the back ends.
package graph

import (
	"slices"
	"strings"
)

// Home is the home directory of every step, and Dir the directory that it starts in: the app's.
const (
	Home = "/root"
	Dir  = "/app"
)

// Shell returns the arguments that come before a step's script: the shell of Nixpacks' base image, a login shell,
// so that it reads the profile and finds what Nix installed.
func Shell() []string { return []string{"/bin/bash", "-ol", "pipefail", "-c"} }

// A Graph is a list of nodes in an order in which they can run. Equal plans give equal graphs.
type Graph struct {
	Nodes         []Node
	Image         int      // index of the node whose file system is the image
	Base          int      // index of the node that all packages and phases stand on: the build image, with its tools
	AfterPhases   int      // index of the node that the phases have made; Image stands on it unless the image is another stage
	AfterPackages int      // index of the node with all packages, and nothing of the app but what they are made of
	Apart         bool     // the app is in Image and not whole in AfterPhases, as no phase needs all of it
	Config        Config   // of the image
	Files         []File   // generated files, sorted by path: the second build context
	Ignore        []string // patterns, in .dockerignore syntax, of app files that never enter the build
}

// A Node is one step. Nodes refer to others by index, always a lower one.
//
// The nodes of a stage, in their order and without Merge, are also a correct sequence: each may then run on top of the
// one before it, whatever its On says, because nodes with different On touch different files. A Release is no part of a sequence: a
// Copy or an AddDiff brings it in, or the Merge.
type Node struct {
	Name  string // on one line, for progress and for reports, such as "npm ci"
	Part  Part   // of the build
	Phase string // its name, if Part is Phase
	Op    Op
}

// A Part is what a node is there for.
type Part string

// The parts of a build, in their order.
const (
	Base      Part = "base"
	Nix       Part = "nix"
	Tools     Part = "tools"
	Apt       Part = "apt"
	Assets    Part = "assets"
	Variables Part = "variables"
	Phase     Part = "phase"
	Profile   Part = "profile"
	Start     Part = "start"
)

// Tag names the node's phase or part, such as "install" or "nix".
func (n Node) Tag() string {
	if n.Part == Phase {
		return n.Phase
	}
	return string(n.Part)
}

// An Op is one of Image, Branch, Run, RunOutput, Release, Copy, Env, Merge and AddDiff.
type Op interface{ op() }

// Image starts a stage from an image. Dir exists in it and is the working directory, with mode 0755 and of the image's
// user if it had to be made. Of the image's configuration everything holds but its entry point and command.
type Image struct {
	Ref    string // as in the plan
	Pinned string // repository@digest, "" before [Graph.Pin]
	Config []byte // the image's OCI configuration as JSON, nil before [Graph.Pin]
	Apart  bool   // it starts no stage: its files are a file system of their own, for an [AddDiff]
}

// Branch is the file system of Of once more: what stands on it is beside what stands on Of.
type Branch struct{ Of int }

// Run runs Command by [Shell], in Dir.
type Run struct {
	On           int
	Command      string
	Caches       []Cache // sorted by target
	Mounts       []Mount
	Reproducible bool   // set the variables by which programs leave out time and chance
	Tidy         bool   // set those by which they leave no caches in the file system
	Certificates bool   // mount the secrets [Certificates] and [TrustStore], and make programs trust them
	Offline      bool   // no network but its own loopback
	Output       string // absolute path of a directory whose content is apart from the file system, see [RunOutput]; "" for none

	Variables   []string // names of secrets that are environment variables of this step alone, sorted
	Fingerprint string   // of the values of these, "" if they are not known
}

// RunOutput is what a Run left in the directory that it has as its Output, as a file system of its own.
type RunOutput struct{ Of int }

// Copy copies files into the file system of On. Files from a context belong to root, those from a stage to whom they
// belong there. A missing file is an error.
type Copy struct {
	On    int
	From  Origin
	Stage int    // the node to copy from, if From is Stage
	Paths []Path // in order
	Apart bool   // depend on nothing in On: no file there is a link on the way to a target, so that the copy is made without On
}

// Env sets variables for the nodes above it and, in the output's chain, for the image. Sorted by name.
type Env struct {
	On   int
	Vars []Var
	Path []string // directories that come in front of what PATH holds
}

// Merge is Base with what each of Layers added to it. The layers start from Base and do not touch the same files,
// so the order does not matter and they may run side by side. A layer may also be a Release. A RunOutput may be one too, and the layer of its
// Run follows it.
type Merge struct {
	Base   int
	Layers []int
}

// AddDiff is the file system of On with what the nodes after Since up to From have written. If From is a RunOutput, a Release or an Image that
// is apart, it is all of that, and Since has no meaning.
type AddDiff struct {
	On    int
	From  int
	Since int
	Flat  bool // in one layer, without what later nodes have removed

	Without []string // absolute directories that it leaves out, sorted; only if it is Flat
}

func (Image) op()     {}
func (Branch) op()    {}
func (Run) op()       {}
func (Copy) op()      {}
func (Env) op()       {}
func (Merge) op()     {}
func (RunOutput) op() {}
func (AddDiff) op()   {}

// Origin tells where a Copy takes its files from.
type Origin int

// The origins of files.
const (
	App       Origin = iota // the app's source, less Graph.Ignore
	Generated               // Graph.Files
	Stage                   // another node's file system
)

// A Path is one source of a Copy, and where it goes: a file becomes To, a directory's content goes into To. Parents of
// To are made with mode 0755. Both are slash-separated and clean, and no character has a special meaning.
type Path struct {
	From string // below the context's root; "." is all of it; absolute for Stage
	To   string // absolute
}

// A Cache is a directory that the builder keeps between builds. Steps may use it at the same time. It is in no image.
type Cache struct {
	ID     string
	Target string // absolute
}

// A Mount makes one generated file readable during a step. It is in no image.
type Mount struct {
	From string // path of one of Graph.Files
	To   string // absolute
}

// Command is the command of the image.
func (c Config) Command() []string { return slices.Concat(c.Init, c.Cmd) }

// A Var is one variable. The value is literal.
type Var struct{ Name, Value string }

// A File is a generated file, mode 0644, in directories of mode 0755.
type File struct{ Path, Content string }

// Config is the image's configuration, on top of the configuration of the last stage's image.
type Config struct {
	Entrypoint []string
	Init       []string // the first process, which starts Cmd; nil if Cmd is that
	Cmd        []string // nil if the plan has no start command
	WorkDir    string
	User       string   // "" is the user of the last stage's image
	Writable   []string // absolute directories that the program writes, sorted; nil if it may write all
	Ports      []string // that the program listens on, such as 3000/tcp
	Health     []string // the command by which an engine asks whether the program is well; nil for none
	StopSignal string   // by which the program ends well; "" is SIGTERM
	Labels     []Var    // sorted by name
}

// trust sets, for the step alone, the variables by which OpenSSL, Node.js, pip, requests, Nix, curl, Cargo, Git and Deno
// find their bundle, and Java its store.
var trust = "test ! -s " + Certificates.Target + " || export " +
	"{SSL_CERT_FILE,NODE_EXTRA_CA_CERTS,PIP_CERT,REQUESTS_CA_BUNDLE,NIX_SSL_CERT_FILE," +
	"CURL_CA_BUNDLE,CARGO_HTTP_CAINFO,GIT_SSL_CAINFO,DENO_CERT}=" + Certificates.Target + "; " +
	"test ! -s " + TrustStore.Target + " || export " +
	`JAVA_TOOL_OPTIONS="${JAVA_TOOL_OPTIONS:+$JAVA_TOOL_OPTIONS }-Djavax.net.ssl.trustStore=` + TrustStore.Target + `"; `

// Script returns what [Shell] runs: Command and what has to come before it.
func (r Run) Script() string {
	script := r.Command
	if r.Certificates {
		script = trust + script
	}
	switch {
	case r.Reproducible:
		script = dated + script
	case r.Tidy:
		script = tidy + script
	}
	return script
}

// Args returns the step's whole argument list.
func (r Run) Args() []string { return append(Shell(), r.Script()) }

// On returns the index of the node below node i, or -1 if that is an Image, a RunOutput or a Release.
func (g *Graph) On(i int) int {
	switch op := g.Nodes[i].Op.(type) {
	case Run:
		return op.On
	case Copy:
		return op.On
	case Env:
		return op.On
	case Merge:
		return op.Base
	case AddDiff:
		return op.On
	case Branch:
		return op.Of
	default:
		return -1
	}
}

// IsApart reports whether node i is a [RunOutput], a [Release] or an [Image] that is apart. Each is a file system of its own, and all of it is a
// layer where it is used.
func (g *Graph) IsApart(i int) bool {
	switch op := g.Nodes[i].Op.(type) {
	case RunOutput, Release:
		return true
	case Image:
		return op.Apart
	}
	return false
}

// StageOf returns the index of the Image, RunOutput or Release that node i stands on.
func (g *Graph) StageOf(i int) int {
	for on := g.On(i); on >= 0; on = g.On(i) {
		i = on
	}
	return i
}

// After returns the index of the last node of a phase, such as "install", and whether it has one.
func (g *Graph) After(phase string) (int, bool) {
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		if g.Nodes[i].Part == Phase && g.Nodes[i].Phase == phase {
			return i, true
		}
	}
	return 0, false
}

// nameLength is how many characters of a command its step's name shows.
const nameLength = 100

// oneLine returns s with every run of blanks and line breaks as one blank, and its end cut off if it is long.
func oneLine(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > nameLength {
		return string(r[:nameLength-1]) + "…"
	}
	return string(r)
}
