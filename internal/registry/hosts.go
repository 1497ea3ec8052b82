package registry

import (
	"slices"
	"strings"
)

// Hosts are the registries that there are credentials for, sorted, without any credential. Those that a credential helper keeps for itself are
// not among them. A configuration that cannot be read has none.
func (k *Keychain) Hosts() []string {
	k.once.Do(k.load)
	var keys []string
	for _, e := range k.Entries {
		keys = append(keys, e.Prefix)
	}
	if k.file != nil {
		for key := range k.file.AuthConfigs {
			keys = append(keys, key)
		}
		for key := range k.file.CredentialHelpers {
			keys = append(keys, key)
		}
	}
	for i, key := range keys {
		keys[i], _, _ = strings.Cut(canonical(key), "/")
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
