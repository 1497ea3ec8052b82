package graph

import (
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
)

// Release is one release of an upstream, unpacked to its path in the Nix store, and nothing else. It is a file system of its own, as an
// [RunOutput] is: equal releases are equal layers, whatever else is in the image. It belongs to root.
type Release struct {
	Tools    int     // the node whose programs unpack it: the base of the build
	Platform string  // as in linux/amd64
	Archive  Archive // without a URL if Command downloads it

	Command      string // leaves the files in [ReleaseDir], in which they lie as they do in /
	Certificates bool   // as for a [Run]
	Alone        Run    // the same for a builder that cannot download by a hash: it downloads the archive, and checks it
}

// An Archive is a file that the builder downloads and checks.
type Archive struct {
	URL    string
	Digest string // sha256:HEX
}

func (Release) op() {}

// ReleaseDir is where the step of a [Release] leaves its files, and ArchiveFile where it finds the archive.
const (
	ReleaseDir  = "/run/npx-action/release"
	ArchiveFile = "/run/npx-action/archive"
)

// Run returns the step that unpacks the release. What has been downloaded needs no network.
func (r Release) Run() Run {
	return Run{On: r.Tools, Command: r.Command, Certificates: r.Certificates, Offline: r.Archive.URL != "", Output: ReleaseDir}
}

// release is a release of the plan, and the node that holds it.
type release struct {
	store.Release
	node  int
	init  bool    // the first process of the image, which no phase needs
	files portion // which of the release's
}

// A portion tells the whole of a release from the two layers that it may be.
type portion int

const (
	allFiles  portion = iota
	coreFiles         // all but the part's
	partFiles         // see [store.Part]
)

// ID is what plans call the release, or its part.
func (r release) ID() string {
	if r.files == partFiles {
		return r.PartID()
	}
	return r.Release.ID()
}

// step is the script that leaves the files in [ReleaseDir].
func (r release) step(archive string) string {
	switch r.files {
	case coreFiles:
		return r.CoreStep(archive, ReleaseDir)
	case partFiles:
		return r.PartStep(archive, ReleaseDir)
	default:
		return r.Step(archive, ReleaseDir)
	}
}

// readReleases reads the releases of all phases, sorted, each once.
func (b *builder) readReleases() error {
	var texts []string
	for name, ph := range plan.Sorted(b.plan.Phases) {
		for _, text := range ph.Releases {
			r, err := store.ParseRelease(text)
			if err != nil {
				return at{name, "releases"}.err("write NAME@VERSION PLATFORM URL HASH", "%v", err)
			}
			texts = append(texts, r.String())
		}
	}
	slices.Sort(texts)
	for _, text := range slices.Compact(texts) {
		r, err := store.ParseRelease(text)
		if err != nil {
			return err
		}
		r.URL = b.opt.Nix.Through(r.URL)
		if _, ok := r.Part(); ok && b.plan.Slim() {
			b.releases = append(b.releases, release{Release: r, files: coreFiles}, release{Release: r, files: partFiles})
			continue
		}
		b.releases = append(b.releases, release{Release: r, init: b.isInit(r)})
	}
	return nil
}

// unpack adds the releases and returns their nodes, which stand beside the rest. In a sequence they are copied onto what is at the top.
func (b *builder) unpack() []int {
	var nodes []int
	for i := range b.releases {
		r := &b.releases[i]
		below := b.top
		op := Release{Tools: b.g.Base, Platform: r.Platform, Certificates: b.opt.CACertificates && !r.Fetched()}
		archive := ""
		if r.Fetched() {
			archive = ArchiveFile
			op.Archive = Archive{r.URL, r.Hash}
		}
		op.Command = r.step(archive)
		op.Alone = Run{On: op.Tools, Command: r.step(""), Certificates: b.opt.CACertificates, Output: ReleaseDir}
		b.add(Node{Part: Tools, Name: "unpack " + r.ID(), Op: op})
		r.node = b.top
		b.top = below
		if r.init {
			continue
		}
		nodes = append(nodes, r.node)
		if b.opt.Sequential {
			b.add(Node{Part: Tools, Name: "copy " + r.ID(), Op: Copy{On: below, From: Stage, Stage: r.node, Paths: []Path{{"/", "/"}}}})
		}
	}
	return nodes
}

// atRunTime lists the releases that a slim image has.
func (b *builder) atRunTime() []release {
	return slices.DeleteFunc(slices.Clone(b.releases), func(r release) bool {
		without := b.plan.Start.WithoutPkgs
		return slices.Contains(without, r.ID()) || slices.Contains(without, r.Release.ID())
	})
}

// isInit reports whether a release is the plan's init, which only a slim image has.
func (b *builder) isInit(r store.Release) bool {
	return b.plan.Slim() && b.plan.Start.Init != nil && *b.plan.Start.Init == r.ID()
}

// bin lists the directories with the programs of releases, which an init is none of, each once.
func bin(list []release) []string {
	var dirs []string
	for _, r := range list {
		if !r.init && r.files != partFiles {
			dirs = append(dirs, r.Bin()...)
		}
	}
	return dirs
}

// searchPath puts directories in front of a PATH.
func searchPath(dirs []string, value string) string {
	return strings.Join(append(slices.Clone(dirs), value), ":")
}
