package world

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/org/npx-action/internal/catalogue"
)

// staticPrograms are this project's programs for static sites, which plans take as releases.
var staticPrograms = []string{"npx-static", "npx-compress"}

// debianInit is the init of images as Debian builds it, static like the upstream's release.
const debianInit = "/usr/bin/tini-static"

// staticVersion is the version that this checkout's programs go by, beside all that are released.
const staticVersion = "1.0.0"

// staticRows compiles these programs of the checkout that the working directory is in, and returns the rows by which the mirror serves
// them and Debian's init.
func (w *World) staticRows(ctx context.Context, c *catalogue.Catalogue) ([]map[string]string, error) {
	dir, err := w.run.mkdir("static")
	if err != nil {
		return nil, err
	}
	w.static = dir
	packages := make([]string, len(staticPrograms))
	for i, name := range staticPrograms {
		packages[i] = "github.com/org/npx-action/cmd/" + name
	}
	// Without the commit in them, equal sources give equal programs.
	if err := w.compile(ctx, "", dir, append([]string{"-buildvcs=false", "-tags", "nethttpomithttp2"}, packages...)...); err != nil {
		return nil, err
	}
	init, err := os.ReadFile(debianInit)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "tini"), init, 0o755); err != nil {
		return nil, err
	}
	var rows []map[string]string
	for _, name := range append(slices.Clone(staticPrograms), "tini") {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		var versions []string
		if tool, err := c.Tool(name); err == nil {
			versions = tool.Versions("linux/amd64")
		}
		if slices.Contains(staticPrograms, name) {
			versions = append(versions, staticVersion)
		}
		slices.Sort(versions)
		for _, version := range slices.Compact(versions) {
			rows = append(rows, map[string]string{"tool": name, "version": version, "platform": "linux/amd64",
				"address": w.NixMirror + "/static/" + name, "hash": fmt.Sprintf("sha256:%x", sha256.Sum256(data))})
		}
	}
	return rows, nil
}

// StaticProgram is the path of one of the programs for static sites.
func (w *World) StaticProgram(name string) string { return filepath.Join(w.static, name) }

func (w *World) serveStatic(rw http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w.log, "mirror: program %s\n", r.PathValue("program"))
	http.ServeFile(rw, r, w.StaticProgram(filepath.Base(r.PathValue("program"))))
}
