package builder

import (
	"context"
	"io"
	"time"

	"github.com/moby/buildkit/client/llb"
)

// A Request is one build: what to build, from which files, and where the result goes.
type Request struct {
	Definition    *llb.Definition
	Platform      string             // of the image, such as linux/arm64; "" is the platform of the daemon
	ImageConfig   []byte             // the OCI image configuration, JSON; nil for none
	BaseConfig    []byte             // of the image whose layers stay as they are when times are rewritten; nil for none
	Contexts      map[string]Context // by the name of the local source in the definition
	Owner         string             // whose the contexts are; a builder that lives on keeps a copy for each owner
	Exports       []Export           // none: the definition is only evaluated
	CacheImports  []Cache
	CacheExports  []Cache
	CacheState    *llb.Definition // a state with layers that only a cache of all steps gets, made of steps of the definition; nil for none
	Byproducts    []Byproduct
	Credentials   Credentials         // nil is anonymous
	Secrets       map[string][]byte   // by identifier; at most 500 kB each
	Provenance    string              // of the exports with Attest: "min", "max", or "" for none
	BuilderID     string              // that the provenance names, such as the URL of a CI run; "" for none
	Attestations  []Attestation       // of those exports too
	Inventory     *Inventory          // a further one; nil for none
	FrontendAttrs map[string]string   // of BuildKit, such as attest:provenance or build-arg:SOURCE_DATE_EPOCH
	Redact        func(string) string // hides what is shown nowhere, neither as progress nor as the end of a step's output; nil for nothing
	NoCache       bool                // run each step, whatever the caches hold
	Progress      Progress

	// Before is called when the result is there and before it goes anywhere. Its error ends the build.
	Before  func(context.Context, Starter) error
	Silence time.Duration // after which a registry that the daemon waits for is given up; 0 is ten minutes
}

// Credentials finds a user and a secret for a repository, or for a registry host if the repository is not known.
// Both are empty for none; the user alone is empty if the secret is an identity token.
type Credentials interface {
	Credentials(ctx context.Context, repository string) (username, secret string, err error)
}

// A Context is a set of files that the definition reads: either those in Dir, or Files.
//
// Owners are reset to root and modes to 0755 or 0644, by the owner's right to execute, so that checkouts under
// different users and masks give equal cache keys. Only directories, regular files and symbolic links are sent.
type Context struct {
	Dir     string
	Exclude []string          // patterns in .dockerignore syntax, for Dir
	Files   map[string]string // slash-separated path to content
}

// Kinds of [Export].
const (
	Push   = "push"   // push to registries
	OCI    = "oci"    // a tar archive of an OCI layout
	Layout = "layout" // an OCI layout, to a directory
	Docker = "docker" // a tar archive for docker load
	Tar    = "tar"    // a tar archive of the file system
	Local  = "local"  // the file system, to a directory
	Load   = "load"   // load into a Docker engine
)

// ByDigest is the attribute of a [Push] to repositories, under no tag, if it is "true".
const ByDigest = "push-by-digest"

// An Export is one output.
type Export struct {
	Kind     string
	Refs     []string // names of the image, with tags; at least one for Push
	Attest   bool     // for Push, OCI and Layout: make it an index with the request's attestations beside the image
	Insecure bool     // for Push: speak HTTP, or HTTPS with any certificate
	Dest     string   // file for OCI, Docker and Tar, replaced only when the build is done; directory for Local and Layout
	Output   io.Writer
	Engine   Engine            // for Load
	Attrs    map[string]string // more attributes of BuildKit's exporter, such as compression
}

// Inline is the type of a cache export that goes into the image itself: what makes its layers, and no more.
const Inline = "inline"

// AllSteps is the mode of a cache export that has the layers of all steps.
const AllSteps = "max"

// A Cache is a place that cached results come from or go to.
type Cache struct {
	Type        string            // "registry" if empty; others are BuildKit's, with their settings in Attrs
	Ref         string            // image reference, for a registry
	Mode        string            // of an export: "min" for the layers of the result, AllSteps; "" is min
	IgnoreError bool              // of an export: a failure is only [Result.CacheWarning]
	Attrs       map[string]string // more attributes
}

// Result is what a build gave.
type Result struct {
	Digest        string // of the image's manifest or index, "" without an image export; of Push if there is one
	ConfigDigest  string // of the image's configuration, "" for an index
	Steps         []Step // by start
	CacheExported bool   // all cache exports are done
	CacheWarning  string // why not, if the build went on without
	Byproducts    []ByproductResult
}

// A Step is one vertex of BuildKit's graph, or one of its own activities, such as an export.
type Step struct {
	Name     string
	Digest   string
	InGraph  bool // it makes something for the definition; sources do not
	Cached   bool
	Start    time.Duration // since the first step started
	Started  time.Time     // by the clock of the builder; zero if it never did
	Duration time.Duration
	Bytes    int64 // that it transferred: layers, files of a context, package caches
	Error    string

	Activities []Activity // by kind and start
}

// Cached reports how many steps of the definition came from a cache, and how many there are.
func (r Result) Cached() (cached, total int) {
	for _, s := range r.Steps {
		if s.InGraph {
			total++
			if s.Cached {
				cached++
			}
		}
	}
	return cached, total
}
