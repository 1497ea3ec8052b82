package planner

import (
	"crypto/sha256"
	"path"
	"slices"
	"strings"

	"github.com/org/npx-action/internal/plan"
)

// KeyFiles are the digests of the lockfiles, and of the files that the install phases are restricted to, by path in the result's tree.
func KeyFiles(result Result) (map[string][sha256.Size]byte, error) {
	names := slices.Clone(result.Locks)
	for phase, p := range plan.Sorted(result.Plan.Phases) {
		if base := phase[strings.LastIndexByte(phase, ':')+1:]; base == "install" || base == "setup" {
			names = append(names, p.OnlyIncludeFiles...)
		}
	}
	files := map[string][sha256.Size]byte{}
	tree := result.Tree
	var all []string
	for _, name := range names {
		name = path.Clean(name)
		if !tree.HasDir(name) {
			all = append(all, name)
			continue
		}
		below, err := tree.Files("**")
		if err != nil {
			return nil, err
		}
		for _, f := range below {
			if name == "." || strings.HasPrefix(f, name+"/") {
				all = append(all, f)
			}
		}
	}
	for _, name := range all {
		if !tree.HasFile(name) {
			continue // the build says so, with the phase
		}
		sum, err := tree.Digest(name)
		if err != nil {
			return nil, err
		}
		files[name] = sum
	}
	return files, nil
}
