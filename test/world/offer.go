package world

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/ranges"
)

// ErrNotOffered is for a tool whose releases are in no registry of packages.
var ErrNotOffered = errors.New("no registry of packages has releases of it")

// Offer adds a release of a tool to the catalogue of this world, made as the nearest of tools.json is. The makers' own archives cannot be
// reached everywhere.
func (w *World) Offer(ctx context.Context, tool, version string) error {
	name, t, err := nearest(tool, version)
	if err != nil {
		return err
	}
	for i, p := range t.NPM {
		if spec, found := strings.CutSuffix(p.Spec, "@"+t.Version); found {
			t.NPM[i].Spec, t.NPM[i].Integrity = spec+"@"+version, "" // npm compares it with the registry's
		}
	}
	t.Go = strings.ReplaceAll(t.Go, t.Version, version)
	t.Version, t.SHA256 = version, ""
	name += "-" + version
	w.mu.Lock()
	_, known := w.offers[name]
	w.offers[name] = t
	w.mu.Unlock()
	if known {
		return nil
	}
	dir, err := w.tool(ctx, name)
	if err != nil {
		return err
	}
	sum, err := fileSum(filepath.Join(dir, toolFile))
	if err != nil {
		return err
	}
	return w.addRelease(w.releaseRow(tool, version, name, sum))
}

// nearest is the tool of tools.json with the oldest version that is not older than the one asked for, else the newest: so of the same line,
// if tools.json has that.
func nearest(wanted, version string) (name string, t tool, err error) {
	table, err := tools[tool]()
	if err != nil {
		return "", tool{}, err
	}
	names := slices.DeleteFunc(slices.Collect(maps.Keys(table)), func(name string) bool {
		begin, _, _ := strings.Cut(name, "_")
		return table[name].SHA256 == "" || released[begin+"_"] != wanted
	})
	if len(names) == 0 {
		return "", tool{}, fmt.Errorf("offering %s %s: %w", wanted, version, ErrNotOffered)
	}
	slices.SortFunc(names, func(a, b string) int { return ranges.Compare(table[a].Version, table[b].Version) })
	i := slices.IndexFunc(names, func(name string) bool { return ranges.Compare(table[name].Version, version) >= 0 })
	if i < 0 {
		i = len(names) - 1
	}
	return names[i], table[names[i]], nil
}

// addRelease writes a row more into the catalogue.
func (w *World) addRelease(row map[string]string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	text, err := os.ReadFile(w.Catalogue)
	if err != nil {
		return err
	}
	var rows map[string][]map[string]string
	if err := json.Unmarshal(text, &rows); err != nil {
		return fmt.Errorf("reading the world's catalogue: %w", err)
	}
	rows["release"] = append(rows["release"], row)
	if text, err = json.Marshal(rows); err != nil {
		return err
	}
	// A program that runs beside reads the old file or the new one.
	if err := os.WriteFile(w.Catalogue+".new", text, 0o644); err != nil {
		return err
	}
	return os.Rename(w.Catalogue+".new", w.Catalogue)
}

func fileSum(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	_, err = io.Copy(hash, f)
	return hex.EncodeToString(hash.Sum(nil)), err
}
