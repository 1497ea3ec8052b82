// Package catalogue knows which exact versions of which tools can be had: where each comes from, its hash, and when its line of
// versions starts, gets long support, and ends.
//
// The data is in data/, a file a tool, and is made by the program in refresh. It is embedded compressed, and only the file of the tool
// that is asked for is read. Nothing here reaches a network or asks a clock: the catalogue's own date is the only today.
package catalogue

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// Began is the day of the oldest rows. No date before it can be pinned, because nothing was known then.
const Began Day = "2026-11-28"

// Options say which rows count. The zero value is the embedded catalogue as it is.
type Options struct {
	// Date pins the catalogue: rows that were added later do not count. "" is the day of the newest refresh.
	Date Day
	// Files are catalogues of the user, see [File]. A later one wins.
	Files []*File
	// Data is a directory that refresh has written, in place of the program's own data; nil for that.
	Data fs.FS
}

// A Catalogue is a set of tools as of a day. It may be used by several goroutines.
type Catalogue struct {
	opt   Options
	data  dataset
	date  Day
	files []*File
	names []string

	mu    sync.Mutex
	tools map[string]*Tool
}

// Open returns the catalogue. An error says which date cannot be pinned.
func Open(opt Options) (*Catalogue, error) {
	set := own
	if opt.Data != nil {
		set = dataset{opt.Data}
	}
	newest, err := set.date()
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue's date: %w", err)
	}
	c := &Catalogue{opt: opt, data: set, date: newest, files: opt.Files, tools: map[string]*Tool{}}
	if opt.Date != "" {
		if err := opt.Date.pinnable(newest); err != nil {
			return nil, err
		}
		c.date = opt.Date
	}
	known, err := set.tools()
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	names := map[string]bool{}
	for _, name := range known {
		names[name] = true
	}
	for _, f := range opt.Files {
		for name := range f.rows {
			names[name] = true
		}
	}
	c.names = slices.Sorted(maps.Keys(names))
	return c, nil
}

// pinnable says why a catalogue of the newest day cannot be as of this one.
func (d Day) pinnable(newest Day) error {
	switch {
	case !d.valid():
		return fmt.Errorf("reading catalogue date %.40q: it is not a day such as %s", string(d), newest)
	case d < Began:
		return fmt.Errorf("reading catalogue date %s: the catalogue begins on %s", d, Began)
	case d > newest:
		return fmt.Errorf("reading catalogue date %s: this program's catalogue is of %s; use a newer program or that date", d, newest)
	}
	return nil
}

// Under returns the catalogue with what somebody says whom the catalogue's own options go before: a date, "" for none, which holds where they
// pin none, and rows that count where they have none.
func (c *Catalogue) Under(date Day, files ...*File) (*Catalogue, error) {
	if date != "" {
		newest, err := c.data.date()
		if err == nil {
			err = date.pinnable(newest)
		}
		if err != nil {
			return nil, err
		}
	}
	return Open(Options{Date: cmp.Or(c.opt.Date, date), Files: slices.Concat(files, c.opt.Files), Data: c.opt.Data})
}

// Date is the only today of a plan: lines end and get long support by it.
func (c *Catalogue) Date() Day { return c.date }

// Tools lists all tools by the names of the catalogue, sorted.
func (c *Catalogue) Tools() []string { return slices.Clone(c.names) }

// Registries are the bases that the user's files give; a later file wins.
func (c *Catalogue) Registries() Registries {
	r := Registries{}
	for _, f := range c.files {
		for scheme, base := range f.registries {
			if base != "" {
				r[scheme] = base
			}
		}
	}
	return r
}

// Tool returns a tool by its name or one of its aliases. The error is an [*UnknownError] unless the embedded data is damaged.
func (c *Catalogue) Tool(name string) (*Tool, error) {
	if canonical, ok := aliases[name]; ok {
		name = canonical
	}
	if !slices.Contains(c.names, name) {
		return nil, &UnknownError{Name: name, Near: c.near(name)}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.tools[name]; t != nil {
		return t, nil
	}
	rows, whole, err := c.data.releases(name)
	if err != nil {
		return nil, err
	}
	date := c.date
	t := newTool(name, rows.until(date), c.files, func() []Package {
		if !whole {
			// No error is possible here: the tests read every file to its end.
			rows, _ = c.data.rows(name)
		}
		return rows.until(date).Packages
	})
	c.tools[name] = t
	return t, nil
}
