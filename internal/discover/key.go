package discover

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"

	"github.com/org/npx-action/providers"
)

// keyBytes is how many bytes of the digest a key has.
const keyBytes = 16

// key sets the cache key of an app: its name, and a digest of the manifests and lockfiles of all directories that its dependencies
// are installed from.
func (f *finder) key(a *App) error {
	dirs := slices.Concat(a.uses, []string{a.Context})
	if a.shared != nil {
		dirs = append(dirs, a.shared.root)
	}
	slices.Sort(dirs)
	hash := sha256.New()
	for _, dir := range slices.Compact(dirs) {
		bases := slices.Clone(f.files[dir])
		slices.Sort(bases)
		for _, base := range bases {
			if !isKeyFile(base) {
				continue
			}
			name := path.Join(dir, base)
			text, err := f.tree.Bytes(name)
			if err != nil {
				return err
			}
			fmt.Fprintf(hash, "%s\x00%d\x00", name, len(text))
			hash.Write(text)
		}
	}
	a.CacheKey = a.Name + "-" + hex.EncodeToString(hash.Sum(nil)[:keyBytes])
	return nil
}

// settings are the files beside manifests and lockfiles that decide what is installed.
var settings = func() map[string]bool {
	set := map[string]bool{}
	for _, p := range providers.All() {
		for _, name := range p.Settings {
			set[name] = true
		}
	}
	return set
}()

// isKeyFile reports whether a file decides what is installed.
func isKeyFile(base string) bool {
	return settings[base] || slices.ContainsFunc(manifests, func(m providers.Manifest) bool {
		return slices.Contains(m.Locks, base) || m.In([]string{base}) != ""
	})
}
