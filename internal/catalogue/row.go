package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/ranges"
)

// A Line is a series of versions that gets fixes until a day, such as Node 22 or Go 1.26.
type Line struct {
	Name     string // how the versions begin: 22, 1.26
	Released Day    // of the first version that is no prerelease; "" if it is not known
	Long     Day    // from when on it has long support; "" if it never has
	End      Day    // from when on there are no fixes; "" if no day is known
	Codename string // as Node has them, in lower case; "" if there is none
	Added    Day    // to the catalogue
}

// Dead reports whether the line has ended by that day.
func (l Line) Dead(on Day) bool { return l.End != "" && l.End <= on }

// LongSupport reports whether the line has long support on that day.
func (l Line) LongSupport(on Day) bool { return l.Long != "" && l.Long <= on && !l.Dead(on) }

// A Release is an archive of a version that upstream has built.
type Release struct {
	Version  string
	Platform string // as in linux/amd64
	Added    Day    // to the catalogue; "" in a user's file
	Hash     string // of the archive, as in sha256:HEX
	Address  string // a URL, or a reference, see [Registries.Address]
	With     string // TOOL@VERSION that belongs to it, as a runtime to its SDK; "" if nothing does
}

// A Package is a version of a tool in nixpkgs.
type Package struct {
	Version   string
	Added     Day
	Attribute string // as in nodejs_22
	Commit    string // of nixpkgs
	Date      Day    // of that commit
	NAR       string // hash of that commit's archive as fetchTarball takes it; "" if it is not known
	AMD64     string // store path on linux/amd64, "" if it is not known
	ARM64     string // store path on linux/arm64, "" if it is not known
}

// Path returns the store path on a platform; "" if it is not known.
func (p Package) Path(platform string) string {
	switch platform {
	case "linux/amd64":
		return p.AMD64
	case "linux/arm64":
		return p.ARM64
	}
	return ""
}

// An Archive is a commit of nixpkgs with the hash of its tree.
type Archive struct {
	Commit string
	Added  Day
	Date   Day
	NAR    string // as fetchTarball takes it, sha256-BASE64
	Branch string // "" if it is not known
}

// An Overlay is an archive of Nix code that adds releases of a tool to nixpkgs: all from First to Last.
type Overlay struct {
	Last    string
	Added   Day
	Address string // of the archive
	Date    Day    // of its commit
	NAR     string // hash of its tree, as fetchTarball takes it
	First   string
}

// Has reports whether the overlay has a release, or one that begins with these numbers.
func (o Overlay) Has(version string) bool {
	return ranges.Begins(o.Last, version) || ranges.Compare(o.First, version) <= 0 && ranges.Compare(version, o.Last) <= 0
}

// Rows is what one file of the data holds.
type Rows struct {
	Lines    []Line
	Releases []Release
	Overlays []Overlay
	Packages []Package
	Archives []Archive
}

// columns is how many fields a row of each kind has. The kind is the first; - is an empty field.
var columns = map[string]int{"line": 7, "release": 7, "overlay": 7, "package": 9, "commit": 6}

// ParseRows reads rows of tab-separated fields, one a line. What it returns shares the memory of text.
func ParseRows(name, text string) (Rows, error) {
	var r Rows
	number := 0
	var fields [9]string
	for line := range strings.Lines(text) {
		number++
		f := fields[:0]
		for field := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "\t") {
			if field == "-" {
				field = ""
			}
			if f = append(f, field); len(f) == len(fields) {
				break
			}
		}
		if len(f) != columns[f[0]] || strings.Count(line, "\t") != len(f)-1 {
			return Rows{}, fmt.Errorf("reading %s:%d: %.40q is no row", name, number, line)
		}
		switch f[0] {
		case "line":
			r.Lines = append(r.Lines, Line{Name: f[1], Added: Day(f[2]), Released: Day(f[3]), Long: Day(f[4]), End: Day(f[5]), Codename: f[6]})
		case "release":
			r.Releases = append(r.Releases, Release{Version: f[1], Platform: f[2], Added: Day(f[3]), Hash: f[4], Address: f[5], With: f[6]})
		case "overlay":
			r.Overlays = append(r.Overlays, Overlay{Last: f[1], Added: Day(f[2]), Address: f[3], Date: Day(f[4]), NAR: f[5], First: f[6]})
		case "package":
			r.Packages = append(r.Packages, Package{Version: f[1], Added: Day(f[2]), Attribute: f[3], Commit: f[4], Date: Day(f[5]), NAR: f[6], AMD64: f[7], ARM64: f[8]})
		case "commit":
			r.Archives = append(r.Archives, Archive{Commit: f[1], Added: Day(f[2]), Date: Day(f[3]), NAR: f[4], Branch: f[5]})
		}
	}
	return r, nil
}

