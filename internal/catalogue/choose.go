package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/ranges"
)

// An Ask is a version or range of a tool, as an app wants it.
type Ask struct {
	Range    ranges.Range
	Bounds   []Bound
	Platform string // as in linux/amd64
	Strict   bool   // to give a newer patch in place of the version is an error and no warning

	// Installable leaves out what a plan cannot install. A package of a registry needs the registry's address, and a package of nixpkgs needs
	// the hash of its archive.
	Installable bool
}

// A Bound narrows what the range leaves open. One that leaves nothing is passed over with a warning. So is one that leaves only lines that
// have ended, unless the app itself asks: others, such as the engines of its packages, choose no such line.
type Bound struct {
	From  string // who says so, in words
	Range ranges.Range
	Quiet bool // it is passed over without a warning
	Asked bool // the app itself asks, in another place than the range
}

// A Choice is the one version that an ask gets.
type Choice struct {
	Tool     string
	Version  string
	Line     Line
	Warnings []string // one sentence each
}

// Choose gives the version for an ask, by these rules:
//
//   - A version that is asked for exactly, if it is known; else the newest of its line, if that is newer, with a warning. A prerelease is
//     given in no other way.
//   - Of a range, the newest line with long support that it allows; else the newest line that is six months old; else the line that is the
//     oldest of those. Of that line, the newest version.
//   - A line that has ended only where every line that the range allows has, with a warning; of several, the one that ended last.
//
// The error is an [*UnknownError] or a [*NoVersionError].
func (c *Catalogue) Choose(tool string, ask Ask) (Choice, error) {
	t, err := c.Tool(tool)
	if err != nil {
		return Choice{}, err
	}
	p := &picker{tool: t, ask: ask, on: c.date, all: t.Versions(ask.Platform), choice: Choice{Tool: t.Name}}
	if ask.Installable {
		p.all = t.installable(ask.Platform, c.Registries())
	}
	switch {
	case len(p.all) == 0:
		return Choice{}, p.none("there is nothing for " + ask.Platform)
	case ask.Range.Exact() != "":
		err = p.exact(ask.Range.Exact())
	case ask.Range.Word() != "":
		err = p.word(ask.Range.Word())
	default:
		err = p.open()
	}
	if err != nil {
		return Choice{}, err
	}
	return p.choice, nil
}

// A picker makes one choice.
type picker struct {
	tool   *Tool
	ask    Ask
	on     Day
	all    []string // versions for the platform, newest first
	choice Choice
}

func (p *picker) warn(format string, args ...any) {
	p.choice.Warnings = append(p.choice.Warnings, fmt.Sprintf(format, args...))
}

// take makes a version the choice and tells its faults.
func (p *picker) take(version string) error {
	p.choice.Version, p.choice.Line = version, p.tool.Line(version)
	if line := p.choice.Line; line.Dead(p.on) {
		p.warn("%s %s ended on %s and gets no fixes; %s", p.tool.Name, line.Name, line.End, p.better())
	}
	for _, b := range p.ask.Bounds {
		if !b.Quiet && !b.Range.Allows(version) {
			p.warn("%s asks for %s %s, which %s is not", b.From, p.tool.Name, b.Range, version)
		}
	}
	return nil
}

// better names what would be given if nothing were asked.
func (p *picker) better() string {
	free := picker{tool: p.tool, on: p.on, all: p.all}
	if free.open() != nil {
		return "no other line can be had"
	}
	return "the newest that is advised is " + free.choice.Version
}

func (p *picker) exact(want string) error {
	same := func(v string) bool { return v == want }
	if !slices.ContainsFunc(p.all, same) {
		same = func(v string) bool { return ranges.Compare(v, want) == 0 }
	}
	if i := slices.IndexFunc(p.all, same); i >= 0 {
		return p.take(p.all[i])
	}
	// 17.0.20 is the beginning of 17.0.20+8.
	if i := slices.IndexFunc(p.all, func(v string) bool { return p.ask.Range.Allows(v) && !ranges.Prerelease(v) }); i >= 0 {
		return p.take(p.all[i])
	}
	line := p.tool.Line(want).Name
	newer := slices.IndexFunc(p.all, func(v string) bool {
		return !ranges.Prerelease(v) && p.tool.Line(v).Name == line && ranges.Compare(v, want) > 0
	})
	if others := p.tool.Platforms(want); len(others) > 0 && !slices.Contains(others, p.ask.Platform) {
		return p.none(fmt.Sprintf("it is there for %s alone", strings.Join(others, ", ")))
	}
	if newer < 0 || p.ask.Strict {
		return p.none("")
	}
	p.warn("%s %s was asked for and %s is given: the catalogue of %s lacks that version, and this one is newer in the same line", p.tool.Name, want, p.all[newer], p.on)
	return p.take(p.all[newer])
}

