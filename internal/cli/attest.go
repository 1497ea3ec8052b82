package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/graph"
	"github.com/org/npx-action/internal/lower"
	"github.com/org/npx-action/internal/rules"
	"github.com/org/npx-action/internal/sbom"
)

// The plan is stored beside an image as a referrer of this media type, and as an attestation of this type, with the digest of that.
const (
	planType      = "application/vnd.npx-action.plan.v1+json"
	planPredicate = "https://github.com/org/npx-action/plan/v1"
)

// An attest says what is stored beside a pushed image.
type attest struct {
	sbom       bool
	provenance string // min, max, or "" for none
}

// newAttest reads --sbom and --provenance, or the inputs of these names, which have the grammar of docker. By default both are
// made, but no provenance for an image that is to be the same each time: provenance tells the time.
func newAttest(s settings) (attest, error) {
	a := attest{sbom: true, provenance: "min"}
	if s.reproducible {
		a.provenance = ""
	}
	if s.sbom != "" {
		on, err := strconv.ParseBool(s.sbom)
		if err != nil {
			return a, usage("give true or false; it is made of the lockfiles and the plan, without a generator", "reading sbom %q", s.sbom)
		}
		a.sbom = on
	}
	if s.provenance == "" {
		return a, nil
	}
	const hint = "give mode=min, mode=max, true or false"
	if on, err := strconv.ParseBool(s.provenance); err == nil {
		a.provenance = ""
		if on {
			a.provenance = "min"
		}
		return a, nil
	}
	mode, ok := strings.CutPrefix(s.provenance, "mode=")
	if !ok || mode != "min" && mode != "max" {
		return a, usage(hint, "reading provenance %q", s.provenance)
	}
	a.provenance = mode
	return a, nil
}

// attestTo asks for the provenance of a push, and for an index that holds it.
func (im *image) attestTo(req *builder.Request) {
	if !im.push {
		return
	}
	for i := range req.Exports {
		req.Exports[i].Attest = req.Exports[i].Kind == builder.Push && im.attest != attest{}
	}
	req.Provenance, req.BuilderID = im.attest.provenance, im.run
}

// A commit is what was checked out, as far as it is known.
type commit struct {
	URL    string `json:"url,omitempty"` // of the repository
	Ref    string `json:"ref,omitempty"`
	Commit string `json:"commit,omitempty"`
}

// documents tell of the plan and of the commit: BuildKit's provenance knows the steps and not what they come from, and BuildKit lets nobody
// add to it.
func (im *image) documents() ([]builder.Attestation, error) {
	if !im.refers() {
		return nil, nil
	}
	text := im.plan.Plan.JSON()
	predicate, err := json.Marshal(struct {
		Digest   digest.Digest   `json:"digest"`
		Edition  rules.Edition   `json:"edition"`
		Platform string          `json:"platform"`
		Plan     json.RawMessage `json:"plan"`
		Source   *commit         `json:"source,omitempty"`
	}{digest.FromBytes(text), im.plan.Edition, im.platform, text, im.source})
	if err != nil {
		return nil, fmt.Errorf("writing the plan beside the image: %w", err)
	}
	return []builder.Attestation{{Name: "plan.json", PredicateType: planPredicate, Content: predicate}}, nil
}

// inventory is the bill of materials of a push, for the definition that opt makes. A build that only writes a cache takes part, so that
// who takes that cache need not list the packages. Caches that hold the image's own layers alone have no list either: to make it would
// take what they were to spare, so there the bill tells of the plan's packages only.
func (im *image) inventory(req builder.Request, g *graph.Graph, opt lower.Options) (*builder.Inventory, error) {
	if !im.attest.sbom || !im.push && len(req.CacheExports) == 0 {
		return nil, nil
	}
	inventory := &builder.Inventory{
		Files: []string{graph.InventoryAll, graph.InventoryRuntime},
		Attest: func(files [][]byte, err error) (builder.Attestation, error) {
			if err != nil {
				im.say("warning", "the bill of materials lacks what the packages of the plan consist of: "+im.secrets.hide(err).Error())
			}
			var nix sbom.Closure
			if len(files) == 2 {
				nix = sbom.Closure{All: lines(files[0]), Runtime: lines(files[1])}
			}
			text, err := im.materials(g, nix)
			return builder.Attestation{Name: "sbom.spdx.json", PredicateType: sbom.PredicateType, Content: text}, err
		},
	}
	with, at, ok := g.Inventory()
	if !ok || im.inlineCache || len(im.cacheFrom) > 0 {
		return inventory, nil
	}
	var err error
	inventory.Definition, err = lower.Node(with, at, ociPlatform(im.platform), opt)
	return inventory, err
}

func lines(text []byte) []string { return slices.Collect(strings.FieldsSeq(string(text))) }

// materials is the image's bill of materials.
func (im *image) materials(g *graph.Graph, nix sbom.Closure) ([]byte, error) {
	in := sbom.Inputs{
		Name: cmp.Or(im.repositories()...), Nix: nix, Tree: im.plan.Tree, Locks: im.plan.Locks, Plan: im.plan.Plan,
		Created: time.Now(), Tool: "npx-action-" + version(),
	}
	if created := im.created(); created != nil {
		in.Created = *created
	}
	for _, n := range g.Nodes {
		if op, ok := n.Op.(graph.Image); ok {
			_, pinned, _ := strings.Cut(op.Pinned, "@")
			in.Bases = append(in.Bases, sbom.Base{Ref: op.Ref, Digest: pinned})
		}
	}
	text, warnings, err := sbom.Document(in)
	for _, w := range warnings {
		im.say("warning", w)
	}
	return text, err
}

// refers reports whether the plan is stored beside the image.
func (im *image) refers() bool { return im.push && im.attest.provenance != "" }

// refer stores the plan as a referrer of the pushed image, in each of its repositories. It is a help: trouble is a warning.
func (im *image) refer(ctx context.Context, digest string) {
	if !im.refers() || digest == "" {
		return
	}
	for _, repo := range im.repositories() {
		if _, err := im.registry.Refer(ctx, repo+"@"+digest, planType, im.plan.Plan.JSON()); err != nil {
			im.say("warning", "the plan was not stored beside the image: "+err.Error())
		}
	}
}
