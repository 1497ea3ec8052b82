package option

import (
	"bytes"
	"errors"

	"go.yaml.in/yaml/v3"
)

// A Login is a registry's credentials. The password is a secret: it is masked and never printed.
type Login struct{ Registry, Username, Password string }

// Logins are credentials for several registries, a YAML list of registry, username and password as in docker/login-action.
type Logins []Login

// UnmarshalText implements encoding.TextUnmarshaler. Its error holds no text. Logins without a password are dropped: a CI system gives empty
// ones to jobs that may not have them.
func (l *Logins) UnmarshalText(text []byte) error {
	*l = nil
	var all []struct{ Registry, Username, Password string }
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if d.Decode(&all) != nil {
		return errors.New("this is no YAML list of items with registry, username and password")
	}
	for _, one := range all {
		if one.Password != "" {
			*l = append(*l, Login{one.Registry, one.Username, one.Password})
		}
	}
	return nil
}
