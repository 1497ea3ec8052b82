package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
)

// A dataset is the texts of the data, by tool.
type dataset struct {
	dir   string
	date  catalogue.Day
	today catalogue.Day // when what is new was added
	files map[string]*catalogue.Rows
	added map[string][]string // of each tool, in words
}

func open(dir string) (*dataset, error) {
	date, err := os.ReadFile(filepath.Join(dir, "date"))
	if err != nil {
		return nil, err
	}
	d := &dataset{dir: dir, date: catalogue.Day(strings.TrimSpace(string(date))), files: map[string]*catalogue.Rows{}, added: map[string][]string{}}
	names, err := filepath.Glob(filepath.Join(dir, "*.tsv"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		rows, err := catalogue.ParseRows(name, string(text))
		if err != nil {
			return nil, err
		}
		d.files[strings.TrimSuffix(filepath.Base(name), ".tsv")] = &rows
	}
	return d, nil
}

// write writes the texts and, beside each, its compressed form.
func (d *dataset) write() error {
	for name, rows := range d.files {
		path := filepath.Join(d.dir, name+".tsv")
		if err := writeBoth(path, []byte(rows.Text())); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(d.dir, "date"), []byte(d.date+"\n"), 0o644)
}

// writeBoth leaves a compressed form that holds the text already: another version of the compressor must not change files that say the same.
func writeBoth(path string, text []byte) error {
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return err
	}
	if old, err := unpack(path + ".gz"); err == nil && bytes.Equal(old, text) {
		return nil
	}
	// The packages are a part of their own, so that the program need not read them with the rest.
	rest := max(0, bytes.Index(text, []byte("\npackage\t"))+1)
	if !bytes.Contains(text, []byte("\nrelease\t")) {
		rest = 0
	}
	var b bytes.Buffer
	for _, part := range [][]byte{text[:rest], text[rest:]} {
		if len(part) == 0 {
			continue
		}
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return err
		}
		_, err = z.Write(part)
		if err := errors.Join(err, z.Close()); err != nil {
			return err
		}
	}
	return os.WriteFile(path+".gz", b.Bytes(), 0o644)
}

func unpack(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func (d *dataset) tool(name string) *catalogue.Rows {
	if d.files[name] == nil {
		d.files[name] = &catalogue.Rows{}
	}
	return d.files[name]
}

func (d *dataset) tell(tool, what string) { d.added[tool] = append(d.added[tool], what) }

// told is a line a tool.
func (d *dataset) told() []string {
	var lines []string
	for _, tool := range slices.Sorted(maps.Keys(d.added)) {
		lines = append(lines, tool+": "+strings.Join(slices.Compact(d.added[tool]), ", "))
	}
	return lines
}

var (
	versionForm = regexp.MustCompile(`^[0-9][0-9A-Za-z.+_-]{0,63}$`)
	hashForm    = regexp.MustCompile(`^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$`)
)

// release adds an archive. The same version at another address is a new row if its bytes are the same, or if rebuilt says that upstream
// builds versions anew.
func (d *dataset) release(tool string, r catalogue.Release, rebuilt bool) error {
	_, err := catalogue.Registries{"npm": "https://npm.example"}.Address(r.Address)
	if !versionForm.MatchString(r.Version) || !hashForm.MatchString(r.Hash) || err != nil || strings.ContainsAny(r.Address+r.With, "\t\n") {
		return fmt.Errorf("%s %.80q for %s: the index has %.200q with the hash %.150q", tool, r.Version, r.Platform, r.Address, r.Hash)
	}
	rows := d.tool(tool)
	for _, known := range rows.Releases {
		if known.Version != r.Version || known.Platform != r.Platform {
			continue
		}
		same := known.Address == r.Address
		if known.Hash != r.Hash && (same || !rebuilt) {
			return fmt.Errorf("%s %s for %s has another hash: %s of %s is known, and the index has %s of %s",
				tool, r.Version, r.Platform, known.Hash, known.Address, r.Hash, r.Address)
		}
		if same {
			return nil
		}
	}
	r.Added = d.today
	rows.Releases = append(rows.Releases, r)
	d.tell(tool, r.Version)
	return nil
}

// line adds the dates of a line, if they are not the ones that are known.
func (d *dataset) line(tool string, l catalogue.Line) {
	rows := d.tool(tool)
	newest := catalogue.Line{}
	for _, known := range rows.Lines {
		if known.Name == l.Name && known.Added >= newest.Added {
			newest = known
		}
	}
	l.Codename = cmp.Or(l.Codename, newest.Codename)
	l.Added = newest.Added
	if l == newest {
		return
	}
	l.Added = d.today
	rows.Lines = append(rows.Lines, l)
	d.tell(tool, "line "+l.Name)
}

// pack adds where nixpkgs has a version, if nothing as good is known of the version and attribute.
func (d *dataset) pack(tool string, p catalogue.Package) error {
	rows := d.tool(tool)
	enough := false
	for _, known := range rows.Packages {
		if known.Attribute != p.Attribute || known.Version != p.Version {
			continue
		}
		if known.Commit == p.Commit {
			for _, pair := range [][2]string{{known.NAR, p.NAR}, {known.AMD64, p.AMD64}, {known.ARM64, p.ARM64}} {
				if pair[0] != "" && pair[1] != "" && pair[0] != pair[1] {
					return fmt.Errorf("%s %s (%s) at nixpkgs %s has another hash: %s is known, and the index has %s", tool, p.Version, p.Attribute, p.Commit, pair[0], pair[1])
				}
			}
			p.NAR, p.AMD64, p.ARM64 = cmp.Or(p.NAR, known.NAR), cmp.Or(p.AMD64, known.AMD64), cmp.Or(p.ARM64, known.ARM64)
		}
		enough = enough || known.NAR != "" && (known.AMD64 != "" || p.AMD64 == "") && (known.ARM64 != "" || p.ARM64 == "")
	}
	if enough {
		return nil
	}
	p.Added = d.today
	rows.Packages = append(rows.Packages, p)
	d.tell(tool, p.Version+" (nixpkgs)")
	return nil
}

// archive adds a commit of nixpkgs.
func (d *dataset) archive(a catalogue.Archive) error {
	rows := d.tool("nixpkgs")
	for _, known := range rows.Archives {
		if known.Commit == a.Commit {
			if known.NAR != a.NAR {
				return fmt.Errorf("nixpkgs %s has another hash: %s is known, and the index has %s", a.Commit, known.NAR, a.NAR)
			}
			return nil
		}
	}
	a.Added = d.today
	rows.Archives = append(rows.Archives, a)
	return nil
}
