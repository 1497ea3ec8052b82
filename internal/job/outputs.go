package job

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/org/npx-action/internal/build"
	"github.com/org/npx-action/internal/ci"
	"github.com/org/npx-action/internal/git"
	"github.com/org/npx-action/internal/lazyregexp"
	"github.com/org/npx-action/internal/report"
	"github.com/org/npx-action/internal/reserved"
	"github.com/org/npx-action/internal/tags"
)

// planFile is the file of the checkout in which a job leaves the plan of its app. Jobs, or steps of one, that plan other apps leave theirs
// elsewhere. It is in the checkout because later steps, the container of a job and the artifacts of GitLab all see that by the same
// relative name. Git does not: see [Job.keepClean].
func planFile(job ci.Job) string {
	in := job.Inputs
	dir := filepath.ToSlash(filepath.Clean(in.Context))
	switch {
	case in.Name != "" || in.Config != "" || dir != "." && !plainName.MatchString(dir):
		sum := sha256.Sum256([]byte(in.Name + "\x00" + dir + "\x00" + in.Config))
		return "npx-plan-" + tags.Repository(cmp.Or(in.Name, dir)) + "-" + hex.EncodeToString(sum[:4]) + ".json"
	case dir != ".":
		return "npx-plan-" + dir + ".json"
	}
	return reserved.Plan
}

// plainName is a directory's name that is a part of a file's as it is.
var plainName = lazyregexp.New(`^[A-Za-z0-9_]{1,40}$`)

// keepClean makes git ignore what a job leaves in the checkout: later steps may want a clean one.
func (j Job) keepClean() {
	repo, err := git.Open(j.checkout())
	if err == nil {
		err = repo.Exclude(append(reserved.Plans(), reserved.Reports()...)...)
	}
	if err != nil && !errors.Is(err, git.ErrNoRepository) {
		j.Sink.Notice("git will see the files that this job leaves: " + err.Error())
	}
}

// planOutputs writes the plan, and sets the outputs that tell of it.
func (j Job) planOutputs(r report.Report) error {
	text := r.Plan.JSON()
	name := planFile(j.Job)
	if err := j.publish(j.checkout(), name, string(text)); err != nil {
		return err
	}
	var names []string
	for _, d := range r.Detected {
		names = append(names, d.Provider)
	}
	sum := sha256.Sum256(text)
	return outputs(j.Job,
		"name", appName(j.Job), "plan", name, "plan-digest", "sha256:"+hex.EncodeToString(sum[:]),
		"plan-changed", strconv.FormatBool(r.Changed()), "plan-diff", planDiff(r),
		"providers", strings.Join(names, ","))
}

// planDiff is what was removed, each line with a minus, and added, with a plus, since the base; "" without one.
func planDiff(r report.Report) string {
	if r.Base == nil {
		return ""
	}
	var lines []string
	for _, c := range report.NewVeil(r.Base.Plan, r.Plan).Changes(r.Base.Plan, r.Plan) {
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
func buildOutputs(job ci.Job, out build.Outcome, notPushed string) error {
	pairs := []string{
		"digest", out.Digest, "imageid", cmp.Or(out.ConfigDigest, out.Digest), "metadata", string(out.Metadata()),
		"pushed", strconv.FormatBool(out.Pushed), "push-skipped-reason", notPushed, "promoted", strconv.FormatBool(out.Promoted != ""),
	}
	if out.Lookup != nil {
		pairs = append(pairs, "cache-hit", string(out.Lookup.Hit), "cache-key", out.Lookup.Key.Exact)
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
