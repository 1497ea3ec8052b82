package dockerfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
)

const base = "ghcr.io/railwayapp/nixpacks:ubuntu-1745885067"

// node is the plan of a small Node.js app.
func node() plan.Plan {
	return plan.Plan{
		BuildImage:   new(base),
		Variables:    map[string]string{"CI": "true", "PRICE": `5 $ "net" \`},
		StaticAssets: map[string]string{"Caddyfile": ":80"},
		Phases: map[string]plan.Phase{
			"setup": {
				NixPkgs:        []string{"nodejs_18"},
				NixpkgsArchive: new("abc"),
				AptPkgs:        []string{"curl", "libpq-dev"},
			},
			"install": {
				DependsOn:        []string{"setup"},
				Cmds:             []string{"npm ci"},
				OnlyIncludeFiles: []string{"package.json", "package-lock.json"},
				CacheDirectories: []string{"/root/.npm"},
				Paths:            []string{"/app/node_modules/.bin"},
			},
			"build": {DependsOn: []string{"install"}, Cmds: []string{"npm run build"}, CacheDirectories: []string{".next/cache"}},
		},
		Start: &plan.Start{Cmd: new("npm start"), User: new("me")},
	}
}

func newGraph(t *testing.T, p plan.Plan, opt graph.Options) *graph.Graph {
	t.Helper()
	g, err := graph.New(p, opt)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestFormat(t *testing.T) {
	g := newGraph(t, node(), graph.Options{Ignore: []string{".git"}})
	want := `# base image
FROM ghcr.io/railwayapp/nixpacks:ubuntu-1745885067
SHELL ["/bin/bash", "-ol", "pipefail", "-c"]
WORKDIR /app

# Nix packages
RUN --mount=type=bind,source=.nixpacks/nixpkgs-abc.nix,target=/app/.nixpacks/nixpkgs-abc.nix \
    nix-env -if .nixpacks/nixpkgs-abc.nix && nix-collect-garbage -d && rm -rf ~/.cache/nix

# apt packages
RUN sudo apt-get update && sudo apt-get install -y --no-install-recommends curl libpq-dev && sudo apt-get clean && sudo rm -rf /var/lib/apt/lists/*

# static assets
COPY .nixpacks/assets /assets

# variables
ENV CI="true" \
    PRICE="5 \$ \"net\" \\"

# install phase
ENV NIXPACKS_PATH="/app/node_modules/.bin"
COPY package.json /app/package.json
COPY package-lock.json /app/package-lock.json
RUN --mount=type=cache,id=npx-/root/.npm,target=/root/.npm \
    npm ci

# build phase
COPY . /app
# The build's own files are needed in the context, but not in the image.
RUN rm -rf .nixpacks
RUN --mount=type=cache,id=npx-/app/.next/cache,target=/app/.next/cache \
    npm run build

# login profile
RUN printf '\nPATH=/app/node_modules/.bin:$PATH' >> /root/.profile

# start
RUN id -u me >/dev/null 2>&1 || useradd -m -s /bin/bash me
USER me
ENTRYPOINT ["/bin/bash", "-l", "-c"]
CMD ["npm start"]
`
	got, files := Format(g)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Dockerfile differs (-want +got):\n%s", diff)
	}
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path)
	}
	wantPaths := []string{
		".nixpacks/Dockerfile.dockerignore", ".nixpacks/assets/Caddyfile", ".nixpacks/build.sh", ".nixpacks/nixpkgs-abc.nix",
	}
	if diff := cmp.Diff(wantPaths, paths); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(".git\n!.nixpacks\n", files[0].Content); diff != "" {
		t.Errorf("ignore file differs (-want +got):\n%s", diff)
	}
}

func TestFormatWithRunImage(t *testing.T) {
	p := plan.Plan{
		BuildImage: new(base),
		Phases:     map[string]plan.Phase{"build": {Cmds: []string{"go build -o out"}}},
		Start:      &plan.Start{Cmd: new("./out"), RunImage: new("ubuntu:noble"), OnlyIncludeFiles: []string{"./out"}},
	}
	g := newGraph(t, p, graph.Options{})
	g.Config.Labels = []graph.Var{{Name: "org.example.note", Value: `a "b"`}}
	want := `# base image
FROM ghcr.io/railwayapp/nixpacks:ubuntu-1745885067
SHELL ["/bin/bash", "-ol", "pipefail", "-c"]
WORKDIR /app

# build phase
COPY . /app
# The build's own files are needed in the context, but not in the image.
RUN rm -rf .nixpacks
RUN go build -o out

# start
FROM ubuntu:noble
SHELL ["/bin/bash", "-ol", "pipefail", "-c"]
WORKDIR /app
COPY --from=0 /etc/ssl/certs /etc/ssl/certs
COPY --from=0 /app/out /app/out
LABEL "org.example.note"="a \"b\""
ENTRYPOINT ["/bin/bash", "-l", "-c"]
CMD ["./out"]
`
	got, _ := Format(g)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Dockerfile differs (-want +got):\n%s", diff)
	}
}

func TestVariableWithLineBreaksIsAnArgumentOfTheScript(t *testing.T) {
	p := plan.Plan{BuildImage: new(base), Variables: map[string]string{"KEY": "it's\ntwo", "ONE": "1"}}
	got, files := Format(newGraph(t, p, graph.Options{}))
	want := `
ARG KEY
ENV KEY="${KEY:?has line breaks, build with .nixpacks/build.sh}" \
    ONE="1"
`
	if !strings.Contains(got, want) {
		t.Errorf("no %s in\n%s", want, got)
	}
	script := `#!/bin/sh
# Builds the image: put .nixpacks into the app's directory and run this file with sh.
# Arguments go to docker build, such as: -t NAME
set -eu
cd "$(dirname "$0")/.."
DOCKER_BUILDKIT=1 exec docker build -f .nixpacks/Dockerfile \
    --build-arg KEY='it'\''s
two' "$@" .
`
	if diff := cmp.Diff(script, files[1].Content); diff != "" {
		t.Errorf("script differs (-want +got):\n%s", diff)
	}
}

func TestPlainTellsWhichCommandsNeedQuoting(t *testing.T) {
	tests := []struct {
		command string
		want    bool
	}{
		{"npm ci && echo \"$HOME\" | cat # yes", true},
		{"a\tb", true},
		{"a\nb", false},
		{"a\r", false},
		{"cat <<EOF", false},
		{"cat <<< word", false},
		{`echo \`, false},
		{" a", false},
		{"a ", false},
		{"[ -e x ] && y", false},
		{`["a"]`, false},
		{"--mount=x y", false},
		{"# nothing", false},
	}
	for _, tt := range tests {
		if got := plain(tt.command); got != tt.want {
			t.Errorf("plain(%q) = %v", tt.command, got)
		}
	}
}

func TestASecretIsMountedAsAVariableAndHandedOn(t *testing.T) {
	p := node()
	ph := p.Phases["install"]
	ph.Secrets = []string{"NPM_TOKEN"}
	p.Phases["install"] = ph
	text, files := Format(newGraph(t, p, graph.Options{Fingerprints: map[string]string{"install": "f1"}}))
	const mount = "--mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN,required=true \\\n    npm ci\n"
	if strings.Count(text, "type=secret") != 1 || !strings.Contains(text, mount) || strings.Contains(text, "f1") {
		t.Errorf("want one secret, in the install step:\n%s", text)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Path, "build.sh") && !strings.Contains(f.Content, "--secret id=NPM_TOKEN \\\n") && !strings.Contains(f.Content, "--secret id=NPM_TOKEN \"$@\"") {
			t.Errorf("%s does not hand the secret on:\n%s", f.Path, f.Content)
		}
	}
}
