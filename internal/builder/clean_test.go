package builder_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/org/npx-action/internal/builder"
)

func TestCleanRemovesWhatAJobLeftAndNothingElse(t *testing.T) {
	e := &engineOfOne{}
	if n, err := builder.Clean(t.Context(), e.start(t), "this job"); err != nil || n != 3 {
		t.Errorf("%d removed, %v", n, err)
	}
	if want := []string{leftID, jobID, orphanID, "run:k"}; !slices.Equal(e.deleted, want) {
		t.Errorf("removed are %q", e.deleted)
	}
	e = &engineOfOne{}
	if n, err := builder.Clean(t.Context(), e.start(t), ""); err != nil || n != 2 {
		t.Errorf("for nobody %d are removed, %v", n, err)
	}
}

func TestCleanWithoutAnEngineHasNothingToDo(t *testing.T) {
	if n, err := builder.Clean(t.Context(), builder.Engine{Host: "unix:///nowhere"}, "this job"); err != nil || n != 0 {
		t.Errorf("%d removed, %v", n, err)
	}
}

func TestCleanSaysWhatTheEngineRefuses(t *testing.T) {
	for action, want := range map[string]string{"json": "listing the containers", "delete": "removing the container"} {
		e := &engineOfOne{fails: map[string]string{action: "no such luck"}}
		_, err := builder.Clean(t.Context(), e.start(t), "this job")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "no such luck") {
			t.Errorf("%s: %v", action, err)
		}
	}
}
