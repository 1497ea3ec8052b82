package world

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/catalogue"
	"github.com/org/npx-action/internal/nar"
)

// catalogued are the tools that the miniature nixpkgs has and whose versions plans choose.
var catalogued = []string{"node", "go", "python", "php", "java", "gradle", "maven", "rust", "elixir", "zig"}

// released are the tools that plans take as an upstream's releases, by how their names in tools.json begin.
var released = map[string]string{"nodejs_": "node", "go_": "go"}

// writeCatalogue writes the rows of this world: every commit of nixpkgs is the miniature one, and has its hash; and the releases are those
// of tools.json.
func (w *World) writeCatalogue(ctx context.Context) error {
	sub, err := fs.Sub(nixFiles, "nix/nixpkgs")
	if err != nil {
		return err
	}
	files, err := pointed(sub, w.NixMirror)
	if err != nil {
		return err
	}
	hash, err := nar.Hash(files)
	if err != nil {
		return fmt.Errorf("hashing the miniature nixpkgs: %w", err)
	}
	c, err := catalogue.Open(catalogue.Options{})
	if err != nil {
		return err
	}
	var rows []map[string]string
	for _, name := range catalogued {
		tool, err := c.Tool(name)
		if err != nil {
			return err
		}
		for _, version := range tool.Versions("linux/amd64") {
			for _, p := range tool.Packages(version) {
				if p.NAR != "" {
					rows = append(rows, map[string]string{"tool": name, "version": p.Version, "attribute": p.Attribute, "commit": p.Commit,
						"date": string(p.Date), "nar": hash})
				}
			}
		}
	}
	releases, err := w.releaseRows()
	if err != nil {
		return err
	}
	python, err := w.pythonRows(ctx, c)
	if err != nil {
		return err
	}
	static, err := w.staticRows(ctx, c)
	if err != nil {
		return err
	}
	releases = slices.Concat(releases, python, static)
	overlay, err := w.overlayRow(c)
	if err != nil {
		return err
	}
	text, err := json.Marshal(map[string]any{"package": rows, "release": releases, "overlay": []map[string]string{overlay}})
	if err != nil {
		return err
	}
	dir, err := w.run.mkdir("catalogue")
	if err != nil {
		return err
	}
	w.Catalogue = filepath.Join(dir, "catalogue.json")
	return os.WriteFile(w.Catalogue, text, 0o644)
}

// overlayRow is the catalogue's overlay of Rust, with the hash of this world's.
func (w *World) overlayRow(c *catalogue.Catalogue) (map[string]string, error) {
	tool, err := c.Tool("rust")
	if err != nil {
		return nil, err
	}
	known, ok := tool.Overlay()
	if !ok {
		return nil, errors.New("the catalogue has no overlay of Rust")
	}
	sub, err := fs.Sub(nixFiles, "nix/overlays/oxalica/rust-overlay")
	if err != nil {
		return nil, err
	}
	files, err := pointed(sub, w.NixMirror)
	if err != nil {
		return nil, err
	}
	hash, err := nar.Hash(files)
	return map[string]string{"tool": "rust", "first": known.First, "last": known.Last, "address": known.Address, "nar": hash}, err
}

func (w *World) releaseRows() ([]map[string]string, error) {
	table, err := tools[tool]()
	var rows []map[string]string
	for name, t := range table {
		for begin, tool := range released {
			if strings.HasPrefix(name, begin) && t.SHA256 != "" {
				rows = append(rows, w.releaseRow(tool, t.Version, name, t.SHA256))
			}
		}
	}
	return rows, err
}

// releaseRow is a row of the catalogue for a version that the mirror serves as the tool of a name.
func (w *World) releaseRow(of, version, name, sum string) map[string]string {
	return map[string]string{"tool": of, "version": version, "platform": "linux/amd64",
		"address": w.NixMirror + "/tools/" + name + ".tar", "hash": "sha256:" + sum}
}

// Releases lists the versions of a tool that this world serves as releases of its own, sorted.
func (w *World) Releases(tool string) ([]string, error) {
	rows, err := w.releaseRows()
	var list []string
	for _, r := range rows {
		if r["tool"] == tool {
			list = append(list, r["version"])
		}
	}
	slices.Sort(list)
	return list, err
}

// pythonRows are of Debian's Python, which goes by every version. Its bytes are this machine's Debian's.
func (w *World) pythonRows(ctx context.Context, c *catalogue.Catalogue) ([]map[string]string, error) {
	const name = "python_release"
	dir, err := w.tool(ctx, name)
	if err != nil {
		return nil, err
	}
	sum, err := fileSum(filepath.Join(dir, toolFile))
	if err != nil {
		return nil, err
	}
	tool, err := c.Tool("python")
	if err != nil {
		return nil, err
	}
	var rows []map[string]string
	for _, version := range tool.Versions("linux/amd64") {
		rows = append(rows, w.releaseRow("python", version, name, sum))
	}
	return rows, nil
}
