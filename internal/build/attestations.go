package build

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
	"github.com/org/npx-action/internal/fault"
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

// An Attest lists the statements that are stored beside a pushed image.
type Attest struct {
	SBOM       bool
	Provenance string // min, max, or "" for none
}

// ParseAttest reads --sbom and --provenance, or the inputs of these names, which have the grammar of docker. By default both are
// made, but no provenance for an image that is to be the same each time: provenance tells the time.
func ParseAttest(bill, provenance string, reproducible bool) (Attest, error) {
	a := Attest{SBOM: true, Provenance: "min"}
	if reproducible {
		a.Provenance = ""
	}
	if bill != "" {
		on, err := strconv.ParseBool(bill)
		if err != nil {
			return a, fault.Usage("give true or false; it is made of the lockfiles and the plan, without a generator", "reading sbom %q", bill)
		}
		a.SBOM = on
	}
	if provenance == "" {
		return a, nil
	}
	const hint = "give mode=min, mode=max, true or false"
	if on, err := strconv.ParseBool(provenance); err == nil {
		a.Provenance = ""
		if on {
			a.Provenance = "min"
		}
		return a, nil
	}
	mode, ok := strings.CutPrefix(provenance, "mode=")
	if !ok || mode != "min" && mode != "max" {
		return a, fault.Usage(hint, "reading provenance %q", provenance)
	}
	a.Provenance = mode
	return a, nil
}

// addProvenance asks for the provenance of a push, and for an index that holds it.
func addProvenance(t target, req *builder.Request) {
	if !t.pushes() {
		return
	}
	for i := range req.Exports {
		req.Exports[i].Attest = req.Exports[i].Kind == builder.Push && t.Attest != Attest{}
	}
	req.Provenance, req.BuilderID = t.Attest.Provenance, t.Origin.RunURL
}

// A Commit is what was checked out, as far as it is known.
type Commit struct {
	URL    string `json:"url,omitempty"` // of the repository
	Ref    string `json:"ref,omitempty"`
	Commit string `json:"commit,omitempty"`
}

// planStatement tells of the plan and of the commit: BuildKit's provenance knows the steps and not what they come from, and BuildKit lets nobody
// add to it.
func planStatement(t target) ([]builder.Attestation, error) {
	if !storesPlan(t) {
		return nil, nil
	}
	text := t.Plan.Plan.JSON()
	predicate, err := json.Marshal(struct {
		Digest   digest.Digest   `json:"digest"`
		Edition  rules.Edition   `json:"edition"`
		Platform string          `json:"platform"`
		Plan     json.RawMessage `json:"plan"`
		Source   *Commit         `json:"source,omitempty"`
	}{digest.FromBytes(text), t.Plan.Edition, t.Platform, text, t.Origin.Source})
	if err != nil {
		return nil, fmt.Errorf("writing the plan beside the image: %w", err)
	}
	return []builder.Attestation{{Name: "plan.json", PredicateType: planPredicate, Content: predicate}}, nil
}

// newInventory is the bill of materials of a push, for the definition that opt makes. A build that only writes a cache takes part, so that
// who takes that cache need not list the packages. Caches that hold the image's own layers alone have no list either: to make it would
// take what they were to spare, so there the bill tells of the plan's packages only.
func newInventory(t target, req builder.Request, g *graph.Graph, opt lower.Options) (*builder.Inventory, error) {
	if !t.Attest.SBOM || !t.pushes() && len(req.CacheExports) == 0 {
		return nil, nil
	}
	inventory := &builder.Inventory{
		Files: []string{graph.InventoryAll, graph.InventoryRuntime},
		Attest: func(files [][]byte, err error) (builder.Attestation, error) {
			if err != nil {
				t.warn("the bill of materials lacks what the packages of the plan consist of: ", t.Guard.HideError(err))
			}
			var nix sbom.Closure
			if len(files) == 2 {
				nix = sbom.Closure{All: splitWords(files[0]), Runtime: splitWords(files[1])}
			}
			text, err := billOfMaterials(t, g, nix)
			return builder.Attestation{Name: "sbom.spdx.json", PredicateType: sbom.PredicateType, Content: text}, err
		},
	}
	with, at, ok := g.Inventory()
	if !ok || t.Cache.Inline || len(t.Cache.From) > 0 {
		return inventory, nil
	}
	var err error
	inventory.Definition, err = lower.Node(with, at, t.oci(), opt)
	return inventory, err
}

func splitWords(text []byte) []string { return slices.Collect(strings.FieldsSeq(string(text))) }

// billOfMaterials is the image's bill of materials.
func billOfMaterials(t target, g *graph.Graph, nix sbom.Closure) ([]byte, error) {
	in := sbom.Inputs{
		Name: cmp.Or(repositories(t.Image.Names)...), Nix: nix, Tree: t.Plan.Tree, Locks: t.Plan.Locks, Plan: t.Plan.Plan,
		Created: time.Now(), Tool: "npx-action-" + t.Origin.Tool,
	}
	if created := creationDate(t); created != nil {
		in.Created = *created
	}
	for _, n := range g.Nodes {
		if op, ok := n.Op.(graph.Image); ok && op.Ref != graph.Scratch {
			_, pinned, _ := strings.Cut(op.Pinned, "@")
			in.Bases = append(in.Bases, sbom.Base{Ref: op.Ref, Digest: pinned})
		}
	}
	text, warnings, err := sbom.Document(in)
	for _, w := range warnings {
		t.Say("warning", w)
	}
	return text, err
}

// storesPlan reports whether the plan is stored beside the image.
func storesPlan(t target) bool { return t.pushes() && t.Attest.Provenance != "" }

// storePlans stores the plans as referrers of a push, in each of its repositories: one of each platform, unless it equals the plan of another. It
// is a help: trouble is a warning.
func storePlans(ctx context.Context, world World, drafts []*draft, out Outcome) {
	if !out.Pushed || out.Digest == "" {
		return
	}
	var told []string
	for _, d := range drafts {
		text := string(d.Plan.Plan.JSON())
		if !storesPlan(d.target) || slices.Contains(told, text) {
			continue
		}
		told = append(told, text)
		for _, repo := range repositories(out.Names) {
			if _, err := world.Registry.Refer(ctx, repo+"@"+out.Digest, planType, []byte(text), costNotes(d.Cache.Policy, out)); err != nil {
				world.warn("the plan was not stored beside the image: ", err)
			}
		}
	}
}

// attestedDocuments are what stands beside a pushed image, in words.
func attestedDocuments(pushed bool, drafts []*draft) []string {
	if !pushed || len(drafts) == 0 || drafts[0] == nil {
		return nil
	}
	var list []string
	a := drafts[0].Attest
	if a.SBOM {
		list = append(list, "bill of materials (SPDX)")
	}
	if a.Provenance != "" {
		list = append(list, fmt.Sprintf("provenance (SLSA, mode %s)", a.Provenance), "the plan")
	}
	return list
}
