package build

import (
	"time"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/planner"
)

// A Spec says what to build, from what, for which platforms, where it goes, who may read and write caches, and what is proved. [NewSpec] makes it;
// nobody assigns to it afterwards.
type Spec struct {
	Apps    []App  // the app for each platform; names, labels and reports come from the first
	Dir     string // of the app, on disk
	Steps   Steps
	Secrets Secrets // all that are given
	Image   Image
	Output  Output
	Cache   Cache
	Attest  Attest // of a push
	Origin  Origin
	Trial   string // TrialAuto, TrialAlways or TrialNever
	Builder builder.Options
	Silence time.Duration // after which a registry is given up; 0 is the default
}

// An App is the app as it is planned for one platform.
type App struct {
	Platform string // such as linux/amd64
	Plan     planner.Result
	Ignore   []string // patterns of files that enter no build, in .dockerignore syntax
	Address  string   // of the builder, see [builder.Options.Host]
}

// Steps say what the steps of a build are given besides the plan.
type Steps struct {
	Nix          nix.Options
	Certificates []byte       // PEM bundle that they trust; nil for the base image's
	Hosts        []lower.Host // that they know
	CacheKey     string       // begins the names of cache directories
	NoMounts     bool         // no cache directories
	Anew         bool         // run each, whatever the caches hold
	Kept         lower.Kept   // directories that the builder keeps
	Owner        string       // whose the copies of the files on the builder are
}

// An Image says what the image says of itself, and how it is stored.
type Image struct {
	Names        []string // references with tags
	Labels       map[string]string
	Attributes   map[string]string // of the exporter, such as annotations
	Created      time.Time         // zero for the time of the build
	Reproducible bool              // no file is newer than Created
	Compression  string            // of new layers, one of Compressions; "" is gzip
}

// An Output says where the image goes.
type Output struct {
	Push            bool             // under all its names
	SkipIfPublished bool             // without a push, build nothing if the registry has an image of the same content
	Exports         []builder.Export // besides the push
}

// A Cache says which results of earlier builds a build may take, and what it leaves.
type Cache struct {
	Scope    cache.Scope // of the registry cache; without a repository there is none
	Policy   cache.Policy
	Packages PackageCaches
	From     []string // images that hold caches
	Inline   bool     // keep a cache in the image
	Promote  string   // PromoteAuto or PromoteNever
}

// An Origin says where an image comes from, for what is attested.
type Origin struct {
	Tool   string  // version of this program
	RunURL string  // of the CI job's run, "" outside CI
	Source *Commit // nil if it is not known
}
