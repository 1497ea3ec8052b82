package cli

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/plan"
	"github.com/org/npx-action/internal/report"
)

// planFile is where a job leaves the plan, in its checkout.
const planFile = "npx-plan.json"

// planOutputs writes the plan, and sets the outputs that tell of it.
func (p *program) planOutputs(job ci.Job, r report.Report) error {
	text := r.Plan.JSON()
	f, err := create(p.checkout(job), planFile)
	if err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	var names []string
	for _, d := range r.Detected {
		names = append(names, d.Provider)
	}
	sum := sha256.Sum256(text)
	return outputs(job,
		"plan", planFile, "plan-digest", "sha256:"+hex.EncodeToString(sum[:]),
		"plan-changed", strconv.FormatBool(r.Changed()), "plan-diff", planDiff(r),
		"providers", strings.Join(names, ","))
}

// planDiff is what was removed, each line with a minus, and added, with a plus, since the base; "" without one.
func planDiff(r report.Report) string {
	if r.Base == nil {
		return ""
	}
	var lines []string
	for _, c := range plan.Diff(r.Base.Plan, r.Plan) {
		place := strings.TrimSpace(c.Phase + " " + c.Field)
		if c.Base != "" {
			lines = append(lines, "- "+place+": "+c.Base)
		}
		if c.Head != "" {
			lines = append(lines, "+ "+place+": "+c.Head)
		}
	}
	return strings.Join(lines, "\n")
}

// buildOutputs sets the outputs that tell of a build.
func buildOutputs(job ci.Job, im *image, out outcome, notPushed string) error {
	pairs := []string{
		"digest", out.Digest, "imageid", cmp.Or(out.ConfigDigest, out.Digest), "metadata", string(newMetadata(im, out).json()),
		"pushed", strconv.FormatBool(im.push), "push-skipped-reason", notPushed, "promoted", strconv.FormatBool(out.promoted != ""),
	}
	if out.lookup != nil {
		pairs = append(pairs, "cache-hit", string(out.lookup.Hit), "cache-key", out.lookup.Key.Exact)
	}
	return outputs(job, pairs...)
}

func outputs(job ci.Job, pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := job.Sink.Output(pairs[i], pairs[i+1]); err != nil {
			return err
		}
	}
	return nil
}
