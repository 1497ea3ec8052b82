package dockerfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/store"
)

func TestReleasesHaveStagesOfTheirOwn(t *testing.T) {
	const node = "node@22.14.0 linux/amd64 https://upstream.example/node.tar.gz?a=b&c "
	bun := "bun@1.4.2 linux/amd64 https://upstream.example/bun.tgz sha512:" + strings.Repeat("2", 128)
	sum := "sha256:" + strings.Repeat("1", 64)
	p := plan.Plan{BuildImage: new(base), Phases: map[string]plan.Phase{
		"setup": {Releases: []string{node + sum, bun}, AptPkgs: []string{"curl"}}, "build": {Cmds: []string{"make"}, DependsOn: []string{"setup"}},
	}}
	g := newGraph(t, p, graph.Options{})
	var out []string
	for _, text := range []string{bun, node + sum} {
		r, err := store.ParseRelease(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r.Out())
	}
	step := func(i int) string { return array(g.Nodes[i].Op.(graph.Release).Alone.Args()...) }
	want := `# releases
FROM ` + base + ` AS release0
SHELL ["/bin/bash", "-ol", "pipefail", "-c"]
WORKDIR /app
USER root
RUN ` + step(1) + `

# releases
FROM ` + base + ` AS release1
SHELL ["/bin/bash", "-ol", "pipefail", "-c"]
WORKDIR /app
USER root
RUN ` + step(2) + `

# base image
FROM ` + base + `
SHELL ["/bin/bash", "-ol", "pipefail", "-c"]
WORKDIR /app

# apt packages
RUN sudo apt-get update && sudo apt-get install -y --no-install-recommends curl && sudo apt-get clean && sudo rm -rf /var/lib/apt/lists/*

# releases
COPY --from=release0 /run/npx-action/release/ /
COPY --from=release1 /run/npx-action/release/ /
ENV PATH="` + out[0] + `/bin:` + out[1] + `/bin:$PATH"

# build phase
COPY . /app
# The build's own files are needed in the context, but not in the image.
RUN rm -rf .nixpacks
RUN make

# start
ENTRYPOINT ["/bin/bash", "-l", "-c"]
`
	got, _ := Format(g)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Dockerfile differs (-want +got):\n%s", diff)
	}
}

func TestTheBuildToolsAreCopiedOntoTheBuildImage(t *testing.T) {
	release := "node@22.14.0 linux/amd64 https://upstream.example/node.tar.gz sha256:" + strings.Repeat("1", 64)
	p := plan.Plan{BuildImage: new(base), BuildTools: new("tools.example/tools:1"), Phases: map[string]plan.Phase{"setup": {Releases: []string{release}, AptPkgs: []string{"ffmpeg"}}}}
	text, _ := Format(newGraph(t, p, graph.Options{}))
	const copied = "WORKDIR /app\nUSER root\nCOPY --from=tools.example/tools:1 / /\nRUN ["
	if !strings.Contains(text, copied) || strings.Count(text, "COPY --from=tools.example/tools:1 / /\n") != 2 || strings.Contains(text, "FROM tools") {
		t.Errorf("the release and the build both have the tools:\n%s", text)
	}
	if strings.Contains(text, "sudo") {
		t.Errorf("the base has no sudo:\n%s", text)
	}
}
