package build

import (
	"context"
	"strconv"
	"time"

	"github.com/org/npx-action/cache"
	"github.com/org/npx-action/internal/builder"
	"github.com/org/npx-action/internal/registry"
	"github.com/org/npx-action/internal/report"
)

// What a build has cost stands in annotations of the plan beside its image, which are no part of the image: so the image is the same
// whatever a builder had to do for it.
const (
	costSeconds = "npx-action.build/seconds" // that the build took, whole
	costBytes   = "npx-action.build/bytes"   // that it transferred
	costDate    = "org.opencontainers.image.created"
)

// costNotes tell what a build was, for later builds to be compared with. It is told by builds alone that may write caches, and a promotion
// builds nothing.
func costNotes(policy cache.Policy, out Outcome) map[string]string {
	if !policy.Write || out.Promoted != "" || out.Duration <= 0 {
		return nil
	}
	return map[string]string{
		costSeconds: strconv.FormatInt(int64(out.Duration.Round(time.Second)/time.Second), 10),
		costBytes:   strconv.FormatInt(transferredBytes(out.Steps), 10),
		costDate:    time.Now().UTC().Format(time.RFC3339),
	}
}

func transferredBytes(steps []builder.Step) int64 {
	var n int64
	for _, s := range steps {
		n += s.Bytes
	}
	return n
}

// CostOf is what the build of an image was, by the newest of the plans beside it that tell of it; nil where none does, or may be read.
func CostOf(ctx context.Context, client *registry.Client, ref string) *report.Cost {
	list, err := client.Referrers(ctx, ref, planType)
	if err != nil {
		return nil
	}
	var newest *report.Cost
	var date string
	for _, notes := range list {
		seconds, err := strconv.ParseInt(notes[costSeconds], 10, 32)
		bytes, berr := strconv.ParseInt(notes[costBytes], 10, 64)
		if err != nil || berr != nil || seconds < 0 || bytes < 0 || newest != nil && notes[costDate] <= date {
			continue
		}
		newest, date = &report.Cost{Duration: time.Duration(seconds) * time.Second, Bytes: bytes}, notes[costDate]
	}
	return newest
}
