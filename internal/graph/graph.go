// Package graph turns a plan into a build graph: what runs on what, with which files.
//
// A graph is plain data that two back ends print: package lower as LLB, package dockerfile as a
// Dockerfile. Everything that makes both images equal is decided here, nothing in the back ends.
package graph

// A Graph is a list of nodes in an order in which they can run. Equal plans give equal graphs.
type Graph struct {
	Nodes  []Node
	Output int      // index of the node whose file system is the image
	Config Config   // of the image
	Files  []File   // generated files, sorted by path: the second build context
	Ignore []string // patterns, in .dockerignore syntax, of app files that never enter the build
}

// A Node is one step. Nodes refer to others by index, always a lower one.
type Node struct {
	Name  string // for progress and for reports, such as "install: npm ci"
	Phase string // the phase that wants it, "" if none
	Op    Op
}

// An Op is one of Image, Run, Copy, Env and Merge.
type Op interface{ op() }

// Image starts a stage from an image.
type Image struct {
	Ref    string // as in the plan
	Pinned string // repository@digest, "" before [Graph.Pin]
	Config []byte // the image's OCI configuration as JSON, nil before [Graph.Pin]
}

// Run runs Command in the login shell of [Shell], in /app.
type Run struct {
	On      int
	Command string
	Caches  []Cache
}

// Copy copies files into the file system of On.
type Copy struct {
	On    int
	From  Origin
	Stage int    // the node to copy from, if From is Stage
	Paths []Path // in order
}

// Env sets variables for the nodes above it and, in the output's chain, for the image. Sorted by name.
type Env struct {
	On   int
	Vars []Var
}

// Merge is Base with what each of Layers added to it. The layers start from Base and do not touch the same files,
// so the order does not matter and they may run side by side.
type Merge struct {
	Base   int
	Layers []int
}

func (Image) op() {}
func (Run) op()   {}
func (Copy) op()  {}
func (Env) op()   {}
func (Merge) op() {}

// Origin tells where a Copy takes its files from.
type Origin int

const (
	App       Origin = iota // the app's source, less Graph.Ignore
	Generated               // Graph.Files
	Stage                   // another node's file system
)

// A Path is one source of a Copy. Both are slash-separated; a directory's content goes into To.
type Path struct {
	From string // below the context's root; "." is all of it; absolute for Stage
	To   string // absolute
}

// A Cache is a cache mount, kept by the builder between builds.
type Cache struct {
	ID     string
	Target string // absolute
}

// A Var is one variable.
type Var struct{ Name, Value string }

// A File is a generated file, mode 0644.
type File struct{ Path, Content string }

// Config is the image's configuration, on top of that of the last stage's image.
type Config struct {
	Entrypoint []string
	Cmd        []string // nil if the plan has no start command
	WorkDir    string
	User       string
	Labels     []Var
}
