package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/configfile"
	"github.com/docker/cli/cli/config/types"
	"github.com/google/go-containerregistry/pkg/authn"
)

// A Credential is a user and a password, or a token in place of the password, for a registry or a part of it.
type Credential struct {
	Prefix   string // a host, such as ghcr.io, or a host and the first parts of a repository, such as ghcr.io/org
	Username string
	Password string
}

// A Keychain finds credentials for a repository: the entry with the longest matching prefix, else what a docker
// configuration file holds for the longest matching prefix, else none. It is an [authn.Keychain].
// It may be used by several goroutines.
type Keychain struct {
	Entries []Credential
	Dir     string // holds config.json, see [ConfigDir]; "" for none, a missing file is an empty one

	once    sync.Once
	file    *configfile.ConfigFile
	fileErr error
}

// ConfigDir is the directory of the docker configuration, given the values of DOCKER_CONFIG and HOME. It is "" without both.
func ConfigDir(dockerConfig, home string) string {
	switch {
	case dockerConfig != "":
		return dockerConfig
	case home != "":
		return filepath.Join(home, ".docker")
	}
	return ""
}

// Credentials returns the user and the secret for a repository such as ghcr.io/org/app, or for a host.
// Both are empty if there are none; the user is empty if the secret is an identity token.
// Errors come from an unreadable configuration file.
func (k *Keychain) Credentials(_ context.Context, repository string) (username, secret string, err error) {
	auth, err := k.lookup(canonical(repository))
	if err != nil {
		return "", "", err
	}
	if auth.IdentityToken != "" {
		return "", auth.IdentityToken, nil
	}
	return auth.Username, auth.Password, nil
}

// Resolve implements [authn.Keychain].
func (k *Keychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	auth, err := k.lookup(canonical(target.String()))
	if err != nil {
		return nil, err
	}
	if auth == (authn.AuthConfig{}) {
		return authn.Anonymous, nil
	}
	return authn.FromConfig(auth), nil
}

func (k *Keychain) lookup(repo string) (authn.AuthConfig, error) {
	if k == nil {
		return authn.AuthConfig{}, nil
	}
	for prefix := repo; prefix != ""; prefix = parent(prefix) {
		for _, e := range k.Entries {
			if canonical(e.Prefix) == prefix {
				return authn.AuthConfig{Username: e.Username, Password: e.Password}, nil
			}
		}
	}
	return k.fromFile(repo)
}

// parent is the next shorter prefix, "" after the host.
func parent(prefix string) string {
	i := strings.LastIndexByte(prefix, '/')
	if i < 0 {
		return ""
	}
	return prefix[:i]
}

func (k *Keychain) fromFile(repo string) (authn.AuthConfig, error) {
	k.once.Do(k.load)
	if k.fileErr != nil || k.file == nil {
		return authn.AuthConfig{}, k.fileErr
	}
	keys := make(map[string]string, len(k.file.AuthConfigs))
	for key := range k.file.AuthConfigs {
		if c := canonical(key); keys[c] == "" || key < keys[c] {
			keys[c] = key
		}
	}
	for prefix := repo; prefix != ""; prefix = parent(prefix) {
		if key, ok := keys[prefix]; ok {
			if auth, ok := k.ask(key); ok {
				return auth, nil
			}
		}
	}
	// A credential helper has its own store: what it knows need not be listed in the file.
	host, _, _ := strings.Cut(repo, "/")
	if host == hub {
		host = authn.DefaultAuthKey
	}
	auth, _ := k.ask(host)
	return auth, nil
}

// ask gets one entry. A configuration copied from another machine may name a credential helper that is not installed
// here: that is as good as no entry, since most images can be read by everyone.
func (k *Keychain) ask(key string) (authn.AuthConfig, bool) {
	c, err := k.file.GetAuthConfig(key)
	c.ServerAddress = ""
	if err != nil || c == (types.AuthConfig{}) {
		return authn.AuthConfig{}, false
	}
	return authn.AuthConfig{Username: c.Username, Password: c.Password, Auth: c.Auth,
		IdentityToken: c.IdentityToken, RegistryToken: c.RegistryToken}, true
}

// maxConfig bounds how much of a docker configuration file is read.
const maxConfig = 1 << 20

func (k *Keychain) load() {
	if k.Dir == "" {
		return
	}
	path := filepath.Join(k.Dir, config.ConfigFileName)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		k.fileErr = fmt.Errorf("reading registry credentials: %w", err)
		return
	}
	defer f.Close()
	k.file, err = config.LoadFromReader(io.LimitReader(f, maxConfig))
	if err != nil {
		k.file, k.fileErr = nil, fmt.Errorf("reading registry credentials: %s is not a docker configuration file", path)
	}
}
