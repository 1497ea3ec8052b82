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

// staticVersion is the version that this checkout's programs go by, beside all that are released.
const staticVersion = "1.0.0"

// staticRows compiles these programs of the checkout that the working directory is in, and returns the rows by which the mirror serves them.
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
	var rows []map[string]string
	for _, name := range staticPrograms {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		versions := []string{staticVersion}
		if tool, err := c.Tool(name); err == nil {
			versions = append(versions, tool.Versions("linux/amd64")...)
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