// word takes latest, lts, lts/NAME and lts/-N.
func (p *picker) word(word string) error {
	if word == "latest" {
		return p.newest(func(string) bool { return true })
	}
	var lines []Line
	for _, l := range p.tool.lines {
		if l.Long != "" && l.Long <= p.on {
			lines = append(lines, l)
		}
	}
	_, name, named := strings.Cut(word, "/")
	back := 0
	if _, err := fmt.Sscanf(name, "-%d", &back); named && err != nil {
		i := slices.IndexFunc(p.tool.lines, func(l Line) bool { return l.Codename == name })
		if i < 0 {
			return p.none("no line has that name")
		}
		return p.newest(p.in(p.tool.lines[i]))
	}
	if back >= len(lines) {
		return p.none("there are not so many lines with long support")
	}
	return p.newest(p.in(lines[back]))
}

func (p *picker) in(line Line) func(string) bool {
	return func(v string) bool { return p.tool.Line(v).Name == line.Name }
}

// newest takes the newest release of which allowed holds.
func (p *picker) newest(allowed func(string) bool) error {
	i := slices.IndexFunc(p.all, func(v string) bool { return !ranges.Prerelease(v) && allowed(v) })
	if i < 0 {
		return p.none("")
	}
	return p.take(p.all[i])
}

// open takes from a range.
func (p *picker) open() error {
	list := keep(p.all, func(v string) bool { return !ranges.Prerelease(v) && p.ask.Range.Allows(v) })
	if len(list) == 0 {
		return p.none("")
	}
	alive := keep(list, func(v string) bool { return !p.tool.Line(v).Dead(p.on) })
	ended := false // is what the app asks for
	for _, b := range p.ask.Bounds {
		narrow, narrowAlive := keep(list, b.Range.Allows), keep(alive, b.Range.Allows)
		switch {
		case len(narrowAlive) > 0 || len(alive) == 0 && len(narrow) > 0:
			list, alive = narrow, narrowAlive
		case b.Asked && len(narrow) > 0:
			list, alive, ended = narrow, nil, true
		}
	}
	switch {
	case len(alive) > 0:
		list = alive
	case !ended && p.leavesOpen():
		return p.none("the lines that the catalogue knows have ended")
	}
	if group := p.ask.Range.Nearest(); group != nil {
		least := group(slices.MinFunc(list, func(a, b string) int { return strings.Compare(group(a), group(b)) }))
		list = keep(list, func(v string) bool { return group(v) == least })
	}
	line := p.line(list)
	return p.take(list[slices.IndexFunc(list, p.in(line))])
}

// line picks one of the lines of some versions, of which the newest are first.
func (p *picker) line(versions []string) Line {
	var lines []Line
	for _, v := range versions {
		if l := p.tool.Line(v); len(lines) == 0 || lines[len(lines)-1].Name != l.Name {
			l.Released = p.tool.since(l)
			lines = append(lines, l)
		}
	}
	if i := slices.IndexFunc(lines, func(l Line) bool { return l.LongSupport(p.on) }); i >= 0 {
		return lines[i]
	}
	if lines[0].Dead(p.on) { // so all have
		return slices.MaxFunc(lines, func(a, b Line) int { return strings.Compare(string(a.End), string(b.End)) })
	}
	old := p.on.before(settled)
	if i := slices.IndexFunc(lines, func(l Line) bool { return l.Released != "" && l.Released <= old }); i >= 0 {
		return lines[i]
	}
	return lines[len(lines)-1]
}

// leavesOpen reports whether the range allows a line that has not ended, of which there may be no version here.
func (p *picker) leavesOpen() bool {
	return p.ask.Range.Open() || slices.ContainsFunc(p.tool.lines, func(l Line) bool {
		first := l.Name + strings.Repeat(".0", max(0, 2-strings.Count(l.Name, ".")))
		last := strings.TrimSuffix(first, "0") + "99999"
		return !l.Dead(p.on) && (p.ask.Range.Allows(first) || p.ask.Range.Allows(last))
	})
}

// longAgo is before every day of a rule.
const longAgo Day = "0001-01-01"

// since is when a line began: on the day that is known, else on the first day on which nixpkgs is known to have it, else when its first row
// was added. The rows of the catalogue's first day, and the rows of a user's file, say nothing of their age: they count as old.
func (t *Tool) since(l Line) Day {
	day := l.Released
	if day != "" {
		return day
	}
	for _, p := range t.packages() {
		if (day == "" || p.Date < day) && !ranges.Prerelease(p.Version) && t.Line(p.Version).Name == l.Name {
			day = p.Date
		}
	}
	if day != "" {
		return day
	}
	for _, r := range t.releases {
		if t.Line(r.Version).Name != l.Name {
			continue
		}
		if r.Added <= Began {
			return longAgo
		}
		if day == "" || r.Added < day {
			day = r.Added
		}
	}
	return day
}
