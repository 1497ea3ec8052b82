package registry

import (
	"bytes"
	"maps"
	"slices"

	"github.com/docker/cli/cli/config"
)

// Passwords are the passwords and tokens that docker configurations hold, in the order of their hosts, and never passwords that a credential
// helper keeps. A text that is no configuration has none.
func Passwords(configurations ...[]byte) []Credential {
	var all []Credential
	for _, text := range configurations {
		file, err := config.LoadFromReader(bytes.NewReader(text))
		if err != nil {
			continue
		}
		for _, host := range slices.Sorted(maps.Keys(file.AuthConfigs)) {
			auth := file.AuthConfigs[host]
			for _, value := range []string{auth.Password, auth.IdentityToken, auth.RegistryToken} {
				if value != "" {
					all = append(all, Credential{Prefix: host, Username: auth.Username, Password: value})
				}
			}
		}
	}
	return all
}
