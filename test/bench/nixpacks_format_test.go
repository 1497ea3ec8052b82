package bench

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/nix"
	"github.com/org/npx-action/internal/plan"
)

// TestThePeerIsWhatNixpacksWrites holds the peer to the lines of nixpacks-1.39.md 4.1, but for the certificates of the world.
func TestThePeerIsWhatNixpacksWrites(t *testing.T) {
	p := plan.Plan{
		BuildImage: new("base:1"),
		Variables:  map[string]string{"CI": "true", "A": "b"},
		Phases: map[string]plan.Phase{
			"setup":   {NixPkgs: []string{"go"}, AptPkgs: []string{"curl"}},
			"install": {DependsOn: []string{"setup"}, Cmds: []string{"get"}, OnlyIncludeFiles: []string{"./go.mod"}, CacheDirectories: []string{"~/.cache/go"}, Paths: []string{"/opt/bin"}},
			"build":   {DependsOn: []string{"install"}, Cmds: []string{"make"}, CacheDirectories: []string{"node_modules/.cache"}},
		},
		Start: &plan.Start{Cmd: new(`say "it"`)},
	}
	const secrets = "--mount=type=secret,id=ca-certificates,target=/run/npx-action/ca-certificates.crt,mode=0444 " +
		"--mount=type=secret,id=ca-certificates-java,target=/run/npx-action/ca-certificates.jks,mode=0444 "
	const both = `FROM local/base:1

ENTRYPOINT ["/bin/bash", "-l", "-c"]
WORKDIR /app/

COPY .nixpacks/nixpkgs-x.nix .nixpacks/nixpkgs-x.nix
RUN SECRETSnix-env -if .nixpacks/nixpkgs-x.nix && nix-collect-garbage -d
RUN SECRETSsudo apt-get update && sudo apt-get install -y --no-install-recommends curl
ARG A CI
ENV A=$A CI=$CI

# setup phase
# noop

# install phase
ENV NIXPACKS_PATH=/opt/bin:$NIXPACKS_PATH
COPY go.mod /app/go.mod
RUN --mount=type=cache,id=bench-/root/cache/go,target=/root/.cache/go SECRETSget

# build phase
COPY . /app/.
RUN --mount=type=cache,id=bench-node_modules/cache,target=/app/node_modules/.cache SECRETSmake

RUN printf '\nPATH=/opt/bin:$PATH' >> /root/.profile

# start
`
	for _, tt := range []struct {
		name, want string
		image      *string
	}{
		{"one image", "COPY . /app\n", nil},
		{"a run image", `FROM local/run:1
ENTRYPOINT ["/bin/bash", "-l", "-c"]
WORKDIR /app/
COPY --from=0 /etc/ssl/certs /etc/ssl/certs
RUN true
COPY --from=0 /app/ /app/
`, new("run:1")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p.Start.RunImage = tt.image
			f := formatter{plan: p, images: map[string]string{"base:1": "local/base:1", "run:1": "local/run:1"}}
			if err := f.format([]nix.File{{Name: "nixpkgs-x.nix"}}); err != nil {
				t.Fatal(err)
			}
			got := withoutTrust(f.out.String(), secrets)
			if diff := cmp.Diff(both+tt.want+"CMD [\"say \\\"it\\\"\"]\n", got); diff != "" {
				t.Errorf("Dockerfile (-want +got):\n%s", diff)
			}
		})
	}
}

// withoutTrust replaces what makes a step trust the world's certificates by one word.
func withoutTrust(text, secrets string) string {
	trust := strings.TrimSuffix(graph.Run{Certificates: true}.Script(), "\n")
	return strings.ReplaceAll(strings.ReplaceAll(text, secrets, "SECRETS"), trust, "")
}
