package world

import (
	"context"
	"os"
	"regexp"
)

// packageName finds what is no part of a file's name in that of a package.
var packageName = regexp.MustCompile(`[^a-z0-9.]+`)

// Package returns a directory with the files of an npm package, name@version, of which the integrity is that of lockfiles. It stays on
// the machine.
func Package(ctx context.Context, spec, integrity string) (string, error) {
	w, err := newWorld(Options{})
	if err != nil {
		return "", err
	}
	name := "npm-" + packageName.ReplaceAllString(spec, "-")
	return w.cache.piece(ctx, name, spec+integrity, func(dir string) error {
		work, err := os.MkdirTemp("", "npx-action-npm-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		return w.unpackNPM(ctx, npmPackage{Spec: spec, Integrity: integrity}, work, dir)
	})
}
