package world

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
	"github.com/tonistiigi/fsutil"
)

// A builder is a BuildKit of the test's own.
type builder struct {
	w      *World
	client *client.Client
}

const builderConfig = `[worker.oci]
  networkMode = "host"
[registry.%q]
  http = true
`

func newBuilder(t *testing.T, w *World) *builder {
	t.Helper()
	ctx := t.Context()
	dir, err := w.NewBuilderDir()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "buildkitd.toml")
	if err := os.WriteFile(config, fmt.Appendf(nil, builderConfig, w.Registry), 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := runCommand(w.log, exec.CommandContext(ctx, "go", "tool", "-n", "buildkitd"))
	if err != nil {
		t.Fatal(err)
	}
	address := "unix://" + filepath.Join(dir, "sock")
	p, err := startProcess(w.log, exec.Command(program, "--config", config, "--addr", address, "--root", filepath.Join(dir, "root")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.stop() })
	c, err := client.New(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	err = p.ready(ctx, func() error {
		_, err := c.Info(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return &builder{w, c}
}

// build builds a Dockerfile with the files of a directory, pushes the image under a reference, if that is not "", and
// returns what the steps wrote.
func (b *builder) build(ctx context.Context, dockerfile, dir, ref string) (string, error) {
	tmp, err := b.w.run.mkdir("dockerfile")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(tmp, "Dockerfile"), []byte(dockerfile), 0o600); err != nil {
		return "", err
	}
	mounts := map[string]fsutil.FS{}
	for name, path := range map[string]string{"context": dir, "dockerfile": tmp} {
		if mounts[name], err = fsutil.NewFS(path); err != nil {
			return "", err
		}
	}
	store, err := secretsprovider.NewStore([]secretsprovider.Source{{ID: "ca", FilePath: b.w.CABundle}})
	if err != nil {
		return "", err
	}
	opt := client.SolveOpt{
		Frontend:    "dockerfile.v0",
		LocalMounts: mounts,
		Session:     []session.Attachable{secretsprovider.NewSecretProvider(store)},
	}
	if ref != "" {
		opt.Exports = []client.ExportEntry{{Type: client.ExporterImage, Attrs: map[string]string{"name": ref, "push": "true", "compression": "uncompressed"}}}
	}
	var out bytes.Buffer
	status := make(chan *client.SolveStatus)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for s := range status {
			for _, l := range s.Logs {
				out.Write(l.Data)
			}
		}
	}()
	_, err = b.client.Solve(ctx, nil, opt, status)
	<-read
	return out.String(), err
}

// dockerfile is what Nixpacks generates for a plan, as section 4.1 of the specification says, less its variables.
func dockerfile(w *World, packages, install, build, start string) string {
	const ca = "--mount=type=secret,id=ca,target=/run/ca.crt " +
		"SSL_CERT_FILE=/run/ca.crt NODE_EXTRA_CA_CERTS=/run/ca.crt PIP_CERT=/run/ca.crt; " +
		"export SSL_CERT_FILE NODE_EXTRA_CA_CERTS PIP_CERT; "
	return fmt.Sprintf(`FROM %s

ENTRYPOINT ["/bin/bash", "-l", "-c"]
WORKDIR /app/

COPY <<"EOF" .nixpacks/nixpkgs.nix
%sEOF
RUN nix-env -if .nixpacks/nixpkgs.nix && nix-collect-garbage -d

ENV NIXPACKS_PATH=/app/node_modules/.bin:/opt/venv/bin:$NIXPACKS_PATH
COPY . /app/.
RUN %s%s
RUN %s
COPY . /app
CMD [%q]
`, w.Base, expression(w, packages), ca, install, build, start)
}

// expression is a Nix file as section 4.2 says, with the mirror in place of the host that has the archives.
func expression(w *World, packages string) string {
	return strings.NewReplacer("MIRROR", w.NixMirror, "PACKAGES", packages, "REF", "5148520bfab61f99fd25fb9ff7bfbb50dad3c9db").Replace(`{ }:
let pkgs = import (fetchTarball "MIRROR/NixOS/nixpkgs/archive/REF.tar.gz") { overlays = [
  (import (builtins.fetchTarball "MIRROR/railwayapp/nix-npm-overlay/archive/main.tar.gz"))
]; };
in with pkgs;
let
  APPEND_LIBRARY_PATH = "${lib.makeLibraryPath [ stdenv.cc.cc.lib zlib ]}";
  myLibraries = writeText "libraries" ''
    export LD_LIBRARY_PATH="${APPEND_LIBRARY_PATH}:$LD_LIBRARY_PATH"
  '';
in
buildEnv {
  name = "REF-env";
  paths = [
    (runCommand "REF-env" { } ''
      mkdir -p $out/etc/profile.d
      cp ${myLibraries} $out/etc/profile.d/REF-env.sh
    '')
    PACKAGES
  ];
}
`)
}
