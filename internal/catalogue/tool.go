package catalogue

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/org/npx-action/internal/ranges"
)

// A Tool is what the catalogue knows of a program.
type Tool struct {
	Name string

	own      bool   // upstream's own rows say which versions there are
	lines    []Line // newest first
	releases []Release
	overlays []Overlay
	packages func() []Package
}

// newTool joins the embedded rows and the rows of the user's files, of which the last wins. The embedded packages come from packages, which
// is called when they are asked for.
func newTool(name string, r Rows, files []*File, packages func() []Package) *Tool {
	t := &Tool{Name: name, own: len(r.Releases) > 0}
	for _, f := range files {
		r.Lines = append(r.Lines, f.rows[name].Lines...)
		r.Releases = append(r.Releases, f.rows[name].Releases...)
		r.Overlays = append(r.Overlays, f.rows[name].Overlays...)
	}
	t.lines = last(r.Lines, func(l Line) (string, Day) { return l.Name, l.Added })
	t.overlays = last(r.Overlays, func(o Overlay) (string, Day) { return o.Last, o.Added })
	t.releases = last(r.Releases, func(x Release) (string, Day) { return x.Version + " " + x.Platform, x.Added })
	t.packages = sync.OnceValue(func() []Package {
		list := packages()
		for _, f := range files {
			list = append(list, f.rows[name].Packages...)
		}
		return last(list, func(p Package) (string, Day) { return p.Version + " " + p.Attribute + " " + p.Commit, p.Added })
	})
	slices.SortStableFunc(t.lines, func(a, b Line) int { return ranges.Compare(b.Name, a.Name) })
	return t
}

// last keeps of the rows with equal keys the one that was added last: a user's, which has no day, wins over all.
func last[R any](list []R, key func(R) (string, Day)) []R {
	at := make(map[string]int, len(list))
	out := make([]R, 0, len(list))
	for _, r := range list {
		name, day := key(r)
		i, twice := at[name]
		if !twice {
			at[name] = len(out)
			out = append(out, r)
			continue
		}
		if _, old := key(out[i]); day == "" || old != "" && day >= old {
			out[i] = r
		}
	}
	return out
}

// Versions lists the versions that can be had on a platform, newest first. They are versions of upstream's own archives. Versions of nixpkgs,
// and of a user's file, count for a tool that has none embedded.
func (t *Tool) Versions(platform string) []string {
	var list []string
	for _, r := range t.releases {
		if r.Platform == platform {
			list = append(list, r.Version)
		}
	}
	if !t.own {
		for _, p := range t.packages() {
			if p.NAR != "" || p.Path(platform) != "" {
				list = append(list, p.Version)
			}
		}
	}
	return newestFirst(list)
}

// installable lists, newest first, the versions that have an archive with an address and a hash. Upstream's own archives count; nixpkgs' archives
// count for a tool without own ones, or without the address of one.
func (t *Tool) installable(platform string, from Registries) []string {
	var list []string
	for _, r := range t.releases {
		if r.Platform == platform && from.has(r.Address) {
			list = append(list, r.Version)
		}
	}
	if !t.own || len(list) == 0 {
		for _, p := range t.packages() {
			if p.NAR != "" {
				list = append(list, p.Version)
			}
		}
	}
	return newestFirst(list)
}

// newestFirst sorts versions, and leaves each once.
func newestFirst(list []string) []string {
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(ranges.Compare(b, a), strings.Compare(a, b)) })
	return slices.Compact(list)
}

// Platforms lists for which platforms there is an archive of that very version, sorted.
func (t *Tool) Platforms(version string) []string {
	var list []string
	for _, r := range t.releases {
		if r.Version == version {
			list = append(list, r.Platform)
		}
	}
	slices.Sort(list)
	return list
}

// Release returns upstream's archive of that very version.
func (t *Tool) Release(version, platform string) (Release, bool) {
	i := slices.IndexFunc(t.releases, func(r Release) bool { return r.Version == version && r.Platform == platform })
	if i < 0 {
		return Release{}, false
	}
	return t.releases[i], true
}

// Overlay returns the overlay that has the newest release of the tool; false if there is none.
func (t *Tool) Overlay() (Overlay, bool) {
	if len(t.overlays) == 0 {
		return Overlay{}, false
	}
	return slices.MaxFunc(t.overlays, func(a, b Overlay) int { return cmp.Or(ranges.Compare(a.Last, b.Last), cmp.Compare(a.Added, b.Added)) }), true
}

// Packages returns where nixpkgs has that very version, the best place first: a commit from before the end of the line, because later ones
// refuse what has ended; one whose archive has a known hash; one with known store paths; the newest.
func (t *Tool) Packages(version string) []Package {
	var list []Package
	for _, p := range t.packages() {
		if p.Version == version {
			list = append(list, p)
		}
	}
	end := t.Line(version).End
	slices.SortStableFunc(list, func(a, b Package) int {
		return cmp.Or(
			first(end == "" || a.Date < end, end == "" || b.Date < end),
			first(a.NAR != "", b.NAR != ""),
			first(a.AMD64 != "", b.AMD64 != ""),
			cmp.Compare(b.Date, a.Date), strings.Compare(a.Commit, b.Commit), strings.Compare(a.Attribute, b.Attribute))
	})
	return list
}

// first orders what is so before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// Lines lists the lines of versions with their dates, newest first; a line may have no version here.
func (t *Tool) Lines() []Line { return slices.Clone(t.lines) }

// Line returns the line of a version. Where the catalogue has no dates of it, the line has a name alone: as many numbers as the tool's
// newest line has, else one, and two after a leading zero.
func (t *Tool) Line(version string) Line {
	best := Line{}
	for _, l := range t.lines {
		if ranges.Begins(version, l.Name) && len(l.Name) > len(best.Name) {
			best = l
		}
	}
	if best.Name != "" {
		return best
	}
	depth := 1
	if len(t.lines) > 0 {
		depth += strings.Count(t.lines[0].Name, ".")
	} else if strings.HasPrefix(version, "0.") {
		depth = 2
	}
	return Line{Name: ranges.Leading(version, depth)}
}

// Archives lists the commits of nixpkgs with the hashes of their archives, newest first.
func (c *Catalogue) Archives() ([]Archive, error) {
	r, err := c.data.rows(archives)
	if err != nil {
		return nil, err
	}
	return r.until(c.date).Archives, nil
}

// UserHash is the hash of the archive of a commit of nixpkgs, as fetchTarball takes it, in the user's files; "" if they have none.
func (c *Catalogue) UserHash(commit string) string {
	for _, f := range slices.Backward(c.files) {
		for _, name := range slices.Sorted(maps.Keys(f.rows)) {
			for _, p := range f.rows[name].Packages {
				if p.Commit == commit && p.NAR != "" {
					return p.NAR
				}
			}
		}
	}
	return ""
}

// Hash is the hash of the archive of a commit of nixpkgs, as fetchTarball takes it. What a user's file says of the commit goes first.
func (c *Catalogue) Hash(commit string) (string, error) {
	if hash := c.UserHash(commit); hash != "" {
		return hash, nil
	}
	rows, err := c.data.about(archives, commit)
	if err != nil {
		return "", err
	}
	list := rows.until(c.date).Archives
	i := slices.IndexFunc(list, func(a Archive) bool { return a.Commit == commit && a.NAR != "" })
	if i < 0 {
		return "", fmt.Errorf("looking for commit %.40q of nixpkgs: the catalogue of %s has no hash of its archive", commit, c.date)
	}
	return list[i].NAR, nil
}