// Text writes rows as [ParseRows] reads them: kind by kind, newest version first.
func (r Rows) Text() string {
	var b strings.Builder
	write := func(fields ...string) {
		for i := range fields {
			fields[i] = cmp.Or(fields[i], "-")
		}
		b.WriteString(strings.Join(fields, "\t") + "\n")
	}
	slices.SortStableFunc(r.Lines, func(a, b Line) int { return cmp.Or(ranges.Compare(b.Name, a.Name), cmp.Compare(b.Added, a.Added)) })
	for _, l := range r.Lines {
		write("line", l.Name, string(l.Added), string(l.Released), string(l.Long), string(l.End), l.Codename)
	}
	slices.SortStableFunc(r.Releases, func(a, b Release) int {
		return cmp.Or(ranges.Compare(b.Version, a.Version), strings.Compare(b.Version, a.Version), strings.Compare(b.Platform, a.Platform), cmp.Compare(b.Added, a.Added))
	})
	for _, x := range r.Releases {
		write("release", x.Version, x.Platform, string(x.Added), x.Hash, x.Address, x.With)
	}
	slices.SortStableFunc(r.Overlays, func(a, b Overlay) int { return cmp.Or(ranges.Compare(b.Last, a.Last), cmp.Compare(b.Added, a.Added)) })
	for _, o := range r.Overlays {
		write("overlay", o.Last, string(o.Added), o.Address, string(o.Date), o.NAR, o.First)
	}
	slices.SortStableFunc(r.Packages, func(a, b Package) int {
		return cmp.Or(ranges.Compare(b.Version, a.Version), strings.Compare(b.Version, a.Version), cmp.Compare(b.Date, a.Date),
			strings.Compare(a.Attribute, b.Attribute), strings.Compare(a.Commit, b.Commit), cmp.Compare(b.Added, a.Added))
	})
	for _, p := range r.Packages {
		write("package", p.Version, string(p.Added), p.Attribute, p.Commit, string(p.Date), p.NAR, p.AMD64, p.ARM64)
	}
	slices.SortStableFunc(r.Archives, func(a, b Archive) int {
		return cmp.Or(cmp.Compare(b.Date, a.Date), strings.Compare(a.Commit, b.Commit))
	})
	for _, a := range r.Archives {
		write("commit", a.Commit, string(a.Added), string(a.Date), a.NAR, a.Branch)
	}
	return b.String()
}

// until leaves out what was added after a day.
func (r Rows) until(day Day) Rows {
	return Rows{
		Lines:    keep(r.Lines, func(l Line) bool { return l.Added <= day }),
		Releases: keep(r.Releases, func(x Release) bool { return x.Added <= day }),
		Overlays: keep(r.Overlays, func(o Overlay) bool { return o.Added <= day }),
		Packages: keep(r.Packages, func(p Package) bool { return p.Added <= day }),
		Archives: keep(r.Archives, func(a Archive) bool { return a.Added <= day }),
	}
}

// keep returns the elements of which ok holds, in a list of its own.
func keep[R any](list []R, ok func(R) bool) []R {
	out := make([]R, 0, len(list))
	for _, x := range list {
		if ok(x) {
			out = append(out, x)
		}
	}
	return out
}
