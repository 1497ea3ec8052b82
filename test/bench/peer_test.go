package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/docker/cli/cli/config/configfile"
	"github.com/docker/cli/cli/config/types"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/auth/authprovider"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
	"github.com/tonistiigi/fsutil"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
)

// javaTrust is where Debian keeps its certificates for Java.
const javaTrust = "/etc/ssl/certs/java/cacerts"

// peer builds what Nixpacks makes of a clone on a new builder, with the registry cache as Docker's users write it.
func (s *stage) peer(b *testing.B, dir, image, builderDir string) measured {
	b.Helper()
	return s.build(b, nixpacksRecipe(b, dir, s.world.NixMirror, s.images()), dir, image, builderDir)
}

// build builds a recipe of a clone, from the start of a builder to its end.
func (s *stage) build(b *testing.B, r recipe, dir, image, builderDir string) measured {
	b.Helper()
	r.dir = b.TempDir()
	var m measured
	var err error
	t := s.counter.during(func() {
		start := time.Now()
		err = s.dockerfile(b.Context(), r, dir, image, builderDir)
		m.Seconds = time.Since(start).Seconds()
	})
	if err != nil {
		b.Fatalf("building %s: %v\n%s", image, err, r.text)
	}
	m.Unpacked, m.Pushed, m.Pulled = unpacked(b, builderDir), t.pushed, t.pulled
	return m
}

// peerLogin logs in to the registry of images, if it asks for that.
func (s *stage) peerLogin() session.Attachable {
	config := configfile.New("")
	if s.login {
		config.AuthConfigs[s.registry()] = types.AuthConfig{Username: jobUser, Password: jobToken}
	}
	return authprovider.NewDockerAuthProvider(authprovider.DockerAuthProviderConfig{AuthConfigProvider: authprovider.LoadAuthConfig(config)})
}

// dockerfile starts a builder, builds with BuildKit's own frontend, pushes, and ends the builder.
func (s *stage) dockerfile(ctx context.Context, r recipe, dir, image, builderDir string) (err error) {
	if err := os.WriteFile(filepath.Join(r.dir, "Dockerfile"), []byte(r.text), 0o600); err != nil {
		return err
	}
	mounts := map[string]fsutil.FS{}
	for name, path := range map[string]string{"context": dir, "dockerfile": r.dir} {
		if mounts[name], err = fsutil.NewFS(path); err != nil {
			return err
		}
	}
	store, err := secretsprovider.NewStore([]secretsprovider.Source{
		{ID: graph.Certificates.ID, FilePath: s.world.CABundle},
		{ID: graph.TrustStore.ID, FilePath: javaTrust},
	})
	if err != nil {
		return err
	}
	opt := client.SolveOpt{
		Frontend:      "dockerfile.v0",
		FrontendAttrs: map[string]string{},
		LocalMounts:   mounts,
		Session:       []session.Attachable{secretsprovider.NewSecretProvider(store), s.peerLogin()},
		Exports:       []client.ExportEntry{{Type: client.ExporterImage, Attrs: map[string]string{"name": image, "push": "true"}}},
		CacheImports:  []client.CacheOptionsEntry{{Type: "registry", Attrs: map[string]string{"ref": image + "-cache"}}},
		CacheExports:  []client.CacheOptionsEntry{{Type: "registry", Attrs: map[string]string{"ref": image + "-cache", "mode": "max"}}},
	}
	for name, value := range r.args {
		opt.FrontendAttrs["build-arg:"+name] = value
	}
	conn, err := builder.Connect(ctx, builder.Options{Embedded: builder.Embedded{Dir: builderDir, Binary: s.program.Daemon()}, Environ: os.Environ()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	c, err := client.New(ctx, conn.Info().Address)
	if err != nil {
		return err
	}
	defer c.Close()
	var log bytes.Buffer
	status, read := make(chan *client.SolveStatus), make(chan struct{})
	go func() {
		defer close(read)
		for s := range status {
			for _, l := range s.Logs {
				log.Write(l.Data)
			}
		}
	}()
	if _, err = c.Solve(ctx, nil, opt, status); err != nil {
		<-read
		return fmt.Errorf("%w\n%s", err, log.Bytes())
	}
	return nil
}
