package catalogue

import (
	"bufio"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// The text of each file is beside it, for people: data/node.tsv and data/node.tsv.gz hold the same.
//
//go:embed data/*.gz data/date
var data embed.FS

const (
	packed   = ".tsv.gz"
	archives = "nixpkgs" // the one file that is no tool
	dateFile = "date"
)

// A dataset is a directory of data, as refresh writes one.
type dataset struct{ files fs.FS }

// own is the program's.
var own = func() dataset {
	files, err := fs.Sub(data, "data")
	if err != nil {
		panic(err) // the directory is embedded
	}
	return dataset{files}
}()

func (d dataset) date() (Day, error) {
	text, err := fs.ReadFile(d.files, dateFile)
	return Day(strings.TrimSpace(string(text))), err
}

// tools lists the tools by the names of their files.
func (d dataset) tools() ([]string, error) {
	entries, err := fs.ReadDir(d.files, ".")
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), packed); ok && name != archives {
			names = append(names, name)
		}
	}
	return names, err
}

// rows reads one file; a tool that only a user's file has has none.
func (d dataset) rows(name string) (Rows, error) { return d.read(name, true) }

// releases leaves out the packages of a tool that has upstream's own rows: they are asked for seldom, and are a part of their own in the
// compressed file.
func (d dataset) releases(name string) (r Rows, whole bool, err error) {
	r, err = d.read(name, false)
	if len(r.Releases) > 0 || err != nil {
		return r, false, err
	}
	r, err = d.read(name, true)
	return r, true, err
}

// open opens one file, and unpacks it as it is read. Both are nil if there is none.
func (d dataset) open(name string) (f fs.File, z *gzip.Reader, err error) {
	if f, err = d.files.Open(name + packed); err != nil {
		return nil, nil, nil
	}
	if z, err = gzip.NewReader(f); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("reading the catalogue's %s: %w", name, err), f.Close())
	}
	return f, z, nil
}

// about reads the rows of one file that have a word. It stops at the last of the first that stand together, as the rows of one commit do: to
// read hundreds of hashes for one would take longer than the rest of a choice.
func (d dataset) about(name, word string) (Rows, error) {
	f, z, err := d.open(name)
	if f == nil {
		return Rows{}, err
	}
	defer f.Close()
	var found strings.Builder
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "\t"+word+"\t") {
			found.WriteString(lines.Text() + "\n")
		} else if found.Len() > 0 {
			break
		}
	}
	if err := lines.Err(); err != nil {
		return Rows{}, fmt.Errorf("reading the catalogue's %s: %w", name, err)
	}
	return ParseRows("data/"+name+".tsv", found.String())
}

func (d dataset) read(name string, whole bool) (Rows, error) {
	f, z, err := d.open(name)
	if f == nil {
		return Rows{}, err
	}
	defer f.Close()
	z.Multistream(whole)
	var text strings.Builder
	if _, err := io.Copy(&text, z); err != nil {
		return Rows{}, fmt.Errorf("reading the catalogue's %s: %w", name, err)
	}
	return ParseRows("data/"+name+".tsv", text.String())
}
